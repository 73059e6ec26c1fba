//! Whether git would ignore a path, by the rules of the tree that is judged.

use super::ReadOnDemand;
use crate::text::RepoPath;
use gix::bstr::BStr;
use gix::glob::pattern::Case;
use gix::ignore::{Search, search::Ignore};
use std::collections::HashMap;
use std::path::PathBuf;

/// The `.gitignore` files of a tree and the clone's `info/exclude`, read as they are needed. The user's own file
/// (`core.excludesFile`) is not among them: it protects nobody else.
///
/// <https://git-scm.com/docs/gitignore>
pub struct IgnoreRules<'r> {
    files: &'r dyn ReadOnDemand,
    patterns: Patterns,
}

/// The patterns that were needed so far.
#[derive(Default)]
pub(super) struct Patterns {
    /// Of `info/exclude`.
    exclude: Option<Search>,
    /// Of `.gitignore`, by directory.
    read: HashMap<RepoPath, Search>,
    /// What was decided of directories: many files are asked for in each.
    directories: HashMap<String, Option<Decision>>,
}

/// The pattern that decides about a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the path is ignored, or kept by a pattern with `!`.
    pub ignored: bool,
    /// The `.gitignore` that holds the pattern; None for `info/exclude`.
    pub file: Option<RepoPath>,
    /// The pattern's line in there, from 1.
    pub line: u32,
}

impl<'r> IgnoreRules<'r> {
    /// The rules of these files' tree.
    pub fn of(files: &'r dyn ReadOnDemand) -> Self {
        Self { files, patterns: Patterns::default() }
    }

    /// Takes other bytes for a directory's `.gitignore` than those that stand there.
    pub fn suppose(&mut self, directory: &RepoPath, bytes: &[u8]) {
        self.patterns.read.insert(directory.clone(), search(bytes));
        self.patterns.directories.clear();
    }

    /// Whether git would ignore a file at that path.
    pub fn ignores(&mut self, path: &RepoPath) -> bool {
        self.decision(path).is_some_and(|decision| decision.ignored)
    }

    /// The pattern that decides about a file at that path; None where no pattern speaks of it. What lies below an
    /// ignored directory is ignored, whatever other patterns say.
    pub fn decision(&mut self, path: &RepoPath) -> Option<Decision> {
        self.patterns.decision(self.files, path)
    }
}

impl Patterns {
    /// As [`IgnoreRules::decision`].
    pub(super) fn decision(&mut self, files: &dyn ReadOnDemand, path: &RepoPath) -> Option<Decision> {
        for (border, _) in path.as_str().match_indices('/') {
            let directory = &path.as_str()[..border];
            let known = self.directories.get(directory).cloned();
            let decision = known.unwrap_or_else(|| {
                let decision = self.pattern_for(files, directory, true);
                self.directories.insert(directory.to_owned(), decision.clone());
                decision
            });
            if decision.as_ref().is_some_and(|decision| decision.ignored) {
                return decision;
            }
        }
        self.pattern_for(files, path.as_str(), false)
    }

    /// The last pattern of the nearest file that matches a path itself.
    fn pattern_for(&mut self, files: &dyn ReadOnDemand, path: &str, is_directory: bool) -> Option<Decision> {
        let mut home = RepoPath::new(path).parent();
        loop {
            let inner = path.get(home.as_str().len()..).unwrap_or(path).trim_start_matches('/');
            let read = || search(files.gitignore(&home).as_deref().unwrap_or_default());
            if !self.read.contains_key(&home) {
                let rules = read();
                self.read.insert(home.clone(), rules);
            }
            let decided = self.read.get(&home).and_then(|rules| decide(rules, inner, is_directory));
            if let Some(mut decision) = decided {
                decision.file = Some(home.join(".gitignore"));
                return Some(decision);
            }
            if home.as_str().is_empty() {
                let read = || search(files.exclude().as_deref().unwrap_or_default());
                return decide(self.exclude.get_or_insert_with(read), path, is_directory);
            }
            home = home.parent();
        }
    }
}

fn search(bytes: &[u8]) -> Search {
    let mut search = Search::default();
    // Without a root there is no path that could fail to be expressed; malformed patterns are passed over, as git does.
    let _ = search.add_patterns_buffer(bytes, PathBuf::new(), None, Ignore::default());
    search
}

fn decide(rules: &Search, path: &str, is_directory: bool) -> Option<Decision> {
    let found = rules.pattern_matching_relative_path(BStr::new(path), Some(is_directory), Case::Sensitive)?;
    let line = u32::try_from(found.sequence_number).unwrap_or(u32::MAX);
    Some(Decision { ignored: !found.pattern.is_negative(), file: None, line })
}

impl std::fmt::Debug for IgnoreRules<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IgnoreRules").field("read", &self.patterns.read.len()).finish_non_exhaustive()
    }
}
