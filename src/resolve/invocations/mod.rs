//! Finds the commands that run Terraform: what a partial backend is completed with, and where.
//!
//! Nothing is run: scripts, workflows, pipelines and Makefiles are read for `terraform`, `tofu` and `terragrunt`
//! commands, the directory they run in is followed through `cd` and the settings of each system, and names that have
//! one literal value are looked up. What only a run knows stays a hole: a value that is given is never a wrong one.

mod assignments;
pub mod automation;
mod command;
mod directory;
mod jenkins;
mod lexer;
mod make;
mod pipelines;
mod placeholder;
mod quoting;
mod scope;
mod script;
mod shell;
mod words;

use super::{Invocation, PathPattern};
use crate::text::{RepoPath, Source, Span};
use lexer::Dialect;
use memchr::memmem;
use scope::Scope;
use script::Script;
use std::sync::Arc;
use words::Word;

/// Commands of one file beyond this are not reported.
const MAX_INVOCATIONS: usize = 20_000;
/// Bytes of one file that are read again for the runs of its matrices.
const MAX_MATRIX_BYTES: usize = 4 << 20;

/// What a file is to those who run it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A GitHub Actions workflow, or an action.
    Workflow,
    /// The pipeline of any other system: GitLab, Azure, Bitbucket, CircleCI, Atlantis, Taskfile, ...
    Pipeline,
    /// A Makefile or a justfile.
    Make,
    /// A script: `.sh`, `.ps1`, `.cmd`, or one known by its first line.
    Shell,
    /// Any other text that may hold commands.
    Other,
}

/// The commands of a file that run Terraform, ordered by place. Directories are relative to the repository's root,
/// which is the empty text.
pub fn find(source: &Arc<Source>, kind: SourceKind) -> Vec<Invocation> {
    if !may_run_terraform(source.bytes()) {
        return Vec::new();
    }
    let mut found = Found { source: Arc::clone(source), invocations: Vec::new(), budget: MAX_MATRIX_BYTES };
    let name = source.path.name().to_ascii_lowercase();
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let pipeline = matches!(kind, SourceKind::Workflow | SourceKind::Pipeline);
    if is_groovy(&name) {
        jenkins::find(source, &mut found);
    } else if is_just(&name) {
        make::justfile(source, &mut found);
    } else if is_yaml || pipeline {
        if !pipelines::find(source, &mut found) {
            lines(source, &mut found);
        }
    } else if kind == SourceKind::Make {
        make::makefile(source, &mut found);
    } else {
        script_file(source, &mut found);
    }
    found.finish()
}

/// Whether a file of that name, in lower case, is a justfile.
fn is_just(name: &str) -> bool {
    matches!(name, "justfile" | ".justfile") || name.ends_with(".just")
}

/// Whether a file of that name, in lower case, is a Jenkinsfile.
fn is_groovy(name: &str) -> bool {
    name.starts_with("jenkinsfile") || name.ends_with(".jenkinsfile") || name.ends_with(".groovy")
}

/// Whether a text holds any of the words without which there is nothing to find.
fn may_run_terraform(bytes: &[u8]) -> bool {
    const WORDS: [&[u8]; 11] = [
        b"erraform",
        b"ERRAFORM",
        b"tofu",
        b"TOFU",
        b"erragrunt",
        b"ERRAGRUNT",
        b"backend-config",
        b"backend_config",
        b"var-file",
        b"-var",
        b"TF_CLI_ARGS",
    ];
    WORDS.iter().any(|word| memmem::find(bytes, word).is_some())
}

/// A script: it may be started from anywhere.
fn script_file(source: &Source, found: &mut Found) {
    let context = shell::Context {
        dialect: script_dialect(source.path.name()),
        start: PathPattern::anything(),
        own: own_directory(&source.path),
        scope: &Scope::default(),
    };
    shell::run(&[Script::verbatim(source.bytes(), 0)], &context, found);
}

