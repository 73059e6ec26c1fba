//! GitHub: personal, OAuth and installation tokens, also of GitHub Enterprise.

use super::verdicts::{limited, not_known, says, unsupported};
use crate::finding::{Reason, Verification};
use crate::verify::hosts::is_loopback;
use crate::verify::verifier::{home_beside, no_home, unclear};
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

/// Where a server is named beside its token.
const HOST: &[&str] = &[".base_url", "github_base_url", "github_server_url", "github_api_url"];

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    if candidate.secret.expose().starts_with("ghr_") {
        return Err(unsupported("a refresh token can only be asked about by spending it"));
    }
    // What is named so is the site, whose API has a host of its own.
    if candidate.beside(HOST).is_some_and(|url| url.trim_end_matches('/') == "https://github.com") {
        return hosts.home(VERIFIER.name, Some(API), Some(API)).ok_or_else(|| no_home(VERIFIER.name));
    }
    home_beside(VERIFIER.name, (candidate, HOST), hosts, Some(API)).map(api_of)
}

/// Where the API of a server is: <https://docs.github.com/en/enterprise-server/rest/using-the-rest-api>. With data
/// residency it has a host of its own, which the operator names.
fn api_of(server: Url) -> Url {
    let own = server.host_str().is_some_and(|host| host.starts_with("api.")) || is_loopback(&server);
    if own || server.path() != "/" { server } else { server.join("/api/v3").unwrap_or(server) }
}

fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let installation = candidate.secret.expose().starts_with("ghs_");
    let Some(answer) = answers.last() else {
        let path = if installation { "/rate_limit" } else { "/user" };
        let request = Request::get(path).bearer(&candidate.secret).header("x-github-api-version", "2022-11-28");
        return Step::Ask(request);
    };
    Step::Done(match answer.status {
        StatusCode::OK if installation && answer.json.as_ref().is_some_and(|json| json.get("resources").is_some()) => {
            Verification::active().detail("the token of an App's installation, or of a workflow's run")
        }
        StatusCode::OK if answer.text("/login").is_some() => active(answer),
        // <https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#failed-login-limit>
        StatusCode::UNAUTHORIZED if answer.text("/message") == Some("Bad credentials") => not_known("GitHub"),
        StatusCode::FORBIDDEN => forbidden(answer),
        _ => unclear(answer),
    })
}

/// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api>
fn forbidden(answer: &Answer) -> Verification {
    let says = |words: &[&str]| says(answer, StatusCode::FORBIDDEN, "/message", words);
    if answer.header("retry-after").is_some() || answer.header("x-ratelimit-remaining") == Some("0") {
        Verification::unknown(Reason::Unreachable, "GitHub asks for patience: its rate limit is reached")
    } else if says(&["account was suspended", "installation has been suspended"]) {
        Verification::inactive(Reason::Disabled).detail("GitHub has suspended its owner")
    } else if says(&["Resource not accessible by", "Resource protected by organization SAML", "IP allow list enabled"])
    {
        limited()
    } else {
        unclear(answer)
    }
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

    #[test]
    fn the_api_of_a_server_has_a_path_of_its_own() {
        let api = |url: &str| api_of(Url::parse(url).expect("a URL")).to_string();
        assert_eq!(api("https://github.example.com"), "https://github.example.com/api/v3");
        assert_eq!(api("https://api.octo.ghe.com"), "https://api.octo.ghe.com/");
        assert_eq!(api("https://example.com/proxy/github"), "https://example.com/proxy/github");
    }
}
