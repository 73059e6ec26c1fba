//! The lines of a pull request that can be commented on: those of the patches that GitHub lists.
//!
//! <https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files>

use serde_json::Value;
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// Consecutive lines of a file as they are after the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    /// Number of the first line, from 1.
    start: u32,
    /// Each line's text, and whether the change has made it.
    lines: Vec<(String, bool)>,
}

/// The hunks of each changed file.
#[derive(Debug, Default)]
pub(super) struct Hunks(HashMap<String, Vec<Hunk>>);

impl Hunk {
    /// Number of the last line.
    pub(super) fn last(&self) -> u32 {
        self.start + u32::try_from(self.lines.len()).unwrap_or(u32::MAX).saturating_sub(1)
    }

    fn holds(&self, line: u32) -> bool {
        line >= self.start && line <= self.last()
    }

    /// The lines of a range that lies within, and whether the change has made any of them.
    pub(super) fn lines(&self, range: &RangeInclusive<u32>) -> Option<(Vec<&str>, bool)> {
        if range.is_empty() || !self.holds(*range.start()) || !self.holds(*range.end()) {
            return None;
        }
        let (from, to) = (range.start() - self.start, range.end() - self.start);
        let lines = &self.lines[from as usize..=to as usize];
        Some((lines.iter().map(|(text, _)| text.as_str()).collect(), lines.iter().any(|(_, added)| *added)))
    }
}

impl Hunks {
    /// From the list of files. Those without a patch - binary, too large, removed - have no lines.
    pub(super) fn of(files: &[Value]) -> Self {
        let text = |file: &Value, key: &str| file.get(key).and_then(Value::as_str).map(str::to_owned);
        let files = files.iter().filter(|file| text(file, "status").as_deref() != Some("removed"));
        Self(files.filter_map(|file| Some((text(file, "filename")?, read(&text(file, "patch")?)))).collect())
    }

    /// The hunk of a file that holds a line.
    pub(super) fn at(&self, path: &str, line: u32) -> Option<&Hunk> {
        self.0.get(path)?.iter().find(|hunk| hunk.holds(line))
    }
}

/// Reads a patch; what is none ends it.
fn read(patch: &str) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    for line in patch.split('\n') {
        if line.starts_with("@@") {
            let Some(start) = start_of(line) else { break };
            hunks.push(Hunk { start, lines: Vec::new() });
            continue;
        }
        let Some(hunk) = hunks.last_mut() else { break };
        match line.as_bytes().first() {
            Some(b'+') => hunk.lines.push((line[1..].to_owned(), true)),
            Some(b' ') => hunk.lines.push((line[1..].to_owned(), false)),
            _ => {}
        }
    }
    hunks.retain(|hunk| !hunk.lines.is_empty());
    hunks
}

/// The 7 of `@@ -1,2 +7,3 @@`.
fn start_of(head: &str) -> Option<u32> {
    let new = head.split_once('+')?.1;
    new.split([',', ' ']).next()?.parse().ok().filter(|start| *start > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATCH: &str = "@@ -1,3 +1,4 @@ head\n a\n-b\n+B\n+c\n d\n\\ No newline at end of file\n@@ -9 +10 @@\n-x\n+y";

    #[test]
    fn lines_are_numbered_as_after_the_change() {
        let hunks = read(PATCH);
        assert_eq!(hunks.len(), 2);
        assert_eq!(hunks[0].lines(&(1..=4)), Some((vec!["a", "B", "c", "d"], true)));
        assert_eq!(hunks[0].lines(&(4..=4)), Some((vec!["d"], false)));
        assert_eq!(hunks[0].lines(&(4..=5)), None, "beyond the hunk");
        assert_eq!(hunks[1].lines(&(10..=10)), Some((vec!["y"], true)));
    }

    #[test]
    fn what_is_no_patch_has_no_lines() {
        for odd in ["", "x", "@@", "@@ -1 +0,0 @@\n-a", "@@ +99999999999 @@\n+a", "+a\n@@ -1 +1 @@"] {
            assert_eq!(read(odd), [], "{odd}");
        }
    }
}
