//! Anthropic: API keys of workspaces, and admin keys.

use super::verdicts::{limited, not_known, says};
use crate::finding::Verification;
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "anthropic",
    issuer: "Anthropic",
    kinds: &["anthropic-key"],
    self_hosted: false,
    logs_in: false,
    calls: &[
        Call {
            request: "GET /v1/models",
            tells: "whether an API key works: the list of models costs nothing",
            leaves: "the key's last use",
            follows: false,
        },
        Call {
            request: "GET /v1/organizations/me",
            tells: "the organization of an admin key",
            leaves: "the key's last use",
            follows: false,
        },
    ],
    ask: Ask::Http { home, next },
};

fn home(_: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    only(VERIFIER.name, hosts, "https://api.anthropic.com")
}

/// <https://docs.anthropic.com/en/api/errors>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        let key = candidate.secret.expose();
        let admin = key.starts_with("sk-ant-admin");
        let path = if admin { "/v1/organizations/me" } else { "/v1/models" };
        return Step::Ask(Request::get(path).header("x-api-key", key).header("anthropic-version", "2023-06-01"));
    };
    let kind = |status, words| says(answer, status, "/error/type", words);
    let models = answer.json.as_ref().is_some_and(|json| json.get("data").is_some_and(serde_json::Value::is_array));
    Step::Done(if answer.is_ok() && answer.text("/type") == Some("organization") {
        let mut active = Verification::active();
        active.account = answer.text("/name").or_else(|| answer.text("/id")).map(str::to_owned);
        active
    } else if answer.is_ok() && models {
        Verification::active()
    } else if kind(StatusCode::UNAUTHORIZED, &["authentication_error"]) {
        not_known("Anthropic")
    } else if kind(StatusCode::FORBIDDEN, &["permission_error"]) {
        limited()
    } else {
        unclear(answer)
    })
}
