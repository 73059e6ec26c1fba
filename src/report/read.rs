//! Reads a JSON report back, schema `credlint/report/v1`: whoever wrote it, it is only data.

use super::judge::RuleMeta;
use super::model::{
    Credential, CredentialOccurrence, Files, RelatedSpot, Report, ReportedFinding, Spot, Suppressed, SuppressedBy,
};
use crate::finding::{
    Confidence, Fix, Level, Notification, Occurrence, Reason, Remedy, Severity, Status, Verification,
};
use crate::text::RepoPath;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::collections::HashSet;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

const SCHEMA: &str = "credlint/report/v1";

/// Why a file cannot be read as a report. The texts hold nothing of the file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    /// Not JSON of that shape.
    #[error("line {line}, column {column}: this is no report")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Written by another version, or something else altogether.
    #[error("its schema is not `{SCHEMA}`")]
    Schema,
}

impl ReadError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        "write it with `credlint check --output json=FILE`"
    }
}

/// Of a file only the schema: what it needs besides is judged once that is known.
#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
}

#[derive(Deserialize)]
struct Document {
    root: String,
    summary: Summary,
    findings: Vec<FindingEntry>,
    notifications: Vec<Message>,
    credentials: Vec<CredentialEntry>,
}

#[derive(Deserialize)]
struct Summary {
    files: FileCounts,
    elapsed_ms: u64,
}

#[derive(Deserialize)]
struct FileCounts {
    seen: usize,
    checked: usize,
    unparsable: usize,
}

#[derive(Deserialize)]
struct Position {
    line: NonZeroU32,
    column: NonZeroU32,
}

#[derive(Deserialize)]
struct At {
    path: String,
    start: Position,
    end: Position,
}

#[derive(Deserialize)]
struct FindingEntry {
    rule: String,
    level: Level,
    severity: Severity,
    confidence: Confidence,
    message: String,
    #[serde(flatten)]
    at: At,
    address: Option<String>,
    attribute: Option<String>,
    module: Option<String>,
    credential: Option<String>,
    #[serde(default)]
    related: Vec<RelatedEntry>,
    #[serde(default)]
    remedy: RemedyEntry,
    fix: Option<FixEntry>,
    fingerprint: String,
    suppressed: Option<SuppressedEntry>,
}

#[derive(Deserialize)]
struct RelatedEntry {
    #[serde(flatten)]
    at: At,
    message: String,
}

#[derive(Deserialize, Default)]
struct RemedyEntry {
    #[serde(default)]
    text: String,
    #[serde(default)]
    commands: Vec<String>,
    #[serde(default)]
    snippet: String,
}

#[derive(Deserialize)]
struct FixEntry {
    safe: bool,
    edits: Vec<EditEntry>,
}

#[derive(Deserialize)]
struct EditEntry {
    #[serde(flatten)]
    at: At,
    text: String,
}

#[derive(Deserialize)]
struct SuppressedEntry {
    by: SuppressedBy,
    reason: Option<String>,
    #[serde(default, deserialize_with = "parsed")]
    expires: Option<Date>,
}

#[derive(Deserialize)]
struct Message {
    level: Level,
    message: String,
    path: Option<String>,
}

#[derive(Deserialize)]
struct CredentialEntry {
    fingerprint: String,
    kind: String,
    masked: String,
    account: Option<String>,
    #[serde(default, deserialize_with = "parsed")]
    made_on: Option<Date>,
    occurrences: Vec<OccurrenceEntry>,
    verification: Option<VerificationEntry>,
}

#[derive(Deserialize)]
struct OccurrenceEntry {
    #[serde(flatten)]
    at: At,
    address: Option<String>,
    attribute: Option<String>,
    source: Occurrence,
    commit: Option<String>,
}

#[derive(Deserialize)]
struct VerificationEntry {
    status: Status,
    reason: Option<Reason>,
    #[serde(default, deserialize_with = "parsed")]
    checked_at: Option<Timestamp>,
    principal: Option<String>,
    account: Option<String>,
    #[serde(default, deserialize_with = "parsed")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "parsed")]
    last_used_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "parsed")]
    expires_at: Option<Timestamp>,
    #[serde(default)]
    root: bool,
    issuer_version: Option<String>,
    detail: Option<String>,
}

/// A day or a time, written as text.
fn parsed<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse().map_err(|_| D::Error::custom("no day or time"))).transpose()
}

