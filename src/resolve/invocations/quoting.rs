//! One word of shell text: quotes, escapes, arrays.

use super::lexer::{Dialect, Lexer, MAX_WORDS};
use super::words::{Piece, What, Word, is_name};

/// Text of one word beyond this is unknown.
const MAX_TEXT: usize = 64 << 10;
/// Array assignments nest this deep.
const MAX_ARRAYS: usize = 4;

/// A word that is being read.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) pieces: Vec<Piece>,
    len: usize,
}

impl Lexer<'_> {
    pub(super) fn word(&mut self) -> Word {
        let start = self.at;
        let mut draft = Draft::default();
        while let Some(byte) = self.peek(0) {
            let skip = self.continuation();
            match byte {
                _ if skip > 0 => self.at += skip,
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b')' => break,
                b'&' => break,
                b'(' => {
                    if self.array_starts(&draft) {
                        let array = self.array();
                        return Word { array, ..self.word_of(draft, start) };
                    }
                    break;
                }
                b'>' => break,
                b'<' if !self.special(&mut draft, false) => break,
                b'<' => {}
                b'\'' if self.dialect != Dialect::Batch => self.quoted(&mut draft, b'\''),
                b'"' => self.quoted(&mut draft, b'"'),
                _ if byte == self.escape() => {
                    self.at += 1;
                    self.literal(&mut draft, 1);
                }
                _ if self.special(&mut draft, false) => {}
                _ => self.run(&mut draft, |byte| b" \t\r\n;|&()<>'\"\\`^$%{#".contains(&byte)),
            }
        }
        self.word_of(draft, start)
    }

    pub(super) fn word_of(&self, draft: Draft, start: usize) -> Word {
        let (span, _) = self.script.span(start..self.at);
        let pieces = if draft.len > MAX_TEXT { vec![Piece::hole(span)] } else { draft.pieces };
        Word { pieces, span, array: Vec::new() }
    }

    fn array_starts(&self, draft: &Draft) -> bool {
        let [Piece { what: What::Text(text), .. }] = draft.pieces.as_slice() else { return false };
        self.arrays < MAX_ARRAYS && text.strip_suffix('=').is_some_and(|name| is_name(name.trim_end_matches('+')))
    }

    fn array(&mut self) -> Vec<Word> {
        self.at += 1;
        self.arrays += 1;
        let mut words = Vec::new();
        loop {
            let skip = self.continuation();
            match self.peek(0) {
                None => break,
                Some(b')') => {
                    self.at += 1;
                    break;
                }
                _ if skip > 0 => self.at += skip,
                Some(b'#') => self.skip_line(),
                Some(b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b'(' | b'<' | b'>') => self.at += 1,
                Some(_) => {
                    let word = self.word();
                    if words.len() < MAX_WORDS {
                        words.push(word);
                    }
                }
            }
        }
        self.arrays -= 1;
        words
    }

    /// A quoted part. A quote that nothing closes is a letter like any other.
    fn quoted(&mut self, draft: &mut Draft, quote: u8) {
        let (start, kept, len) = (self.at, draft.pieces.len(), draft.len);
        let last = draft.pieces.last().cloned();
        self.at += 1;
        let limit = self.budget;
        while self.at - start <= limit {
            let skip = self.continuation();
            match self.peek(0) {
                None => break,
                Some(byte) if byte == quote => {
                    if draft.pieces.len() == kept {
                        self.push(draft, String::new(), start + 1..start + 1);
                    }
                    self.at += 1;
                    return;
                }
                Some(_) if skip > 0 && quote == b'"' => self.at += skip,
                Some(byte) if quote == b'"' && byte == self.escape() => {
                    let escapes = matches!(self.peek(1), Some(b'$' | b'`' | b'"' | b'\\'));
                    self.at += usize::from(escapes);
                    self.literal(draft, 1);
                }
                Some(_) if quote == b'"' || self.rewrites() => {
                    if !self.special(draft, true) {
                        self.run(draft, |byte| {
                            matches!(byte, b'\'' | b'"' | b'\\' | b'`' | b'$' | b'%' | b'{' | b'<' | b'#')
                        });
                    }
                }
                Some(_) => self.run(draft, |byte| matches!(byte, b'\'' | b'$' | b'{' | b'<' | b'#')),
            }
        }
        self.spend(self.at - start);
        self.at = start;
        draft.pieces.truncate(kept);
        if let (Some(piece), Some(slot)) = (last, draft.pieces.last_mut()) {
            *slot = piece;
        }
        draft.len = len;
        self.literal(draft, 1);
    }

    /// Whether something other than the shell puts text here, whatever the quotes.
    fn rewrites(&self) -> bool {
        match (self.peek(0), self.peek(1)) {
            (Some(b'$'), Some(b'{')) => self.dialect == Dialect::Make || self.rest().starts_with(b"${{"),
            (Some(b'$'), _) => matches!(self.dialect, Dialect::Make | Dialect::Azure),
            (Some(b'{' | b'<'), _) | (Some(b'#'), Some(b'{')) => true,
            _ => false,
        }
    }

    /// At least one byte, and all further ones up to a `stop`, as text.
    pub(super) fn run(&mut self, draft: &mut Draft, stop: impl Fn(u8) -> bool) {
        let rest = self.rest();
        let more = rest.iter().skip(1).position(|byte| stop(*byte)).map_or(rest.len(), |at| at + 1);
        self.literal(draft, more);
    }

    /// The next `count` bytes as text.
    fn literal(&mut self, draft: &mut Draft, count: usize) {
        let end = (self.at + count).min(self.text.len());
        let range = self.at..end;
        self.at = end;
        if draft.len <= MAX_TEXT {
            let text = String::from_utf8_lossy(&self.text[range.clone()]).into_owned();
            self.push(draft, text, range);
        }
    }

    fn push(&self, draft: &mut Draft, text: String, range: std::ops::Range<usize>) {
        let (span, placed) = self.script.span(range);
        let exact = placed && span.len() == text.len();
        draft.len += text.len();
        if let Some(Piece { what: What::Text(before), span: last, exact: true }) = draft.pieces.last_mut()
            && exact
            && last.end == span.start
        {
            before.push_str(&text);
            *last = last.join(span);
            return;
        }
        draft.pieces.push(Piece { what: What::Text(text), span, exact });
    }
}
