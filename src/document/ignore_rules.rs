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
    exclude: Search,
    /// What is read already, by directory.
    read: HashMap<RepoPath, Search>,
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
        let exclude = search(files.exclude().as_deref().unwrap_or_default());
        Self { files, exclude, read: HashMap::new() }
    }

    /// Takes other bytes for a directory's `.gitignore` than those that stand there.
    pub fn suppose(&mut self, directory: &RepoPath, bytes: &[u8]) {
        self.read.insert(directory.clone(), search(bytes));
    }

    /// Whether git would ignore a file at that path.
    pub fn ignores(&mut self, path: &RepoPath) -> bool {
        self.decision(path).is_some_and(|decision| decision.ignored)
    }

    /// The pattern that decides about a file at that path; None where no pattern speaks of it. What lies below an
    /// ignored directory is ignored, whatever other patterns say.
    pub fn decision(&mut self, path: &RepoPath) -> Option<Decision> {
        let borders = path.as_str().match_indices('/').map(|(at, _)| at);
        for border in borders.collect::<Vec<_>>() {
            let directory = self.pattern_for(&path.as_str()[..border], true);
            if directory.as_ref().is_some_and(|decision| decision.ignored) {
                return directory;
            }
        }
        self.pattern_for(path.as_str(), false)
    }

    /// The last pattern of the nearest file that matches a path itself.
    fn pattern_for(&mut self, path: &str, is_directory: bool) -> Option<Decision> {
        let mut home = RepoPath::new(path).parent();
        loop {
            let inner = path.get(home.as_str().len()..).unwrap_or(path).trim_start_matches('/');
            let files = self.files;
            let rules = self
                .read
                .entry(home.clone())
                .or_insert_with(|| search(files.gitignore(&home).as_deref().unwrap_or_default()));
            if let Some(mut decision) = decide(rules, inner, is_directory) {
                decision.file = Some(home.join(".gitignore"));
                return Some(decision);
            }
            if home.as_str().is_empty() {
                return decide(&self.exclude, path, is_directory);
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
        f.debug_struct("IgnoreRules").field("read", &self.read.len()).finish_non_exhaustive()
    }
}
