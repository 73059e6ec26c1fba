//! Datadog: API keys. An application key cannot be asked about without reading what it gives access to.

use super::verdicts::{not_known, other_region, says, unsupported};
use crate::finding::Verification;
use crate::verify::verifier::{no_home, only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "datadog",
    issuer: "Datadog",
    kinds: &["datadog-key"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /api/v1/validate",
        tells: "whether the site beside the key, or Datadog's first site, knows it",
        leaves: "nothing that its owner is shown",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

/// <https://docs.datadoghq.com/getting_started/site/>
const SITES: [&str; 9] = [
    "datadoghq.com",
    "us3.datadoghq.com",
    "us5.datadoghq.com",
    "datadoghq.eu",
    "ap1.datadoghq.com",
    "ap2.datadoghq.com",
    "uk1.datadoghq.com",
    "ddog-gov.com",
    "us2.ddog-gov.com",
];

/// What stands beside the key of where it belongs: a site, or an address at one.
fn named(candidate: &Candidate) -> Option<&str> {
    candidate.beside(&[".api_url", ".site", "dd_site", "datadog_site", "dd_host", "datadog_host"])
}

/// The site that an address or a name means.
fn site(named: &str) -> Option<&'static str> {
    let host = named.trim_start_matches("https://");
    let host = host.split(['/', ':']).next().unwrap_or(host).to_ascii_lowercase();
    let bare = host.strip_prefix("api.").or_else(|| host.strip_prefix("app.")).unwrap_or(&host);
    SITES.into_iter().find(|site| *site == bare)
}

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    let secret = candidate.secret.expose();
    if secret.len() != 32 || !secret.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(unsupported("only API keys can be asked about without reading what they give access to"));
    }
    let site = named(candidate).map_or(Some(SITES[0]), site).ok_or_else(|| no_home(VERIFIER.name))?;
    only(VERIFIER.name, hosts, &format!("https://api.{site}"))
}

/// <https://docs.datadoghq.com/api/latest/authentication/validate-api-key/>: what is no key of the site is forbidden.
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        return Step::Ask(Request::get("/api/v1/validate").header("dd-api-key", candidate.secret.expose()));
    };
    let valid = answer.json.as_ref().and_then(|json| json.get("valid")?.as_bool());
    let refused = says(answer, StatusCode::FORBIDDEN, "/errors/0", &["Forbidden"]);
    Step::Done(match named(candidate) {
        _ if answer.is_ok() && valid == Some(true) => Verification::active(),
        Some(_) if refused => not_known("Datadog"),
        None if refused => other_region("Datadog", "api_url"),
        _ => unclear(answer),
    })
}

#[cfg(test)]
mod tests {
    use super::site;

    #[test]
    fn sites_are_known_by_any_of_their_names() {
        assert_eq!(site("https://api.datadoghq.eu/"), Some("datadoghq.eu"));
        assert_eq!(site("us5.datadoghq.com"), Some("us5.datadoghq.com"));
        assert_eq!(site("https://api.datadoghq.com.example.org/"), None);
        assert_eq!(site("https://user@api.datadoghq.com"), None);
    }
}
