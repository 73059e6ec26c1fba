//! From what was walked and what git tracks to the list of files.

use super::arguments::Asked;
use super::read::from_disk;
use super::scope::Scope;
use super::walk::{Found, MAX_GITIGNORE_BYTES, Walk, Walked, nested};
use super::{CollectError, Collected, FileEntry, ReadError, Reader, Tree, links};
use crate::document::ReadOnDemand;
use crate::document::artifact::{Contents, Windows};
use crate::document::git::{GitError, Tracked, TrackedKind};
use crate::document::kind::{Kind, is_below_data_directory};
use crate::finding::Notification;
use crate::text::RepoPath;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the walks over the working tree have met.
pub(super) struct Walks {
    /// By git's rules; outside git without any.
    ruled: Walked,
    /// Without rules, if ignored files are wanted.
    all: Option<Walked>,
}

impl Collected {
    /// A file's bytes; for many files keep a [`Collected::reader`] a thread.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn read(&self, file: &FileEntry) -> Result<Box<[u8]>, ReadError> {
        self.reader().read(file)
    }

    /// A reader for one thread.
    pub fn reader(&self) -> Reader {
        Reader::new(self)
    }

    /// The file at a path, if it is among those collected.
    pub fn file(&self, path: &RepoPath) -> Option<&FileEntry> {
        self.files.binary_search_by(|file| file.path.cmp(path)).ok().and_then(|index| self.files.get(index))
    }

    /// Adds the files that stand in further directories (not below them), such as the modules that a file asked for
    /// calls, and returns the paths of those that are new. They do not count as asked for.
    ///
    /// # Errors
    /// [`CollectError`] if git's data is damaged.
    pub fn add_directories(&mut self, directories: &[RepoPath]) -> Result<Vec<RepoPath>, CollectError> {
        let mut scope = Scope::default();
        directories.iter().filter(|path| !path.escapes_root()).for_each(|path| scope.add_directory(path));
        let scope = Arc::new(scope);
        let found = match self.tree {
            Tree::Worktree => {
                let walks = self.walk(&scope);
                self.list_disk(&scope, walks)
            }
            _ => self.list_tree(&scope)?,
        };
        let new: Vec<FileEntry> = found.into_iter().filter(|file| self.file(&file.path).is_none()).collect();
        let paths = new.iter().map(|file| file.path.clone()).collect();
        self.files.extend(new);
        self.tidy();
        Ok(paths)
    }

    /// What git tracks in the tree that is collected; nothing outside git.
    pub(super) fn read_tracked(&self, index_file: Option<&Path>) -> Result<Vec<Tracked>, GitError> {
        let Some(repository) = &self.repository else { return Ok(Vec::new()) };
        match &self.tree {
            Tree::Revision(revision) => repository.objects().tree(revision),
            Tree::Worktree | Tree::Index => repository.objects().index(index_file),
        }
    }

    pub(super) fn walk(&self, scope: &Arc<Scope>) -> Walks {
        let exclude = self.repository.as_ref().map(|repository| repository.exclude_file());
        let walk = |rules| Walk { root: &self.root, start: &self.root, scope, rules, skip_nested: self.in_git }.run();
        Walks { ruled: walk(exclude.as_deref()), all: (self.ignored && self.in_git).then(|| walk(None)) }
    }

    /// The files on disk: those walked, and the tracked ones that git's rules hide.
    pub(super) fn list_disk(&mut self, scope: &Scope, walks: Walks) -> Vec<FileEntry> {
        let Walked { mut found, notifications } = walks.ruled;
        self.notifications.extend(notifications);
        found.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let mut hidden = walks.all.map_or_else(Vec::new, |all| all.found);
        hidden.retain(|item| found.binary_search_by(|other| other.path.cmp(&item.path)).is_err());

        let tracked = std::mem::take(&mut self.tracked);
        let mut files = Vec::with_capacity(found.len());
        let mut unmet = tracked.iter().peekable();
        let mut unseen: Vec<&Tracked> = Vec::new();
        for item in found {
            while let Some(earlier) = unmet.next_if(|tracked| tracked.path < item.path) {
                unseen.push(earlier);
            }
            let of_git = unmet.next_if(|tracked| tracked.path == item.path);
            files.extend(self.met(item, of_git, false));
        }
        unseen.extend(unmet);
        let root = self.root.clone();
        let mut disk = Disk { root: &root, real: HashMap::new() };
        for item in unseen.into_iter().filter(|item| scope.lists(&item.path)) {
            if item.kind == TrackedKind::Repository {
                self.notifications.push(nested(&item.path));
            } else if let Some(found) = disk.find(item) {
                files.extend(self.met(found, Some(item), false));
            }
        }
        let known: HashSet<RepoPath> = match hidden.is_empty() {
            true => HashSet::new(),
            false => files.iter().map(|file| file.path.clone()).collect(),
        };
        for item in hidden.into_iter().filter(|item| !known.contains(&item.path) && item.kind.is_terraform()) {
            files.extend(self.met(item, None, true));
        }
        self.tracked = tracked;
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// One thing met on disk: a file to check, or a link to note.
    fn met(&mut self, item: Found, tracked: Option<&Tracked>, ignored: bool) -> Option<FileEntry> {
        if item.link {
            match links::on_disk(&self.root, &item.path, &item.os_path) {
                Some(link) => self.links.push(link),
                None if item.kind.is_terraform() => self.notifications.push(leads_away(&item.path)),
                None => {}
            }
            return None;
        }
        if tracked.is_none() && is_below_data_directory(&item.path) && !item.kind.is_working_data() {
            return None;
        }
        Some(entry(item, tracked, ignored))
    }

    /// What an argument names is taken though git ignores it, or it stands among what `init` has fetched.
    pub(super) fn add_what_is_named(&mut self, asked: &Asked) {
        let mut named: Vec<Found> = Vec::new();
        for path in asked.files.iter().filter(|path| self.file(path).is_none()) {
            named.push(Found::new(path.clone(), self.root.join(path.as_str()), false));
        }
        let everything = Arc::new(Scope::everything());
        for path in &asked.directories {
            let next = self.files.partition_point(|file| file.path < *path);
            let some = self.files.iter().skip(next).take_while(|file| file.path.as_str().starts_with(path.as_str()));
            if some.into_iter().any(|file| file.path.is_inside(path)) {
                continue;
            }
            let start = self.root.join(path.as_str());
            let walked = Walk { root: &self.root, start: &start, scope: &everything, rules: None, skip_nested: false };
            let walked = walked.run();
            self.notifications.extend(walked.notifications);
            named.extend(walked.found.into_iter().filter(|found| !found.link));
        }
        let in_git = self.in_git;
        self.files.extend(named.into_iter().map(|found| entry(found, None, in_git)));
    }

    /// The files that the index or a revision tracks.
    pub(super) fn list_tree(&mut self, scope: &Scope) -> Result<Vec<FileEntry>, CollectError> {
        let Some(repository) = &self.repository else { return Ok(Vec::new()) };
        let objects = repository.objects();
        let mut files = Vec::new();
        for item in self.tracked.iter().filter(|item| !item.announced && scope.lists(&item.path)) {
            match item.kind {
                TrackedKind::Repository => self.notifications.push(nested(&item.path)),
                TrackedKind::Link => match links::in_tree(&objects, &self.tracked, item) {
                    Some(link) => self.links.push(link),
                    None if Kind::of(&item.path).is_terraform() => self.notifications.push(leads_away(&item.path)),
                    None => {}
                },
                TrackedKind::File => {
                    let found = Found::new(item.path.clone(), item.os_path(&self.root), false);
                    files.push(entry(found, Some(item), false));
                }
            }
        }
        Ok(files)
    }

    /// Orders everything, each thing once.
    pub(super) fn tidy(&mut self) {
        self.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        self.files.dedup_by(|a, b| a.path == b.path);
        self.links.sort_unstable();
        self.links.dedup();
        self.notifications.sort_unstable();
        self.notifications.dedup();
    }
}

