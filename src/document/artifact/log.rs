//! Logs of Terraform, OpenTofu and their providers: what they are, and their text without what carried it.

use super::sniff::is_log;
use super::{Format, HEAD_BYTES, Reading, Visitor};
use crate::document::Kind;
use crate::text::{RepoPath, Span, lossy};
use memchr::{memchr, memchr_iter};
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Says whether an artifact is a log. It has no values with addresses to hand on: its text is searched as [`LogText`].
pub(super) fn read(path: &RepoPath, bytes: &[u8], _visitor: &mut dyn Visitor) -> Option<Reading> {
    let log = Kind::of(path) == Kind::CrashLog || is_log(&bytes[..bytes.len().min(HEAD_BYTES)]);
    log.then(|| Reading { format: Format::Log, problems: Vec::new() })
}

/// A part of a log as it was before loggers, terminals and CI systems got hold of it: without colours, and without what
/// they put in front of a line. Every byte knows where it stands in the file.
pub struct LogText {
    text: String,
    /// Where runs of bytes that were copied as they are begin: in the text, and in the file. Ascending.
    runs: Vec<(u32, u32)>,
}

impl LogText {
    /// The part of a log that stands at `offset` in its file. What is not UTF-8 becomes `?`, a byte each.
    pub fn new(bytes: &[u8], offset: usize) -> Self {
        let mut log = Self { text: String::with_capacity(bytes.len()), runs: Vec::new() };
        let mut start = 0;
        for end in memchr_iter(b'\n', bytes).map(|at| at + 1).chain([bytes.len()]) {
            log.line(&bytes[start..end], offset + start);
            start = end;
        }
        log
    }

