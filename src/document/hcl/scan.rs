//! The structure of a file: where its blocks and attributes stand. Linear in the file's length, whatever it holds.

use super::lexer::{self, Entry, Fault, Lexed};
use super::problem::Problem;
use crate::text::Span;
use std::ops::Range;

/// How deep blocks may nest; Terraform's own go 8 deep.
const MAX_BLOCK_DEPTH: usize = 64;
/// How often the scanner goes back to a value that never ends, and takes only its first line.
const MAX_REWINDS: usize = 16;
/// How many problems are noted in one file.
const MAX_PROBLEMS: usize = 100;

/// One step through a file, in order.
pub(super) enum Event {
    /// `name = value`.
    Attribute {
        /// The name, with quotes if it has them (Terraform refuses that).
        name: Range<usize>,
        /// The value's bytes; empty if it is missing.
        value: Range<usize>,
        /// What the lexer said of it.
        lexed: Lexed,
    },
    /// `kind label {`.
    Open {
        /// The block's type.
        kind: Range<usize>,
        /// Where its labels stand in [`Scan::labels`].
        labels: Range<usize>,
        /// The opening brace.
        brace: usize,
    },
    /// `}`, at this offset; at the end of the file for a block that is never closed.
    Close(usize),
}

/// What was found in a file.
#[derive(Default)]
pub(super) struct Scan {
    pub events: Vec<Event>,
    /// The labels of all blocks, with quotes if they have them.
    pub labels: Vec<Range<usize>>,
    pub problems: Vec<Problem>,
    /// The normalised copy; of the same length as the file.
    pub copy: Vec<u8>,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    /// Blocks that are open beyond [`MAX_BLOCK_DEPTH`].
    too_deep: usize,
    rewinds: usize,
    scan: Scan,
}

/// Scans a file.
pub(super) fn scan(bytes: &[u8]) -> Scan {
    let scan = Scan { copy: valid_copy(bytes), ..Scan::default() };
    let at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut scanner = Scanner { bytes, at, depth: 0, too_deep: 0, rewinds: 0, scan };
    scanner.run();
    scanner.scan
}