/// Reads a report. What a report does not hold - excerpts, and what can be told again from the rest - is not there;
/// ages are told by `now`, and rules by those that are known here.
///
/// # Errors
/// [`ReadError`] if it is no report of this schema.
pub fn read(bytes: &[u8], rules: &[RuleMeta], now: Timestamp) -> Result<Report, ReadError> {
    let malformed = |error: serde_json::Error| ReadError::Malformed { line: error.line(), column: error.column() };
    let head: Head = serde_json::from_slice(bytes).map_err(malformed)?;
    if head.schema.as_deref() != Some(SCHEMA) {
        return Err(ReadError::Schema);
    }
    let document: Document = serde_json::from_slice(bytes).map_err(malformed)?;
    let FileCounts { seen, checked, unparsable } = document.summary.files;
    let named: HashSet<&str> = document.findings.iter().map(|finding| finding.rule.as_str()).collect();
    let rules: Vec<RuleMeta> = rules.iter().filter(|rule| named.contains(rule.id)).copied().collect();
    Ok(Report {
        root: document.root,
        findings: document.findings.into_iter().map(|entry| finding(entry, &rules)).collect(),
        notifications: document.notifications.into_iter().map(notification).collect(),
        credentials: document.credentials.into_iter().map(credential).collect(),
        rules,
        files: Files { seen, checked, unparsable },
        today: now.to_zoned(TimeZone::UTC).date(),
        finished: now,
        elapsed: Duration::from_millis(document.summary.elapsed_ms),
    })
}

fn position(position: &Position) -> crate::text::Position {
    crate::text::Position { line: position.line.get(), column: position.column.get() }
}

fn spot(at: &At) -> Spot {
    Spot { path: RepoPath::new(&at.path), start: position(&at.start), end: position(&at.end), byte_columns: None }
}

/// A stranger may have written the report: where to read on is told by the rule, so that nothing else is linked.
fn finding(entry: FindingEntry, rules: &[RuleMeta]) -> ReportedFinding {
    let RemedyEntry { text, commands, snippet } = entry.remedy;
    let url = rules.iter().find(|rule| rule.id == entry.rule).map(|rule| rule.doc_url.to_owned());
    let related =
        entry.related.into_iter().map(|one| RelatedSpot { spot: spot(&one.at), message: one.message, station: false });
    let fix = entry.fix.map(|fix| Fix {
        safe: fix.safe,
        edits: fix.edits.into_iter().map(|edit| (spot(&edit.at), edit.text)).collect(),
    });
    let suppressed = entry.suppressed.map(|one| Suppressed { by: one.by, reason: one.reason, expires: one.expires });
    ReportedFinding {
        rule: entry.rule,
        level: entry.level,
        severity: entry.severity,
        confidence: entry.confidence,
        message: entry.message,
        spot: spot(&entry.at),
        address: entry.address,
        attribute: entry.attribute,
        module: entry.module,
        credential: entry.credential,
        related: related.collect(),
        remedy: Remedy { text: text.into(), commands, snippet },
        url: url.filter(|url| !url.is_empty()),
        fix,
        fingerprint: entry.fingerprint,
        suppressed,
        excerpt: None,
    }
}

fn notification(entry: Message) -> Notification {
    Notification { path: entry.path.as_deref().map(RepoPath::new), level: entry.level, message: entry.message }
}

fn credential(entry: CredentialEntry) -> Credential {
    Credential {
        fingerprint: entry.fingerprint,
        kind: entry.kind,
        masked: entry.masked,
        account: entry.account,
        occurrences: entry.occurrences.into_iter().map(occurrence).collect(),
        made_on: entry.made_on,
        verification: entry.verification.map(verification),
    }
}

fn occurrence(entry: OccurrenceEntry) -> CredentialOccurrence {
    CredentialOccurrence {
        spot: spot(&entry.at),
        address: entry.address,
        attribute: entry.attribute,
        source: entry.source,
        commit: entry.commit,
    }
}

fn verification(entry: VerificationEntry) -> Verification {
    Verification {
        status: entry.status,
        reason: entry.reason,
        checked_at: entry.checked_at,
        principal: entry.principal,
        account: entry.account,
        created_at: entry.created_at,
        last_used_at: entry.last_used_at,
        expires_at: entry.expires_at,
        root: entry.root,
        issuer_host: None,
        issuer_version: entry.issuer_version,
        detail: entry.detail,
    }
}
