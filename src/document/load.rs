//! Reads and parses the files that were collected, in parallel.

use super::artifact::{self, ArtifactFile};
use super::collect::{CollectError, Collected, FileEntry, ReadError, Reader};
use super::git::MAX_FILE_BYTES;
use super::hcl::{self, JsonFlavour, Parsed, ProblemScope};
use super::{Document, Kind, Repository, generated, ignores};
use crate::finding::Notification;
use crate::text::{RepoPath, Source};
use memchr::{memchr, memmem};
use rayon::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// A text without any of these says nothing about how Terraform is run, nor asks for an exception.
const TELLING: [&[u8]; 8] = [
    b"backend-config",
    b"backend_config",
    b"var-file",
    b"var_file",
    b"TF_CLI_ARGS",
    b"TF_VAR",
    b"credlint:ignore",
    b"-chdir",
];

/// Files that one thread reads before another may take over: more of them keep a thread waiting at the end, with fewer
/// git's caches are filled anew too often.
const PORTION: usize = 256;
/// Texts of more bytes are not held: they are searched in pieces ([`Repository::large_texts`]).
const MAX_TEXT: u64 = 4 << 20;

/// How much of a file decides whether it is binary, as git has it.
///
/// <https://github.com/git/git/blob/v2.47.0/xdiff-interface.c> (`FIRST_FEW_BYTES`)
const BINARY_HEAD: usize = 8000;

/// How files are looked at while they are read.
pub struct Look<'a> {
    /// Whether the text of a file may hold what a rule seeks in all texts: the layers above know what that is. Only such texts are
    /// kept, of those that nothing else is read from.
    pub suspects: &'a (dyn Fn(&RepoPath, &[u8]) -> bool + Sync),
    /// Hears how many more files are done.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// Reads all files of the kinds that are judged, and all other texts, each once.
pub fn load(collected: Collected, look: &Look<'_>) -> Repository {
    let read = read_files(&collected, &|_| true, look);
    finish(collected, read)
}

/// As [`load`], for a collection of single paths: the modules that are called from there are collected too.
///
/// # Errors
/// [`CollectError`] if git's data is damaged.
pub fn load_near(mut collected: Collected, look: &Look<'_>) -> Result<Repository, CollectError> {
    /// Calls within calls that are followed.
    const MAX_ROUNDS: usize = 24;
    let mut read = read_files(&collected, &|_| true, look);
    let mut known: HashSet<RepoPath> = collected.files.iter().map(|file| file.path.parent()).collect();
    let mut followed = 0;
    for _ in 0..MAX_ROUNDS {
        let called = read.documents[followed..].iter().flat_map(called_directories);
        let directories: Vec<RepoPath> = called.filter(|directory| known.insert(directory.clone())).collect();
        followed = read.documents.len();
        if directories.is_empty() {
            break;
        }
        let new: HashSet<RepoPath> = collected.add_directories(&directories)?.into_iter().collect();
        read.extend(read_files(&collected, &|file| new.contains(&file.path), look));
    }
    Ok(finish(collected, read))
}

/// What was read.
#[derive(Default)]
struct Read {
    documents: Vec<Document>,
    artifacts: Vec<ArtifactFile>,
    large: Vec<RepoPath>,
    notifications: Vec<Notification>,
    /// Texts that were read and say nothing.
    silent: usize,
}

impl Read {
    fn extend(&mut self, other: Read) {
        self.documents.extend(other.documents);
        self.artifacts.extend(other.artifacts);
        self.large.extend(other.large);
        self.notifications.extend(other.notifications);
        self.silent += other.silent;
    }

    fn add(&mut self, file: &FileEntry, content: Content) {
        match content {
            Content::Document(document) => self.documents.push(*document),
            Content::Artifact => self.artifacts.push(artifact(file)),
            Content::Large(notification) => {
                self.large.push(file.path.clone());
                self.notifications.extend(notification);
            }
            Content::Unreadable(notification) => self.notifications.push(notification),
            Content::Silent => self.silent += usize::from(file.asked),
            Content::Nothing => {}
        }
    }
}

/// What a file turned out to be.
enum Content {
    /// A document.
    Document(Box<Document>),
    /// A state, plan, cache or log.
    Artifact,
    /// A text that is too large to be held; with what else is to be said of it.
    Large(Option<Notification>),
    /// Not to be read.
    Unreadable(Notification),
    /// A text that says nothing.
    Silent,
    /// Nothing that is looked at.
    Nothing,
}

