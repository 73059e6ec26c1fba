//! Words of a command: known text between what only a run knows.

use super::directory as paths;
use crate::resolve::PathPattern;
use crate::text::Span;
use std::borrow::Cow;

/// One word of a command, or one value. Its text may be a secret: nothing here is formatted.
#[derive(Clone, Default)]
pub(super) struct Word {
    pub(super) pieces: Vec<Piece>,
    /// All of it in the file, with quotes.
    pub(super) span: Span,
    /// The words of `name=(...)`.
    pub(super) array: Vec<Word>,
}

/// A part of a word.
#[derive(Clone)]
pub(super) struct Piece {
    pub(super) what: What,
    /// Where it stands in the file.
    pub(super) span: Span,
    /// Whether the bytes there are its text's, one for one.
    pub(super) exact: bool,
}

#[derive(Clone)]
pub(super) enum What {
    /// Known text.
    Text(String),
    /// What a name stands for.
    Variable {
        name: String,
        /// Whether blanks in the value separate words.
        split: bool,
    },
    /// The absolute path of a directory of the repository.
    Directory(PathPattern),
    /// The absolute path of the current directory.
    Here,
    /// The absolute path of the directory that the script itself stands in, and a path from there.
    Own(String),
    /// Unknown; the name of the variable, if it is one.
    Hole(String),
}

impl Piece {
    /// A hole without a name.
    pub(super) fn hole(span: Span) -> Self {
        Self { what: What::Hole(String::new()), span, exact: false }
    }

    fn text(&self) -> Option<&str> {
        match &self.what {
            What::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes `from..to` of a piece of text.
    fn part(&self, text: &str, from: usize, to: usize) -> Self {
        let start = self.span.start as usize;
        let span = if self.exact { Span::new(start + from, start + to) } else { self.span };
        Self { what: What::Text(text[from..to].to_owned()), span, exact: self.exact }
    }
}

impl Word {
    /// A word that stands for something the file does not spell out.
    pub(super) fn text(text: &str, span: Span) -> Self {
        let piece = Piece { what: What::Text(text.to_owned()), span, exact: false };
        Self { pieces: vec![piece], span, array: Vec::new() }
    }

    /// The text, if all of it is known.
    pub(super) fn literal(&self) -> Option<Cow<'_, str>> {
        match self.pieces.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [only] => only.text().map(Cow::Borrowed),
            many => many.iter().map(Piece::text).collect::<Option<String>>().map(Cow::Owned),
        }
    }

    /// Whether the known text is this one.
    pub(super) fn is(&self, text: &str) -> bool {
        self.literal().is_some_and(|literal| literal == text)
    }

    /// The known text it starts with.
    pub(super) fn head(&self) -> &str {
        self.pieces.first().and_then(Piece::text).unwrap_or("")
    }

    /// What follows the first `count` bytes of its head.
    pub(super) fn after(&self, count: usize) -> Vec<Piece> {
        let Some((first, rest)) = self.pieces.split_first() else { return Vec::new() };
        let mut pieces = Vec::with_capacity(self.pieces.len());
        if let Some(text) = first.text()
            && count < text.len()
        {
            pieces.push(first.part(text, count, text.len()));
        }
        pieces.extend_from_slice(rest);
        pieces
    }

    /// Name and value of `name=value`, and whether it is `name+=value`.
    pub(super) fn assignment(&self) -> Option<(&str, Vec<Piece>, bool)> {
        let head = self.head();
        let equals = head.find('=')?;
        let name = head[..equals].strip_suffix('+').unwrap_or(&head[..equals]);
        is_name(name).then(|| (name, self.after(equals + 1), name.len() < equals))
    }

    /// Where a value stands that is a part of this word: what a variable put there stands elsewhere.
    pub(super) fn span_of(&self, pieces: &[Piece]) -> Span {
        match pieces {
            [] => Span::at(self.span.end as usize),
            [only] => only.span,
            [first, rest @ ..] => {
                let all = rest.iter().fold(first.span, |span, piece| span.join(piece.span));
                if self.span.contains(all) { all } else { self.span }
            }
        }
    }
}

/// Whether it is the name of a shell variable.
pub(super) fn is_name(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The text of pieces with holes for what is unknown.
pub(super) fn pattern(pieces: &[Piece]) -> PathPattern {
    let mut parts = vec![String::new()];
    let mut after_hole = false;
    for piece in pieces {
        match piece.text() {
            Some(text) => {
                if let Some(last) = parts.last_mut() {
                    last.push_str(text);
                }
                after_hole = after_hole && text.is_empty();
            }
            None if after_hole => {}
            None => {
                parts.push(String::new());
                after_hole = true;
            }
        }
    }
    PathPattern(parts)
}

/// The directory that pieces name in `base`.
pub(super) fn directory(base: &PathPattern, pieces: &[Piece]) -> PathPattern {
    match pieces.split_first() {
        Some((Piece { what: What::Directory(known), .. }, rest)) => {
            let rest = pattern(rest);
            match rest.0.first().and_then(|text| text.strip_prefix('/')) {
                Some(stripped) => {
                    let mut parts = rest.0.clone();
                    parts[0] = stripped.trim_start_matches('/').to_owned();
                    paths::join(known, &PathPattern(parts))
                }
                None if rest.as_known() == Some("") => known.clone(),
                None => PathPattern::anything(),
            }
        }
        _ => paths::join(base, &pattern(pieces)),
    }
}

/// The words of a value that is split like a command line, quotes removed: how
/// [Terraform reads `TF_CLI_ARGS`](https://github.com/hashicorp/terraform/blob/v1.11.4/main.go#L375).
pub(super) fn split(pieces: &[Piece]) -> Vec<Word> {
    let mut splitter = Splitter::default();
    for piece in pieces {
        match piece.text() {
            Some(text) => splitter.text(piece, text),
            None => splitter.current.push(piece.clone()),
        }
    }
    splitter.end();
    splitter.words
}

#[derive(Default)]
struct Splitter {
    words: Vec<Word>,
    current: Vec<Piece>,
    quote: Option<u8>,
    quoted: bool,
}

impl Splitter {
    fn text(&mut self, piece: &Piece, text: &str) {
        let mut start = 0;
        for (at, byte) in text.bytes().enumerate() {
            let quote = matches!(byte, b'\'' | b'"') && self.quote.is_none_or(|quote| quote == byte);
            let blank = byte.is_ascii_whitespace() && self.quote.is_none();
            if !quote && !blank {
                continue;
            }
            if start < at {
                self.current.push(piece.part(text, start, at));
            }
            start = at + 1;
            if blank {
                self.end();
            } else {
                self.quote = if self.quote.is_some() { None } else { Some(byte) };
                self.quoted = true;
            }
        }
        if start < text.len() {
            self.current.push(piece.part(text, start, text.len()));
        }
    }

    fn end(&mut self) {
        let pieces = std::mem::take(&mut self.current);
        if pieces.is_empty() && !self.quoted {
            return;
        }
        self.quoted = false;
        let span = match pieces.as_slice() {
            [] => Span::default(),
            [first, rest @ ..] => rest.iter().fold(first.span, |span, piece| span.join(piece.span)),
        };
        self.words.push(Word { pieces, span, array: Vec::new() });
    }
}
