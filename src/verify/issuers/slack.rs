//! Slack: tokens of bots, users and apps. Webhooks are never asked: to ask means to post.

use super::verdicts::unsupported;
use crate::finding::{Reason, Verification};
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Body, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::Url;

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "slack",
    issuer: "Slack",
    kinds: &["slack-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "POST /api/auth.test",
        tells: "the user or bot, its workspace and the token's scopes",
        leaves: "an entry in the workspace's access log",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    let secret = candidate.secret.expose();
    // <https://docs.slack.dev/authentication/using-token-rotation>
    if secret.starts_with("xoxe-") || secret.starts_with("xoxr-") {
        return Err(unsupported("a refresh token can only be asked about by spending it"));
    }
    if secret.starts_with("xoxc-") {
        return Err(unsupported("it works only with the cookie of the same session"));
    }
    only(VERIFIER.name, hosts, "https://slack.com")
}

/// <https://docs.slack.dev/reference/methods/auth.test>: the status is 200 whatever is said.
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::post("/api/auth.test", Body::Empty).bearer(&candidate.secret));
    };
    let ok = answer.json.as_ref().and_then(|json| json.get("ok")?.as_bool());
    Step::Done(match (ok, answer.text("/error")) {
        (Some(true), _) if answer.text("/user_id").is_some() => active(answer),
        (Some(false), Some("token_revoked")) => Verification::inactive(Reason::Revoked),
        (Some(false), Some("token_expired")) => Verification::inactive(Reason::Expired),
        (Some(false), Some("account_inactive")) => {
            Verification::inactive(Reason::Disabled).detail("its user, workspace or app is gone")
        }
        (Some(false), Some("invalid_auth")) => Verification::unknown(
            Reason::Unreachable,
            "Slack says `invalid_auth`: it does not know it, or takes no requests from here",
        ),
        _ => unclear(answer),
    })
}

fn active(answer: &Answer) -> Verification {
    let mut active = Verification::active().principal(answer.text("/user").map(str::to_owned));
    active.account = answer.text("/team").map(str::to_owned);
    match answer.header("x-oauth-scopes").filter(|scopes| !scopes.is_empty()) {
        Some(scopes) => active.detail(format!("scopes: {scopes}")),
        None => active,
    }
}
