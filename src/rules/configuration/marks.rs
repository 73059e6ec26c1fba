//! The fix that marks a variable or output `sensitive`.

use crate::document::edit::append_attribute;
use crate::finding::{Fix, Place};
use crate::resolve::Declared;

/// Marks it; None in the JSON syntax, where an edit would have to mind commas.
pub(super) fn mark(declared: &Declared<'_>) -> Option<Fix> {
    let first = declared.first();
    if first.source.path.name().ends_with(".json") {
        return None;
    }
    let edit = match declared.attribute("sensitive") {
        // It is written, and says no.
        Some(flag) => (Place::new(flag.source, flag.attribute.value.span), "true".to_owned()),
        None => append_attribute(first.source, first.block.inner, "sensitive", "true")?,
    };
    Some(Fix { safe: true, edits: vec![edit] })
}
