//! [GitLab CI/CD](https://docs.gitlab.com/ci/yaml/): jobs with `before_script`, `script` and `after_script`.

use super::{Found, MAX_MATRIX_BYTES, bind, get, matrix, root, scalar};
use crate::resolve::PathPattern;
use crate::resolve::invocations::lexer::Dialect;
use crate::resolve::invocations::scope::Scope;
use crate::resolve::invocations::script::Script;
use crate::resolve::invocations::shell::{self, Context};
use crate::text::Source;
use crate::text::yaml::Node;
use std::collections::HashMap;

/// `extends` is followed this deep ([GitLab allows eleven levels](https://docs.gitlab.com/ci/yaml/#extends)).
const MAX_EXTENDS: usize = 11;

/// Scripts of one job; references beyond are not followed.
const MAX_SCRIPTS: usize = 10_000;

/// Top-level keys that are no jobs.
const RESERVED: [&str; 10] =
    ["default", "include", "stages", "variables", "workflow", "image", "services", "cache", "spec", "before_script"];

/// Whether some top-level key is a job with a script.
pub(super) fn has_shape(document: &Node) -> bool {
    let jobs = document.as_mapping().unwrap_or_default();
    document.get("stages").is_some() && jobs.iter().any(|(_, job)| job.get("script").is_some())
}

/// The top level of a file.
type Keys<'a> = HashMap<&'a str, &'a Node>;

pub(super) fn find(source: &Source, document: &Node, mut scope: Scope<'_>, found: &mut Found) {
    let entries = document.merged();
    let keys: Keys<'_> = entries.iter().filter_map(|(name, value)| Some((name.as_str()?, *value))).collect();
    if let Some(variables) = get(document, "variables") {
        bind(source, variables, Dialect::Posix, &mut scope, found);
    }
    let (hidden, visible): (Vec<_>, Vec<_>) = entries
        .into_iter()
        .filter_map(|(name, job)| Some((name.as_str()?, job)))
        .filter(|(name, job)| !RESERVED.contains(name) && job.as_mapping().is_some())
        .partition(|(name, _)| name.starts_with('.'));
    for (_, job) in visible {
        run_job(source, &keys, job, &scope, found);
    }
    // A template that a job of this file uses has been run there, with the job's variables.
    for (_, job) in hidden {
        if !found.any_inside(job.span) {
            run_job(source, &keys, job, &scope, found);
        }
    }
}

/// A job with all it extends, the nearest first; false if some of it is not in this file.
fn ancestry<'a>(keys: &Keys<'a>, job: &'a Node) -> (Vec<&'a Node>, bool) {
    let mut line = Vec::new();
    let mut whole = true;
    let mut left = vec![(job, 0)];
    while let Some((node, depth)) = left.pop() {
        line.push(node);
        let Some(extends) = get(node, "extends") else { continue };
        let names = extends.as_sequence().unwrap_or(std::slice::from_ref(extends));
        if depth >= MAX_EXTENDS || line.len() + names.len() > 64 {
            whole = false;
            continue;
        }
        // The last one named wins, so it is looked at first: pushed last.
        for name in names {
            match name.as_str().and_then(|name| keys.get(name).copied()) {
                Some(parent) => left.push((parent, depth + 1)),
                None => whole = false,
            }
        }
    }
    (line, whole)
}

fn run_job(source: &Source, keys: &Keys<'_>, job: &Node, scope: &Scope<'_>, found: &mut Found) {
    let (line, whole) = ancestry(keys, job);
    let inherited = |key: &str| line.iter().find_map(|node| get(node, key));
    let default =
        |key: &str| keys.get("default").and_then(|default| get(default, key)).or_else(|| keys.get(key).copied());
    let before = inherited("before_script").or_else(|| if whole { default("before_script") } else { None });
    let Some(script) = inherited("script") else { return };
    // What an unknown template does first may change the directory.
    let start = if whole || inherited("before_script").is_some() { root() } else { PathPattern::anything() };
    let cost = job.span.len() + script.span.len() + before.map_or(0, |node| node.span.len());
    if !job.span.contains(script.span) && !found.afford(cost) {
        return;
    }
    let mut runs = inherited("parallel")
        .and_then(|parallel| get(parallel, "matrix"))
        .map_or_else(|| vec![Vec::new()], matrix::gitlab);
    if cost * runs.len() > MAX_MATRIX_BYTES || !found.afford(cost * runs.len()) {
        runs = vec![Vec::new()];
    }
    for values in runs {
        let mut level = Scope::inside(scope);
        for variables in line.iter().rev().filter_map(|node| get(node, "variables")) {
            bind(source, variables, Dialect::Posix, &mut level, found);
        }
        matrix::bind(source, &values, "", Dialect::Posix, &mut level);
        let mut scripts = Vec::new();
        for part in before.into_iter().chain([script]) {
            collect(source, keys, part, &mut scripts, 0);
        }
        let context = Context { dialect: Dialect::Posix, start: start.clone(), own: root(), scope: &level };
        shell::run(&scripts, &context, found);
        if let Some(after) = inherited("after_script").or_else(|| default("after_script")) {
            let mut scripts = Vec::new();
            collect(source, keys, after, &mut scripts, 0);
            shell::run(&scripts, &Context { start: root(), ..context }, found);
        }
    }
}

/// The scripts of a node, [`!reference [job, script]`](https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags)
/// resolved.
fn collect<'a>(source: &'a Source, keys: &Keys<'a>, node: &'a Node, scripts: &mut Vec<Script<'a>>, depth: usize) {
    let Some(items) = node.as_sequence() else { return scripts.extend(scalar::script(source, node)) };
    if let Some((target, known)) = reference(keys, items) {
        match target {
            Some(target) if depth < MAX_EXTENDS && scripts.len() < MAX_SCRIPTS => {
                collect(source, keys, target, scripts, depth + 1);
            }
            // Commands of another file: the directory may be another after them.
            _ if !known => scripts.push(Script::mapped(b"cd $UNKNOWN\n".as_slice(), Vec::new(), node.span)),
            _ => {}
        }
        return;
    }
    for item in items {
        collect(source, keys, item, scripts, depth);
    }
}

/// What a list of a job's name and a script's key refers to; None if it is a list of commands.
fn reference<'a>(keys: &Keys<'a>, items: &[Node]) -> Option<(Option<&'a Node>, bool)> {
    let [job, key] = items else { return None };
    let (job, key) = (job.as_str()?, key.as_str()?);
    if !matches!(key, "script" | "before_script" | "after_script") {
        return None;
    }
    let target = keys.get(job).and_then(|job| get(job, key));
    Some((target, target.is_some()))
}
