//! Okta: API tokens.

use super::verdicts::{incomplete, limited, not_known, says};
use crate::finding::Verification;
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::{StatusCode, Url};

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "okta",
    issuer: "Okta",
    kinds: &["okta-token"],
    self_hosted: false,
    logs_in: false,
    calls: &[Call {
        request: "GET /api/v1/users/me",
        tells: "whose token it is, in the organization that stands beside it",
        leaves: "the token's last use, which keeps it from expiring for another 30 days; an entry in the system log",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

/// Where Okta keeps organizations. Domains of their own are not asked: nothing says that they are Okta's.
const FAMILIES: [&str; 4] = ["okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com"];

/// The organization's host, if Okta keeps it: `NAME.okta.com`.
fn organization(candidate: &Candidate) -> Option<String> {
    let whole = ["okta_domain", "okta_org_url", "okta_client_orgurl", ".org_url", ".domain"];
    let host = match candidate.beside(&["org_name"]) {
        Some(name) => format!("{name}.{}", candidate.beside(&[".base_url", "okta_base_url"]).unwrap_or(FAMILIES[0])),
        None => candidate.beside(&whole)?.trim_start_matches("https://").trim_end_matches('/').to_owned(),
    };
    let host = host.to_ascii_lowercase();
    let name = FAMILIES.iter().find_map(|family| host.strip_suffix(family)?.strip_suffix('.'))?;
    let label = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    label.then_some(host)
}

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    let host = organization(candidate);
    let host = host.ok_or_else(|| incomplete("no organization of Okta's own domains stands beside it"))?;
    only(VERIFIER.name, hosts, &format!("https://{host}"))
}

/// <https://developer.okta.com/docs/reference/error-codes/>
fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let Some(answer) = answers.last() else {
        let token = format!("SSWS {}", candidate.secret.expose());
        return Step::Ask(Request::get("/api/v1/users/me").header("authorization", token));
    };
    Step::Done(if answer.is_ok() && answer.text("/id").is_some() {
        let mut active = Verification::active().principal(answer.text("/profile/login").map(str::to_owned));
        active.account = organization(candidate);
        active
    } else if says(answer, StatusCode::UNAUTHORIZED, "/errorCode", &["E0000011"]) {
        not_known("Okta")
    } else if says(answer, StatusCode::FORBIDDEN, "/errorCode", &["E0000006"]) {
        limited()
    } else {
        unclear(answer)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Beside, Secret};

    fn host(beside: &[(&str, &str)]) -> Option<String> {
        let beside = beside.iter().map(|(name, value)| Beside { name: (*name).into(), value: Secret::new(*value) });
        let beside = beside.collect();
        organization(&Candidate { kind: "okta-token", secret: Secret::new("s"), id: None, beside })
    }

    #[test]
    fn only_okta_is_asked() {
        assert_eq!(host(&[("org_name", "dev-1")]).as_deref(), Some("dev-1.okta.com"));
        assert_eq!(
            host(&[("OKTA_ORG_NAME", "acme"), ("OKTA_BASE_URL", "oktapreview.com")]).as_deref(),
            Some("acme.oktapreview.com")
        );
        assert_eq!(host(&[("org_url", "https://acme.okta.com/")]).as_deref(), Some("acme.okta.com"));
        for evil in
            ["evil.example", "okta.com.evil.example", "x@evil.example/okta.com", "evil.example#.okta.com", "a/b"]
        {
            assert_eq!(host(&[("org_name", "a"), ("base_url", evil)]), None, "{evil}");
            assert_eq!(host(&[("org_url", evil)]), None, "{evil}");
        }
        assert_eq!(host(&[("org_name", "evil.example/")]), None);
        assert_eq!(host(&[]), None);
    }
}
