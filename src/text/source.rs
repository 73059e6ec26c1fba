//! One text with its path, shared by everything that points into it.

use super::{LineIndex, Position, RepoPath, Span};
use std::sync::OnceLock;

/// The bytes of one file, and where they stand in the repository. Lines are counted when first asked for.
pub struct Source {
    /// Path relative to the repository's root.
    pub path: RepoPath,
    bytes: Box<[u8]>,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// A text at a path.
    pub fn new(path: RepoPath, bytes: impl Into<Box<[u8]>>) -> Self {
        Self { path, bytes: bytes.into(), lines: OnceLock::new() }
    }

    /// All bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes of a span; what lies beyond the end is left out.
    pub fn slice(&self, span: Span) -> &[u8] {
        let end = (span.end as usize).min(self.bytes.len());
        &self.bytes[(span.start as usize).min(end)..end]
    }

    /// The text of a span, if it is UTF-8.
    pub fn text(&self, span: Span) -> Option<&str> {
        std::str::from_utf8(self.slice(span)).ok()
    }

    /// The line index of this text.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.bytes))
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.bytes, offset)
    }

    /// The span of the whole text.
    pub fn whole(&self) -> Span {
        Span::new(0, self.bytes.len())
    }
}

/// A source's bytes may hold secrets: only its path is ever formatted.
impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("path", &self.path).finish_non_exhaustive()
    }
}
