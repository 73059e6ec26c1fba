//! The documents of a repository, read and parsed.

use super::artifact::{ArtifactFile, Contents, Windows};
use super::collect::ReadError;
use super::hcl::{Body, Problem};
use super::ignore_rules::{Decision, IgnoreRules, Patterns};
use super::kind::Kind;
use crate::finding::{IgnoreSite, Notification};
use crate::text::{RepoPath, Source};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One file that is checked.
#[derive(Debug)]
pub struct Document {
    /// Its text.
    pub source: Arc<Source>,
    /// What kind of file it is.
    pub kind: Kind,
    /// Whether git tracks it; false outside git.
    pub tracked: bool,
    /// Whether git ignores it, tracked files aside: a developer's own.
    pub ignored: bool,
    /// Whether it is among the paths that were asked for. Findings stand only in such documents.
    pub asked: bool,
    /// Whether what is sought in all texts may stand in it ([`Look::suspects`](super::Look)).
    pub suspect: bool,
    /// Its syntax tree, of the kinds that are HCL in either syntax.
    pub body: Option<Body>,
    /// Configuration that the file generates, with spans of this file.
    pub generated: Vec<Body>,
    /// What could not be parsed.
    pub problems: Vec<Problem>,
    /// Its comments that hold `credlint:ignore`.
    pub ignores: Vec<IgnoreSite>,
}

/// Numbers of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files in the set to check.
    pub seen: usize,
    /// Files read and judged.
    pub checked: usize,
    /// Files of which something could not be parsed.
    pub unparsable: usize,
}

/// Reads a file of the repository that is not among the documents, on demand: for `file()` and its kin. None for what
/// is not in the set to check, too large, or not readable.
pub trait ReadOnDemand: Send + Sync {
    /// The bytes at a path.
    fn read(&self, path: &RepoPath) -> Option<Box<[u8]>>;
    /// The content of an artifact, of any size.
    ///
    /// # Errors
    /// [`ReadError`] if it cannot be read.
    fn open(&self, path: &RepoPath) -> Result<Contents, ReadError> {
        let bytes = self.read(path).ok_or(ReadError::Io(std::io::ErrorKind::NotFound))?;
        Ok(Contents::Whole(Arc::new(Source::new(path.clone(), bytes))))
    }
    /// A text of any size, in windows.
    ///
    /// # Errors
    /// [`ReadError`] if it cannot be read.
    fn windows(&self, path: &RepoPath) -> Result<Windows, ReadError> {
        let bytes = self.read(path).ok_or(ReadError::Io(std::io::ErrorKind::NotFound))?;
        Ok(Windows::new(path.clone(), Box::new(std::io::Cursor::new(bytes))))
    }
    /// Whether a file stands at that path, in the set to check.
    fn exists(&self, path: &RepoPath) -> bool;
    /// The paths of all files in the set to check.
    fn paths(&self) -> Vec<RepoPath>;
    /// The paths of the files that git tracks, among those that were asked for.
    fn tracked(&self) -> Vec<RepoPath> {
        self.paths()
    }
    /// The bytes of a directory's `.gitignore`, if it is a regular file: git follows no link there.
    fn gitignore(&self, directory: &RepoPath) -> Option<Box<[u8]>> {
        self.read(&directory.join(".gitignore"))
    }
    /// The bytes of `info/exclude`, the ignore rules of this clone alone.
    fn exclude(&self) -> Option<Box<[u8]>> {
        None
    }
}

/// All documents, and what could not be done while reading them.
pub struct Repository {
    /// Sorted by path.
    pub documents: Vec<Document>,
    /// State, plans, caches and logs among the files that were asked for, ordered by path. They are opened one after
    /// another, as they may be large.
    pub artifacts: Vec<ArtifactFile>,
    /// Texts among the files that were asked for which are too large to be held.
    pub large_texts: Vec<RepoPath>,
    /// What could not be read.
    pub notifications: Vec<Notification>,
    /// Numbers of files.
    pub counts: Counts,
    /// Whether the whole tree was asked for, not single paths.
    pub whole: bool,
    /// Whether the tree is a git repository's.
    pub in_git: bool,
    /// Reads what is not among the documents.
    pub on_demand: Box<dyn ReadOnDemand>,
    texts: Mutex<HashMap<RepoPath, Option<Arc<Source>>>>,
    ignored: Mutex<Patterns>,
}

impl Repository {
    /// Puts a repository together; the documents are sorted here.
    pub fn new(mut documents: Vec<Document>, on_demand: Box<dyn ReadOnDemand>) -> Self {
        documents.sort_by(|a, b| a.path().cmp(b.path()));
        let (texts, ignored) = (Mutex::default(), Mutex::default());
        Self {
            documents,
            artifacts: Vec::new(),
            large_texts: Vec::new(),
            notifications: Vec::new(),
            counts: Counts::default(),
            whole: true,
            in_git: false,
            on_demand,
            texts,
            ignored,
        }
    }

    /// The document at a path.
    pub fn document(&self, path: &RepoPath) -> Option<&Document> {
        let index = self.documents.binary_search_by(|document| document.path().cmp(path)).ok()?;
        self.documents.get(index)
    }

    /// The directories that hold configuration.
    pub fn module_directories(&self) -> BTreeSet<RepoPath> {
        let configuration = self.documents.iter().filter(|document| document.kind.is_configuration());
        let mut paths: Vec<&RepoPath> = configuration.map(Document::path).collect();
        // They are sorted: most files stand where the one before stands.
        paths.dedup_by(|next, kept| next.directory() == kept.directory());
        paths.into_iter().map(RepoPath::parent).collect()
    }

    /// The text at a path: of a document, or read on demand.
    pub fn text(&self, path: &RepoPath) -> Option<Arc<Source>> {
        if let Some(document) = self.document(path) {
            return Some(Arc::clone(&document.source));
        }
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = texts.entry(path.clone());
        entry
            .or_insert_with(|| self.on_demand.read(path).map(|bytes| Arc::new(Source::new(path.clone(), bytes))))
            .clone()
    }

    /// The pattern by which git ignores a path or does not; None where none speaks of it.
    pub fn ignore_decision(&self, path: &RepoPath) -> Option<Decision> {
        self.patterns().decision(self.on_demand.as_ref(), path)
    }

    /// The rules by which git ignores files, to be asked on one's own.
    pub fn ignore_rules(&self) -> IgnoreRules<'_> {
        IgnoreRules::knowing(self.on_demand.as_ref(), self.patterns().clone())
    }

    fn patterns(&self) -> MutexGuard<'_, Patterns> {
        // What a thread that has panicked has read is right all the same.
        self.ignored.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository").field("documents", &self.documents.len()).finish_non_exhaustive()
    }
}

impl Document {
    /// Its path.
    pub fn path(&self) -> &RepoPath {
        &self.source.path
    }
}

/// A path stands for one document.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.path() == other.path()
    }
}
