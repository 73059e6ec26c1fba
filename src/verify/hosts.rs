//! Where issuers are reached: compiled in, or named by the operator; never by the repository.

use super::Candidate;
use crate::finding::{Reason, Verification, account_of_aws_key};
use reqwest::Url;
use std::collections::BTreeMap;

/// Whom the operator allows to be asked: hosts, by the verifier's name, and accounts.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    named: BTreeMap<String, Vec<Url>>,
    /// Of which AWS accounts keys may be asked about.
    pub accounts: Accounts,
}

/// Of which AWS accounts keys may be asked about, beyond what is known of all.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// The only ones; empty for all.
    pub only: Vec<String>,
    /// Those whose keys are traps.
    pub canaries: Vec<String>,
}

impl Accounts {
    /// Why a key of AWS is not asked about; None if it may be, or is none.
    pub(super) fn refusal(&self, candidate: &Candidate) -> Option<Verification> {
        let account = account_of_aws_key(candidate.id.as_deref()?);
        if account.as_ref().is_some_and(|account| self.canaries.contains(account)) {
            let trap = Verification::unknown(Reason::Canary, "the policy says that keys of its account are traps");
            return Some(Verification { account, ..trap });
        }
        // Of old keys the id does not tell the account: nobody knows that it is one of these.
        let allowed = self.only.is_empty() || account.as_ref().is_some_and(|account| self.only.contains(account));
        let refused = || Verification::unknown(Reason::Skipped, "its account is none of those that the policy names");
        (!allowed && candidate.kind == "aws-access-key").then(|| Verification { account, ..refused() })
    }
}

/// Why a host is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HostError {
    /// Not `KIND=URL`.
    #[error("`{0}` is not KIND=URL")]
    Form(String),
    /// No verifier of that name.
    #[error("there is no issuer `{0}`")]
    Kind(String),
    /// The issuer has only its own address.
    #[error("`{0}` has no self-hosted form: only a loopback address may stand for it")]
    NotSelfHosted(String),
    /// Not a plain https URL.
    #[error("`{0}` is not an https URL of a host, without user, query or fragment (http only for loopback)")]
    Url(String),
}

impl HostError {
    /// How to mend it.
    pub fn hint(&self) -> String {
        let names = super::ALL.iter().filter(|verifier| verifier.self_hosted).map(|verifier| verifier.name);
        format!(
            "for example vault=https://vault.example.com:8200; self-hosted: {}",
            names.collect::<Vec<_>>().join(", ")
        )
    }
}

impl Hosts {
    /// Adds what is written as `KIND=URL`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add(&mut self, text: &str) -> Result<(), HostError> {
        let (name, url) = text.split_once('=').ok_or_else(|| HostError::Form(text.into()))?;
        let verifier = super::ALL.iter().find(|verifier| verifier.name == name);
        let verifier = verifier.ok_or_else(|| HostError::Kind(name.into()))?;
        let parsed = Url::parse(url).ok().filter(is_plain).ok_or_else(|| HostError::Url(url.into()))?;
        if !verifier.self_hosted && !is_loopback(&parsed) {
            return Err(HostError::NotSelfHosted(name.into()));
        }
        self.named.entry(name.into()).or_default().push(parsed);
        Ok(())
    }

    /// All that the operator has named for an issuer.
    pub fn of(&self, name: &str) -> &[Url] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    /// The one to ask: the operator's whose host is the one that `beside` names; without a name the operator's only
    /// one, else the compiled-in one. None where a credential is said to belong to a host that nobody allowed.
    pub fn home(&self, name: &str, beside: Option<&str>, compiled: Option<&str>) -> Option<Url> {
        let own = compiled.and_then(|url| Url::parse(url).ok());
        let named = self.of(name);
        let Some(beside) = beside else {
            return if let [only] = named { Some(only.clone()) } else { own.filter(|_| named.is_empty()) };
        };
        let host = host_of(beside)?;
        named.iter().chain(&own).find(|url| url.host_str().is_some_and(|own| own == host)).cloned()
    }
}

/// The host in a URL, or in a bare `host` or `host:port`.
fn host_of(text: &str) -> Option<String> {
    let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) };
    url.ok()?.host_str().map(str::to_owned)
}

/// Whether a URL is one that may be asked, and nothing but an address.
pub(super) fn is_plain(url: &Url) -> bool {
    is_safe(url) && url.query().is_none()
}

/// Whether a URL may be asked: by https, or on this machine itself; without a user or what no server is sent.
pub(super) fn is_safe(url: &Url) -> bool {
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    scheme && bare && url.has_host()
}

/// Whether a URL leads to this machine itself.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Secret;

    fn asked(id: &str, only: &[&str], canaries: &[&str]) -> Option<Reason> {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let accounts = Accounts { only: texts(only), canaries: texts(canaries) };
        let (secret, id) = (Secret::new("x"), Some(id.to_owned()));
        let refusal = accounts.refusal(&Candidate { kind: "aws-access-key", secret, id, beside: Vec::new() });
        refusal.and_then(|refusal| refusal.reason)
    }

    /// Of account 029608264753.
    const KEY: &str = "AKIAQNZGKIQY56JQ7WML";

    #[test]
    fn keys_of_traps_and_of_foreign_accounts_are_not_asked_about() {
        assert_eq!(asked(KEY, &[], &[]), None);
        assert_eq!(asked(KEY, &["029608264753"], &["111122223333"]), None);
        assert_eq!(asked(KEY, &["111122223333"], &[]), Some(Reason::Skipped));
        assert_eq!(asked(KEY, &["029608264753"], &["029608264753"]), Some(Reason::Canary));
        // The account of an old key is not known.
        assert_eq!(asked("AKIAIOSFODNN7EXAMPLE", &["111122223333"], &[]), Some(Reason::Skipped));
    }
}
