//! One line, in any syntax, with everything hidden that is not known to be harmless.

use super::words;
use crate::text::Span;
use std::collections::HashSet;
use std::ops::Range;

/// Stands for what is hidden, whatever its length.
pub(super) const MASK: &str = "****";

/// A line that is safe to show.
pub(super) struct Redacted {
    /// ASCII only.
    pub(super) text: String,
    /// Where the bytes of the line went: the range in the line, in `text`, and whether they were copied.
    moved: Vec<(Range<usize>, Range<usize>, bool)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Space,
    Punct,
    Word,
    /// A string, quotes included; whether it is closed on this line.
    Quoted(bool),
    Comment,
}

#[derive(Clone, Debug)]
struct Piece {
    kind: Kind,
    range: Range<usize>,
    shown: bool,
}

/// Hides in `line` the spans of known credentials, the known values wherever they stand, and every word and string
/// that is not harmless by [`words`]. All of a value is hidden whose name looks secret.
pub(super) fn redact(line: &[u8], known: &[Span], values: &HashSet<String>) -> Redacted {
    let mut pieces = pieces(line);
    decide(line, &mut pieces);
    for piece in &mut pieces {
        let span = Span::new(piece.range.start, piece.range.end);
        let text = content(line, piece);
        if known.iter().any(|hidden| hidden.overlaps(span)) || (piece.kind != Kind::Space && values.contains(text)) {
            piece.shown = false;
        }
    }
    render(line, &pieces)
}

/// The name that a line starts with and gives to something: `name =`, `name:`, `"name":`, `- name:`.
pub(super) fn leading_name(line: &[u8]) -> Option<&str> {
    let pieces = pieces(line);
    let at = (0..pieces.len()).find(|at| is_key(line, &pieces, *at))?;
    std::str::from_utf8(&line[content_range(&pieces[at])]).ok()
}

fn pieces(line: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let (kind, end) = piece_at(line, at);
        pieces.push(Piece { kind, range: at..end, shown: matches!(kind, Kind::Space | Kind::Punct) });
        at = end;
    }
    pieces
}

fn piece_at(line: &[u8], at: usize) -> (Kind, usize) {
    let rest = &line[at..];
    let after_space = at == 0 || is_space(line[at - 1]);
    match rest[0] {
        byte if is_space(byte) => (Kind::Space, at + rest.iter().take_while(|byte| is_space(**byte)).count()),
        b'#' if after_space => (Kind::Comment, line.len()),
        b'/' if after_space && matches!(rest.get(1), Some(b'/' | b'*')) => (Kind::Comment, line.len()),
        b'"' => quoted(line, at),
        byte if is_punct(byte) => (Kind::Punct, at + 1),
        _ => {
            let ends = |byte: &u8| is_space(*byte) || is_punct(*byte) || *byte == b'"';
            (Kind::Word, rest.iter().position(ends).map_or(line.len(), |length| at + length))
        }
    }
}

fn quoted(line: &[u8], start: usize) -> (Kind, usize) {
    let mut at = start + 1;
    while at < line.len() {
        match line[at] {
            b'\\' => at += 2,
            b'"' => return (Kind::Quoted(true), at + 1),
            _ => at += 1,
        }
    }
    (Kind::Quoted(false), line.len())
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_punct(byte: u8) -> bool {
    matches!(byte, b'{' | b'}' | b'[' | b']' | b'(' | b')' | b',' | b'=' | b':')
}

fn content_range(piece: &Piece) -> Range<usize> {
    match piece.kind {
        Kind::Quoted(true) => piece.range.start + 1..piece.range.end - 1,
        _ => piece.range.clone(),
    }
}

/// The text of a word or string; empty if it is not UTF-8, which no list of harmless words holds.
fn content<'a>(line: &'a [u8], piece: &Piece) -> &'a str {
    std::str::from_utf8(&line[content_range(piece)]).unwrap_or("\u{fffd}")
}

/// Decides for every word and string whether it is shown.
fn decide(line: &[u8], pieces: &mut [Piece]) {
    if decide_header(line, pieces) {
        return;
    }
    let mut key = String::new();
    for at in 0..pieces.len() {
        let text = content(line, &pieces[at]);
        let shown = match pieces[at].kind {
            Kind::Space | Kind::Punct => true,
            Kind::Comment => false,
            _ if words::is_secret_name(&key) => false,
            Kind::Word | Kind::Quoted(true) if is_key(line, pieces, at) => {
                // A name that is not shown hides its value no less.
                text.clone_into(&mut key);
                words::is_name(text)
            }
            Kind::Word => {
                words::is_expression(text)
                    || (words::is_literal(text) && is_whole_value(line, pieces, at))
                    || (starts_line(line, pieces, at) && matches!(text, "-" | "export"))
                    || (words::is_function(text) && punct(line, pieces.get(at + 1)) == Some(b'('))
            }
            Kind::Quoted(closed) => closed && words::is_text(&key, text),
        };
        pieces[at].shown = shown;
    }
}

