//! The JSON report, schema `credlint/report/v1`: what other programs read.

mod credentials;

use self::credentials::CredentialEntry;
use super::escape::write_json;
use super::{Context, Format};
use crate::finding::{Confidence, Fix, Level, Notification, Remedy, Severity};
use crate::report::{RelatedSpot, Report, ReportedFinding, Spot, Suppressed, SuppressedBy};
use serde::Serialize;
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "json", summary: "The whole report for other programs, schema credlint/report/v1.", render };

fn render(report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
    write_json(&Document::of(report), out)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    root: &'a str,
    summary: Summary,
    findings: Vec<Finding<'a>>,
    notifications: Vec<Message<'a>>,
    credentials: Vec<CredentialEntry<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    files: Files,
    findings: Counts,
    suppressed: usize,
    credentials: usize,
    elapsed_ms: u64,
}

#[derive(Serialize)]
struct Files {
    seen: usize,
    checked: usize,
    unparsable: usize,
}

#[derive(Serialize)]
struct Counts {
    error: usize,
    warning: usize,
    note: usize,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

/// Flattened into what stands at it.
#[derive(Serialize)]
struct At<'a> {
    path: &'a str,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    level: Level,
    severity: Severity,
    confidence: Confidence,
    message: &'a str,
    #[serde(flatten)]
    at: At<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<RemedyEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixEntry<'a>>,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<SuppressedEntry<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    at: At<'a>,
    message: &'a str,
}

#[derive(Serialize)]
struct RemedyEntry<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    commands: &'a [String],
    #[serde(skip_serializing_if = "str::is_empty")]
    snippet: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct FixEntry<'a> {
    safe: bool,
    edits: Vec<EditEntry<'a>>,
}

#[derive(Serialize)]
struct EditEntry<'a> {
    #[serde(flatten)]
    at: At<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct SuppressedEntry<'a> {
    by: SuppressedBy,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

#[derive(Serialize)]
struct Message<'a> {
    level: Level,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        let counts = report.counts();
        Self {
            schema: "credlint/report/v1",
            tool: Tool { name: "credlint", version: env!("CARGO_PKG_VERSION") },
            root: &report.root,
            summary: Summary {
                files: Files {
                    seen: report.files.seen,
                    checked: report.files.checked,
                    unparsable: report.files.unparsable,
                },
                findings: Counts { error: counts.error, warning: counts.warning, note: counts.note },
                suppressed: report.suppressed(),
                credentials: report.credentials.len(),
                elapsed_ms: u64::try_from(report.elapsed.as_millis()).unwrap_or(u64::MAX),
            },
            findings: report.findings.iter().map(Finding::of).collect(),
            notifications: report.notifications.iter().map(Message::of).collect(),
            credentials: report.credentials.iter().map(|one| CredentialEntry::of(one, report.today)).collect(),
        }
    }
}

impl From<crate::text::Position> for Position {
    fn from(position: crate::text::Position) -> Self {
        Self { line: position.line, column: position.column }
    }
}

impl<'a> At<'a> {
    fn of(spot: &'a Spot) -> Self {
        Self { path: spot.path.shown(), start: spot.start.into(), end: spot.end.into() }
    }
}

impl<'a> Finding<'a> {
    fn of(finding: &'a ReportedFinding) -> Self {
        Self {
            rule: &finding.rule,
            level: finding.level,
            severity: finding.severity,
            confidence: finding.confidence,
            message: &finding.message,
            at: At::of(&finding.spot),
            address: finding.address.as_deref(),
            attribute: finding.attribute.as_deref(),
            module: finding.module.as_deref(),
            credential: finding.credential.as_deref(),
            related: finding.related.iter().map(Related::of).collect(),
            remedy: RemedyEntry::of(&finding.remedy, finding.url.as_deref()),
            fix: finding.fix.as_ref().map(FixEntry::of),
            fingerprint: &finding.fingerprint,
            suppressed: finding.suppressed.as_ref().map(SuppressedEntry::of),
        }
    }
}

impl<'a> Related<'a> {
    fn of(related: &'a RelatedSpot) -> Self {
        Self { at: At::of(&related.spot), message: &related.message }
    }
}

impl<'a> RemedyEntry<'a> {
    fn of(remedy: &'a Remedy, url: Option<&'a str>) -> Option<Self> {
        let empty = remedy.text.is_empty() && remedy.commands.is_empty() && url.is_none();
        (!empty).then_some(Self { text: &remedy.text, commands: &remedy.commands, snippet: &remedy.snippet, url })
    }
}

impl<'a> FixEntry<'a> {
    fn of(fix: &'a Fix<Spot>) -> Self {
        let edits = fix.edits.iter().map(|(spot, text)| EditEntry { at: At::of(spot), text });
        Self { safe: fix.safe, edits: edits.collect() }
    }
}

impl<'a> SuppressedEntry<'a> {
    fn of(suppressed: &'a Suppressed) -> Self {
        Self {
            by: suppressed.by,
            reason: suppressed.reason.as_deref(),
            expires: suppressed.expires.map(|date| date.to_string()),
        }
    }
}

impl<'a> Message<'a> {
    fn of(notification: &'a Notification) -> Self {
        Self {
            level: notification.level,
            message: &notification.message,
            path: notification.path.as_ref().map(|path| path.shown()),
        }
    }
}
