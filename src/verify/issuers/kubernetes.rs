//! Kubernetes: bearer tokens of service accounts.

use super::jwt::Claims;
use crate::finding::{Reason, Secret, Verification};
use crate::verify::verifier::{home_beside, unclear};
use crate::verify::{Answer, Ask, Body, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "kubernetes",
    issuer: "Kubernetes",
    kinds: &["kubernetes-token"],
    self_hosted: true,
    logs_in: false,
    calls: &[Call {
        request: "POST /apis/authentication.k8s.io/v1/selfsubjectreviews",
        tells: "whose it is and of which groups",
        leaves: "an entry in the cluster's audit log; no object is made",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

/// Where a cluster is named beside its token.
const HOST: &[&str] = &["host", "kube_host", "server", "cluster_endpoint", "endpoint"];

/// Members of this group may do everything, whatever the roles say:
/// <https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles>
const MASTERS: &str = "system:masters";

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    home_beside(VERIFIER.name, (candidate, HOST), hosts, None)
}

fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        // <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#self-subject-review>
        let review = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview" }).to_string();
        let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        return Step::Ask(Request::post(path, Body::Json(Secret::new(review))).bearer(&candidate.secret));
    };
    Step::Done(match answer.status {
        StatusCode::CREATED | StatusCode::OK if answer.text("/status/userInfo/username").is_some() => {
            known(candidate, answer)
        }
        StatusCode::UNAUTHORIZED if is_status(answer, "Unauthorized") => not_known(candidate),
        // Whoever is told what he may not do was known.
        StatusCode::FORBIDDEN if is_status(answer, "Forbidden") && !says_anonymous(answer) => {
            dated(candidate, Verification::active().detail("the cluster lets it do little: not even ask who it is"))
        }
        _ => unclear(answer),
    })
}

fn is_status(answer: &Answer, reason: &str) -> bool {
    answer.text("/kind") == Some("Status") && answer.text("/reason") == Some(reason)
}

fn says_anonymous(answer: &Answer) -> bool {
    answer.text("/message").is_none_or(|text| text.contains("system:anonymous"))
}

fn known(candidate: &Candidate, answer: &Answer) -> Verification {
    let name = answer.text("/status/userInfo/username").unwrap_or_default();
    if name == "system:anonymous" {
        return Verification::unknown(Reason::Unreachable, "the cluster took the question for an anonymous one");
    }
    let groups = answer.json.as_ref().and_then(|json| json.pointer("/status/userInfo/groups")?.as_array());
    let mut active = Verification::active().principal(name.to_owned());
    active.root = groups.is_some_and(|groups| groups.iter().filter_map(Value::as_str).any(|group| group == MASTERS));
    dated(candidate, active)
}

/// With the times that the token itself names.
fn dated(candidate: &Candidate, verdict: Verification) -> Verification {
    let claims = Claims::of(&candidate.secret).unwrap_or_default();
    Verification { created_at: claims.issued_at, expires_at: claims.expires_at, ..verdict }
}

/// A cluster says the same of its own dead tokens and of another cluster's live ones.
fn not_known(candidate: &Candidate) -> Verification {
    if candidate.beside(HOST).is_some() {
        let detail = "its cluster does not take it: deleted, expired, or its account is gone";
        return dated(candidate, Verification::inactive(Reason::NotFound).detail(detail));
    }
    let detail =
        "the cluster that was asked does not take it; no cluster stands beside it, so that it may be another's";
    dated(candidate, Verification::unknown(Reason::NotFound, detail))
}
