//! Doppler: service, personal and service-account tokens.

use super::verdicts::{not_known, says};
use crate::finding::Verification;
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "doppler",
    issuer: "Doppler",
    kinds: &["doppler-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /v3/me",
        tells: "the workplace, the token's name, and when it was made and last seen",
        leaves: "the token's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn home(_: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    only(VERIFIER.name, hosts, "https://api.doppler.com")
}

/// <https://docs.doppler.com/reference/auth-me>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/v3/me").bearer(&candidate.secret));
    };
    Step::Done(if answer.is_ok() && answer.text("/workplace/slug").is_some() {
        let mut active = Verification::active().principal(answer.text("/name").map(str::to_owned));
        active.account = answer.text("/workplace/name").or_else(|| answer.text("/workplace/slug")).map(str::to_owned);
        active.created_at = answer.time("/created_at");
        active.last_used_at = answer.time("/last_seen_at");
        active
    } else if says(answer, StatusCode::UNAUTHORIZED, "/messages/0", &["Invalid Auth token", "Invalid Service token"]) {
        not_known("Doppler")
    } else {
        unclear(answer)
    })
}
