//! Where something stands.

use crate::text::{Position, RepoPath, Source, Span};
use std::sync::Arc;

/// A byte range of one source. Lines and columns are computed late, by the report.
#[derive(Clone)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// The bytes.
    pub span: Span,
}

impl Place {
    /// A span of a source.
    pub fn new(source: &Arc<Source>, span: Span) -> Self {
        Self { source: Arc::clone(source), span }
    }

    /// The path of the source.
    pub fn path(&self) -> &RepoPath {
        &self.source.path
    }

    /// Line and column of the first byte.
    pub fn start(&self) -> Position {
        self.source.position(self.span.start)
    }

    /// Line and column one past the last byte.
    pub fn end(&self) -> Position {
        self.source.position(self.span.end)
    }

    /// The columns of both ends counted in bytes, from 1; None where a line's start is not held.
    pub fn byte_columns(&self) -> Option<(u32, u32)> {
        Some((self.source.byte_column(self.span.start)?, self.source.byte_column(self.span.end)?))
    }

    /// `path:line`, as messages and traces name it.
    pub fn shown(&self) -> String {
        format!("{}:{}", self.path(), self.start().line)
    }

    /// What places are ordered and compared by.
    pub fn key(&self) -> (&RepoPath, Span) {
        (&self.source.path, self.span)
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}[{}..{}]", self.path(), self.span.start, self.span.end)
    }
}