fn read_files(collected: &Collected, which: &(dyn Fn(&FileEntry) -> bool + Sync), look: &Look<'_>) -> Read {
    let files: Vec<&FileEntry> = collected.files.iter().filter(|file| which(file)).collect();
    let contents = files.par_iter().with_max_len(PORTION).map_init(
        || collected.reader(),
        |reader, file| {
            let content = read_one(reader, file, look);
            (look.progress)(1);
            content
        },
    );
    let mut read = Read { documents: Vec::with_capacity(files.len()), ..Read::default() };
    for (file, content) in files.iter().zip(contents.collect::<Vec<_>>()) {
        read.add(file, content);
    }
    read
}

fn artifact(file: &FileEntry) -> ArtifactFile {
    let size = file.os_path.metadata().map_or(0, |metadata| metadata.len());
    let FileEntry { path, kind, tracked, ignored, .. } = file;
    ArtifactFile { path: path.clone(), kind: *kind, tracked: *tracked, ignored: *ignored, size }
}

fn finish(mut collected: Collected, read: Read) -> Repository {
    let links = std::mem::take(&mut collected.links);
    let notifications = std::mem::take(&mut collected.notifications);
    let (in_git, whole) = (collected.in_git, collected.whole);
    let seen = collected.files.iter().filter(|file| file.asked).count();
    let mut repository = Repository::new(read.documents, Box::new(collected));
    repository.notifications = notifications;
    repository.notifications.extend(read.notifications);
    repository.artifacts = read.artifacts;
    repository.large_texts = read.large;
    repository.in_git = in_git;
    repository.whole = whole;
    repository.add_links(&links);
    repository.count(seen, read.silent);
    repository
}

/// Directories of the local modules that a document calls.
fn called_directories(document: &Document) -> Vec<RepoPath> {
    let modules = document.body.iter().flat_map(|body| body.blocks_of("module"));
    let sources = modules.filter_map(|module| module.body.attribute("source")?.value.as_str().map(str::to_owned));
    let local = sources.filter(|source| source.starts_with("./") || source.starts_with("../"));
    local.map(|source| document.path().parent().join(&source)).filter(|path| !path.escapes_root()).collect()
}

/// Reads and parses one file.
fn read_one(reader: &Reader, file: &FileEntry, look: &Look<'_>) -> Content {
    match file.kind {
        // Artifacts are opened one after another when their turn comes. A text beside what was asked for tells nothing.
        Kind::State | Kind::BackendCache | Kind::Plan | Kind::CrashLog if file.asked => return Content::Artifact,
        Kind::State | Kind::BackendCache | Kind::Plan | Kind::CrashLog => return Content::Nothing,
        Kind::Text if !file.asked => return Content::Nothing,
        _ => {}
    }
    let bytes = match reader.read_up_to(file, if file.kind == Kind::Text { MAX_TEXT } else { MAX_FILE_BYTES }) {
        Ok(bytes) => bytes,
        Err(ReadError::TooLarge { .. }) if file.kind == Kind::Text => return large_text(reader, file),
        // Removed since the directory was listed: there is nothing to judge any more.
        Err(ReadError::Io(std::io::ErrorKind::NotFound)) => return Content::Nothing,
        Err(error @ ReadError::TooLarge { .. }) if file.asked => {
            return Content::Large(Some(Notification::warning(&file.path, error.to_string())));
        }
        Err(error) => return Content::Unreadable(Notification::warning(&file.path, error.to_string())),
    };
    let kind = file.kind.with_content(&bytes);
    if kind == Kind::Text {
        let content = kind_of_text(&file.path, &bytes[..bytes.len().min(BINARY_HEAD)]);
        if !matches!(content, Content::Silent) {
            return content;
        }
    }
    let suspect = file.asked && (look.suspects)(&file.path, &bytes);
    let may_tell = match kind {
        Kind::Text => suspect,
        Kind::GitIgnore => suspect || TELLING.iter().any(|word| memmem::find(&bytes, word).is_some()),
        _ => true,
    };
    if !may_tell {
        return Content::Silent;
    }
    let source = Arc::new(Source::new(file.path.clone(), bytes));
    let document = parse(source, kind, file.tracked, file.asked);
    Content::Document(Box::new(Document { suspect, ignored: file.ignored, ..document }))
}

/// What a text too large to be held is by its beginning.
fn large_text(reader: &Reader, file: &FileEntry) -> Content {
    match reader.head(file, BINARY_HEAD).map(|head| kind_of_text(&file.path, &head)) {
        Ok(Content::Silent) => Content::Large(None),
        Ok(content) => content,
        Err(error) => Content::Unreadable(Notification::warning(&file.path, error.to_string())),
    }
}

