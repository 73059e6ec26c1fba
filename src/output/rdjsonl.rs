//! reviewdog's diagnostics, one on each line.
//!
//! <https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto>

use super::escape::write_json_line;
use super::{Context, Format, told};
use crate::finding::{Fix, Level};
use crate::report::{RelatedSpot, Report, ReportedFinding, Spot};
use serde::Serialize;
use std::io::{self, Write};

pub(super) const FORMAT: Format = Format {
    name: "rdjsonl",
    summary: "reviewdog's diagnostics, for reviews on Gerrit, Gitea, Bitbucket and others.",
    render,
};

fn render(report: &Report, _: &Context, out: &mut dyn Write) -> io::Result<()> {
    report.counted().try_for_each(|finding| write_json_line(&Diagnostic::of(finding), out))
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    source: Link<'static>,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    /// In bytes of UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

#[derive(Serialize)]
struct Link<'a> {
    name: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location<'a>,
}

impl<'a> Diagnostic<'a> {
    fn of(finding: &'a ReportedFinding) -> Self {
        Self {
            message: told(finding).collect::<Vec<_>>().join("\n"),
            location: Location::of(&finding.spot),
            severity: match finding.level {
                Level::Error => "ERROR",
                Level::Warning => "WARNING",
                Level::Note | Level::Off => "INFO",
            },
            source: Link { name: "credlint", url: "https://github.com/credlint/credlint" },
            code: Code { value: &finding.rule, url: finding.url.as_deref() },
            suggestions: finding.fix.iter().flat_map(|fix| suggestions(fix, finding)).collect(),
            related_locations: finding.related.iter().map(Related::of).collect(),
        }
    }
}

/// Edits that can be taken with one click: of a safe fix, in the file that is spoken of (a suggestion names no other).
fn suggestions<'a>(fix: &'a Fix<Spot>, finding: &ReportedFinding) -> Vec<Suggestion<'a>> {
    let own = fix.edits.iter().all(|(spot, _)| spot.path == finding.spot.path);
    if !fix.safe || !own {
        return Vec::new();
    }
    let suggestion = |(spot, text): &'a (Spot, String)| Suggestion { range: Range::of(spot), text };
    fix.edits.iter().map(suggestion).collect()
}

impl<'a> Location<'a> {
    fn of(spot: &'a Spot) -> Self {
        Self { path: spot.path.shown(), range: Range::of(spot) }
    }
}

impl Range {
    fn of(spot: &Spot) -> Self {
        let (start, end) = spot.byte_columns.unzip();
        Self {
            start: Position { line: spot.start.line, column: start },
            end: Position { line: spot.end.line, column: end },
        }
    }
}

impl<'a> Related<'a> {
    fn of(related: &'a RelatedSpot) -> Self {
        Self { message: &related.message, location: Location::of(&related.spot) }
    }
}
