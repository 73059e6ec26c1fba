//! GitLab's Code Quality report, which merge requests show in their widget and beside the changed lines.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use super::escape::write_json;
use super::{Context, Format};
use crate::finding::{Level, Severity};
use crate::report::{Report, ReportedFinding};
use serde::Serialize;
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "gitlab", summary: "GitLab's Code Quality report: `artifacts:reports:codequality`.", render };

fn render(report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
    write_json(&report.counted().map(Issue::of).collect::<Vec<_>>(), out)
}

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl<'a> Issue<'a> {
    fn of(finding: &'a ReportedFinding) -> Self {
        let spot = &finding.spot;
        Self {
            description: &finding.message,
            check_name: &finding.rule,
            fingerprint: &finding.fingerprint,
            severity: severity(finding),
            location: Location { path: spot.path.shown(), lines: Lines { begin: spot.start.line, end: spot.end.line } },
        }
    }
}

/// How bad the pattern is, unless the policy only mentions it.
fn severity(finding: &ReportedFinding) -> &'static str {
    match (finding.level, finding.severity) {
        (Level::Note | Level::Off, _) => "info",
        (_, Severity::Low) => "minor",
        (_, Severity::Medium) => "major",
        (_, Severity::High) => "critical",
        (_, Severity::Critical) => "blocker",
    }
}
