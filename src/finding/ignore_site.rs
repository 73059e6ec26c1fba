//! Where a comment asks for an exception.

use crate::text::{Source, Span};
use std::sync::Arc;

/// A comment that holds `credlint:ignore`, and the bytes it speaks for. The document finds it; the report decides
/// what it hides.
#[derive(Clone, Debug)]
pub struct IgnoreSite {
    /// The file.
    pub source: Arc<Source>,
    /// The comment, with its marker.
    pub comment: Span,
    /// A finding that starts in here is spoken for: the comment's own line, the line below it, or the whole block
    /// below it.
    pub covers: Span,
}
