//! LaunchDarkly: API access tokens.

use super::verdicts::{not_known, says, unsupported};
use crate::finding::Verification;
use crate::verify::verifier::{no_home, only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "launchdarkly",
    issuer: "LaunchDarkly",
    kinds: &["launchdarkly-key"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /api/v2/caller-identity",
        tells: "the account, and the member or service whose token it is",
        leaves: "the token's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

/// <https://launchdarkly.com/docs/home/getting-started/instances>
const INSTANCES: [&str; 3] =
    ["https://app.launchdarkly.com", "https://app.eu.launchdarkly.com", "https://app.launchdarkly.us"];

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    if !candidate.secret.expose().starts_with("api-") {
        return Err(unsupported("the key of an SDK can only be asked about by reading its flags"));
    }
    let named = candidate.beside(&[".api_host", "launchdarkly_api_host"]).unwrap_or(INSTANCES[0]).trim_end_matches('/');
    let instance =
        INSTANCES.iter().find(|instance| instance.trim_start_matches("https://") == named || **instance == named);
    only(VERIFIER.name, hosts, instance.ok_or_else(|| no_home(VERIFIER.name))?)
}

/// <https://launchdarkly.com/docs/api/other/get-caller-identity>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        let token = candidate.secret.expose();
        return Step::Ask(Request::get("/api/v2/caller-identity").header("authorization", token));
    };
    Step::Done(if answer.is_ok() && answer.text("/accountId").is_some() {
        let name = answer.text("/tokenName").or_else(|| answer.text("/memberId")).map(str::to_owned);
        let mut active = Verification::active().principal(name);
        active.account = answer.text("/accountId").map(str::to_owned);
        active
    } else if says(answer, StatusCode::UNAUTHORIZED, "/code", &["unauthorized"]) {
        not_known("LaunchDarkly")
    } else {
        unclear(answer)
    })
}
