//! New Relic: user keys. What only takes data in cannot be asked about.

use super::verdicts::{not_known, other_region, refused, unsupported};
use crate::finding::{Secret, Verification};
use crate::verify::verifier::{no_home, only, unclear};
use crate::verify::{Answer, Ask, Body, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::Url;
use serde_json::Value;

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "newrelic",
    issuer: "New Relic",
    kinds: &["newrelic-key"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "POST /graphql",
        tells: "the number of the user whose key it is, in the region beside it or the first one",
        leaves: "nothing that its owner is shown",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn region(candidate: &Candidate) -> Option<String> {
    candidate.beside(&[".region", "new_relic_region", "newrelic_region"]).map(str::to_ascii_uppercase)
}

/// <https://docs.newrelic.com/docs/apis/nerdgraph/get-started/introduction-new-relic-nerdgraph/>
fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    if !candidate.secret.expose().starts_with("NRAK-") {
        return Err(unsupported("only user keys can be asked about: the others take data in and tell nothing"));
    }
    let api = match region(candidate).as_deref() {
        None | Some("US") => "https://api.newrelic.com",
        Some("EU") => "https://api.eu.newrelic.com",
        Some(_) => return Err(no_home(VERIFIER.name)),
    };
    only(VERIFIER.name, hosts, api)
}

fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        let query = Body::Json(Secret::new(r#"{"query":"{ actor { user { id } } }"}"#));
        return Step::Ask(Request::post("/graphql", query).header("api-key", candidate.secret.expose()));
    };
    let user = answer.json.as_ref().and_then(|json| json.pointer("/data/actor/user/id")?.as_u64());
    let denied = answer.text("/errors/0/message").is_some_and(|text| text.contains("Access denied"));
    let unknown = refused(answer) || (answer.is_ok() && denied && answer.json.as_ref().is_some_and(has_no_actor));
    Step::Done(match (user, region(candidate)) {
        (Some(user), _) if answer.is_ok() => Verification::active().principal(format!("user {user}")),
        (_, Some(_)) if unknown => not_known("New Relic"),
        (_, None) if unknown => other_region("New Relic", "region"),
        _ => unclear(answer),
    })
}

fn has_no_actor(json: &Value) -> bool {
    json.pointer("/data/actor").is_none_or(Value::is_null)
}
