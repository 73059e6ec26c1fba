//! The PATH and glob arguments: what was asked for.

use super::scope::{Scope, ancestors};
use super::walk::repo_path;
use crate::document::git::Tracked;
use crate::text::RepoPath;
use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

/// An argument that cannot be met.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{argument}: {problem}")]
pub struct ArgumentError {
    /// The argument as it was given.
    pub argument: String,
    /// What is wrong with it.
    pub problem: ArgumentProblem,
}

/// What is wrong with an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentProblem {
    /// Nothing stands there.
    #[error("no such file or directory")]
    NotFound,
    /// No file matches the glob.
    #[error("no file matches this pattern")]
    NoMatch,
    /// It is no path and no valid glob.
    #[error("the pattern is malformed")]
    Pattern,
    /// It cannot be reached.
    #[error("cannot be read: {0}")]
    Unreadable(std::io::ErrorKind),
    /// It is a pipe, a socket or a device.
    #[error("neither a file nor a directory")]
    NotAFile,
    /// It lies outside the repository.
    #[error("outside the repository")]
    Outside,
    /// It lies in git's own directory.
    #[error("git's own directory is never checked")]
    GitDirectory,
}

/// What was asked for: everything, or what the arguments name.
#[derive(Default)]
pub(super) struct Asked {
    everything: bool,
    /// Files and directories named by arguments.
    pub(super) files: HashSet<RepoPath>,
    pub(super) directories: HashSet<RepoPath>,
    globs: Vec<Glob>,
    /// What could not be met.
    pub(super) errors: Vec<ArgumentError>,
}

struct Glob {
    argument: String,
    pattern: glob::Pattern,
    /// The directory below which everything that matches stands.
    base: RepoPath,
    met: bool,
}

/// Where arguments are looked up: on disk, or among the paths that an index or a revision tracks.
pub(super) enum Place<'a> {
    Disk,
    Tracked(&'a [Tracked]),
}

impl Asked {
    /// Reads the arguments. `root` and `directory` (where relative ones start) are absolute, with symbolic links
    /// resolved.
    pub(super) fn read(arguments: &[String], root: &Path, directory: &Path, place: &Place<'_>) -> Self {
        let mut asked = Self { everything: arguments.is_empty(), ..Self::default() };
        for argument in arguments {
            if let Err(problem) = asked.add(argument, root, directory, place) {
                asked.errors.push(ArgumentError { argument: argument.clone(), problem });
            }
        }
        asked
    }

    /// What exists under the very name counts as a path, though it may look like a glob.
    fn add(&mut self, argument: &str, root: &Path, directory: &Path, place: &Place<'_>) -> Result<(), ArgumentProblem> {
        let found = if argument.is_empty() {
            Err(ArgumentProblem::NotFound)
        } else {
            match place {
                Place::Disk => on_disk(&directory.join(argument), root),
                Place::Tracked(tracked) => among(tracked, &relative(argument, root, directory)?),
            }
        };
        match found {
            Ok((path, true)) => self.directories.insert(path),
            Ok((path, false)) => self.files.insert(path),
            Err(_) if argument.contains(['*', '?', '[']) => {
                self.globs.push(Glob::new(argument, root, directory)?);
                true
            }
            Err(problem) => return Err(problem),
        };
        Ok(())
    }

    /// Whether a file was asked for: named itself, below a named directory, or matched by a glob itself or with a
    /// directory above it.
    pub(super) fn matches(&mut self, path: &RepoPath) -> bool {
        if self.everything {
            return true;
        }
        let mut matched = self.files.contains(path)
            || (!self.directories.is_empty() && ancestors(path).any(|above| self.directories.contains(&above)));
        for glob in &mut self.globs {
            if path.is_inside(&glob.base)
                && ancestors(path).any(|above| glob.pattern.matches_with(above.as_str(), MATCHING))
            {
                glob.met = true;
                matched = true;
            }
        }
        matched
    }

    /// Whether nothing was left out: no paths were named, or the root itself.
    pub(super) fn is_whole(&self) -> bool {
        self.everything || self.directories.contains(&RepoPath::new(""))
    }

