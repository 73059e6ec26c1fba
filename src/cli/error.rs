//! Why the program could not do what was asked: one line, and how to mend it.

use crate::document::collect::CollectError;
use std::path::Path;

/// What is printed before exit status 2.
#[derive(Debug)]
pub(super) struct Failure {
    /// What is wrong, one line each, in lower case.
    pub messages: Vec<String>,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Failure {
    /// One thing that is wrong.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { messages: vec![message.into()], hint: None }
    }

    /// How to mend it.
    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A defect of the program itself.
    pub(super) fn internal() -> Self {
        Self::new("a defect in credlint itself stopped it; nothing was judged").hint("please report how it was called")
    }

    /// A file that could not be written.
    pub(super) fn write(path: &Path, error: &std::io::Error) -> Self {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "its directory does not exist".to_owned(),
            kind => kind.to_string(),
        };
        Self::new(format!("{} cannot be written: {why}", path.display()))
    }
}

impl From<CollectError> for Failure {
    fn from(error: CollectError) -> Self {
        let hint = error.hint().map(str::to_owned);
        let messages = match &error {
            CollectError::Arguments(errors) => errors.iter().map(ToString::to_string).collect(),
            other => vec![other.to_string()],
        };
        Self { messages, hint }
    }
}