fn entry(found: Found, tracked: Option<&Tracked>, ignored: bool) -> FileEntry {
    FileEntry {
        path: found.path,
        os_path: found.os_path,
        tracked: tracked.is_some(),
        ignored,
        kind: found.kind,
        asked: false,
        blob: tracked.filter(|tracked| tracked.kind == TrackedKind::File).map(|tracked| tracked.id),
    }
}

fn leads_away(path: &RepoPath) -> Notification {
    Notification::note(path, "a symbolic link that leads out of the repository or nowhere: not followed")
}

/// Looks for tracked files that the walk has not met.
struct Disk<'a> {
    root: &'a Path,
    /// Directories that were looked at, and whether they are ones, reached through no link.
    real: HashMap<PathBuf, bool>,
}

impl Disk<'_> {
    /// The tracked file or link if it still stands where git has it: behind a directory that has become a link, git
    /// takes it for deleted.
    fn find(&mut self, item: &Tracked) -> Option<Found> {
        let os_path = item.os_path(self.root);
        if !self.is_real(os_path.parent()?) {
            return None;
        }
        let kind = os_path.symlink_metadata().ok()?.file_type();
        (kind.is_file() || kind.is_symlink()).then(|| Found::new(item.path.clone(), os_path, kind.is_symlink()))
    }

    fn is_real(&mut self, directory: &Path) -> bool {
        // From the root downwards, so that each directory is looked at once and no depth is recursed into.
        let mut above: Vec<&Path> = directory.ancestors().take_while(|above| *above != self.root).collect();
        above.reverse();
        let mut real = true;
        for directory in above {
            real = match self.real.get(directory) {
                Some(known) => *known,
                None => {
                    let found = real && directory.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
                    self.real.insert(directory.to_path_buf(), found);
                    found
                }
            };
        }
        real
    }
}

