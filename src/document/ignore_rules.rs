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
#[derive(Clone, Default)]
pub(super) struct Patterns {
    /// Of `info/exclude`.
    exclude: Option<Search>,
    /// Of `.gitignore`, by directory; None where there is no such file.
    read: HashMap<RepoPath, Option<Search>>,
    /// Of directories, the nearest one that has a `.gitignore`: itself, or one above it.
    homes: HashMap<String, Option<RepoPath>>,
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
        Self::knowing(files, Patterns::default())
    }

    /// The same, with those patterns that were needed before.
    pub(super) fn knowing(files: &'r dyn ReadOnDemand, patterns: Patterns) -> Self {
        Self { files, patterns }
    }

    /// Takes other bytes for a directory's `.gitignore` than those that stand there.
    pub fn suppose(&mut self, directory: &RepoPath, bytes: &[u8]) {
        self.patterns.read.insert(directory.clone(), Some(search(bytes)));
        self.patterns.homes.clear();
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
        let mut home = self.home(files, parent(path));
        while let Some(directory) = home {
            let inner = path.get(directory.as_str().len()..).unwrap_or(path).trim_start_matches('/');
            let rules = self.read.get(&directory).and_then(Option::as_ref);
            if let Some(mut decision) = rules.and_then(|rules| decide(rules, inner, is_directory)) {
                decision.file = Some(directory.join(".gitignore"));
                return Some(decision);
            }
            let is_root = directory.as_str().is_empty();
            home = if is_root { None } else { self.home(files, parent(directory.as_str())) };
        }
        let read = || search(files.exclude().as_deref().unwrap_or_default());
        decide(self.exclude.get_or_insert_with(read), path, is_directory)
    }

    /// The nearest directory with a `.gitignore`: this one, or one above it.
    fn home(&mut self, files: &dyn ReadOnDemand, directory: &str) -> Option<RepoPath> {
        let (mut above, mut passed) = (directory, Vec::new());
        let home = loop {
            if let Some(known) = self.homes.get(above) {
                break known.clone();
            }
            passed.push(above);
            let path = RepoPath::new(above);
            let read = || files.gitignore(&path).map(|bytes| search(&bytes));
            if self.read.entry(path.clone()).or_insert_with(read).is_some() {
                break Some(path);
            }
            if above.is_empty() {
                break None;
            }
            above = parent(above);
        };
        self.homes.extend(passed.into_iter().map(|directory| (directory.to_owned(), home.clone())));
        home
    }
}

/// The directory of a path; empty for the root.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
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
