//! Where policies are found and how they are named; reading them is the caller's.

use super::builtin::BuiltIn;
use super::error::{Errors, PolicyError, PolicyErrors};
use crate::text::Span;
use std::io;

/// Where a repository's policy is looked for, from its root.
pub const CANDIDATES: [&str; 3] = [".credlint.yaml", ".credlint.yml", ".github/credlint.yaml"];

/// The files that policies are read from: a working tree, or the tree of a git revision. Paths have `/` between their
/// parts and are relative to the repository's root, or absolute.
pub trait Files {
    /// All bytes of a file.
    ///
    /// # Errors
    /// As [`std::fs::read`]; `NotFound` if there is none.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// The names of what stands in a directory, in any order.
    ///
    /// # Errors
    /// As [`std::fs::read_dir`]; any error means that it is no directory.
    fn list(&self, path: &str) -> io::Result<Vec<String>>;
}

/// One policy that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// By name.
    BuiltIn(BuiltIn),
    /// A file.
    File(String),
    /// All `*.yaml` and `*.yml` of a directory, by name.
    Directory(String),
}

impl PolicySource {
    /// What `--policy` means by a word: a built-in policy's name (`./strict` is a file of that name), a directory, or
    /// else a file.
    pub fn new(word: &str, files: &dyn Files) -> Self {
        if let Some(policy) = BuiltIn::parse(word) {
            return PolicySource::BuiltIn(policy);
        }
        match files.list(word) {
            Ok(_) => PolicySource::Directory(word.to_owned()),
            Err(_) => PolicySource::File(word.to_owned()),
        }
    }
}

/// The repository's own policy; none if there is no file of [`CANDIDATES`].
///
/// # Errors
/// If there is more than one: one that silently does not count would be worse.
pub fn discover(files: &dyn Files) -> Result<Option<PolicySource>, PolicyErrors> {
    // One that cannot be read is there all the same: loading it says why.
    let is_there = |path: &str| match files.read(path) {
        Ok(_) => true,
        Err(error) => !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
    };
    let mut found = CANDIDATES.iter().filter(|path| is_there(path));
    let first = found.next();
    let mut errors = Errors::default();
    if let (Some(first), Some(second)) = (first, found.next()) {
        let error = PolicyError::file(second, format!("the repository has another policy already, {first}"));
        errors.push(0, Span::default(), error.hint("keep one of them; one can extend the other"));
    }
    errors.finish(first.map(|path| PolicySource::File((*path).to_owned())))
}
