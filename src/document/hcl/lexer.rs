//! Finds where a value ends, and makes the copy of it that hcl-edit reads.
//!
//! The copy has the same length as the original, so that every span holds for both, and says the same with fewer
//! words: comments are blank, heredocs are quoted strings with blank text, and line breaks that mean nothing inside
//! `for` expressions and directives are spaces. hcl-edit refuses or misreads some of these although Terraform takes
//! them; literal text is decoded from the original bytes.
//!
//! The tokens are those of
//! <https://github.com/hashicorp/hcl/blob/main/hclsyntax/scan_tokens.rl>.

use std::ops::Range;

/// What the text to be lexed is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// The value of an attribute: ends at a line break, a comment or the brace that closes its block.
    Value,
    /// An expression alone, as if it stood in parentheses: ends with the text.
    Enclosed,
    /// A template without quotes: ends with the text.
    Template,
}

/// What the lexer has found.
pub(super) struct Lexed {
    /// One past the last byte of the value; blanks and comments behind it are left out.
    pub end: usize,
    /// Where to go on: at the line break, comment or brace that ended the value.
    pub next: usize,
    /// Why the value is not whole, if it is not.
    pub fault: Option<Fault>,
    /// The work that objects cost hcl-edit, which compares each key with all before it: the sum of the squares of the
    /// objects' lines and commas.
    pub object_cost: u64,
    /// The largest number of lines and commas in one object.
    pub largest_object: u32,
}

/// Why a value is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A quoted string is still open at the end of its line.
    OpenString,
    /// A bracket, template or heredoc is still open at the end of the file, or closed by the wrong bracket.
    Unbalanced,
}

enum Frame {
    Parenthesis,
    Bracket { is_for: bool },
    Brace { is_for: bool, items: u32 },
    Quote { start: usize },
    Interpolation,
    Directive,
    Heredoc { tag: Range<usize> },
    Template,
}

pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    copy: &'a mut [u8],
    at: usize,
    last: usize,
    /// The end of the last token that got a comma put behind it in the copy.
    separated: usize,
    frames: Vec<Frame>,
    object_cost: u64,
    largest_object: u32,
}

/// Whether an identifier may start with this byte; all beyond ASCII are taken for letters.
pub(super) fn starts_identifier(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// Whether an identifier may go on with this byte.
pub(super) fn continues_identifier(byte: u8) -> bool {
    starts_identifier(byte) || byte.is_ascii_digit() || byte == b'-'
}

/// The end of the identifier that starts at `at`.
pub(super) fn identifier_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !continues_identifier(*byte)).unwrap_or(rest.len())
}

/// The offset of the line break that ends the line of `at`, or the end of the text.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + memchr::memchr(b'\n', rest).unwrap_or(rest.len())
}

/// One past the `*/` of the comment that starts at `at`, or the end of the text.
pub(super) fn block_comment_end(bytes: &[u8], at: usize) -> usize {
    let from = (at + 2).min(bytes.len());
    memchr::memmem::find(&bytes[from..], b"*/").map_or(bytes.len(), |found| from + found + 2)
}

