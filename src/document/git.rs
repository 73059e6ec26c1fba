//! What git knows of a repository: what it tracks, and what stood where at a revision.
//!
//! Everything is read by `gix` in this process; no git program is started. A repository is opened regardless of who
//! owns it, as in CI containers it is often another user: git's `safe.directory` guards against commands that a
//! repository's configuration names, and of those (`core.fsmonitor`, `core.hooksPath`, `core.sshCommand`, filters,
//! pagers, aliases) none is ever run here: the index, the references and the objects are all that is read. The user's
//! and the system's configuration, the environment, `include.path` and `core.worktree` are not followed.

use crate::text::RepoPath;
use gix::bstr::{BStr, ByteSlice};
use gix::objs::tree::EntryKind;
use std::path::{Path, PathBuf};

/// The id of an object in git's database.
pub type BlobId = gix::ObjectId;

/// Largest file or object that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// Most paths that one index or tree may hold. The Linux kernel has some 90,000, Chromium some 500,000; a crafted tree
/// of a few kilobytes can stand for billions.
pub const MAX_TRACKED: usize = 4_000_000;

/// Longest path in bytes that is followed inside a tree, as `PATH_MAX` of Linux.
const MAX_PATH_BYTES: usize = 4096;

/// Most bytes that all paths of a tree together may have; Chromium's have some 40 MB.
const MAX_ALL_PATHS_BYTES: usize = 256 << 20;

/// Why git's data could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// The repository's own files are damaged or of an unknown format.
    #[error("the git repository at {} cannot be opened", .0.display())]
    Open(PathBuf),
    /// The index is damaged or cannot be read.
    #[error("git's index cannot be read")]
    Index,
    /// No such revision.
    #[error("{0:?} is not a revision of this repository")]
    Revision(String),
    /// An object is missing or damaged.
    #[error("object {0} is missing from git's database or damaged")]
    Object(BlobId),
    /// An object is larger than [`MAX_FILE_BYTES`].
    #[error("object {id} has {size} bytes, more than the {MAX_FILE_BYTES} that are read")]
    TooLarge {
        /// The object.
        id: BlobId,
        /// Its size in bytes.
        size: u64,
    },
    /// A tree or index holds more than [`MAX_TRACKED`] paths, or one too long.
    #[error("the tree holds more than {MAX_TRACKED} paths, or one of more than {MAX_PATH_BYTES} bytes")]
    TooMany,
}

impl GitError {
    /// How to mend it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            GitError::Open(_) => Some("`git status` says what is wrong with it"),
            GitError::Index => Some("`git status` says what is wrong with it; `git reset` writes it anew"),
            GitError::Revision(_) => Some(
                "in a shallow clone, fetch it first (`git fetch --unshallow`; `fetch-depth: 0` of actions/checkout)",
            ),
            GitError::Object(_) => {
                Some("`git fsck` lists what is missing; a partial clone fetches it with `git checkout`")
            }
            GitError::TooLarge { .. } | GitError::TooMany => None,
        }
    }
}

/// Something that git tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracked {
    /// Where, relative to the repository's root.
    pub path: RepoPath,
    /// The content: of a link its target's path, of a repository its commit.
    pub id: BlobId,
    /// What it is.
    pub kind: TrackedKind,
    /// Whether the index only announces it (`git add --intent-to-add`): its content is not part of the next commit.
    pub announced: bool,
    /// The path's own bytes where they are not UTF-8.
    foreign: Option<PathBuf>,
}

/// What a tracked path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrackedKind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// A submodule: a commit of another repository.
    Repository,
}

impl Tracked {
    /// Where it stands on disk, below `root`.
    pub fn os_path(&self, root: &Path) -> PathBuf {
        root.join(self.foreign.as_deref().unwrap_or(Path::new(self.path.as_str())))
    }
}

/// An opened repository, to be shared between threads.
pub struct GitRepository {
    shared: gix::ThreadSafeRepository,
    root: PathBuf,
}

/// One thread's view of a repository, with its own caches.
pub struct Objects {
    local: gix::Repository,
}

impl GitRepository {
    /// The repository around a directory: the nearest one upwards that holds a `.git`, be it a directory or, in
    /// worktrees and submodules, a file. What merely looks like a bare repository is passed over unless `bare`, as a
    /// checkout may hold such a directory as files of its own. `Ok(None)` if there is none.
    ///
    /// # Errors
    /// [`GitError::Open`] if there is a `.git` that cannot be opened.
    pub fn around(directory: &Path, bare: bool) -> Result<Option<Self>, GitError> {
        for candidate in directory.ancestors() {
            if candidate.join(".git").symlink_metadata().is_ok() {
                return Self::open(&candidate.join(".git"), candidate).map(Some);
            }
            if bare && candidate.join("HEAD").is_file() && candidate.join("objects").is_dir() {
                return Self::open(candidate, candidate).map(Some);
            }
        }
        Ok(None)
    }

