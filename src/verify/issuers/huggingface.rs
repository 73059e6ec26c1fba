//! Hugging Face: user access tokens.

use super::verdicts::{not_known, says};
use crate::finding::Verification;
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "huggingface",
    issuer: "Hugging Face",
    kinds: &["huggingface-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /api/whoami-v2",
        tells: "whose token it is",
        leaves: "the token's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn home(_: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    only(VERIFIER.name, hosts, "https://huggingface.co")
}

/// <https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/hf_api.py>, `whoami`
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/api/whoami-v2").bearer(&candidate.secret));
    };
    Step::Done(match answer.text("/name") {
        Some(name) if answer.is_ok() => Verification::active().principal(name.to_owned()),
        _ if says(answer, StatusCode::UNAUTHORIZED, "/error", &["Invalid", "expired"]) => not_known("Hugging Face"),
        _ => unclear(answer),
    })
}