/// Lexes one value of `bytes` from `start` on, and normalises it in `copy`, which is as long.
pub(super) fn lex(bytes: &[u8], copy: &mut [u8], start: usize, entry: Entry) -> Lexed {
    debug_assert_eq!(bytes.len(), copy.len(), "the copy has the length of the original");
    let mut lexer = Lexer {
        bytes,
        copy,
        at: start,
        last: start,
        separated: usize::MAX,
        frames: Vec::new(),
        object_cost: 0,
        largest_object: 0,
    };
    match entry {
        Entry::Value => {}
        Entry::Enclosed => lexer.frames.push(Frame::Parenthesis),
        Entry::Template => lexer.frames.push(Frame::Template),
    }
    let entered = lexer.frames.len();
    let fault = lexer.run(entered);
    let Lexer { at, last, object_cost, largest_object, .. } = lexer;
    Lexed { end: last, next: at.min(bytes.len()), fault, object_cost, largest_object }
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Runs until the value ends; `entered` frames stay open to the end of the text.
    fn run(&mut self, entered: usize) -> Option<Fault> {
        let mut fault = None;
        while let Some(byte) = self.peek(0) {
            match self.frames.last() {
                Some(Frame::Quote { start }) => {
                    if byte == b'\n' {
                        if self.bytes[*start..self.at].contains(&b'\n') {
                            // An interpolation in it has run on into other lines, and took their brackets for its own.
                            return Some(Fault::Unbalanced);
                        }
                        // Most likely only the quote is missing: what is around the string goes on.
                        fault = Some(Fault::OpenString);
                        self.frames.pop();
                    } else {
                        self.quoted(byte);
                    }
                }
                Some(Frame::Heredoc { tag }) => {
                    let tag = tag.clone();
                    self.heredoc(&tag);
                }
                Some(Frame::Template) => self.template_text(),
                _ => {
                    if self.frames.is_empty() && self.ends_value(byte) {
                        return fault;
                    }
                    if !self.code(byte, entered) {
                        return Some(Fault::Unbalanced);
                    }
                }
            }
        }
        if self.frames.len() == entered { fault } else { Some(Fault::Unbalanced) }
    }

    fn ends_value(&self, byte: u8) -> bool {
        match byte {
            b'\n' | b'#' | b'}' => true,
            b'/' => self.peek(1) == Some(b'/'),
            _ => false,
        }
    }

    /// One token outside of literal text. False if it closes what is not open.
    fn code(&mut self, byte: u8, entered: usize) -> bool {
        match byte {
            b' ' | b'\t' => self.at += 1,
            b'\n' | b'\r' => self.line_break(byte),
            b'#' => self.line_comment(),
            b'/' if self.peek(1) == Some(b'/') => self.line_comment(),
            b'/' if self.peek(1) == Some(b'*') => {
                let end = block_comment_end(self.bytes, self.at);
                self.copy[self.at..end].fill(b' ');
                self.at = end;
            }
            b'"' => self.open(Frame::Quote { start: self.at }),
            b'(' => self.open(Frame::Parenthesis),
            b'[' => self.open(Frame::Bracket { is_for: self.is_for() }),
            b'{' => self.open(Frame::Brace { is_for: self.is_for(), items: 0 }),
            b')' | b']' | b'}' => return self.close(byte, entered),
            b'<' if self.peek(1) == Some(b'<') => self.open_heredoc(),
            _ => {
                if byte == b',' {
                    self.count_item();
                }
                self.at += 1;
                self.last = self.at;
            }
        }
        true
    }

    fn open(&mut self, frame: Frame) {
        self.frames.push(frame);
        self.at += 1;
        self.last = self.at;
    }

    fn close(&mut self, byte: u8, entered: usize) -> bool {
        if self.frames.len() <= entered {
            return false;
        }
        match (self.frames.last(), byte) {
            (Some(Frame::Parenthesis), b')')
            | (Some(Frame::Bracket { .. }), b']')
            | (Some(Frame::Interpolation | Frame::Directive), b'}') => {}
            (Some(Frame::Brace { items, .. }), b'}') => {
                self.largest_object = self.largest_object.max(*items);
                self.object_cost += u64::from(*items) * u64::from(*items);
            }
            _ => return false,
        }
        self.frames.pop();
        self.at += 1;
        self.last = self.at;
        true
    }

    /// Whether line breaks mean nothing here although hcl-edit thinks they do.
    fn is_flat(&self) -> bool {
        matches!(
            self.frames.last(),
            Some(Frame::Bracket { is_for: true } | Frame::Brace { is_for: true, .. } | Frame::Directive)
        )
    }

    fn line_break(&mut self, byte: u8) {
        match self.frames.last() {
            Some(Frame::Brace { is_for: false, .. }) => self.copy[self.at] = self.object_line_break(byte),
            _ if self.is_flat() => self.copy[self.at] = b' ',
            _ => {}
        }
        if byte == b'\n' {
            self.count_item();
        }
        self.at += 1;
    }

    /// What stands for a line break between the items of an object. hcl-edit reads on over it where the value ends in
    /// a bracket; over a comma it does not.
    fn object_line_break(&mut self, byte: u8) -> u8 {
        let follows_item = self.last > 0 && !matches!(self.bytes[self.last - 1], b'{' | b',');
        if byte == b'\n' && follows_item && self.separated != self.last {
            self.separated = self.last;
            return b',';
        }
        b' '
    }

    fn line_comment(&mut self) {
        let end = line_end(self.bytes, self.at);
        // The carriage return of CR LF stays: it is part of the line break.
        let text_end = if end > self.at && self.bytes[end - 1] == b'\r' { end - 1 } else { end };
        self.copy[self.at..text_end].fill(b' ');
        self.at = text_end;
    }

    fn count_item(&mut self) {
        if let Some(Frame::Brace { items, .. }) = self.frames.last_mut() {
            *items = items.saturating_add(1);
        }
    }

    /// Whether the bracket at the current place opens a `for` expression.
    fn is_for(&self) -> bool {
        let mut at = self.at + 1;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            match rest {
                [b' ' | b'\t' | b'\n' | b'\r', ..] => at += 1,
                [b'#', ..] | [b'/', b'/', ..] => at = line_end(self.bytes, at),
                [b'/', b'*', ..] => at = block_comment_end(self.bytes, at),
                [b'f', b'o', b'r', next, ..] => return !continues_identifier(*next),
                _ => return false,
            }
        }
    }

    fn quoted(&mut self, byte: u8) {
        match byte {
            b'\\' if self.peek(1).is_some_and(|next| next != b'\n') => self.at += 2,
            b'"' => {
                self.frames.pop();
                self.at += 1;
                self.last = self.at;
            }
            b'$' | b'%' => {
                self.sequence(byte);
            }
            _ => {
                let rest = &self.bytes[self.at + 1..];
                let plain = rest.iter().position(|b| matches!(b, b'\\' | b'"' | b'$' | b'%' | b'\n'));
                self.at += 1 + plain.unwrap_or(rest.len());
            }
        }
    }

    /// At `$` or `%`: opens a sequence, or steps over the escape or the sign. Returns whether it opened one.
    fn sequence(&mut self, sign: u8) -> bool {
        if self.peek(1) == Some(sign) && self.peek(2) == Some(b'{') {
            self.at += 3;
        } else if self.peek(1) == Some(b'{') {
            self.frames.push(if sign == b'$' { Frame::Interpolation } else { Frame::Directive });
            self.at += 2;
            return true;
        } else {
            self.at += 1;
        }
        false
    }

    fn open_heredoc(&mut self) {
        let start = self.at;
        let tag_start = if self.peek(2) == Some(b'-') { start + 3 } else { start + 2 };
        let tag_end = match self.bytes.get(tag_start) {
            Some(byte) if starts_identifier(*byte) => identifier_end(self.bytes, tag_start),
            _ => tag_start,
        };
        let body = match self.bytes.get(tag_end..) {
            Some([b'\n', ..]) => tag_end + 1,
            Some([b'\r', b'\n', ..]) => tag_end + 2,
            _ => tag_end,
        };
        if tag_end == tag_start || body == tag_end {
            self.at = start + 2;
            self.last = self.at;
            return;
        }
        self.copy[start..body].fill(b' ');
        self.copy[start] = b'"';
        self.frames.push(Frame::Heredoc { tag: tag_start..tag_end });
        self.at = body;
    }

    fn heredoc(&mut self, tag: &Range<usize>) {
        if self.bytes[self.at - 1] == b'\n' {
            let line = &self.bytes[self.at..line_end(self.bytes, self.at)];
            // Terraform trims Unicode blanks here too.
            let trimmed = std::str::from_utf8(line).map_or(line.trim_ascii(), |text| text.trim().as_bytes());
            if trimmed == &self.bytes[tag.clone()] {
                let indent = memchr::memmem::find(line, trimmed).unwrap_or_default();
                let end = self.at + indent + trimmed.len();
                self.copy[self.at..end].fill(b' ');
                self.copy[end - 1] = b'"';
                self.frames.pop();
                self.at = end;
                self.last = end;
                return;
            }
        }
        self.template_text();
    }

    /// Literal text up to the next line or sequence: blank in the copy.
    fn template_text(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        self.at += memchr::memchr3(b'$', b'%', b'\n', rest).unwrap_or(rest.len());
        let opened = match self.peek(0) {
            None => false,
            Some(b'\n') => {
                self.at += 1;
                false
            }
            Some(sign) => self.sequence(sign),
        };
        let text_end = if opened { self.at - 2 } else { self.at };
        self.copy[start..text_end].fill(b' ');
    }
}