/// The dialect of a script, by its name.
fn script_dialect(name: &str) -> Dialect {
    match name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
        Some("ps1" | "psm1") => Dialect::PowerShell,
        Some("cmd" | "bat") => Dialect::Batch,
        _ => Dialect::Posix,
    }
}

/// A file that should be a pipeline and cannot be parsed: each line may be a command.
fn lines(source: &Source, found: &mut Found) {
    let scope = Scope::default();
    let anything = PathPattern::anything();
    let context = shell::Context { dialect: Dialect::Posix, start: anything.clone(), own: anything, scope: &scope };
    let mut start = 0;
    for line in source.bytes().split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'-')).count();
        let content = &line[marks..];
        let key =
            [b"run:".as_slice(), b"script:", b"bash:", b"command:"].into_iter().find(|key| content.starts_with(key));
        let skip = marks + key.map_or(0, <[u8]>::len);
        shell::run(&[Script::verbatim(&line[skip..], start + skip)], &context, found);
        start += line.len();
    }
}

/// The directory that a file stands in.
fn own_directory(path: &RepoPath) -> PathPattern {
    PathPattern::known(path.parent().as_str())
}

/// What has been found in one file.
struct Found {
    source: Arc<Source>,
    invocations: Vec<Invocation>,
    /// Bytes that matrices may still ask to be read again.
    budget: usize,
}

impl Found {
    fn source(&self) -> &Arc<Source> {
        &self.source
    }

    fn push(&mut self, invocation: Invocation) {
        if self.invocations.len() < MAX_INVOCATIONS {
            self.invocations.push(invocation);
        }
    }

    /// Arguments that stand alone, if they say anything.
    fn arguments(&mut self, subcommand: &str, words: &[Word], span: Span, directory: PathPattern) {
        let invocation = command::arguments(&self.source, subcommand, words, span, directory);
        if !(invocation.backend_config.is_empty() && invocation.var_files.is_empty() && invocation.vars.is_empty()) {
            self.push(invocation);
        }
    }

    /// Whether `bytes` may be read again; they are counted.
    fn afford(&mut self, bytes: usize) -> bool {
        let affordable = bytes <= self.budget;
        self.budget = self.budget.saturating_sub(bytes);
        affordable
    }

    fn count(&self) -> usize {
        self.invocations.len()
    }

    /// Whether something found so far stands inside `span`.
    fn any_inside(&self, span: Span) -> bool {
        self.invocations.iter().any(|invocation| span.contains(invocation.place.span))
    }

    /// The repository stands in `checkout`, not in the directory that is otherwise its root: what was found from
    /// `first` on is moved there.
    fn below_checkout(&mut self, first: usize, checkout: &PathPattern) {
        for invocation in &mut self.invocations[first..] {
            let below = match (checkout.as_known(), invocation.directory.as_known()) {
                (Some(checkout), Some(directory)) => {
                    directory.strip_prefix(checkout).filter(|below| below.is_empty() || below.starts_with('/'))
                }
                _ => None,
            };
            invocation.directory =
                below.map_or_else(PathPattern::anything, |below| PathPattern::known(below.trim_start_matches('/')));
        }
    }

    /// Ordered by place; what several runs of one job say alike is said once.
    fn finish(mut self) -> Vec<Invocation> {
        self.invocations.sort_by(|a, b| a.place.cmp(&b.place));
        self.invocations.dedup_by(|a, b| same(a, b));
        self.invocations
    }
}

fn same(a: &Invocation, b: &Invocation) -> bool {
    let list = |invocation: &Invocation| -> Vec<PathPattern> {
        let arguments = [&invocation.backend_config, &invocation.var_files, &invocation.vars];
        arguments.into_iter().flatten().map(|argument| argument.text.clone()).collect()
    };
    a.place == b.place && a.subcommand == b.subcommand && a.directory == b.directory && list(a) == list(b)
}

#[cfg(test)]
mod tests;
