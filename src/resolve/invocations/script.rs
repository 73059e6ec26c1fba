//! A text to be read as shell, and where each of its bytes stands in the file.

use crate::text::Span;
use std::borrow::Cow;
use std::ops::Range;

/// Commands as a shell gets them. What a file format does to them (indentation, quotes) is undone in `bytes`; the
/// segments say where the bytes came from.
pub(super) struct Script<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    segments: Vec<Segment>,
    fallback: Span,
}

/// A run of bytes that stands in the file as it is.
#[derive(Clone, Copy)]
pub(super) struct Segment {
    /// Its first byte in the script.
    pub(super) at: usize,
    /// Its first byte in the file.
    pub(super) source: usize,
    /// Its bytes.
    pub(super) len: usize,
}

impl<'a> Script<'a> {
    /// Bytes that stand in the file, from `offset`, exactly as they are.
    pub(super) fn verbatim(bytes: &'a [u8], offset: usize) -> Self {
        let whole = Segment { at: 0, source: offset, len: bytes.len() };
        Self { bytes: Cow::Borrowed(bytes), segments: vec![whole], fallback: Span::new(offset, offset + bytes.len()) }
    }

    /// Bytes of which only `segments`, in order, have a place of their own; `fallback` holds all of them.
    pub(super) fn mapped(bytes: impl Into<Cow<'a, [u8]>>, segments: Vec<Segment>, fallback: Span) -> Self {
        Self { bytes: bytes.into(), segments, fallback }
    }

    /// Where a range of the script stands in the file, and whether it does so byte for byte.
    pub(super) fn span(&self, range: Range<usize>) -> (Span, bool) {
        let Some(first) = self.segment(range.start) else { return (self.fallback, false) };
        let start = first.source + (range.start - first.at).min(first.len);
        if range.end <= first.at + first.len {
            return (Span::new(start, start + range.len()), true);
        }
        let last = self.segment(range.end.saturating_sub(1)).unwrap_or(first);
        let end = last.source + (range.end - last.at).min(last.len);
        (Span::new(start, end), false)
    }

    fn segment(&self, at: usize) -> Option<Segment> {
        let after = self.segments.partition_point(|segment| segment.at <= at);
        self.segments.get(after.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_follow_the_segments() {
        let segments = vec![Segment { at: 0, source: 10, len: 3 }, Segment { at: 4, source: 20, len: 3 }];
        let script = Script::mapped(b"abc\ndef".as_slice(), segments, Span::new(5, 30));
        assert_eq!(script.span(1..3), (Span::new(11, 13), true));
        assert_eq!(script.span(5..7), (Span::new(21, 23), true));
        assert_eq!(script.span(1..6), (Span::new(11, 22), false));
        let unplaced = Script::mapped(b"abc".as_slice(), Vec::new(), Span::new(5, 30));
        assert_eq!(unplaced.span(0..1), (Span::new(5, 30), false));
    }
}
