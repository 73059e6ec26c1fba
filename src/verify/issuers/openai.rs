//! OpenAI: API keys of projects and service accounts.

use super::verdicts::{limited, not_known, says, unsupported};
use crate::finding::{Reason, Verification};
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "openai",
    issuer: "OpenAI",
    kinds: &["openai-key"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /v1/models",
        tells: "whether it works, and its organization: the list of models costs nothing",
        leaves: "the key's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    if candidate.secret.expose().starts_with("sk-admin-") {
        return Err(unsupported("an admin key can only be asked about by reading what it administers"));
    }
    only(VERIFIER.name, hosts, "https://api.openai.com")
}

/// <https://platform.openai.com/docs/guides/error-codes>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/v1/models").bearer(&candidate.secret));
    };
    let code = |status, words| says(answer, status, "/error/code", words);
    Step::Done(if answer.is_ok() && answer.text("/object") == Some("list") {
        let mut active = Verification::active();
        active.account = answer.header("openai-organization").map(str::to_owned);
        active
    } else if code(StatusCode::UNAUTHORIZED, &["invalid_api_key"]) {
        not_known("OpenAI")
    } else if code(StatusCode::UNAUTHORIZED, &["account_deactivated"]) {
        Verification::inactive(Reason::Disabled).detail("its account is deactivated")
    } else if says(answer, StatusCode::FORBIDDEN, "/error/message", &["insufficient permissions", "Missing scopes"]) {
        limited()
    } else {
        unclear(answer)
    })
}
