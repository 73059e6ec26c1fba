//! What the program itself could not do.

use super::Level;
use crate::text::RepoPath;

/// Something that the program could not do or cut short, as SARIF's notifications: not a judgement of the repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notification {
    /// The file it speaks of, where there is one.
    pub path: Option<RepoPath>,
    /// How grave: an error means that something asked for was not checked.
    pub level: Level,
    /// What could not be done and why, in lower case.
    pub message: String,
}

impl Notification {
    /// A note about one file.
    pub fn note(path: &RepoPath, message: impl Into<String>) -> Self {
        Self { path: Some(path.clone()), level: Level::Note, message: message.into() }
    }

    /// A warning about one file.
    pub fn warning(path: &RepoPath, message: impl Into<String>) -> Self {
        Self { path: Some(path.clone()), level: Level::Warning, message: message.into() }
    }
}
