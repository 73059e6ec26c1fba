//! PagerDuty: REST API keys of accounts and of users.

use super::verdicts::{limited, not_known, other_region, refused, says};
use crate::finding::Verification;
use crate::verify::verifier::{no_home, only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "pagerduty",
    issuer: "PagerDuty",
    kinds: &["pagerduty-key"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /abilities",
        tells: "whether the region beside the key, or the first one, knows it: names of features, no personal data",
        leaves: "the key's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn region(candidate: &Candidate) -> Option<&str> {
    candidate.beside(&[".service_region", "pagerduty_service_region"])
}

/// <https://support.pagerduty.com/main/docs/service-regions>
fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    let api = match region(candidate) {
        None | Some("" | "us") => "https://api.pagerduty.com",
        Some("eu") => "https://api.eu.pagerduty.com",
        Some(_) => return Err(no_home(VERIFIER.name)),
    };
    only(VERIFIER.name, hosts, api)
}

/// <https://developer.pagerduty.com/api-reference/>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        let key = format!("Token token={}", candidate.secret.expose());
        return Step::Ask(Request::get("/abilities").header("authorization", key));
    };
    let abilities = answer.json.as_ref().is_some_and(|json| json.get("abilities").is_some());
    Step::Done(match region(candidate) {
        _ if answer.is_ok() && abilities => Verification::active(),
        _ if says(answer, StatusCode::FORBIDDEN, "/error/message", &["Access Denied"]) => limited(),
        Some(_) if refused(answer) => not_known("PagerDuty"),
        None if refused(answer) => other_region("PagerDuty", "service_region"),
        _ => unclear(answer),
    })
}
