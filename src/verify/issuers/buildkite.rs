//! Buildkite: API access tokens.

use super::verdicts::{not_known, says, unsupported};
use crate::finding::Verification;
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "buildkite",
    issuer: "Buildkite",
    kinds: &["buildkite-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /v2/access-token",
        tells: "the user, the scopes, and when the token was made",
        leaves: "the token's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    if !candidate.secret.expose().starts_with("bkua_") {
        return Err(unsupported("only API access tokens can be asked about"));
    }
    only(VERIFIER.name, hosts, "https://api.buildkite.com")
}

/// <https://buildkite.com/docs/apis/rest-api/access-token>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/v2/access-token").bearer(&candidate.secret));
    };
    Step::Done(if answer.is_ok() && answer.text("/uuid").is_some() {
        let mut active = Verification::active().principal(answer.text("/user/email").map(str::to_owned));
        active.created_at = answer.time("/created_at");
        active
    } else if says(answer, StatusCode::UNAUTHORIZED, "/message", &["valid API Access Token"]) {
        not_known("Buildkite")
    } else {
        unclear(answer)
    })
}
