//! GitLab's SAST report, which its security dashboard and merge requests show as vulnerabilities.
//!
//! <https://docs.gitlab.com/development/integrations/secure/#report>

use super::escape::write_json;
use super::{Context, Format, remedy_of};
use crate::finding::{Level, Notification, Severity};
use crate::report::{Report, ReportedFinding};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::io::{self, Write};
use uuid::Uuid;

pub(super) const FORMAT: Format =
    Format { name: "gitlab-sast", summary: "GitLab's security report: `artifacts:reports:sast`.", render };

/// Of the schemas that GitLab takes, one of the oldest that its supported versions still do.
/// <https://gitlab.com/gitlab-org/security-products/security-report-schemas>
const SCHEMA: &str = "15.0.7";

const HOME: &str = "https://github.com/credlint/credlint";

/// Most characters of a name, and of a solution.
const MAX_NAME: usize = 255;
const MAX_SOLUTION: usize = 7000;

fn render(report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
    let elapsed = SignedDuration::try_from(report.elapsed).unwrap_or_default();
    let started = report.finished.checked_sub(elapsed).unwrap_or(report.finished);
    let tool = Tool {
        id: "credlint",
        name: "credlint",
        url: HOME,
        version: env!("CARGO_PKG_VERSION"),
        vendor: Vendor { name: "credlint" },
    };
    let scan = Scan {
        analyzer: &tool,
        scanner: &tool,
        start_time: seconds(started),
        end_time: seconds(report.finished),
        // What could not be checked is not clean.
        status: if report.incomplete() { "failure" } else { "success" },
        kind: "sast",
        messages: report.notifications.iter().map(Message::of).collect(),
    };
    let vulnerabilities = report.counted().map(|finding| Vulnerability::of(finding, report)).collect();
    write_json(&Document { version: SCHEMA, scan, vulnerabilities }, out)
}

/// Universal time without its zone, as the schema wants it.
fn seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    scan: Scan<'a>,
    vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Serialize)]
struct Scan<'a> {
    analyzer: &'a Tool,
    scanner: &'a Tool,
    start_time: String,
    end_time: String,
    status: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    messages: Vec<Message>,
}

#[derive(Serialize)]
struct Tool {
    id: &'static str,
    name: &'static str,
    url: &'static str,
    version: &'static str,
    vendor: Vendor,
}

#[derive(Serialize)]
struct Vendor {
    name: &'static str,
}

#[derive(Serialize)]
struct Message {
    level: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Vulnerability<'a> {
    id: String,
    name: String,
    description: &'a str,
    severity: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    solution: String,
    identifiers: [Identifier<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link<'a>>,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Identifier<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'a str,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Link<'a> {
    url: &'a str,
}

#[derive(Serialize)]
struct Location<'a> {
    file: &'a str,
    start_line: u32,
    end_line: u32,
}

impl Message {
    fn of(notification: &Notification) -> Self {
        let level = match notification.level {
            Level::Error => "fatal",
            Level::Warning => "warn",
            Level::Note | Level::Off => "info",
        };
        let value = match &notification.path {
            Some(path) => format!("{path}: {}", notification.message),
            None => notification.message.clone(),
        };
        Self { level, value }
    }
}

impl<'a> Vulnerability<'a> {
    fn of(finding: &'a ReportedFinding, report: &Report) -> Self {
        let rule = report.rules.iter().find(|rule| rule.id == finding.rule);
        // A name says nothing of one finding in particular.
        let name = rule.map_or(finding.rule.as_str(), |rule| rule.summary);
        let solution: Vec<&str> = remedy_of(finding).collect();
        let url = finding.url.as_deref();
        let spot = &finding.spot;
        Self {
            id: Uuid::new_v5(&namespace(), finding.fingerprint.as_bytes()).to_string(),
            name: name.chars().take(MAX_NAME).collect(),
            description: &finding.message,
            severity: severity(finding),
            solution: solution.join("\n").chars().take(MAX_SOLUTION).collect(),
            identifiers: [Identifier { kind: "credlint_rule", name: &finding.rule, value: &finding.rule, url }],
            links: url.into_iter().map(|url| Link { url }).collect(),
            location: Location { file: spot.path.shown(), start_line: spot.start.line, end_line: spot.end.line },
        }
    }
}

/// Ids are the same in every run, so that GitLab knows a vulnerability again.
fn namespace() -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, HOME.as_bytes())
}

/// How bad the pattern is, unless the policy only mentions it.
fn severity(finding: &ReportedFinding) -> &'static str {
    match (finding.level, finding.severity) {
        (Level::Note | Level::Off, _) => "Info",
        (_, Severity::Low) => "Low",
        (_, Severity::Medium) => "Medium",
        (_, Severity::High) => "High",
        (_, Severity::Critical) => "Critical",
    }
}