    /// A part of any text: nothing is taken out of it.
    pub fn plain(bytes: &[u8], offset: usize) -> Self {
        let mut log = Self { text: String::with_capacity(bytes.len()), runs: Vec::new() };
        log.copy(bytes, offset);
        log
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a part of the text stands in the file.
    pub fn span(&self, range: &Range<usize>) -> Span {
        let start = self.place(range.start);
        // The end is where the last byte ends: what follows it may have been taken out.
        let end = if range.is_empty() { start } else { self.place(range.end - 1) + 1 };
        Span::new(start, end)
    }

    fn place(&self, at: usize) -> usize {
        let after = self.runs.partition_point(|(text, _)| *text as usize <= at);
        let (text, file) = after.checked_sub(1).map_or((0, 0), |index| self.runs[index]);
        file as usize + (at - text as usize)
    }

    fn line(&mut self, line: &[u8], offset: usize) {
        let mut at = carried(line);
        while let Some(escape) = memchr(0x1b, &line[at..]).map(|escape| at + escape) {
            self.copy(&line[at..escape], offset + at);
            at = escape + colour(&line[escape..]).max(1);
        }
        self.copy(&line[at..], offset + at);
    }

    fn copy(&mut self, bytes: &[u8], offset: usize) {
        if bytes.is_empty() {
            return;
        }
        let (Ok(text), Ok(file)) = (u32::try_from(self.text.len()), u32::try_from(offset)) else { return };
        // What goes on where the last run ends needs no run of its own.
        let goes_on = self.runs.last().is_some_and(|(t, f)| u64::from(*f) + u64::from(text - *t) == u64::from(file));
        if !goes_on {
            self.runs.push((text, file));
        }
        self.text.push_str(&lossy(bytes));
    }
}

/// Things in front of a line, one within the other.
const MAX_CARRIERS: usize = 12;

/// Length of what stands in front of what a line says: times, levels and names of loggers; `  | `, by which go-hclog
/// indents values of several lines; the frame of diagnostics; GitHub's and Azure's commands.
///
/// <https://github.com/hashicorp/go-hclog/blob/main/intlogger.go>,
/// <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>
fn carried(line: &[u8]) -> usize {
    static CARRIER: LazyLock<Regex> = LazyLock::new(|| {
        let time =
            r"[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9:]{8}(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?[ \t]+";
        let level = r"\[(?:TRACE|DEBUG|INFO|WARN|ERROR)\][ \t]+";
        let logger = r"(?:plugin|provider|terraform-provider-)[A-Za-z0-9_.-]*: ";
        let frame = r"[ \t]{0,8}(?:\||│|╷|╵)[ \t]?";
        let pattern = format!(r"^(?:{time}|{level}|{logger}|{frame}|##\[[a-z]+\])");
        Regex::new(&pattern).expect("the pattern is a literal")
    });
    let mut at = 0;
    for _ in 0..MAX_CARRIERS {
        let rest = &line[at..];
        let length = match rest.first() {
            Some(0x1b) => colour(rest),
            Some(b'0'..=b'9' | b'[' | b'p' | b't' | b'|' | b'#' | b' ' | b'\t' | 0xe2) => {
                CARRIER.find(&rest[..rest.len().min(256)]).map_or(0, |found| found.len())
            }
            _ => 0,
        };
        if length == 0 {
            break;
        }
        at += length;
    }
    at
}

/// Length of an escape sequence of terminals at the start of these bytes, 0 if there is none: ECMA-48, section 5.4.
fn colour(bytes: &[u8]) -> usize {
    let Some(rest) = bytes.strip_prefix(b"\x1b[") else { return 0 };
    let parameters = rest.iter().take(32).take_while(|byte| matches!(byte, b'0'..=b'?' | b' '..=b'/')).count();
    let ends = rest.get(parameters).is_some_and(|byte| matches!(byte, b'@'..=b'~'));
    if ends { 2 + parameters + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(log: &str) -> String {
        LogText::new(log.as_bytes(), 0).text().to_owned()
    }

    #[test]
    fn what_carries_lines_is_taken_off() {
        let cases = [
            ("2026-11-21T08:43:18.217Z [INFO]  CLI args: x\n", "CLI args: x\n"),
            ("2018-08-10T10:00:00.000+0100 [DEBUG] plugin.terraform-provider-aws_v1.31.0_x4: Host: x", "Host: x"),
            ("2018/08/10 10:00:00 [DEBUG] plugin: terraform-provider-aws: Host: x", "Host: x"),
            ("2025-03-04T10:11:12.4567890Z ##[debug]2025-03-04T10:11:12.400Z [DEBUG] Host: x", "Host: x"),
            ("\x1b[31m│\x1b[0m \x1b[0m\x1b[1mError: \x1b[0mx", " Error: x"),
            ("  http.response.body=\n  | {\n  |   \"a\": 1\n   b=1", "  http.response.body=\n{\n  \"a\": 1\n   b=1"),
            ("plain\r\n  indented", "plain\r\n  indented"),
        ];
        for (log, expected) in cases {
            assert_eq!(text(log), expected);
        }
    }

    #[test]
    fn every_byte_knows_its_place() {
        let log = "  | one\n2026-11-21T08:43:18.217Z [INFO]  two\x1b[0m three é\n  | four".as_bytes();
        let view = LogText::new(log, 0);
        for word in ["one", "two", "three", "é", "four"] {
            let at = view.text().find(word).expect("it is there");
            let span = view.span(&(at..at + word.len()));
            assert_eq!(&log[span.range()], word.as_bytes());
            assert_eq!(LogText::new(log, 100).span(&(at..at + word.len())), span.shifted(100));
        }
        let all = view.span(&(0..view.text().len()));
        assert_eq!((all.start, all.end as usize), (4, log.len()));
        assert!(view.span(&(0..0)).is_empty());
    }

    #[test]
    fn bytes_that_are_no_text_keep_their_places() {
        let log = b"\xff\xfe\x00 token=\xc3\x28abc\x1b[\x1b";
        let view = LogText::new(log, 0);
        let at = view.text().find("abc").expect("it is there");
        assert_eq!(&log[view.span(&(at..at + 3)).range()], b"abc");
        assert_eq!(LogText::new(b"", 7).text(), "");
    }
}
