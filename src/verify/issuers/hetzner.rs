//! Hetzner Cloud: API tokens of projects.

use super::verdicts::{not_known, says};
use crate::finding::Verification;
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "hetzner",
    issuer: "Hetzner Cloud",
    kinds: &["hetzner-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /v1/locations",
        tells: "whether it works: the list of data centres is the same for everybody",
        leaves: "nothing that its owner is shown",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn home(_: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    only(VERIFIER.name, hosts, "https://api.hetzner.cloud")
}

/// <https://docs.hetzner.cloud/reference/cloud#errors>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/v1/locations").bearer(&candidate.secret));
    };
    Step::Done(if answer.is_ok() && answer.json.as_ref().is_some_and(|json| json.get("locations").is_some()) {
        Verification::active().detail("Hetzner Cloud does not tell which project it belongs to")
    } else if says(answer, StatusCode::UNAUTHORIZED, "/error/code", &["unauthorized"]) {
        not_known("Hetzner Cloud")
    } else {
        unclear(answer)
    })
}
