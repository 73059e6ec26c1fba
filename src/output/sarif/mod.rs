//! SARIF 2.1.0, which GitHub's code scanning and many other viewers read.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>,
//! <https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>

mod line_hash;
mod model;
mod results;
mod rules;

use super::escape::{SarifText, write_json};
use super::{Context, Format, worst_first};
use crate::finding::{Level, Notification};
use crate::report::{Credential, Report, ReportedFinding};
use line_hash::LineHashes;
use model::{AutomationDetails, Driver, Invocation, Location, Log, Message, Note, Run, Tool};
use std::collections::HashMap;
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "sarif", summary: "SARIF 2.1.0 with rules, fixes and suppressions, for code scanning.", render };

/// The analysis, for those who ask for no other name.
const CATEGORY: &str = "credlint";

/// GitHub refuses a run with more results.
const MAX_RESULTS: usize = 25_000;

fn render(report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
    write(report, report.findings.iter().collect(), CATEGORY, out)
}

/// Writes what can be uploaded to GitHub as the analysis `category`: without findings that are suppressed, which GitHub
/// would show like all others, and without what is more than it takes.
///
/// # Errors
/// Those of the writer.
pub fn write_upload(report: &Report, category: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut findings = worst_first(report);
    findings.truncate(MAX_RESULTS);
    write(report, findings, category, out)
}

fn write<'r>(
    report: &'r Report,
    findings: Vec<&'r ReportedFinding>,
    category: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let hashes = LineHashes::of(report);
    let rules = rules::of(report, &findings);
    let credentials: HashMap<&str, &Credential> =
        report.credentials.iter().map(|credential| (credential.fingerprint.as_str(), credential)).collect();
    let result = |finding: &&'r ReportedFinding| {
        let rule = rules.iter().position(|rule| rule.id == finding.rule);
        let credential = finding.credential.as_ref().and_then(|credential| credentials.get(credential.as_str()));
        results::of(finding, rule, credential.copied(), &hashes)
    };
    let results = findings.iter().map(result).collect();
    let notifications = report.notifications.iter().map(note).collect();
    let invocation =
        Invocation { execution_successful: !report.incomplete(), tool_execution_notifications: notifications };
    let driver = Driver {
        name: "credlint",
        full_name: concat!("credlint ", env!("CARGO_PKG_VERSION")),
        information_uri: "https://github.com/credlint/credlint",
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules,
    };
    let run = Run {
        tool: Tool { driver },
        // What is before the last slash is the category, what is after it would be the run.
        automation_details: AutomationDetails { id: format!("{}/", category.trim_end_matches('/')) },
        column_kind: "unicodeCodePoints",
        invocations: [invocation],
        results,
    };
    write_json(&Log { schema: model::SCHEMA, version: "2.1.0", runs: [run] }, out)
}

fn note(notification: &Notification) -> Note {
    Note {
        level: level(notification.level),
        message: Message { text: SarifText::new([&*notification.message]) },
        locations: notification.path.iter().map(Location::whole).collect(),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Off => "none",
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}
