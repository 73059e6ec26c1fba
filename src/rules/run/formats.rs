//! Hides what has the format of a credential in what rules say: names that they tell, such as the keys of instances in
//! addresses, are anybody's text.

use crate::finding::Finding;
use crate::rules::detect;
use rayon::prelude::*;
use std::collections::HashSet;

/// Stands for what is hidden, whatever its length.
const MASK: &str = "****";

/// Hides in all texts of findings what may be a credential of a known format.
pub(super) fn hide_in(findings: &mut [Finding]) {
    // Most findings say what others say, too: each text is looked at once.
    findings.par_iter_mut().for_each_init(HashSet::new, |clean: &mut HashSet<String>, finding| {
        for text in finding.texts_mut().filter(|text| !text.is_empty()) {
            if !clean.contains(text.as_str()) {
                hide(text);
                clean.insert(text.clone());
            }
        }
    });
}

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