/// `block "label" "label" {`: shown if all of it is names.
fn decide_header(line: &[u8], pieces: &mut [Piece]) -> bool {
    let solid: Vec<usize> = (0..pieces.len()).filter(|at| pieces[*at].kind != Kind::Space).collect();
    let Some((first, rest)) = solid.split_first() else { return false };
    let opening = rest.iter().position(|at| punct(line, pieces.get(*at)) == Some(b'{'));
    let Some(opening) = opening.filter(|_| words::is_block(content(line, &pieces[*first]))) else { return false };
    let labels = &rest[..opening];
    let is_label = |at: &usize| matches!(pieces[*at].kind, Kind::Quoted(true) | Kind::Word);
    let ends = |at: &usize| pieces[*at].kind == Kind::Comment || punct(line, pieces.get(*at)) == Some(b'}');
    if !labels.iter().all(is_label) || !rest[opening + 1..].iter().all(ends) {
        return false;
    }
    for at in std::iter::once(first).chain(labels) {
        pieces[*at].shown = words::is_name(content(line, &pieces[*at]));
    }
    true
}

fn punct(line: &[u8], piece: Option<&Piece>) -> Option<u8> {
    piece.filter(|piece| piece.kind == Kind::Punct).map(|piece| line[piece.range.start])
}

/// Whether nothing but space, `-` and `export` stands before.
fn starts_line(line: &[u8], pieces: &[Piece], at: usize) -> bool {
    pieces[..at].iter().all(|piece| piece.kind == Kind::Space || matches!(content(line, piece), "-" | "export"))
}

/// Whether a word or string is a name that is given to what follows: it starts the line or stands after `{` or `,`,
/// and `=` or `:` follows.
fn is_key(line: &[u8], pieces: &[Piece], at: usize) -> bool {
    if !matches!(pieces[at].kind, Kind::Word | Kind::Quoted(true)) {
        return false;
    }
    let solid = |piece: &&Piece| piece.kind != Kind::Space;
    let next = punct(line, pieces[at + 1..].iter().find(solid));
    let before = punct(line, pieces[..at].iter().rev().find(solid));
    matches!(next, Some(b'=' | b':')) && (starts_line(line, pieces, at) || matches!(before, Some(b'{' | b',')))
}

/// Whether nothing but this piece is given to the name before it: a list of numbers may be a code.
fn is_whole_value(line: &[u8], pieces: &[Piece], at: usize) -> bool {
    let solid = |piece: &&Piece| piece.kind != Kind::Space;
    let before = punct(line, pieces[..at].iter().rev().find(solid));
    let after = pieces[at + 1..].iter().find(solid);
    let ends = after.is_none_or(|piece| piece.kind == Kind::Comment)
        || matches!(punct(line, after), Some(b'}'))
        || (punct(line, after) == Some(b',')
            && pieces.last().is_some_and(|last| Some(last.range.end) == after.map(|piece| piece.range.end)));
    matches!(before, Some(b'=' | b':')) && ends
}

/// Writes the line. A hidden string keeps its quotes. From the first hidden bare word on, all up to the last hidden
/// piece is one mask, with what follows it without a space: punctuation and the number of words would tell of a value that
/// is not quoted.
fn render(line: &[u8], pieces: &[Piece]) -> Redacted {
    let bare =
        pieces.iter().position(|piece| !piece.shown && !matches!(piece.kind, Kind::Quoted(true) | Kind::Comment));
    let collapsed = bare.map_or(0..0, |first| {
        let last = pieces.iter().rposition(|piece| !piece.shown && piece.kind != Kind::Comment).unwrap_or(first);
        let tail = pieces[last + 1..].iter().take_while(|piece| piece.kind != Kind::Space).count();
        first..last + 1 + tail
    });
    let mut out = Redacted { text: String::new(), moved: Vec::new() };
    for (at, piece) in pieces.iter().enumerate() {
        if collapsed.contains(&at) {
            if at == collapsed.start {
                let end = pieces[collapsed.end - 1].range.end;
                out.push(piece.range.start..end, MASK, false);
            }
        } else if !piece.shown {
            let mask = if piece.kind == Kind::Comment { "# ****" } else { "\"****\"" };
            out.push(piece.range.clone(), mask, false);
        } else if piece.kind == Kind::Space {
            out.push(piece.range.clone(), &" ".repeat(piece.range.len()), true);
        } else {
            // What is shown is ASCII by the lists and shapes that allow it.
            let text = std::str::from_utf8(&line[piece.range.clone()]).unwrap_or(MASK);
            out.push(piece.range.clone(), text, true);
        }
    }
    out.text.truncate(out.text.trim_end().len());
    out
}

impl Redacted {
    fn push(&mut self, from: Range<usize>, text: &str, copied: bool) {
        let start = self.text.len();
        self.text.push_str(text);
        self.moved.push((from, start..self.text.len(), copied));
    }

    /// Where the bytes `start..end` of the line stand in the text: within it, and at least one wide unless the text
    /// is empty.
    pub(super) fn columns(&self, start: usize, end: usize) -> (usize, usize) {
        let length = self.text.len();
        let holder = |offset: usize| self.moved.iter().find(|(from, ..)| from.contains(&offset));
        let first = holder(start).map_or(
            length,
            |(from, to, copied)| {
                if *copied { to.start + (start - from.start) } else { to.start }
            },
        );
        let last = end
            .checked_sub(1)
            .and_then(holder)
            .map_or(first, |(from, to, copied)| if *copied { to.start + (end - from.start) } else { to.end });
        let first = first.min(length.saturating_sub(1));
        (first, last.clamp((first + 1).min(length), length))
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
