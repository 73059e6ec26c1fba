//! Where the values stand that a text decodes to.

use crate::finding::Place;
use crate::resolve::Origin;
use crate::text::Span;

/// The origins of decoded values: their own bytes where the text is that of a file as it is, else the text's.
pub(super) struct Decoded<'a> {
    text: &'a Origin,
    file: Option<&'a Place>,
}

impl<'a> Decoded<'a> {
    /// For what is decoded from a text of that origin.
    pub(super) fn new(text: &str, origin: &'a Origin) -> Self {
        let is_whole = |place: &&Place| place.source.slice(place.span) == text.as_bytes();
        Self { text: origin, file: origin.literal.as_ref().filter(is_whole) }
    }

    /// Of the value that stands at these bytes of the text.
    pub(super) fn origin(&self, span: Span) -> Origin {
        let Some(file) = self.file else { return self.text.clone() };
        let place = Place::new(&file.source, span.shifted(file.span.start as usize));
        Origin { literal: Some(place), ..self.text.clone() }
    }
}
