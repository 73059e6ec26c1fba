//! Fastly: API tokens.

use super::verdicts::{not_known, says};
use crate::finding::Verification;
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "fastly",
    issuer: "Fastly",
    kinds: &["fastly-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /tokens/self",
        tells: "the customer and user, the scope, and when the token was made, last used and expires",
        leaves: "the token's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn home(_: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    only(VERIFIER.name, hosts, "https://api.fastly.com")
}

/// <https://www.fastly.com/documentation/reference/api/auth-tokens/user/>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/tokens/self").header("fastly-key", candidate.secret.expose()));
    };
    Step::Done(if answer.is_ok() && answer.text("/customer_id").is_some() {
        let mut active = Verification::active().principal(answer.text("/user_id").map(str::to_owned));
        active.account = answer.text("/customer_id").map(str::to_owned);
        active.created_at = answer.time("/created_at");
        active.last_used_at = answer.time("/last_used_at");
        active.expires_at = answer.time("/expires_at");
        match answer.text("/scope") {
            Some(scope) => active.detail(format!("scope: {scope}")),
            None => active,
        }
    } else if says(answer, StatusCode::UNAUTHORIZED, "/msg", &["Provided credentials are missing or invalid"]) {
        not_known("Fastly")
    } else {
        unclear(answer)
    })
}
