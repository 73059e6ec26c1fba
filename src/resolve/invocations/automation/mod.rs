//! What a workflow, pipeline, Makefile or script says, whatever system runs it: settings, actions, commands, uploads.
//!
//! Nothing is run. Names that have one literal value in the file are looked up; what only a run knows stays a hole.

mod commands;
mod draft;
mod hooks;
mod jenkins;
mod make;
mod pipeline;
mod settings;

use super::pipelines::System as Dialects;
use super::{PathPattern, is_groovy, is_just};
use crate::document::{Document, Kind};
use crate::finding::Place;
use crate::text::{Source, Span, yaml};
use draft::Draft;
use std::sync::Arc;

/// Settings, actions, commands and uploads of one file; what goes beyond is not looked at.
const MAX_ITEMS: usize = 100_000;

/// What runs a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// GitHub Actions, Gitea, Forgejo.
    GitHub,
    /// GitLab CI/CD.
    GitLab,
    /// Azure Pipelines.
    Azure,
    /// Bitbucket Pipelines.
    Bitbucket,
    /// CircleCI.
    CircleCi,
    /// Jenkins.
    Jenkins,
    /// Another CI system.
    Other,
    /// Terragrunt's hooks.
    Terragrunt,
    /// `make`, `just`, `task`.
    Make,
    /// A script, which anybody may start.
    Script,
}

/// All that a file says to those who run it, each list in the order it is written.
#[derive(Debug)]
pub struct Automation {
    /// What runs it.
    pub system: System,
    /// Names of the jobs, by their number; empty for what has none.
    pub jobs: Vec<String>,
    /// Variables, inputs of actions, defaults of parameters.
    pub settings: Vec<Setting>,
    /// Actions, tasks, pipes, orbs.
    pub actions: Vec<Action>,
    /// Commands of scripts.
    pub commands: Vec<Command>,
    /// Files that are kept for download.
    pub uploads: Vec<Upload>,
    /// Where a file that should be YAML stops to be it: it was read line by line, as far as lines tell anything.
    pub broken: Option<Place>,
}

/// A name and the value it is given.
#[derive(Debug)]
pub struct Setting {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Text,
    /// What is given the value.
    pub holder: Holder,
    /// Where it stands.
    pub site: Site,
}

/// What is given a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The environment of a file, job or step.
    Environment,
    /// The environment of a container that runs beside a job, or is started by a command.
    Service,
    /// An input of the action of that number.
    Input(usize),
    /// A parameter, as its default.
    Default,
    /// A variable of a script or Makefile; exported or not.
    Variable,
}

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Number of the job; 0 is the file outside all jobs.
    pub job: usize,
    /// Number of the mapping, step or script: what has the same is read together.
    pub group: usize,
    /// Whether it is only there when somebody asks for it: a step for debugging, a job that is started by hand.
    pub on_demand: bool,
}

/// A use of an action, a task, a pipe, an orb or a template.
#[derive(Debug)]
pub struct Action {
    /// What it is called, with its version.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// Where it is used.
    pub site: Site,
}

/// A command of a script.
#[derive(Debug)]
pub struct Command {
    /// Its words, without assignments before it.
    pub words: Vec<Text>,
    /// Where its output goes.
    pub output: Output,
    /// All of it.
    pub place: Place,
    /// Where it stands.
    pub site: Site,
}

/// Where the output of a command goes.
#[derive(Debug)]
pub enum Output {
    /// To the log.
    Log,
    /// Into the next command.
    Pipe,
    /// Into a file.
    File(Text),
}

/// Files that a job leaves for download.
#[derive(Debug)]
pub struct Upload {
    /// A path or pattern.
    pub path: Text,
    /// Where it is named.
    pub place: Place,
    /// What keeps them.
    pub keeper: String,
    /// Where it stands.
    pub site: Site,
}

/// A text of which parts may be unknown. It may be a secret: nothing of it is formatted.
#[derive(Clone)]
pub struct Text {
    /// What is known of it.
    pub pattern: PathPattern,
    /// The names in it that stand for something unknown; empty ones for what has no name.
    pub references: Vec<String>,
    /// Where it stands, without quotes. What a name stood for stands where that was written.
    pub place: Place,
}

impl Text {
    /// The text, if all of it is known.
    pub fn known(&self) -> Option<&str> {
        self.pattern.as_known()
    }

    /// What it is known to start with.
    pub fn head(&self) -> &str {
        self.pattern.0.first().map_or("", String::as_str)
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Text").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Automation {
    /// What a document says; None for documents that nothing runs.
    pub fn of(document: &Document) -> Option<Automation> {
        let source = &document.source;
        let mut draft = Draft::new(source);
        let system = match document.kind {
            Kind::Terragrunt => hooks::read(document, &mut draft)?,
            Kind::Workflow | Kind::Pipeline | Kind::Makefile | Kind::Script => read(document.kind, source, &mut draft),
            _ => return None,
        };
        Some(draft.finish(system))
    }

    /// What a finding calls the place of something: the job, and what is in it.
    pub fn address(&self, site: Site, name: &str) -> String {
        match self.jobs.get(site.job).filter(|job| !job.is_empty()) {
            Some(job) => format!("jobs.{job}.{name}"),
            None => name.to_owned(),
        }
    }
}

fn read(kind: Kind, source: &Arc<Source>, draft: &mut Draft<'_>) -> System {
    let name = source.path.name().to_ascii_lowercase();
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    match kind {
        _ if is_groovy(&name) => {
            jenkins::read(source, draft);
            System::Jenkins
        }
        Kind::Makefile if !is_yaml => {
            make::read(source, is_just(&name), draft);
            System::Make
        }
        Kind::Script => {
            commands::read_file(source, draft);
            System::Script
        }
        _ => pipeline_file(kind, source, draft),
    }
}

/// A YAML file; one that is none is read line by line.
fn pipeline_file(kind: Kind, source: &Arc<Source>, draft: &mut Draft<'_>) -> System {
    let documents = match yaml::parse(source.bytes()) {
        Ok(documents) => documents,
        Err(error) => {
            draft.broken = Some(place(source, Span::at(error.offset as usize)));
            commands::read_lines(source, draft);
            return if kind == Kind::Makefile { System::Make } else { System::Other };
        }
    };
    let mut system = System::Other;
    for document in documents.iter().filter(|document| document.as_mapping().is_some()) {
        system = system_of(kind, source, document);
        pipeline::read(source, document, system, draft);
    }
    system
}

fn system_of(kind: Kind, source: &Source, document: &yaml::Node) -> System {
    let path = source.path.as_str();
    match super::pipelines::system(&source.path, document) {
        Dialects::GitHub => System::GitHub,
        Dialects::GitLab => System::GitLab,
        Dialects::Azure => System::Azure,
        _ if kind == Kind::Makefile => System::Make,
        _ if source.path.name().starts_with("bitbucket-pipelines") => System::Bitbucket,
        _ if path.starts_with(".circleci/") || path.contains("/.circleci/") => System::CircleCi,
        _ => System::Other,
    }
}

/// The place of a span.
fn place(source: &Arc<Source>, span: Span) -> Place {
    Place::new(source, span)
}

#[cfg(test)]
mod tests;
