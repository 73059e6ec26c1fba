//! Reads and parses the files that were collected, in parallel.

use super::artifact::{self, ArtifactFile};
use super::collect::{CollectError, Collected, FileEntry, ReadError, Reader};
use super::hcl::{self, JsonFlavour, Parsed, ProblemScope};
use super::{Document, Kind, Repository, generated, ignores};
use crate::finding::Notification;
use crate::text::{RepoPath, Source};
use memchr::memmem;
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

/// Reads all files of the kinds that are judged. `progress` hears of every file that is done.
pub fn load(collected: Collected, progress: &(dyn Fn(u64) + Sync)) -> Repository {
    let read = read_all(&collected, progress);
    finish(collected, read)
}

/// As [`load`], for a collection of single paths: the modules that are called from there are collected too.
///
/// # Errors
/// [`CollectError`] if git's data is damaged.
pub fn load_near(mut collected: Collected, progress: &(dyn Fn(u64) + Sync)) -> Result<Repository, CollectError> {
    /// Calls within calls that are followed.
    const MAX_ROUNDS: usize = 24;
    let mut read = read_all(&collected, progress);
    let mut known: HashSet<RepoPath> = collected.files.iter().map(|file| file.path.parent()).collect();
    for _ in 0..MAX_ROUNDS {
        let called = read.documents.iter().flat_map(called_directories);
        let new: Vec<RepoPath> = called.filter(|directory| known.insert(directory.clone())).collect();
        if new.is_empty() {
            break;
        }
        collected.add_directories(&new)?;
        read = read_all(&collected, progress);
    }
    Ok(finish(collected, read))
}

#[derive(Default)]
struct Read {
    documents: Vec<Document>,
    notifications: Vec<Notification>,
}

fn read_all(collected: &Collected, progress: &(dyn Fn(u64) + Sync)) -> Read {
    let judged: Vec<&FileEntry> = collected.files.iter().filter(|file| is_judged(file.kind)).collect();
    // The others are done with already.
    progress((collected.files.len() - judged.len()) as u64);
    let results = judged.par_iter().map_init(
        || collected.reader(),
        |reader, file| {
            let result = read_one(reader, file);
            progress(1);
            result
        },
    );
    let mut read = Read::default();
    for result in results.collect::<Vec<_>>().into_iter().flatten() {
        match result {
            Ok(document) => read.documents.push(document),
            Err(notification) => read.notifications.push(notification),
        }
    }
    read
}

/// The artifacts among the files that were asked for.
fn find_artifacts(collected: &Collected) -> Vec<ArtifactFile> {
    let asked = collected.files.par_iter().filter(|file| file.asked);
    let found = asked.map_init(
        || collected.reader(),
        |reader, file| {
            let head = || reader.head(file, artifact::HEAD_BYTES).ok();
            if !artifact::is_artifact(&file.path, file.kind, head) {
                return None;
            }
            let size = file.os_path.metadata().map_or(0, |metadata| metadata.len());
            let FileEntry { path, kind, tracked, ignored, .. } = file;
            Some(ArtifactFile { path: path.clone(), kind: *kind, tracked: *tracked, ignored: *ignored, size })
        },
    );
    found.flatten().collect()
}

fn finish(mut collected: Collected, read: Read) -> Repository {
    let artifacts = find_artifacts(&collected);
    let links = std::mem::take(&mut collected.links);
    let notifications = std::mem::take(&mut collected.notifications);
    let (in_git, whole) = (collected.in_git, collected.whole);
    let seen = collected.files.iter().filter(|file| file.asked).count();
    let mut repository = Repository::new(read.documents, Box::new(collected));
    repository.notifications = notifications;
    repository.notifications.extend(read.notifications);
    repository.artifacts = artifacts;
    repository.in_git = in_git;
    repository.whole = whole;
    repository.add_links(&links);
    repository.count(seen);
    repository
}

/// Directories of the local modules that a document calls.
fn called_directories(document: &Document) -> Vec<RepoPath> {
    let modules = document.body.iter().flat_map(|body| body.blocks_of("module"));
    let sources = modules.filter_map(|module| module.body.attribute("source")?.value.as_str().map(str::to_owned));
    let local = sources.filter(|source| source.starts_with("./") || source.starts_with("../"));
    local.map(|source| document.path().parent().join(&source)).filter(|path| !path.escapes_root()).collect()
}

/// Reads and parses one file; None for texts that say nothing.
fn read_one(reader: &Reader, file: &FileEntry) -> Option<Result<Document, Notification>> {
    let bytes = match reader.read(file) {
        Ok(bytes) => bytes,
        // Removed since the directory was listed: there is nothing to judge any more.
        Err(ReadError::Io(std::io::ErrorKind::NotFound)) => return None,
        Err(error) => return Some(Err(Notification::warning(&file.path, error.to_string()))),
    };
    let kind = file.kind.with_content(&bytes);
    let may_tell = match kind {
        Kind::GitIgnore | Kind::Text => TELLING.iter().any(|word| memmem::find(&bytes, word).is_some()),
        _ => true,
    };
    if !may_tell {
        return None;
    }
    let source = Arc::new(Source::new(file.path.clone(), bytes));
    Some(Ok(parse(source, kind, file.tracked, file.asked)))
}

/// Kinds that some rule looks at.
fn is_judged(kind: Kind) -> bool {
    !matches!(kind, Kind::State | Kind::BackendCache | Kind::Plan | Kind::CrashLog | Kind::Text)
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
    Document { source, kind, tracked, asked, body, generated, problems, ignores }
}

impl Repository {
    /// Reads a file as a document of a kind that its name does not tell: backend-config and variable files are named
    /// as one likes. None if it is a document already, or not readable.
    pub fn add_named(&mut self, path: &RepoPath, kind: Kind) -> Option<&Document> {
        if self.document(path).is_some() || !self.on_demand.exists(path) {
            return None;
        }
        let bytes = self.on_demand.read(path)?;
        let asked = self.whole;
        let document = parse(Arc::new(Source::new(path.clone(), bytes)), kind, true, asked);
        let index = self.documents.partition_point(|known| known.path() < path);
        self.documents.insert(index, document);
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
            self.documents.insert(index, document);
        }
    }

    fn count(&mut self, seen: usize) {
        let asked = self.documents.iter().filter(|document| document.asked);
        let (checked, unparsable) = asked.fold((0, 0), |(checked, unparsable), document| {
            let broken = document.problems.iter().any(|problem| problem.scope == ProblemScope::File);
            (checked + 1, unparsable + usize::from(broken))
        });
        self.counts = super::Counts { seen, checked: checked + self.artifacts.len(), unparsable };
    }
}