/// A copy in which each byte that is not UTF-8 is a question mark.
pub(super) fn valid_copy(bytes: &[u8]) -> Vec<u8> {
    if std::str::from_utf8(bytes).is_ok() {
        return bytes.to_vec();
    }
    let mut copy = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        copy.extend_from_slice(chunk.valid().as_bytes());
        copy.resize(copy.len() + chunk.invalid().len(), b'?');
    }
    copy
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn problem(&mut self, at: usize, message: &str) {
        if self.scan.problems.len() < MAX_PROBLEMS {
            self.scan.problems.push(Problem::file(Span::at(at), message));
        }
    }

    fn run(&mut self) {
        loop {
            self.skip_trivia();
            match self.peek() {
                None => break,
                Some(b'}') => self.close(),
                Some(byte) if byte == b'"' || lexer::starts_identifier(byte) => self.item(),
                Some(_) => {
                    self.problem(self.at, "an argument or block definition is expected here");
                    self.at = lexer::line_end(self.bytes, self.at);
                }
            }
        }
        if self.depth + self.too_deep > 0 {
            self.problem(self.bytes.len(), "a block is not closed");
        }
        for _ in 0..self.depth {
            self.scan.events.push(Event::Close(self.bytes.len()));
        }
    }

    /// Blanks, line breaks and comments.
    fn skip_trivia(&mut self) {
        loop {
            match self.bytes.get(self.at..).unwrap_or_default() {
                [b' ' | b'\t' | b'\n' | b'\r', ..] => self.at += 1,
                [b'#', ..] | [b'/', b'/', ..] => self.at = lexer::line_end(self.bytes, self.at),
                [b'/', b'*', ..] => self.skip_block_comment(),
                _ => return,
            }
        }
    }

    /// Blanks and block comments.
    fn skip_blanks(&mut self) {
        loop {
            match self.bytes.get(self.at..).unwrap_or_default() {
                [b' ' | b'\t', ..] => self.at += 1,
                [b'/', b'*', ..] => self.skip_block_comment(),
                _ => return,
            }
        }
    }

    fn skip_block_comment(&mut self) {
        let start = self.at;
        self.at = lexer::block_comment_end(self.bytes, start);
        if self.at == self.bytes.len() && !(self.bytes.ends_with(b"*/") && self.at >= start + 4) {
            self.problem(start, "a comment is not closed");
        }
    }

    fn close(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if self.depth > 0 {
            self.depth -= 1;
            self.scan.events.push(Event::Close(self.at));
        } else {
            self.problem(self.at, "a closing brace has no opening one");
        }
        self.at += 1;
    }

    /// An identifier or quoted string at the current place.
    fn word(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => self.at = quoted_end(self.bytes, start),
            Some(byte) if lexer::starts_identifier(byte) => self.at = lexer::identifier_end(self.bytes, start),
            _ => return None,
        }
        Some(start..self.at)
    }

    fn item(&mut self) {
        let Some(name) = self.word() else { return };
        let is_quoted = self.bytes[name.start] == b'"';
        self.skip_blanks();
        match self.bytes.get(self.at..).unwrap_or_default() {
            [b'=', b'=', ..] => {}
            [b'=', ..] => return self.attribute(name, is_quoted),
            [b':', ..] if is_quoted => return self.attribute(name, is_quoted),
            _ => {}
        }
        let first_label = self.scan.labels.len();
        while let Some(label) = self.word() {
            self.scan.labels.push(label);
            self.skip_blanks();
        }
        if self.peek() != Some(b'{') {
            self.problem(self.at, "an argument needs = and a block needs { after its name");
            let end = lexer::line_end(self.bytes, self.at);
            // A header with something strange in it still opens a block if its line ends like one.
            if !self.bytes[self.at..end].trim_ascii_end().ends_with(b"{") {
                self.scan.labels.truncate(first_label);
                self.at = end;
                return;
            }
            self.at += memchr::memrchr(b'{', &self.bytes[self.at..end]).unwrap_or_default();
        } else if is_quoted {
            self.problem(name.start, "a block's type must not be quoted");
        }
        self.open(name, first_label);
    }

    fn open(&mut self, kind: Range<usize>, first_label: usize) {
        let brace = self.at;
        self.at += 1;
        if self.depth >= MAX_BLOCK_DEPTH {
            self.too_deep += 1;
            self.scan.labels.truncate(first_label);
            self.problem(kind.start, "blocks are nested too deeply");
            return;
        }
        self.depth += 1;
        self.scan.events.push(Event::Open { kind, labels: first_label..self.scan.labels.len(), brace });
    }

    fn attribute(&mut self, name: Range<usize>, is_quoted: bool) {
        if is_quoted {
            self.problem(name.start, "an argument's name must not be quoted");
        }
        self.at += 1;
        self.skip_blanks();
        let start = self.at;
        let mut lexed = lexer::lex(self.bytes, &mut self.scan.copy, start, Entry::Value);
        self.at = lexed.next;
        if lexed.fault == Some(Fault::Unbalanced) {
            self.problem(start, "a bracket, template or heredoc that starts here is not closed");
            if self.rewinds < MAX_REWINDS {
                self.rewinds += 1;
                self.at = lexer::line_end(self.bytes, start);
                self.restore(start..lexed.next);
            }
            lexed.end = start + self.bytes[start..self.at].trim_ascii_end().len();
        } else if lexed.fault == Some(Fault::OpenString) {
            lexed.end = start + self.bytes[start..self.at].trim_ascii_end().len();
        }
        if self.too_deep == 0 {
            self.scan.events.push(Event::Attribute { name, value: start..lexed.end, lexed });
        }
    }

    /// Undoes what the lexer did to the copy.
    fn restore(&mut self, range: Range<usize>) {
        let copy = valid_copy(&self.bytes[range.clone()]);
        self.scan.copy[range].copy_from_slice(&copy);
    }
}

/// One past the closing quote of the string that starts at `at`, or the end of its line.
fn quoted_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\n' => return at,
            b'\\' if bytes.get(at + 1).is_some_and(|next| *next != b'\n') => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}
