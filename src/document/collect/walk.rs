//! The walk over a directory tree, with git's ignore rules and no others.

use super::scope::Scope;
use crate::document::kind::Kind;
use crate::finding::{Level, Notification};
use crate::text::RepoPath;
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Largest `.gitignore` that is read, in bytes: its patterns are compiled in memory.
pub(super) const MAX_GITIGNORE_BYTES: u64 = 1 << 20;

/// What a walk has met. Neither list is ordered.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) found: Vec<Found>,
    pub(super) notifications: Vec<Notification>,
}

/// A regular file or a symbolic link.
pub(super) struct Found {
    pub(super) path: RepoPath,
    pub(super) os_path: PathBuf,
    pub(super) kind: Kind,
    pub(super) link: bool,
}

impl Found {
    pub(super) fn new(path: RepoPath, os_path: PathBuf, link: bool) -> Self {
        Self { kind: Kind::of(&path), path, os_path, link }
    }
}

/// What to walk, and by which rules.
pub(super) struct Walk<'a> {
    /// What paths are relative to.
    pub(super) root: &'a Path,
    /// Where to begin: the root or a directory below it.
    pub(super) start: &'a Path,
    /// Which directories matter.
    pub(super) scope: &'a Arc<Scope>,
    /// Follow `.gitignore` files, the user's `core.excludesFile`, and this file (the clone's `info/exclude`).
    pub(super) rules: Option<&'a Path>,
    /// Pass over directories that are git repositories of their own.
    pub(super) skip_nested: bool,
}

impl Walk<'_> {
    /// Walks with all threads. Symbolic links are met, never followed; `.git` is never entered; sockets, pipes and
    /// devices are passed over. A directory that cannot be read is a notification, not an end.
    pub(super) fn run(&self) -> Walked {
        let shared = Arc::new(Mutex::new(Walked::default()));
        if self.rules.is_some() && !gitignore_is_bearable(self.start) {
            self.push(&shared, Walked { found: Vec::new(), notifications: vec![unbearable(&RepoPath::new(""))] });
            return std::mem::take(&mut *shared.lock().unwrap_or_else(PoisonError::into_inner));
        }
        self.builder(&shared).build_parallel().run(|| {
            let mut batch = Batch { walked: Walked::default(), shared: &shared };
            Box::new(move |entry| {
                self.visit(entry, &mut batch.walked);
                WalkState::Continue
            })
        });
        std::mem::take(&mut *shared.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn push(&self, shared: &Mutex<Walked>, walked: Walked) {
        drop(Batch { walked, shared });
    }

    fn builder(&self, shared: &Arc<Mutex<Walked>>) -> WalkBuilder {
        let rules = self.rules.is_some();
        let mut builder = WalkBuilder::new(self.start);
        // Whether this is a git repository is settled already; the rules of directories above it do not reach into it.
        builder.standard_filters(false).git_ignore(rules).git_global(rules).require_git(false).parents(false);
        builder.follow_links(false).current_dir(self.root);
        if let Some(exclude) = self.rules.filter(|file| file.is_file()) {
            // A malformed pattern is passed over, as git does.
            let _ = builder.add_ignore(exclude);
        }
        let (root, scope, shared) = (self.root.to_path_buf(), Arc::clone(self.scope), Arc::clone(shared));
        let skip_nested = self.skip_nested;
        builder.filter_entry(move |entry| {
            if entry.file_name().eq_ignore_ascii_case(".git") {
                return false;
            }
            if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
                return true;
            }
            let Some(path) = repo_path(&root, entry.path()) else { return false };
            if !scope.enters(&path) {
                return false;
            }
            let refusal = if skip_nested && entry.path().join(".git").symlink_metadata().is_ok() {
                nested(&path)
            } else if rules && !gitignore_is_bearable(entry.path()) {
                unbearable(&path)
            } else {
                return true;
            };
            shared.lock().unwrap_or_else(PoisonError::into_inner).notifications.push(refusal);
            false
        });
        builder
    }

    fn visit(&self, entry: Result<DirEntry, ignore::Error>, walked: &mut Walked) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                walked.notifications.extend(self.problem(&error));
                return;
            }
        };
        let Some(kind) = entry.file_type() else { return };
        if !kind.is_file() && !kind.is_symlink() {
            return;
        }
        let Some(path) = repo_path(self.root, entry.path()) else { return };
        if self.scope.lists(&path) {
            walked.found.push(Found::new(path, entry.into_path(), kind.is_symlink()));
        }
    }

    /// What cannot be read was asked for, so its notification is an error. What is gone by now was not there.
    fn problem(&self, error: &ignore::Error) -> Option<Notification> {
        let io = error.io_error()?;
        if io.kind() == std::io::ErrorKind::NotFound {
            return None;
        }
        let path = path_of(error).and_then(|path| repo_path(self.root, path));
        Some(Notification {
            path,
            level: Level::Error,
            message: format!("the directory cannot be read: {}", io.kind()),
        })
    }
}

/// What one thread has met; handed over when the thread is done.
struct Batch<'a> {
    walked: Walked,
    shared: &'a Mutex<Walked>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.found.append(&mut self.walked.found);
        shared.notifications.append(&mut self.walked.notifications);
    }
}

/// A directory's `.gitignore` is opened and read whole by the walk: a pipe or `/dev/zero` in its place would stop it.
fn gitignore_is_bearable(directory: &Path) -> bool {
    match std::fs::metadata(directory.join(".gitignore")) {
        Ok(metadata) => metadata.is_file() && metadata.len() <= MAX_GITIGNORE_BYTES,
        Err(_) => true,
    }
}

fn unbearable(path: &RepoPath) -> Notification {
    Notification {
        path: Some(path.clone()),
        level: Level::Error,
        message: "only tracked files were looked for here: its .gitignore is no regular file, or larger than 1 MiB"
            .to_owned(),
    }
}

/// What stands in a nested repository is another repository's business: it has its own policy and its own check.
pub(super) fn nested(path: &RepoPath) -> Notification {
    Notification::note(path, "a git repository of its own (a submodule or a clone): not checked as a part of this one")
}

/// The path relative to the root; `None` for what is not below it.
pub(super) fn repo_path(root: &Path, path: &Path) -> Option<RepoPath> {
    let relative = path.strip_prefix(root).ok()?;
    if let Some(text) = relative.to_str().filter(|_| !cfg!(windows)) {
        return Some(RepoPath::new(text));
    }
    let bytes = gix::path::into_bstr(relative).ok()?;
    Some(RepoPath::from_bytes(&gix::path::to_unix_separators_on_windows(bytes)))
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}
