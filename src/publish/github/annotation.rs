//! Annotations of a check run, one a finding.
//!
//! <https://docs.github.com/en/rest/checks/runs#create-a-check-run>

use super::words;
use crate::finding::Level;
use crate::report::{Report, ReportedFinding};
use serde_json::{Value, json};

/// GitHub takes 64 KB of a message.
const MAX_MESSAGE: usize = 60_000;
/// And so many characters of a title.
const MAX_TITLE: usize = 250;

/// Annotations in the order of the report, and how many findings stand where none can be.
pub(super) fn all(report: &Report) -> (Vec<Value>, usize) {
    let annotations: Vec<Value> = report.counted().filter_map(of).collect();
    let missing = report.counted().count() - annotations.len();
    (annotations, missing)
}

fn of(finding: &ReportedFinding) -> Option<Value> {
    let spot = &finding.spot;
    let path = spot.path.as_str();
    if path.is_empty() || path.contains('\\') || spot.path.escapes_root() {
        return None;
    }
    // What ends before the first character of a line ends with the line before it.
    let over = spot.end.column == 1 && spot.end.line > spot.start.line;
    let end = if over { spot.end.line - 1 } else { spot.end.line.max(spot.start.line) };
    let mut annotation = json!({
        "path": path,
        "start_line": spot.start.line,
        "end_line": end,
        "annotation_level": level(finding.level),
        "title": words::cut_chars(&words::line(&finding.rule), MAX_TITLE),
        "message": words::cut(&words::plain(finding), MAX_MESSAGE),
    });
    if end == spot.start.line && !over {
        annotation["start_column"] = spot.start.column.into();
        annotation["end_column"] = spot.end.column.max(spot.start.column).into();
    }
    Some(annotation)
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "failure",
        Level::Warning => "warning",
        Level::Note | Level::Off => "notice",
    }
}
