//! A fix as lines to put in place of those that stand there, which an author takes over with one click.
//!
//! <https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/commenting-on-a-pull-request>

use super::hunks::Hunk;
use super::words;
use crate::report::{Report, ReportedFinding, Spot};
use crate::text::Position;
use std::ops::RangeInclusive;

/// Lines that a fix touches, and the text that is to stand there, without the last line's end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Suggestion {
    pub(super) lines: RangeInclusive<u32>,
    text: String,
}

impl Suggestion {
    /// Of a safe fix whose lines all stand in one hunk. None also where text would be repeated that may be secret, or
    /// that shows otherwise than it reads.
    pub(super) fn of(finding: &ReportedFinding, hunk: &Hunk, report: &Report) -> Option<Self> {
        let fix = finding.fix.as_ref().filter(|fix| fix.safe && !fix.edits.is_empty())?;
        if fix.edits.iter().any(|(spot, _)| spot.path != finding.spot.path) {
            return None;
        }
        let first = fix.edits.iter().map(|(spot, _)| spot.start.line).min()?;
        let last = fix.edits.iter().map(|(spot, _)| last_line(spot)).max()?;
        let lines = first..=last;
        let (old, _) = hunk.lines(&lines)?;
        let text = splice(&old, first, &fix.edits)?;
        let plain = |text: &str| text.split('\n').all(|line| words::line(line).replace("\\u{9}", "\t") == line);
        let open = text.is_empty() || !holds_credential(report, &finding.spot, &lines);
        (open && plain(&text)).then_some(Self { lines, text })
    }

    /// As a block of Markdown. Its fence is longer than any in the text.
    pub(super) fn block(&self) -> String {
        let longest = self.text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let end = if self.text.is_empty() { "" } else { "\n" };
        format!("{fence}suggestion\n{}{end}{fence}\n", self.text)
    }
}

/// The last line of which something is replaced: what ends before the first character of a line leaves it alone.
fn last_line(spot: &Spot) -> u32 {
    let over = spot.end.column == 1 && spot.end.line > spot.start.line;
    if over { spot.end.line - 1 } else { spot.end.line }
}

/// Whether a credential stands in the lines, or the finding is of one and says no more of where.
fn holds_credential(report: &Report, at: &Spot, lines: &RangeInclusive<u32>) -> bool {
    let within = |spot: &Spot| {
        spot.path == at.path && spot.start.line <= *lines.end() && spot.end.line.max(spot.start.line) >= *lines.start()
    };
    let of_finding = report.findings.iter().filter(|finding| finding.credential.is_some()).map(|finding| &finding.spot);
    let met = report.credentials.iter().flat_map(|credential| &credential.occurrences).map(|one| &one.spot);
    of_finding.chain(met).any(within)
}

/// The lines with all edits applied; None where they do not fit or do not end with a line.
fn splice(lines: &[&str], first: u32, edits: &[(Spot, String)]) -> Option<String> {
    let mut old = lines.join("\n");
    old.push('\n');
    let offset = |position: Position| {
        let nth = position.line.checked_sub(first)? as usize;
        let before: usize = lines.get(..nth)?.iter().map(|line| line.len() + 1).sum();
        let column = position.column as usize - 1;
        let Some(line) = lines.get(nth) else { return (column == 0).then_some(before) };
        let within = line.char_indices().map(|(at, _)| at).chain([line.len()]).nth(column)?;
        Some(before + within)
    };
    let mut places = Vec::new();
    for (spot, text) in edits {
        places.push((offset(spot.start)?, offset(spot.end)?, text.as_str()));
    }
    places.sort_unstable();
    places.dedup();
    let mut new = String::new();
    let mut at = 0;
    for (start, end, text) in places {
        new.push_str(old.get(at..start)?);
        new.push_str(text);
        at = end.max(start);
    }
    new.push_str(old.get(at..)?);
    if new.is_empty() {
        return Some(new);
    }
    new.strip_suffix('\n').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::RepoPath;

    fn edit(start: (u32, u32), end: (u32, u32), text: &str) -> (Spot, String) {
        let at = |(line, column): (u32, u32)| Position { line, column };
        (Spot { path: RepoPath::new("a.tf"), start: at(start), end: at(end), byte_columns: None }, text.to_owned())
    }

    #[test]
    fn edits_are_put_into_the_lines() {
        let lines = ["é = 1", "b = 2", "c = 3"];
        let spliced = |edits: &[_]| splice(&lines, 7, edits);
        assert_eq!(spliced(&[edit((7, 5), (7, 6), "9")]).as_deref(), Some("é = 9\nb = 2\nc = 3"));
        assert_eq!(spliced(&[edit((8, 1), (9, 1), "")]).as_deref(), Some("é = 1\nc = 3"));
        assert_eq!(spliced(&[edit((7, 1), (10, 1), "")]).as_deref(), Some(""));
        let two = [edit((9, 5), (9, 6), "x"), edit((7, 1), (7, 1), "#")];
        assert_eq!(spliced(&two).as_deref(), Some("#é = 1\nb = 2\nc = x"));
        for odd in
            [edit((6, 1), (7, 1), ""), edit((7, 9), (7, 9), ""), edit((7, 1), (10, 2), ""), edit((9, 3), (10, 1), "")]
        {
            assert_eq!(spliced(&[odd]), None);
        }
        assert_eq!(spliced(&[edit((7, 1), (8, 3), ""), edit((8, 1), (8, 2), "")]), None, "overlap");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let block = |text: &str| Suggestion { lines: 1..=1, text: text.into() }.block();
        assert_eq!(block("a ```` b"), "`````suggestion\na ```` b\n`````\n");
        assert_eq!(block(""), "```suggestion\n```\n");
    }
}
