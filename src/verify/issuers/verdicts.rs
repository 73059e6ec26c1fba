//! Verdicts that many issuers come to.

use crate::finding::{Reason, Verification};
use crate::verify::Answer;
use reqwest::StatusCode;

/// The issuer says that it does not know the value.
pub(super) fn not_known(issuer: &str) -> Verification {
    Verification::inactive(Reason::NotFound)
        .detail(format!("{issuer} does not know it: revoked, expired or never issued there"))
}

/// It works, and may do less than tell whose it is.
pub(super) fn limited() -> Verification {
    Verification::active().detail("it works; it may not read whose it is")
}

/// Nobody can ask about this form of it without doing harm, or at all.
pub(super) fn unsupported(why: &str) -> Verification {
    Verification::unknown(Reason::Unsupported, why)
}

/// What must stand beside it is not there.
pub(super) fn incomplete(why: &str) -> Verification {
    Verification::unknown(Reason::Incomplete, why)
}

/// An issuer of several regions was asked in one that nothing names, and does not know it there.
pub(super) fn other_region(issuer: &str, argument: &str) -> Verification {
    let why =
        format!("{issuer} does not know it in its first region; `{argument}` beside it would say whether it is its");
    Verification::unknown(Reason::Incomplete, why)
}

/// Whether it was refused with words that an issuer has at a place of its answer.
pub(super) fn says(answer: &Answer, status: StatusCode, pointer: &str, words: &[&str]) -> bool {
    answer.status == status && answer.text(pointer).is_some_and(|text| words.iter().any(|word| text.contains(word)))
}

/// Whether it was refused as unauthorized, in the form in which an API answers.
pub(super) fn refused(answer: &Answer) -> bool {
    answer.status == StatusCode::UNAUTHORIZED && answer.json.as_ref().is_some_and(serde_json::Value::is_object)
}
