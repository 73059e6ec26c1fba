//! The inventory of credentials, and what their issuers say.

use super::At;
use crate::finding::{Occurrence, Reason, Status};
use crate::report::{Credential, CredentialOccurrence};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct CredentialEntry<'a> {
    fingerprint: &'a str,
    kind: &'a str,
    masked: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    made_on: Option<String>,
    occurrences: Vec<OccurrenceEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<VerificationEntry<'a>>,
}

#[derive(Serialize)]
struct VerificationEntry<'a> {
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checked_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_days: Option<i64>,
    /// `issuer`, or `file` where only a file of the repository tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_from: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    root: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

#[derive(Serialize)]
struct OccurrenceEntry<'a> {
    #[serde(flatten)]
    at: At<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute: Option<&'a str>,
    source: Occurrence,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
}

impl<'a> VerificationEntry<'a> {
    fn of(credential: &'a Credential, today: Date) -> Option<Self> {
        let verification = credential.verification.as_ref()?;
        let age = credential.age(today);
        let shown = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Some(Self {
            status: verification.status,
            reason: verification.reason,
            checked_at: shown(verification.checked_at),
            principal: verification.principal.as_deref(),
            account: verification.account.as_deref(),
            created_at: shown(verification.created_at),
            last_used_at: shown(verification.last_used_at),
            expires_at: shown(verification.expires_at),
            age_days: age.map(|(days, _)| days),
            age_from: age.map(|(_, told)| if told { "issuer" } else { "file" }),
            root: verification.root,
            issuer_version: verification.issuer_version.as_deref(),
            detail: verification.detail.as_deref(),
        })
    }
}

impl<'a> CredentialEntry<'a> {
    pub(super) fn of(credential: &'a Credential, today: Date) -> Self {
        Self {
            fingerprint: &credential.fingerprint,
            kind: &credential.kind,
            masked: &credential.masked,
            account: credential.account.as_deref(),
            made_on: credential.made_on.map(|day| day.to_string()),
            occurrences: credential.occurrences.iter().map(OccurrenceEntry::of).collect(),
            verification: VerificationEntry::of(credential, today),
        }
    }
}

impl<'a> OccurrenceEntry<'a> {
    fn of(occurrence: &'a CredentialOccurrence) -> Self {
        Self {
            at: At::of(&occurrence.spot),
            address: occurrence.address.as_deref(),
            attribute: occurrence.attribute.as_deref(),
            source: occurrence.source,
            commit: occurrence.commit.as_deref(),
        }
    }
}
