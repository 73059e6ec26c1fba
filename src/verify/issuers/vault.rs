//! HashiCorp Vault and OpenBao: service, batch and wrapping tokens.

use crate::finding::{Reason, Verification};
use crate::verify::verifier::{home_beside, unclear};
use crate::verify::{Answer, Ask, Body, Call, Candidate, Hosts, Request, Step, Verifier};
use jiff::SignedDuration;
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "vault",
    issuer: "Vault or OpenBao",
    kinds: &["vault-token"],
    self_hosted: true,
    logs_in: false,
    calls: &[
        Call {
            request: WRAPPING,
            tells: "whether it is a response-wrapping token, which any other question would destroy",
            leaves: "an entry in Vault's audit log, the token hashed",
            follows: false,
        },
        Call {
            request: LOOKUP,
            tells: "its policies, when it was made and when it expires",
            leaves: "an entry in Vault's audit log, the token hashed; a token with a limited number of uses has one less",
            follows: true,
        },
        Call {
            request: HEALTH,
            tells: "whether Vault or OpenBao has refused it: they say no in different words",
            leaves: "nothing; no token is sent",
            follows: true,
        },
    ],
    ask: Ask::Http { home, next },
};

/// <https://developer.hashicorp.com/vault/api-docs/system/wrapping-lookup>
const WRAPPING: &str = "POST /v1/sys/wrapping/lookup";
/// <https://developer.hashicorp.com/vault/api-docs/auth/token#lookup-a-token-self>
const LOOKUP: &str = "GET /v1/auth/token/lookup-self";
/// Standby nodes answer as well: <https://developer.hashicorp.com/vault/api-docs/system/health>
const HEALTH: &str = "GET /v1/sys/health?standbyok=true&perfstandbyok=true";

/// Where a Vault is named beside what it issued.
pub(super) const ADDRESS: &[&str] = &["vault_addr", "bao_addr", "vault_address", "address"];
const NAMESPACE: &[&str] = &["vault_namespace", "bao_namespace", "namespace"];

/// Policies that are named; there may be hundreds.
const MOST_POLICIES: usize = 8;

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    home_beside(VERIFIER.name, (candidate, ADDRESS), hosts, None)
}

/// The same request, in the namespace that stands beside the credential.
pub(super) fn in_namespace(request: Request, candidate: &Candidate) -> Request {
    match candidate.beside(NAMESPACE) {
        Some(namespace) if !namespace.is_empty() => request.header("x-vault-namespace", namespace),
        _ => request,
    }
}

fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let ask = |request| Step::Ask(in_namespace(request, candidate));
    match answers {
        [] => {
            let body = json!({ "token": candidate.secret.expose() }).to_string();
            ask(Request::post(path(WRAPPING), Body::Json(crate::finding::Secret::new(body))))
        }
        [wrapping] if wrapping.is_ok() && wrapping.time("/data/creation_time").is_some() => {
            Step::Done(wrapped(wrapping))
        }
        // Only its own word that this is no wrapping token makes the next question harmless.
        [wrapping] if wrapping.status == StatusCode::BAD_REQUEST && says(wrapping, "wrapping token is not valid") => {
            ask(Request::get(path(LOOKUP)).header("x-vault-token", candidate.secret.expose()))
        }
        [wrapping] => Step::Done(unclear(wrapping)),
        [_, lookup] if lookup.is_ok() && lookup.time("/data/creation_time").is_some() => Step::Done(found(lookup)),
        [_, lookup] if lookup.status == StatusCode::FORBIDDEN => refused(lookup),
        [_, lookup] => Step::Done(unclear(lookup)),
        [_, _, health, ..] => Step::Done(if is_openbao(health) {
            not_known()
        } else {
            let detail = "permission denied: it may be dead, or have no policy that lets it look itself up";
            Verification::unknown(Reason::Unreachable, detail)
        }),
    }
}

