//! Which files there are, and their bytes: from the working tree, git's index or a revision.
//!
//! In a git repository these are the files that git tracks, ignored or not, and those that it neither tracks nor
//! ignores; only git's own ignore rules count. Elsewhere it is every file. Not among them:
//!
//! - what stands in `.git`, and in other repositories inside this one (submodules, clones): a notification names them;
//! - symbolic links: their targets inside the root are files of their own ([`Collected::links`] says what leads
//!   where), and what lies outside is not this repository's;
//! - untracked files below `.terraform` and `.terragrunt-cache`, but for state, plans and caches: what `init` fetches
//!   is others' work;
//! - tracked files that are deleted in the working tree, or left out of a sparse checkout.

mod arguments;
mod gather;
mod links;
mod read;
mod scope;
mod walk;

pub use arguments::{ArgumentError, ArgumentProblem};
pub use links::Link;
pub use read::{ReadError, Reader};

use super::git::{BlobId, GitError, GitRepository, Tracked};
use super::kind::Kind;
use crate::finding::Notification;
use crate::text::RepoPath;
use arguments::{Asked, Place};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to collect.
#[derive(Clone, Debug)]
pub struct Request {
    /// A directory inside the repository.
    pub root_hint: PathBuf,
    /// Where relative `paths` start.
    pub directory: PathBuf,
    /// Files, directories and globs that are asked for; none for everything.
    pub paths: Vec<String>,
    /// Also take files of Terraform's kinds that git ignores: a developer's own state, plans, caches and variables.
    pub ignored: bool,
    /// What the bytes are read from.
    pub tree: Tree,
    /// Another index than the repository's own, as `GIT_INDEX_FILE` names one in a hook.
    pub index_file: Option<PathBuf>,
}

/// What the bytes are read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tree {
    /// The working tree: the files on disk.
    #[default]
    Worktree,
    /// The index: what the next commit would hold.
    Index,
    /// A commit or tree, in any notation of git's.
    Revision(String),
}

/// What was collected.
pub struct Collected {
    /// The repository's root, or outside git the directory that was asked for: absolute, symbolic links resolved.
    pub root: PathBuf,
    /// Whether git tracks this tree.
    pub in_git: bool,
    /// Whether the request covers the whole tree: only then does what is not among the files not exist.
    pub whole: bool,
    /// The files, ordered by path, each once.
    pub files: Vec<FileEntry>,
    /// Symbolic links that lead to a file or directory inside the root, ordered by path. Terraform follows them: a
    /// linked file belongs to the module of the directory that the link stands in, too.
    pub links: Vec<Link>,
    /// What was passed over and why.
    pub notifications: Vec<Notification>,
    tree: Tree,
    ignored: bool,
    repository: Option<GitRepository>,
    /// All that the index or the revision tracks, ordered by path.
    tracked: Vec<Tracked>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Its path from the root.
    pub path: RepoPath,
    /// Its path on disk.
    pub os_path: PathBuf,
    /// Whether git tracks it.
    pub tracked: bool,
    /// Whether git ignores it, tracked files aside.
    pub ignored: bool,
    /// What its name says it is.
    pub kind: Kind,
    /// Whether the request's paths cover it.
    pub asked: bool,
    /// Its content in the index or the revision; in the working tree it may have changed since.
    pub blob: Option<BlobId>,
}

/// Why nothing was collected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollectError {
    /// Arguments that cannot be met, all of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Arguments(Vec<ArgumentError>),
    /// The directory to start from cannot be read.
    #[error("{} cannot be read: {kind}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why.
        kind: std::io::ErrorKind,
    },
    /// The index or a revision was asked for outside git.
    #[error("{} is not in a git repository", .0.display())]
    NotARepository(PathBuf),
    /// Git's data cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
}

impl CollectError {
    /// How to mend it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            CollectError::Arguments(errors) if errors.iter().any(|e| e.problem == ArgumentProblem::NoMatch) => {
                Some("`*` stops at `/`; `**/` reaches any depth")
            }
            CollectError::Arguments(errors) if errors.iter().any(|e| e.problem == ArgumentProblem::Outside) => {
                Some("check each repository by a command of its own")
            }
            CollectError::NotARepository(_) => Some("without git only the files on disk can be checked"),
            CollectError::Git(error) => error.hint(),
            CollectError::Arguments(_) | CollectError::Directory { .. } => None,
        }
    }
}

