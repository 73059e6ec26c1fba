//! GitHub: personal, OAuth and installation tokens.

use crate::finding::{Reason, Verification};
use crate::verify::verifier::{no_home, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "github",
    issuer: "GitHub",
    kinds: &["github-token"],
    self_hosted: true,
    logs_in: false,
    calls: &[
        Call {
            request: "GET /user",
            tells: "whose token it is, its scopes and when it expires",
            leaves: "the token's last use; an entry in the enterprise's audit log where API requests are logged",
            follows: false,
        },
        Call {
            request: "GET /rate_limit",
            tells: "whether an installation token works",
            leaves: "nothing that its owner is shown",
            follows: false,
        },
    ],
    ask: Ask::Http { home, next },
};

/// <https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api>
const API: &str = "https://api.github.com";

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    // To ask about a refresh token means to spend it.
    if candidate.secret.expose().starts_with("ghr_") {
        return Err(Verification::unknown(
            Reason::Unsupported,
            "a refresh token can only be asked about by spending it",
        ));
    }
    let beside = candidate.beside(&["base_url", "github_base_url", "github_server_url"]);
    let beside = beside.filter(|url| !url.trim_end_matches('/').ends_with("://github.com"));
    hosts.home(VERIFIER.name, beside, Some(API)).ok_or_else(|| no_home(VERIFIER.name))
}

fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let installation = candidate.secret.expose().starts_with("ghs_");
    let Some(answer) = answers.last() else {
        let path = if installation { "/rate_limit" } else { "/user" };
        let request = Request::get(path).bearer(&candidate.secret).header("x-github-api-version", "2022-11-28");
        return Step::Ask(request);
    };
    Step::Done(match answer.status {
        StatusCode::OK if answer.is_ok() => active(answer),
        // <https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#failed-login-limit>
        StatusCode::UNAUTHORIZED if answer.text("/message") == Some("Bad credentials") => {
            Verification::inactive(Reason::NotFound).detail("GitHub does not know it: revoked, expired or never issued")
        }
        _ => unclear(answer),
    })
}

fn active(answer: &Answer) -> Verification {
    let mut active = Verification::active().principal(answer.text("/login").map(str::to_owned));
    active.expires_at = answer.header("github-authentication-token-expiration").and_then(expiry);
    if let Some(scopes) = answer.header("x-oauth-scopes").filter(|scopes| !scopes.is_empty()) {
        active = active.detail(format!("scopes: {scopes}"));
    }
    active
}

/// `2026-03-30 17:00:00 UTC`, or with an offset for the name of the zone.
fn expiry(text: &str) -> Option<jiff::Timestamp> {
    let text = text.replace(" UTC", " +0000");
    jiff::Timestamp::strptime("%Y-%m-%d %H:%M:%S %z", text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_it_expires_is_read() {
        let expected: jiff::Timestamp = "2026-03-30T17:00:00Z".parse().expect("a time");
        assert_eq!(expiry("2026-03-30 17:00:00 UTC"), Some(expected));
        assert_eq!(expiry("2026-03-30 19:00:00 +0200"), Some(expected));
        assert_eq!(expiry("soon"), None);
    }
}
