//! Edits: splices of the original bytes, never a reprint.

use super::Span;

/// Replace the bytes of `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there afterwards; empty to remove.
    pub text: String,
}

/// Why edits could not be applied.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EditError {
    /// Two edits touch the same bytes.
    #[error("two edits overlap at byte {0}")]
    Overlap(u32),
    /// An edit lies beyond the end of the text.
    #[error("an edit at byte {0} lies beyond the end of the text")]
    OutOfBounds(u32),
}

/// The text with all edits applied. Equal edits count once.
///
/// # Errors
/// [`EditError`] when two different edits overlap or one lies outside the text; nothing is applied then.
pub fn apply(text: &[u8], edits: &[Edit]) -> Result<Vec<u8>, EditError> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|e| (e.span, e.text.as_str()));
    edits.dedup();
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        if range.end > text.len() {
            return Err(EditError::OutOfBounds(edit.span.start));
        }
        if range.start < at {
            return Err(EditError::Overlap(edit.span.start));
        }
        out.extend_from_slice(&text[at..range.start]);
        out.extend_from_slice(edit.text.as_bytes());
        at = range.end;
    }
    out.extend_from_slice(&text[at..]);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.into() }
    }

    #[test]
    fn splices_in_any_order_and_once() {
        let edits = [edit(4, 5, "Z"), edit(0, 1, ""), edit(4, 5, "Z"), edit(2, 2, "+")];
        assert_eq!(apply(b"abcdef", &edits), Ok(b"b+cdZf".to_vec()));
    }

    #[test]
    fn refuses_overlap_and_overrun() {
        assert_eq!(apply(b"abc", &[edit(0, 2, ""), edit(1, 3, "")]), Err(EditError::Overlap(1)));
        assert_eq!(apply(b"abc", &[edit(2, 9, "")]), Err(EditError::OutOfBounds(2)));
    }
}