fn path(call: &'static str) -> &'static str {
    call.split_once(' ').map_or(call, |(_, path)| path)
}

fn errors(answer: &Answer) -> impl Iterator<Item = &str> {
    let list = answer.json.as_ref().and_then(|json| json.get("errors")).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

fn says(answer: &Answer, text: &str) -> bool {
    errors(answer).any(|error| error.contains(text))
}

/// What a 403 of lookup-self means. Vault says `invalid token` of one that it does not know
/// (<https://github.com/hashicorp/vault/pull/26687>). One that is alive and has no policy for the question gets the
/// list of what was wrong, `1 error occurred: * permission denied`; the bare words are OpenBao's for one that it does
/// not know, and those of an older Vault for either.
fn refused(lookup: &Answer) -> Step {
    if says(lookup, "invalid token") {
        return Step::Done(not_known());
    }
    let texts: Vec<&str> = errors(lookup).map(str::trim).collect();
    match texts[..] {
        ["permission denied"] => Step::Ask(Request::get(path(HEALTH))),
        [one] if one.starts_with("1 error occurred") && one.ends_with("* permission denied") => {
            Step::Done(Verification::active().detail("no policy of its own lets it look itself up"))
        }
        _ => Step::Done(unclear(lookup)),
    }
}

fn not_known() -> Verification {
    let detail = "this Vault does not know it: revoked, expired, used up, or another one's";
    Verification::inactive(Reason::NotFound).detail(detail)
}

/// OpenBao counts its releases from 2.0 and has none of the fields that Vault has added since they parted:
/// <https://github.com/openbao/openbao/blob/main/http/sys_health.go>,
/// <https://github.com/hashicorp/vault/blob/main/http/sys_health.go>
fn is_openbao(health: &Answer) -> bool {
    let field = |name: &str| health.json.as_ref().is_some_and(|json| json.get(name).is_some());
    health.is_ok()
        && health.text("/version").is_some_and(|version| version.starts_with("2."))
        && !field("enterprise")
        && !field("echo_duration_ms")
}

fn wrapped(wrapping: &Answer) -> Verification {
    let mut verdict = Verification::active().detail("a response-wrapping token: whoever unwraps it first has the rest");
    verdict.created_at = wrapping.time("/data/creation_time");
    let seconds = wrapping.json.as_ref().and_then(|json| json.pointer("/data/creation_ttl")?.as_i64());
    let lasts = seconds.map(SignedDuration::from_secs);
    verdict.expires_at = verdict.created_at.zip(lasts).and_then(|(at, lasts)| at.checked_add(lasts).ok());
    verdict
}

fn found(lookup: &Answer) -> Verification {
    let data = |name: &str| lookup.json.as_ref().and_then(|json| json.pointer("/data")?.get(name));
    if data("num_uses").and_then(Value::as_i64) == Some(-1) {
        return Verification::inactive(Reason::Revoked).detail("it worked, and this question was its last use");
    }
    let all = data("policies").into_iter().chain(data("identity_policies")).filter_map(Value::as_array).flatten();
    let policies: Vec<&str> = all.filter_map(Value::as_str).collect();
    let mut verdict = Verification::active().principal(lookup.text("/data/display_name").map(str::to_owned));
    verdict.root = policies.contains(&"root");
    verdict.created_at = lookup.time("/data/creation_time");
    verdict.expires_at = lookup.time("/data/expire_time");
    let shown = policies[..policies.len().min(MOST_POLICIES)].join(", ");
    let more = if policies.len() > MOST_POLICIES { ", ..." } else { "" };
    let never = if verdict.expires_at.is_none() { "; it never expires" } else { "" };
    verdict.detail(format!("policies: {shown}{more}{never}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Secret, Status};

    fn candidate() -> Candidate {
        Candidate { kind: "vault-token", secret: Secret::new("hvs.x"), id: None, beside: Vec::new() }
    }

    fn answer(status: u16, json: Value) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer { status, headers: Vec::new(), json: Some(json) }
    }

    fn verdict(answers: &[Answer]) -> (Status, Option<Reason>) {
        match next(&candidate(), answers) {
            Step::Done(verdict) => (verdict.status, verdict.reason),
            other => panic!("{other:?} is no verdict"),
        }
    }

    fn no_wrapping() -> Answer {
        answer(400, json!({ "errors": ["wrapping token is not valid or does not exist"] }))
    }

    /// OpenBao's texts are held by the tests against the real one; these are Vault's.
    #[test]
    fn vault_says_no_in_other_words() {
        let invalid =
            answer(403, json!({ "errors": ["2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"] }));
        assert_eq!(verdict(&[no_wrapping(), invalid]), (Status::Inactive, Some(Reason::NotFound)));
        let bare = answer(403, json!({ "errors": ["permission denied"] }));
        assert!(matches!(next(&candidate(), &[no_wrapping(), bare.clone()]), Step::Ask(_)));
        for health in [json!({ "version": "1.13.1" }), json!({ "version": "2.0.0", "enterprise": false }), json!({})] {
            let answers = [no_wrapping(), bare.clone(), answer(200, health)];
            assert_eq!(verdict(&answers), (Status::Unknown, Some(Reason::Unreachable)));
        }
    }

    #[test]
    fn a_stranger_is_not_given_the_token_again() {
        for portal in [answer(200, Value::Null), answer(400, json!({})), answer(403, json!({ "errors": ["x"] }))] {
            let portal = Answer { json: portal.json.filter(|json| !json.is_null()), ..portal };
            assert_eq!(verdict(&[portal]).0, Status::Unknown);
        }
    }
}
