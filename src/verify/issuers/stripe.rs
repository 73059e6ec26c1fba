//! Stripe: secret and restricted keys.

use super::verdicts::{limited, not_known, says, unsupported};
use crate::finding::{Reason, Verification};
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "stripe",
    issuer: "Stripe",
    kinds: &["stripe-key"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /v1/account",
        tells: "the account it belongs to",
        leaves: "a line in the account's request log; the key's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    if candidate.secret.expose().starts_with("whsec_") {
        return Err(unsupported("what signs the calls of a webhook signs nobody in"));
    }
    only(VERIFIER.name, hosts, "https://api.stripe.com")
}

/// <https://docs.stripe.com/error-codes>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/v1/account").bearer(&candidate.secret));
    };
    Step::Done(if answer.is_ok() && answer.text("/object") == Some("account") {
        let mut active = Verification::active();
        active.account = answer.text("/id").map(str::to_owned);
        active
    } else if says(answer, StatusCode::UNAUTHORIZED, "/error/code", &["api_key_expired"]) {
        Verification::inactive(Reason::Expired)
    } else if says(answer, StatusCode::UNAUTHORIZED, "/error/message", &["Invalid API Key provided"]) {
        not_known("Stripe")
    } else if says(answer, StatusCode::FORBIDDEN, "/error/message", &["does not have the required permissions"]) {
        limited()
    } else {
        unclear(answer)
    })
}
