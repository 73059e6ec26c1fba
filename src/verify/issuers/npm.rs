//! npm: access tokens of the public registry.

use super::verdicts::{not_known, refused, unsupported};
use crate::finding::Verification;
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::Url;

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "npm",
    issuer: "npm",
    kinds: &["npm-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /-/whoami",
        tells: "whose token it is",
        leaves: "the token's last use",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

/// The domain, and the host of its API.
const API: (&str, &str) = ("npmjs.org", "registry");

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    // What has no format of its own may belong to any registry: <https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/>
    if !candidate.secret.expose().starts_with("npm_") {
        return Err(unsupported("its form does not say which registry it belongs to"));
    }
    let (domain, host) = API;
    only(VERIFIER.name, hosts, &format!("https://{host}.{domain}"))
}

/// <https://docs.npmjs.com/cli/commands/npm-whoami>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/-/whoami").bearer(&candidate.secret));
    };
    Step::Done(match answer.text("/username") {
        Some(name) if answer.is_ok() => Verification::active().principal(name.to_owned()),
        _ if refused(answer) => not_known("npm"),
        _ => unclear(answer),
    })
}