    fn open(git: &Path, root: &Path) -> Result<Self, GitError> {
        let options = gix::open::Options::isolated().with(gix::sec::Trust::Full).open_path_as_is(true);
        let shared =
            gix::ThreadSafeRepository::open_opts(git, options).map_err(|_| GitError::Open(root.to_path_buf()))?;
        Ok(Self { shared, root: root.to_path_buf() })
    }

    /// The directory that paths are relative to: the one that holds `.git`; of a bare repository itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there is no working tree.
    pub fn is_bare(&self) -> bool {
        self.root.join(".git").symlink_metadata().is_err()
    }

    /// `info/exclude`, the ignore rules of this clone alone. It may not exist.
    pub fn exclude_file(&self) -> PathBuf {
        self.shared.to_thread_local().common_dir().join("info").join("exclude")
    }

    /// This thread's view.
    pub fn objects(&self) -> Objects {
        let mut local = self.shared.to_thread_local();
        local.object_cache_size_if_unset(4 << 20);
        Objects { local }
    }
}

impl Objects {
    /// The commit that is checked out, in hexadecimal; `None` before the first one.
    ///
    /// # Errors
    /// [`GitError::Revision`] if `HEAD` cannot be read.
    pub fn head(&self) -> Result<Option<String>, GitError> {
        let head = self.local.head().map_err(|_| GitError::Revision("HEAD".to_owned()))?;
        Ok(head.id().map(|id| id.to_string()))
    }