impl Request {
    /// The working tree around a directory, or around the first of the paths that exists: what was asked for says
    /// which repository is meant.
    pub fn new(directory: impl Into<PathBuf>, paths: Vec<String>) -> Self {
        let directory = directory.into();
        let first = paths.iter().map(|path| directory.join(path)).find(|path| path.exists());
        let root_hint = match first {
            Some(path) if path.is_dir() => path,
            Some(path) => {
                path.canonicalize().ok().and_then(|path| path.parent().map(Path::to_path_buf)).unwrap_or(path)
            }
            None => directory.clone(),
        };
        Self { root_hint, directory, paths, ignored: false, tree: Tree::Worktree, index_file: None }
    }
}

/// Collects the whole repository; [`FileEntry::asked`] says what the paths cover. Outside git it is as
/// [`collect_near`]: there is no root that bounds the walk.
///
/// # Errors
/// [`CollectError`], with all arguments that cannot be met at once.
pub fn collect(request: &Request) -> Result<Collected, CollectError> {
    gather(request, false)
}

/// Collects without walking the whole repository: the files and directories that are asked for, all files that stand
/// beside them, those at the root and those of CI systems at their fixed places. [`Collected::add_directories`] adds
/// what turns out to be needed. Without paths it is [`collect`].
///
/// # Errors
/// As [`collect`].
pub fn collect_near(request: &Request) -> Result<Collected, CollectError> {
    gather(request, true)
}

/// The repository's root around a request, or outside git the directory itself.
///
/// # Errors
/// [`CollectError`] if the directory cannot be read, or git's data.
pub fn locate_root(request: &Request) -> Result<PathBuf, CollectError> {
    let directory = canonical(&request.directory)?;
    Ok(locate(request, &directory)?.root)
}

fn gather(request: &Request, near: bool) -> Result<Collected, CollectError> {
    let directory = canonical(&request.directory)?;
    let mut collected = locate(request, &directory)?;
    let index_file = request.index_file.as_deref();
    let mut asked;
    if request.tree == Tree::Worktree {
        asked = Asked::read(&request.paths, &collected.root, &directory, &Place::Disk);
        let scope = Arc::new(asked.scope(near || !collected.in_git));
        let (tracked, walks) = rayon::join(|| collected.read_tracked(index_file), || collected.walk(&scope));
        collected.tracked = tracked?;
        collected.files = collected.list_disk(&scope, walks);
        collected.add_what_is_named(&asked);
    } else {
        collected.tracked = collected.read_tracked(index_file)?;
        asked = Asked::read(&request.paths, &collected.root, &directory, &Place::Tracked(&collected.tracked));
        collected.files = collected.list_tree(&asked.scope(near))?;
    }
    for file in &mut collected.files {
        file.asked = asked.matches(&file.path);
    }
    collected.whole = asked.is_whole();
    let errors = asked.into_errors();
    if !errors.is_empty() {
        return Err(CollectError::Arguments(errors));
    }
    collected.tidy();
    Ok(collected)
}

fn canonical(directory: &Path) -> Result<PathBuf, CollectError> {
    directory
        .canonicalize()
        .map_err(|error| CollectError::Directory { path: directory.to_path_buf(), kind: error.kind() })
}

/// Finds the repository, with nothing collected yet.
fn locate(request: &Request, directory: &Path) -> Result<Collected, CollectError> {
    let hint = canonical(&request.root_hint)?;
    let bare = matches!(request.tree, Tree::Revision(_));
    let mut notifications = Vec::new();
    let repository = match GitRepository::around(&hint, bare) {
        Ok(found) => found,
        // A linked worktree in a container often has no access to its main repository. Its files can be checked.
        Err(_) if request.tree == Tree::Worktree => {
            notifications.push(Notification::warning(
                &RepoPath::new(".git"),
                "the git repository cannot be opened, so every file is checked, ignored or not",
            ));
            None
        }
        Err(error) => return Err(error.into()),
    };
    let root = match &repository {
        Some(repository) => repository.root().to_path_buf(),
        None if request.tree != Tree::Worktree => return Err(CollectError::NotARepository(hint)),
        None => common_directory(request, directory, hint),
    };
    Ok(Collected {
        root,
        in_git: repository.is_some(),
        whole: true,
        files: Vec::new(),
        links: Vec::new(),
        notifications,
        tree: request.tree.clone(),
        ignored: request.ignored,
        repository,
        tracked: Vec::new(),
    })
}

/// Outside git: the working directory if it holds all that was asked for, else the nearest directory that does.
fn common_directory(request: &Request, directory: &Path, hint: PathBuf) -> PathBuf {
    let mut named = request.paths.iter().filter_map(|path| directory.join(path).canonicalize().ok()).peekable();
    if named.peek().is_none() {
        return if request.paths.is_empty() { hint } else { directory.to_path_buf() };
    }
    let mut root = directory.to_path_buf();
    for path in named {
        while !path.starts_with(&root) && root.pop() {}
    }
    root
}
