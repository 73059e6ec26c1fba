//! Workflow commands, which GitHub Actions shows as annotations at the lines of a change.

use super::{Context, Format, GithubData, GithubProperty, lines_of, text, worst_first};
use crate::finding::Level;
use crate::report::{Report, ReportedFinding};
use std::io::{self, Write};

pub(super) const FORMAT: Format =
    Format { name: "github", summary: "Annotations in GitHub Actions, and the text for its log.", render };

/// GitHub shows this many annotations of each type from one step, and drops the others without a word
/// (<https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations>).
const MAX_OF_TYPE: usize = 10;

fn render(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let findings = worst_first(report);
    for (level, command) in [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "notice")] {
        let of_type: Vec<&&ReportedFinding> = findings.iter().filter(|finding| finding.level == level).collect();
        let all_fit = of_type.len() <= MAX_OF_TYPE;
        let shown = if all_fit { of_type.len() } else { MAX_OF_TYPE - 1 };
        for finding in &of_type[..shown] {
            annotate(command, finding, out)?;
        }
        if !all_fit {
            let more = format!("{} more at level {}: see the log", of_type.len() - shown, level.as_str());
            writeln!(out, "::{command} title=credlint::{}", GithubData::new([&*more]))?;
        }
    }
    // Without a token the text could not be kept apart from commands; outside Actions nobody needs it here.
    if context.stop_token.is_some() { (text::FORMAT.render)(report, context, out) } else { Ok(()) }
}

fn annotate(command: &str, finding: &ReportedFinding, out: &mut dyn Write) -> io::Result<()> {
    let (start, end) = (finding.spot.start, finding.spot.end);
    let path = finding.spot.path.as_str();
    write!(out, "::{command} ")?;
    if !path.is_empty() {
        write!(out, "file={},line={},endLine={},", GithubProperty::new(path), start.line, end.line)?;
        // The runner drops columns that span lines.
        if start.line == end.line {
            write!(out, "col={},endColumn={},", start.column, end.column)?;
        }
    }
    writeln!(out, "title={}::{}", GithubProperty::new(&finding.rule), GithubData::new(lines_of(finding)))
}