    /// What the index tracks, ordered by path, each path once. Of a path in conflict the first of ours, theirs and the
    /// base counts. `file` is another index to read, as `GIT_INDEX_FILE` names one in hooks of a partial commit.
    ///
    /// # Errors
    /// [`GitError`] if the index is damaged. A repository without an index tracks nothing.
    pub fn index(&self, file: Option<&Path>) -> Result<Vec<Tracked>, GitError> {
        let path = file.map_or_else(|| self.local.index_path(), Path::to_path_buf);
        if path.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            return Ok(Vec::new());
        }
        let index = gix::index::File::at(path, self.local.object_hash(), false, Default::default())
            .map_err(|_| GitError::Index)?;
        if index.entries().len() > MAX_TRACKED {
            return Err(GitError::TooMany);
        }
        let mut tracked: Vec<Tracked> = Vec::with_capacity(index.entries().len());
        let mut stage_of_last = 0;
        for entry in index.entries() {
            let path = entry.path(&index);
            if entry.mode.is_sparse() {
                self.tree_below(entry.id, path, &mut tracked)?;
                continue;
            }
            let kind = match entry.mode {
                gix::index::entry::Mode::SYMLINK => TrackedKind::Link,
                gix::index::entry::Mode::COMMIT => TrackedKind::Repository,
                _ => TrackedKind::File,
            };
            let Some(mut item) = item(path, entry.id, kind) else { continue };
            item.announced = entry.flags.contains(gix::index::entry::Flags::INTENT_TO_ADD);
            match tracked.last_mut() {
                // Stages come in order: base (1), ours (2), theirs (3).
                Some(last) if last.path == item.path => {
                    if stage_of_last != 2 {
                        *last = item;
                        stage_of_last = entry.stage_raw();
                    }
                }
                _ => {
                    tracked.push(item);
                    stage_of_last = entry.stage_raw();
                }
            }
        }
        tracked.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tracked)
    }

    /// What a revision tracks, ordered by path.
    ///
    /// # Errors
    /// [`GitError`] if there is no such revision, an object is missing, or the tree is unreasonably large.
    pub fn tree(&self, revision: &str) -> Result<Vec<Tracked>, GitError> {
        let mut tracked = Vec::new();
        self.tree_below(self.root_tree(revision)?, BStr::new(b""), &mut tracked)?;
        tracked.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tracked)
    }

    /// The bytes of a file at a revision; `None` if no regular file stands there.
    ///
    /// # Errors
    /// [`GitError`] if there is no such revision, an object is missing, or the file is too large.
    pub fn read_at(&self, revision: &str, path: &RepoPath) -> Result<Option<Box<[u8]>>, GitError> {
        let mut id = self.root_tree(revision)?;
        let mut parts = path.as_str().split('/').peekable();
        while let Some(part) = parts.next() {
            let found = self.entries(id)?.into_iter().find(|entry| entry.name == part.as_bytes());
            match (found, parts.peek()) {
                (Some(entry), Some(_)) if entry.kind == EntryKind::Tree => id = entry.id,
                (Some(entry), None) if matches!(entry.kind, EntryKind::Blob | EntryKind::BlobExecutable) => {
                    return self.blob(entry.id).map(Some);
                }
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The bytes of a blob.
    ///
    /// # Errors
    /// [`GitError`] if it is missing, damaged, or larger than [`MAX_FILE_BYTES`].
    pub fn blob(&self, id: BlobId) -> Result<Box<[u8]>, GitError> {
        self.bytes(id, gix::objs::Kind::Blob).map(Vec::into_boxed_slice)
    }

    fn root_tree(&self, revision: &str) -> Result<BlobId, GitError> {
        let unknown = || GitError::Revision(revision.to_owned());
        let id = self.local.rev_parse_single(revision).map_err(|_| unknown())?;
        let tree = id.object().and_then(|object| object.peel_to_tree()).map_err(|_| unknown())?;
        Ok(tree.id)
    }

    /// An object's bytes, if it is of that kind and its header, which is cheap to read, promises a bearable size.
    fn bytes(&self, id: BlobId, kind: gix::objs::Kind) -> Result<Vec<u8>, GitError> {
        let damaged = || GitError::Object(id);
        let header = self.local.find_header(id).map_err(|_| damaged())?;
        if header.kind() != kind {
            return Err(damaged());
        }
        if header.size() > MAX_FILE_BYTES {
            return Err(GitError::TooLarge { id, size: header.size() });
        }
        Ok(self.local.find_object(id).map_err(|_| damaged())?.detach().data)
    }

    fn entries(&self, tree: BlobId) -> Result<Vec<Entry>, GitError> {
        let bytes = self.bytes(tree, gix::objs::Kind::Tree)?;
        gix::objs::TreeRefIter::from_bytes(&bytes, tree.kind())
            .map(|entry| {
                let entry = entry.map_err(|_| GitError::Object(tree))?;
                Ok(Entry { name: entry.filename.to_vec(), kind: entry.mode.kind(), id: entry.oid.to_owned() })
            })
            .collect()
    }

    /// Adds all that stands below a tree, without recursion: a tree may be nested as deeply as its maker likes.
    fn tree_below(&self, tree: BlobId, prefix: &BStr, tracked: &mut Vec<Tracked>) -> Result<(), GitError> {
        let mut pending = vec![(tree, prefix.trim_end_with(|c| c == '/').to_vec())];
        let (mut seen, mut path_bytes) = (0_usize, 0_usize);
        while let Some((tree, directory)) = pending.pop() {
            for entry in self.entries(tree)? {
                seen += 1;
                let mut path = directory.clone();
                if !path.is_empty() {
                    path.push(b'/');
                }
                path.extend_from_slice(&entry.name);
                path_bytes += path.len();
                if path.len() > MAX_PATH_BYTES || path_bytes > MAX_ALL_PATHS_BYTES || seen > MAX_TRACKED {
                    return Err(GitError::TooMany);
                }
                let kind = match entry.kind {
                    EntryKind::Tree => {
                        pending.push((entry.id, path));
                        continue;
                    }
                    EntryKind::Blob | EntryKind::BlobExecutable => TrackedKind::File,
                    EntryKind::Link => TrackedKind::Link,
                    EntryKind::Commit => TrackedKind::Repository,
                };
                tracked.extend(item(BStr::new(&path), entry.id, kind));
            }
        }
        Ok(())
    }
}

/// An entry of a tree object.
struct Entry {
    name: Vec<u8>,
    kind: EntryKind,
    id: BlobId,
}

/// A tracked path; `None` for one that no git would check out, and that could lead out of the repository.
///
/// <https://git-scm.com/docs/git-fsck#_fsck_messages> (`hasDot`, `hasDotdot`, `hasDotgit`, `fullPathname`)
fn item(path: &BStr, id: BlobId, kind: TrackedKind) -> Option<Tracked> {
    let sound = path.split(|byte| *byte == b'/').all(|part| {
        !part.is_empty() && part != b"." && part != b".." && !part.eq_ignore_ascii_case(b".git") && !part.contains(&0)
    });
    let foreign = match path.to_str() {
        Ok(_) => None,
        Err(_) => Some(gix::path::from_bstr(path).ok()?.into_owned()),
    };
    sound.then(|| Tracked { path: RepoPath::from_bytes(path), id, kind, announced: false, foreign })
}
