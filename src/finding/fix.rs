//! Changes that mend a finding.

use super::Place;
use crate::text::Edit;

/// Whether a rule can mend what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixAvailability {
    /// Never.
    None,
    /// Where what is needed is known (for example a version in the lock file).
    Sometimes,
    /// Always.
    Always,
}

/// Edits that mend a finding. Each edit's file is the place's source; the place's span and the edit's are the same. The
/// report knows lines and columns in place of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix<At = Place> {
    /// Whether it can be applied without a person's look: nothing but the finding changes.
    pub safe: bool,
    /// What is replaced by what.
    pub edits: Vec<(At, String)>,
}

impl Fix {
    /// A safe fix of one edit.
    pub fn safe(place: Place, text: impl Into<String>) -> Self {
        Self { safe: true, edits: vec![(place, text.into())] }
    }

    /// The edits of one file.
    pub fn edits_of(&self, path: &crate::text::RepoPath) -> Vec<Edit> {
        let of_file = self.edits.iter().filter(|(place, _)| place.path() == path);
        of_file.map(|(place, text)| Edit { span: place.span, text: text.clone() }).collect()
    }
}
