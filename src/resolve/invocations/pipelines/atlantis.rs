//! [Atlantis](https://www.runatlantis.io/docs/custom-workflows): `atlantis.yaml` and the server's `repos.yaml`.

use super::{Found, bind_one, get, root, run, scalar};
use crate::resolve::PathPattern;
use crate::resolve::invocations::lexer::{Dialect, Lexer};
use crate::resolve::invocations::scope::{Binding, Here, Scope};
use crate::resolve::invocations::words::Word;
use crate::text::Source;
use crate::text::yaml::Node;
use std::collections::HashMap;

/// A workflow's text times its projects; beyond, the directories stay unknown.
const MAX_BYTES: usize = 1 << 20;

/// Where a workflow runs.
struct Project<'a> {
    directory: PathPattern,
    workspace: Option<&'a Node>,
    name: Option<&'a Node>,
}

pub(super) fn find(source: &Source, document: &Node, scope: &Scope<'_>, found: &mut Found) {
    let projects = get(document, "projects").and_then(Node::as_sequence).unwrap_or_default();
    let mut users: HashMap<&str, Vec<&Node>> = HashMap::new();
    for project in projects {
        let workflow = get(project, "workflow").and_then(Node::as_str).unwrap_or("default");
        users.entry(workflow).or_default().push(project);
    }
    for (name, workflow) in get(document, "workflows").map(Node::merged).unwrap_or_default() {
        let users = name.as_str().and_then(|name| users.get(name)).map_or(&[][..], Vec::as_slice);
        let cost = users.len() * (workflow.span.len() + 1);
        let mut places: Vec<Project<'_>> = Vec::new();
        if cost <= MAX_BYTES && found.afford(cost) {
            places.extend(users.iter().map(|project| place(source, project, scope)));
        }
        if places.is_empty() {
            // Projects that are found by themselves, or named by the server.
            places.push(Project { directory: PathPattern::anything(), workspace: None, name: None });
        }
        for place in places {
            run_workflow(source, workflow, &place, scope, found);
        }
    }
}

fn place<'a>(source: &Source, project: &'a Node, scope: &Scope<'_>) -> Project<'a> {
    let directory = get(project, "dir")
        .map_or_else(PathPattern::anything, |dir| super::directory(source, &root(), dir, Dialect::Posix, scope));
    Project { directory, workspace: get(project, "workspace"), name: get(project, "name") }
}

fn run_workflow(source: &Source, workflow: &Node, place: &Project<'_>, scope: &Scope<'_>, found: &mut Found) {
    for (_, stage) in workflow.merged() {
        let mut level = Scope::inside(scope);
        let project = place.directory.as_known().is_some() || place.name.is_some();
        for (name, value) in [("WORKSPACE", place.workspace), ("PROJECT_NAME", place.name)] {
            match value {
                Some(value) => bind_one(source, name, value, Dialect::Posix, &mut level, found),
                // A project without a workspace has the one named default.
                None if name == "WORKSPACE" && project => {
                    let default = Word::text("default", stage.span);
                    level.names.insert(name.to_owned(), Binding::Value(default));
                }
                None => {}
            }
        }
        for step in get(stage, "steps").and_then(Node::as_sequence).unwrap_or_default() {
            run_step(source, step, place, &mut level, found);
        }
    }
}

fn run_step(source: &Source, step: &Node, place: &Project<'_>, scope: &mut Scope<'_>, found: &mut Found) {
    for (name, settings) in step.merged() {
        match name.as_str().unwrap_or("") {
            "run" | "multienv" => {
                let script = get(settings, "command").unwrap_or(settings);
                run(source, script, &place.directory, Dialect::Posix, scope, found);
            }
            "env" => {
                let variable = get(settings, "name").and_then(Node::as_str);
                if let (Some(variable), Some(value)) = (variable, get(settings, "value")) {
                    bind_one(source, variable, value, Dialect::Posix, scope, found);
                }
            }
            subcommand => {
                let Some(extra) = get(settings, "extra_args").and_then(Node::as_sequence) else { continue };
                let words = words(source, extra, scope);
                found.arguments(subcommand, &words, settings.span, place.directory.clone());
            }
        }
    }
}

fn words(source: &Source, items: &[Node], scope: &Scope<'_>) -> Vec<Word> {
    let anything = PathPattern::anything();
    let here = Here { current: &anything, own: &anything };
    let word = |item: &Node| scalar::script(source, item).map(|script| Lexer::new(&script, Dialect::Posix).value());
    items.iter().filter_map(word).flat_map(|word| scope.expand(&word, here)).collect()
}
