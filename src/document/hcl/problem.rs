//! What could not be parsed, and how much of the file it touches.

use crate::text::Span;

/// Something that could not be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub span: Span,
    /// What, in lower case; never holds text of the file.
    pub message: String,
    /// How far it reaches.
    pub scope: ProblemScope,
}

/// How far a [`Problem`] reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemScope {
    /// The structure itself is broken: blocks or attributes may be missing or stand in the wrong place.
    File,
    /// One value could not be read; its neighbours are untouched.
    Attribute,
}

impl Problem {
    /// A problem of the structure.
    pub(super) fn file(span: Span, message: &str) -> Self {
        Self { span, message: message.into(), scope: ProblemScope::File }
    }

    /// A problem of one value.
    pub(super) fn attribute(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), scope: ProblemScope::Attribute }
    }
}
