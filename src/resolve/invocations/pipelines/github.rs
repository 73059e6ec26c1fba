//! [GitHub Actions](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax): workflows
//! and composite actions.

use super::{Found, MAX_MATRIX_BYTES, bind, dialect_of, directory, get, inputs, matrix, root, run, scalar};
use crate::resolve::PathPattern;
use crate::resolve::invocations::directory as paths;
use crate::resolve::invocations::lexer::Dialect;
use crate::resolve::invocations::scope::Scope;
use crate::resolve::invocations::shell;
use crate::text::Source;
use crate::text::yaml::Node;

/// What steps inherit.
#[derive(Clone)]
struct Defaults<'a> {
    directory: Option<&'a Node>,
    dialect: Dialect,
}

impl<'a> Defaults<'a> {
    /// These, changed by the `defaults.run` of a workflow or a job.
    fn with(&self, node: &'a Node) -> Self {
        let settings = get(node, "defaults").and_then(|defaults| get(defaults, "run"));
        let setting = |key| settings.and_then(|settings| get(settings, key));
        let dialect = setting("shell").and_then(Node::as_str).and_then(dialect_of).unwrap_or(self.dialect);
        Self { directory: setting("working-directory").or(self.directory), dialect }
    }
}

pub(super) fn find(source: &Source, document: &Node, mut scope: Scope<'_>, found: &mut Found) {
    if let Some(env) = get(document, "env") {
        bind(source, env, Dialect::Posix, &mut scope, found);
    }
    let defaults = Defaults { directory: None, dialect: Dialect::Posix }.with(document);
    if let Some(steps) = get(document, "runs").and_then(|runs| get(runs, "steps")) {
        run_steps(source, steps, &defaults, &scope, found);
    }
    for (_, job) in get(document, "jobs").map(Node::merged).unwrap_or_default() {
        run_job(source, job, &defaults, &scope, found);
    }
}

fn run_job(source: &Source, job: &Node, defaults: &Defaults<'_>, scope: &Scope<'_>, found: &mut Found) {
    let Some(steps) = get(job, "steps") else { return };
    let windows = get(job, "runs-on").and_then(Node::as_str).is_some_and(|label| label.contains("windows"));
    let inherited = Defaults {
        dialect: if windows { Dialect::PowerShell } else { defaults.dialect },
        directory: defaults.directory,
    };
    let defaults = inherited.with(job);
    let mut runs = get(job, "strategy")
        .and_then(|strategy| get(strategy, "matrix"))
        .map_or_else(|| vec![Vec::new()], matrix::github);
    let used = memchr::memmem::find(source.slice(job.span), b"matrix.").is_some();
    if !used || job.span.len() * runs.len() > MAX_MATRIX_BYTES || !found.afford(job.span.len() * runs.len()) {
        runs = vec![Vec::new()];
    }
    for values in runs {
        let first = found.count();
        let mut level = Scope::inside(scope);
        matrix::bind(source, &values, "matrix.", Dialect::Posix, &mut level);
        if let Some(env) = get(job, "env") {
            bind(source, env, Dialect::Posix, &mut level, found);
        }
        run_steps(source, steps, &defaults, &level, found);
        if let Some(checkout) = checkout_path(source, steps, &level) {
            found.below_checkout(first, &checkout);
        }
    }
}

fn run_steps(source: &Source, steps: &Node, defaults: &Defaults<'_>, scope: &Scope<'_>, found: &mut Found) {
    for step in steps.as_sequence().unwrap_or_default() {
        let mut level = Scope::inside(scope);
        if let Some(env) = get(step, "env") {
            bind(source, env, Dialect::Posix, &mut level, found);
        }
        if let Some(script) = get(step, "run") {
            let shell = get(step, "shell").and_then(Node::as_str);
            let dialect = match shell {
                Some(shell) if shell.starts_with("python") => continue,
                Some(shell) => dialect_of(shell).unwrap_or(Dialect::Posix),
                None => defaults.dialect,
            };
            let place = get(step, "working-directory").or(defaults.directory);
            let start = place.map_or_else(root, |node| directory(source, &root(), node, Dialect::Posix, &level));
            run(source, script, &start, dialect, &level, found);
        }
        let action = get(step, "uses").and_then(Node::as_str).and_then(dflook);
        if let (Some(subcommand), Some(with)) = (action, get(step, "with")) {
            inputs::action(source, subcommand, step, with, &level, found);
        }
    }
}

/// The subcommand of an action of [dflook/terraform-github-actions](https://github.com/dflook/terraform-github-actions).
fn dflook(uses: &str) -> Option<&str> {
    let action = uses.split('@').next()?.strip_prefix("dflook/")?;
    let command = action.strip_prefix("terraform-").or_else(|| action.strip_prefix("tofu-"))?;
    Some(match command {
        "destroy-workspace" => "destroy",
        "new-workspace" => "workspace",
        "check" => "plan",
        other => other,
    })
}

/// Where [actions/checkout](https://github.com/actions/checkout) puts this repository, if not into the workspace.
fn checkout_path(source: &Source, steps: &Node, scope: &Scope<'_>) -> Option<PathPattern> {
    let own = steps.as_sequence()?.iter().find(|step| {
        let uses = get(step, "uses").and_then(Node::as_str).unwrap_or("");
        uses.starts_with("actions/checkout@") && get(step, "with").and_then(|with| get(with, "repository")).is_none()
    })?;
    let path = get(get(own, "with")?, "path")?;
    let script = scalar::script(source, path)?;
    let checkout = shell::resolve_directory(&root(), &script, Dialect::Posix, scope);
    (checkout.as_known() != Some("")).then(|| paths::join(&root(), &checkout))
}
