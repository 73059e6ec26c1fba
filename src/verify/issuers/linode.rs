//! Linode (Akamai): personal access tokens.

use super::verdicts::{limited, not_known, says};
use crate::finding::Verification;
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "linode",
    issuer: "Linode",
    kinds: &["linode-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /v4/profile",
        tells: "the user whose token it is",
        leaves: "the token's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn home(_: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    only(VERIFIER.name, hosts, "https://api.linode.com")
}

/// <https://techdocs.akamai.com/linode-api/reference/errors>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/v4/profile").bearer(&candidate.secret));
    };
    let refused = |words| says(answer, StatusCode::UNAUTHORIZED, "/errors/0/reason", words);
    Step::Done(match answer.text("/username") {
        Some(name) if answer.is_ok() => Verification::active().principal(name.to_owned()),
        _ if refused(&["Invalid Token"]) => not_known("Linode"),
        _ if refused(&["not authorized to use this endpoint"]) => limited(),
        _ => unclear(answer),
    })
}
