//! One text with its path, shared by everything that points into it.

use super::{LineIndex, Position, RepoPath, Span};
use std::sync::OnceLock;

/// The bytes of one file, and where they stand in the repository. Lines are counted when first asked for.
///
/// Of a large file that need not be kept, a fragment stands for the whole: offsets and positions stay those of the file.
pub struct Source {
    /// Path relative to the repository's root.
    pub path: RepoPath,
    bytes: Box<[u8]>,
    lines: OnceLock<LineIndex>,
    /// Of a fragment: the offset of its first byte in the file, and where that byte stands.
    start: Option<(u32, Position)>,
}

impl Source {
    /// A text at a path.
    pub fn new(path: RepoPath, bytes: impl Into<Box<[u8]>>) -> Self {
        Self { path, bytes: bytes.into(), lines: OnceLock::new(), start: None }
    }

    /// A part of a text: `offset` is that of its first byte in the file, `position` where that byte stands.
    pub fn fragment(path: RepoPath, bytes: impl Into<Box<[u8]>>, offset: u32, position: Position) -> Self {
        Self { start: Some((offset, position)), ..Self::new(path, bytes) }
    }

    /// The fragment that holds a span and up to `around` bytes of its lines on either side.
    pub fn fragment_around(&self, span: Span, around: usize) -> Source {
        let (first, last) = (self.line_at(span.start).span, self.line_at(span.end).span);
        let around = u32::try_from(around).unwrap_or(u32::MAX);
        let from = first.start.max(span.start.saturating_sub(around)).min(span.start);
        let to = last.end.min(span.end.saturating_add(around)).max(span.end);
        let wanted = Span { start: from, end: to };
        Self::fragment(self.path.clone(), self.slice(wanted), from, self.position(from))
    }

    /// All bytes; of a fragment, those that it holds.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The offset of the first byte in the file: 0 unless it is a fragment.
    pub fn offset(&self) -> u32 {
        self.start.map_or(0, |(start, _)| start)
    }

    /// The bytes of a span; what lies outside is left out.
    pub fn slice(&self, span: Span) -> &[u8] {
        let end = self.local(span.end);
        &self.bytes[self.local(span.start).min(end)..end]
    }

    /// Index into the bytes of an offset of the file.
    fn local(&self, offset: u32) -> usize {
        (offset.saturating_sub(self.offset()) as usize).min(self.bytes.len())
    }

    /// The text of a span, if it is UTF-8.
    pub fn text(&self, span: Span) -> Option<&str> {
        std::str::from_utf8(self.slice(span)).ok()
    }

    /// The line index of these bytes; of a fragment it counts from the fragment's start.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.bytes))
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        let local = self.lines().position(&self.bytes, u32::try_from(self.local(offset)).unwrap_or(u32::MAX));
        let Some((_, start)) = self.start else { return local };
        let column = if local.line == 1 { local.column + start.column - 1 } else { local.column };
        Position { line: local.line + start.line - 1, column }
    }

    /// The column of a byte offset counted in bytes, from 1; None in a fragment's first line if that begins before it.
    pub fn byte_column(&self, offset: u32) -> Option<u32> {
        let line = self.line_at(offset).span.start;
        let begins_before = line == self.offset() && self.start.is_some_and(|(_, position)| position.column > 1);
        let end = self.offset() + u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        (!begins_before).then(|| offset.clamp(line, end) - line + 1)
    }

    /// The line that holds a byte offset.
    pub fn line_at(&self, offset: u32) -> Line {
        let first = self.lines().line_of(&self.bytes, u32::try_from(self.local(offset)).unwrap_or(u32::MAX));
        let range = self.lines().line_range(&self.bytes, first);
        let (start, line) = self.start.map_or((0, 1), |(start, position)| (start, position.line));
        Line { number: first + line - 1, span: Span::new(range.start, range.end).shifted(start as usize) }
    }

    /// The span of the whole text.
    pub fn whole(&self) -> Span {
        Span::new(0, self.bytes.len())
    }
}

/// One line of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: u32,
    /// Its bytes without the line ending; of a fragment those that it holds.
    pub span: Span,
}

/// A source's bytes may hold secrets: only its path is ever formatted.
impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_says_what_the_whole_says() {
        let text = "one\n  \"two\": \"é secret\",\nthree\nfour".as_bytes();
        let whole = Source::new(RepoPath::new("a"), text);
        let span = Span::new(14, 20);
        let fragment = whole.fragment_around(span, 5);
        assert!(fragment.bytes().len() < 20);
        assert_eq!(fragment.slice(span), whole.slice(span));
        for offset in [span.start, span.end] {
            assert_eq!(fragment.position(offset), whole.position(offset));
            assert_eq!(fragment.line_at(offset).number, whole.line_at(offset).number);
        }
        assert_eq!(whole.byte_column(span.start), Some(11));
        assert_eq!(fragment.byte_column(span.start), None, "the start of its line is not held");
        assert_eq!(fragment.byte_column(26), None);
        assert_eq!(whole.fragment_around(span, 500).line_at(span.start), whole.line_at(span.start));
        assert_eq!(whole.fragment_around(span, 500).byte_column(span.start), Some(11));
        let across = Span::new(1, 32);
        let fragment = whole.fragment_around(across, 500);
        assert_eq!(fragment.position(across.end), whole.position(across.end));
    }
}
