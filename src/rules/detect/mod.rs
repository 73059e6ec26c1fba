//! Credential formats: a catalogue with one file a family, and the search that uses all of them in one pass.

use crate::finding::{Confidence, Strength};
use std::ops::Range;

/// A credential that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The inventory's word for it: `aws-access-key`, `github-token`, `private-key`, ...
    pub kind: &'static str,
    /// The bytes of the secret itself: of a URL its password, of a key pair the secret half.
    pub secret: Range<usize>,
    /// The public identifier that stands for it, where the text holds one beside it (an AWS access key id).
    pub id: Option<String>,
    /// Whether it can be guessed.
    pub strength: Strength,
    /// How sure: high where the format itself, its checksum or its name decides.
    pub confidence: Confidence,
}

/// All credentials of known formats in a text, ordered by place, not overlapping.
pub fn find(_text: &str) -> Vec<Hit> {
    Vec::new()
}

/// Offsets of bytes at which a credential of a known format may stand or be spoken of: a quick look that misses none
/// and says too much. Sorted. Large texts are searched in parallel.
pub fn candidates(_bytes: &[u8]) -> Vec<u32> {
    Vec::new()
}