/// Functions such as `file()` read what is among the collected files and nothing else.
impl ReadOnDemand for Collected {
    fn read(&self, path: &RepoPath) -> Option<Box<[u8]>> {
        self.file(path).and_then(|file| Collected::read(self, file).ok())
    }

    fn open(&self, path: &RepoPath) -> Result<Contents, ReadError> {
        let file = self.file(path).ok_or(ReadError::Io(std::io::ErrorKind::NotFound))?;
        self.reader().open(file)
    }

    fn windows(&self, path: &RepoPath) -> Result<Windows, ReadError> {
        let file = self.file(path).ok_or(ReadError::Io(std::io::ErrorKind::NotFound))?;
        self.reader().windows(file)
    }

    fn exists(&self, path: &RepoPath) -> bool {
        self.file(path).is_some()
    }

    fn paths(&self) -> Vec<RepoPath> {
        self.files.iter().map(|file| file.path.clone()).collect()
    }

    fn tracked(&self) -> Vec<RepoPath> {
        self.files.iter().filter(|file| file.tracked && file.asked).map(|file| file.path.clone()).collect()
    }

    fn gitignore(&self, directory: &RepoPath) -> Option<Box<[u8]>> {
        let path = directory.join(".gitignore");
        if self.tree == Tree::Worktree {
            return from_disk(&self.root.join(path.as_str()), MAX_GITIGNORE_BYTES).ok();
        }
        let at = self.tracked.binary_search_by(|item| item.path.cmp(&path)).ok()?;
        let item = self.tracked.get(at).filter(|item| item.kind == TrackedKind::File && !item.announced)?;
        let bytes = self.repository.as_ref()?.objects().blob(item.id).ok()?;
        (bytes.len() as u64 <= MAX_GITIGNORE_BYTES).then_some(bytes)
    }

    fn exclude(&self) -> Option<Box<[u8]>> {
        from_disk(&self.repository.as_ref()?.exclude_file(), MAX_GITIGNORE_BYTES).ok()
    }
}