/// What a file is whose name says nothing: an artifact, binary, or a text.
fn kind_of_text(path: &RepoPath, head: &[u8]) -> Content {
    if artifact::is_artifact(path, Kind::Text, &head[..head.len().min(artifact::HEAD_BYTES)]) {
        Content::Artifact
    } else if memchr(0, head).is_some() {
        Content::Nothing
    } else {
        Content::Silent
    }
}

/// The document of a text.
pub fn parse(source: Arc<Source>, kind: Kind, tracked: bool, asked: bool) -> Document {
    let parsed: Option<Parsed> = match kind {
        // Whatever reads a file of values takes JSON where the name says so.
        Kind::Tfbackend | Kind::Tfvars if source.path.name().ends_with(".json") => {
            Some(hcl::parse_json(source.bytes(), JsonFlavour::Values))
        }
        Kind::Tf | Kind::Tofu | Kind::Tfvars | Kind::Tfbackend | Kind::TfTest | Kind::Terragrunt | Kind::LockFile => {
            Some(hcl::parse(source.bytes()))
        }
        Kind::OtherHcl | Kind::CliConfig if !source.path.name().ends_with(".json") => Some(hcl::parse(source.bytes())),
        Kind::TfJson | Kind::TofuJson | Kind::TfTestJson => {
            Some(hcl::parse_json(source.bytes(), JsonFlavour::Configuration))
        }
        Kind::TfvarsJson => Some(hcl::parse_json(source.bytes(), JsonFlavour::Values)),
        _ => None,
    };
    let (body, problems) = parsed.map_or((None, Vec::new()), |parsed| (Some(parsed.body), parsed.problems));
    let ignores = ignores::find(&source, body.as_ref());
    let generated = match (kind, &body) {
        (Kind::Terragrunt, Some(body)) => generated::bodies(&source, body),
        _ => Vec::new(),
    };
    Document { source, kind, tracked, ignored: false, asked, suspect: true, body, generated, problems, ignores }
}

impl Repository {
    /// Reads a file as a document of a kind that its name does not tell: backend-config and variable files are named
    /// as one likes. None if it is a document already, or not readable.
    pub fn add_named(&mut self, path: &RepoPath, kind: Kind) -> Option<&Document> {
        let index = self.documents.partition_point(|known| known.path() < path);
        if let Some(known) = self.documents.get_mut(index).filter(|known| known.path() == path) {
            // It was kept for its text; now it is known what it is.
            if known.kind != Kind::Text {
                return None;
            }
            let document = parse(Arc::clone(&known.source), kind, known.tracked, known.asked);
            *known = Document { suspect: known.suspect, ignored: known.ignored, ..document };
            return self.documents.get(index);
        }
        if !self.on_demand.exists(path) {
            return None;
        }
        let bytes = self.on_demand.read(path)?;
        let asked = self.whole;
        // Its text was searched when all were: it would be a document already if anything stood there.
        let suspect = !asked;
        let document = parse(Arc::new(Source::new(path.clone(), bytes)), kind, true, asked);
        self.documents.insert(index, Document { suspect, ..document });
        self.documents.get(index)
    }

    /// A file that a link leads to belongs to the module of the directory that the link stands in, too: Terraform
    /// follows links.
    fn add_links(&mut self, links: &[super::collect::Link]) {
        for link in links.iter().filter(|link| !link.directory) {
            let kind = Kind::of(&link.path);
            let Some(target) = self.document(&link.target) else { continue };
            if !kind.is_configuration() || self.document(&link.path).is_some() {
                continue;
            }
            let source = Arc::new(Source::new(link.path.clone(), target.source.bytes().to_vec()));
            let document = parse(source, kind, target.tracked, target.asked);
            let index = self.documents.partition_point(|known| *known.path() < link.path);
            // The text is the target's, and searched there.
            self.documents.insert(index, Document { suspect: false, ..document });
        }
    }

    /// `silent`: texts that were read and are no documents.
    fn count(&mut self, seen: usize, silent: usize) {
        let asked = self.documents.iter().filter(|document| document.asked);
        let (checked, unparsable) = asked.fold((0, 0), |(checked, unparsable), document| {
            let broken = document.problems.iter().any(|problem| problem.scope == ProblemScope::File);
            (checked + 1, unparsable + usize::from(broken))
        });
        let checked = checked + silent + self.artifacts.len() + self.large_texts.len();
        self.counts = super::Counts { seen, checked, unparsable };
    }
}
