//! Which directories of a repository are listed.

use crate::text::RepoPath;
use std::collections::HashSet;

/// The part of a repository that is listed.
#[derive(Debug, Default)]
pub(super) struct Scope {
    everything: bool,
    /// Listed with all that is below them.
    trees: HashSet<RepoPath>,
    /// Listed without what is below them.
    directories: HashSet<RepoPath>,
    /// All directories above the others.
    passages: HashSet<RepoPath>,
}

impl Scope {
    /// The whole repository.
    pub(super) fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Nothing but what files at fixed places say of the whole repository: those at its root and those of CI systems.
    pub(super) fn fixed_places() -> Self {
        let mut scope = Self::default();
        scope.add_directory(&RepoPath::new(""));
        for place in [
            ".github",
            ".gitea",
            ".forgejo",
            ".gitlab",
            ".circleci",
            ".buildkite",
            ".azure-pipelines",
            ".azuredevops",
            ".semaphore",
            ".woodpecker",
        ] {
            scope.add_tree(&RepoPath::new(place));
        }
        scope
    }

    /// Lists a directory's own files too.
    pub(super) fn add_directory(&mut self, directory: &RepoPath) {
        self.add_passages(directory);
        self.directories.insert(directory.clone());
    }

    /// Lists a directory and all below it too.
    pub(super) fn add_tree(&mut self, directory: &RepoPath) {
        self.add_passages(directory);
        self.trees.insert(directory.clone());
    }

    fn add_passages(&mut self, directory: &RepoPath) {
        self.passages.extend(ancestors(directory));
    }

    /// Whether to open a directory: it is listed, or something below it is.
    pub(super) fn enters(&self, directory: &RepoPath) -> bool {
        self.everything || self.passages.contains(directory) || self.in_tree(directory)
    }

    /// Whether a file is listed.
    pub(super) fn lists(&self, file: &RepoPath) -> bool {
        if self.everything {
            return true;
        }
        let directory = file.parent();
        self.directories.contains(&directory) || self.in_tree(&directory)
    }

    fn in_tree(&self, directory: &RepoPath) -> bool {
        !self.trees.is_empty() && ancestors(directory).any(|above| self.trees.contains(&above))
    }
}

/// A path, the directory that holds it, and so on up to the root.
pub(super) fn ancestors(path: &RepoPath) -> impl Iterator<Item = RepoPath> {
    std::iter::successors(Some(path.clone()), |path| (!path.as_str().is_empty()).then(|| path.parent()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_listed_alone_and_a_tree_with_all_below() {
        let path = RepoPath::new;
        let mut scope = Scope::default();
        scope.add_directory(&path("a/b"));
        scope.add_tree(&path("c"));
        assert!(scope.lists(&path("a/b/x.tf")) && scope.lists(&path("c/d/e/x.tf")));
        assert!(!scope.lists(&path("a/x.tf")) && !scope.lists(&path("a/b/c/x.tf")) && !scope.lists(&path("cc/x.tf")));
        assert!(scope.enters(&path("")) && scope.enters(&path("a")) && scope.enters(&path("c/d")));
        assert!(!scope.enters(&path("b")) && !scope.enters(&path("a/b/c")));
        assert!(Scope::everything().lists(&path("x")));
    }
}
