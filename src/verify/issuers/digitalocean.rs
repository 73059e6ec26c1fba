//! DigitalOcean: personal and OAuth access tokens.

use super::verdicts::{limited, not_known, says, unsupported};
use crate::finding::Verification;
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "digitalocean",
    issuer: "DigitalOcean",
    kinds: &["digitalocean-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /v2/account",
        tells: "the account it belongs to",
        leaves: "the token's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    if candidate.secret.expose().starts_with("dor_") {
        return Err(unsupported("a refresh token can only be asked about by spending it"));
    }
    only(VERIFIER.name, hosts, "https://api.digitalocean.com")
}

/// <https://docs.digitalocean.com/reference/api/>: errors have a short `id`.
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/v2/account").bearer(&candidate.secret));
    };
    Step::Done(if answer.is_ok() && answer.text("/account/uuid").is_some() {
        let mut active = Verification::active().principal(answer.text("/account/email").map(str::to_owned));
        active.account = answer.text("/account/uuid").map(str::to_owned);
        active
    } else if says(answer, StatusCode::UNAUTHORIZED, "/id", &["nauthorized"]) {
        not_known("DigitalOcean")
    } else if says(answer, StatusCode::FORBIDDEN, "/id", &["orbidden"]) {
        limited()
    } else {
        unclear(answer)
    })
}
