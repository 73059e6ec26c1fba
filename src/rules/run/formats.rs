//! Hides what has the format of a credential in what rules say: names that they tell, such as the keys of instances in
//! addresses, are anybody's text.

use crate::rules::detect;

/// Stands for what is hidden, whatever its length.
const MASK: &str = "****";

/// Hides all that may be a credential of a known format in a text. Public identifiers stay.
pub(super) fn hide(text: &mut String) {
    for hit in detect::find(text).iter().rev() {
        if hit.id.as_deref() != text.get(hit.secret.clone()) {
            text.replace_range(hit.secret.clone(), MASK);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_hidden_and_identifiers_are_not() {
        let mut text = "`a[\"ghp_Zc4vBn8mQw2eRt6yUi1oPa5sDf9gHj3kLl7x\"]` of AKIAIOSFODNN7EXAMPLE".to_owned();
        hide(&mut text);
        assert_eq!(text, "`a[\"****\"]` of AKIAIOSFODNN7EXAMPLE");
    }
}