    /// What is listed: the whole repository, or, to stay `near`, the directories that hold what was asked for and the
    /// fixed places.
    pub(super) fn scope(&self, near: bool) -> Scope {
        if self.everything || !near {
            return Scope::everything();
        }
        let mut scope = Scope::fixed_places();
        self.files.iter().for_each(|file| scope.add_directory(&file.parent()));
        self.directories.iter().for_each(|directory| scope.add_tree(directory));
        self.globs.iter().for_each(|glob| scope.add_tree(&glob.base));
        scope
    }

    /// All arguments that could not be met, once every file has been matched.
    pub(super) fn into_errors(self) -> Vec<ArgumentError> {
        let unmet = self.globs.into_iter().filter(|glob| !glob.met);
        let unmet = unmet.map(|glob| ArgumentError { argument: glob.argument, problem: ArgumentProblem::NoMatch });
        self.errors.into_iter().chain(unmet).collect()
    }
}

/// As the shell and `.gitignore` have it: `*` stops at `/`, `**` does not.
const MATCHING: glob::MatchOptions =
    glob::MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };

impl Glob {
    fn new(argument: &str, root: &Path, directory: &Path) -> Result<Self, ArgumentProblem> {
        let text = if Path::new(argument).is_absolute() {
            relative(argument, root, directory)?.as_str().to_owned()
        } else {
            let from = repo_path(root, directory).ok_or(ArgumentProblem::Outside)?;
            let joined = format!("{}/{}", glob::Pattern::escape(from.as_str()), slashes(argument));
            let path = RepoPath::new(&joined);
            if path.escapes_root() {
                return Err(ArgumentProblem::Outside);
            }
            path.as_str().to_owned()
        };
        let pattern = glob::Pattern::new(&text).map_err(|_| ArgumentProblem::Pattern)?;
        let literal: Vec<&str> = text.split('/').take_while(|part| !part.contains(['*', '?', '['])).collect();
        Ok(Self { argument: argument.to_owned(), pattern, base: RepoPath::new(&literal.join("/")), met: false })
    }
}

/// The path of what stands on disk, symbolic links resolved, and whether it is a directory.
fn on_disk(path: &Path, root: &Path) -> Result<(RepoPath, bool), ArgumentProblem> {
    use std::io::ErrorKind;
    let real = path.canonicalize().map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => ArgumentProblem::NotFound,
        kind => ArgumentProblem::Unreadable(kind),
    })?;
    let path = repo_path(root, &real).ok_or(ArgumentProblem::Outside)?;
    if path.as_str().split('/').any(|part| part.eq_ignore_ascii_case(".git")) {
        return Err(ArgumentProblem::GitDirectory);
    }
    let metadata = real.metadata().map_err(|error| ArgumentProblem::Unreadable(error.kind()))?;
    match (metadata.is_dir(), metadata.is_file()) {
        (true, _) => Ok((path, true)),
        (_, true) => Ok((path, false)),
        _ => Err(ArgumentProblem::NotAFile),
    }
}

/// Whether a path is tracked, or holds something that is. `tracked` is ordered by path.
fn among(tracked: &[Tracked], path: &RepoPath) -> Result<(RepoPath, bool), ArgumentProblem> {
    if tracked.binary_search_by(|item| item.path.cmp(path)).is_ok() {
        return Ok((path.clone(), false));
    }
    if path.as_str().is_empty() || holds_some(tracked, path) {
        return Ok((path.clone(), true));
    }
    Err(ArgumentProblem::NotFound)
}

/// Whether anything tracked stands below a directory. `tracked` is ordered by path.
pub(super) fn holds_some(tracked: &[Tracked], directory: &RepoPath) -> bool {
    let below = format!("{directory}/");
    let first = tracked.partition_point(|item| item.path.as_str() < below.as_str());
    tracked.get(first).is_some_and(|item| item.path.is_inside(directory))
}

/// An argument as a path below the root, `..` resolved without looking at the disk.
fn relative(argument: &str, root: &Path, directory: &Path) -> Result<RepoPath, ArgumentProblem> {
    repo_path(root, &lexical(&directory.join(slashes(argument)))).ok_or(ArgumentProblem::Outside)
}

/// An absolute path with `.` and `..` resolved by its text alone.
fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// On Windows both separators are in use; elsewhere `\` is a character like any other.
fn slashes(argument: &str) -> String {
    if cfg!(windows) { argument.replace('\\', "/") } else { argument.to_owned() }
}
