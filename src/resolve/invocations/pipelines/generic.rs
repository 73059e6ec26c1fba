//! Any other system: Bitbucket, CircleCI, Buildkite, Cloud Build, CodeBuild, Travis, Drone, Woodpecker, Tekton.
//!
//! They differ in where scripts stand, hardly in what their keys are called: the keys are looked for anywhere.

use super::{Found, bind_any, directory, get, inputs, root, scalar, scripts};
use crate::resolve::PathPattern;
use crate::resolve::invocations::lexer::{Dialect, Lexer};
use crate::resolve::invocations::scope::Scope;
use crate::resolve::invocations::shell::{self, Context};
use crate::resolve::invocations::words::Word;
use crate::text::Source;
use crate::text::yaml::{Node, NodeKind};

/// Keys whose scripts share one shell, in the order they run.
const TOGETHER: [&str; 4] = ["before_install", "install", "before_script", "script"];
/// Keys that hold a script, or a list that is one.
const SCRIPTS: [&str; 13] = [
    "run",
    "commands",
    "command",
    "cmd",
    "cmds",
    "bash",
    "sh",
    "pwsh",
    "powershell",
    "after_script",
    "after-script",
    "after_success",
    "deploy",
];
/// Keys that say where.
const DIRECTORIES: [&str; 5] = ["working_directory", "working-directory", "workingDir", "working_dir", "dir"];
/// Keys that hold variables.
const VARIABLES: [&str; 4] = ["env", "environment", "variables", "envs"];
/// Phases of CodeBuild, which
/// [run in one shell](https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html).
const PHASES: [&str; 4] = ["install", "pre_build", "build", "post_build"];

/// Where a visit stands.
struct At<'a> {
    directory: PathPattern,
    /// The place outside the repository that a job checks out to: CircleCI's `~/project`.
    checkout: Option<&'a str>,
    /// Whether a list of bare words is a command line.
    scope: &'a Scope<'a>,
}

pub(super) fn find(source: &Source, document: &Node, scope: Scope<'_>, found: &mut Found) {
    if let Some(phases) = get(document, "phases") {
        return codebuild(source, document, phases, scope, found);
    }
    visit(source, document, &At { directory: root(), checkout: None, scope: &scope }, found);
}

fn codebuild(source: &Source, document: &Node, phases: &Node, mut scope: Scope<'_>, found: &mut Found) {
    if let Some(variables) = get(document, "env").and_then(|env| get(env, "variables")) {
        bind_any(source, variables, Dialect::Posix, &mut scope, found);
    }
    let commands =
        |phase: &str| ["commands", "finally"].map(|key| get(phases, phase).and_then(|phase| get(phase, key)));
    let all: Vec<_> =
        PHASES.iter().flat_map(|phase| commands(phase)).flatten().flat_map(|node| scripts(source, node)).collect();
    let context = Context { dialect: Dialect::Posix, start: root(), own: root(), scope: &scope };
    shell::run(&all, &context, found);
}

fn visit(source: &Source, node: &Node, at: &At<'_>, found: &mut Found) {
    match &node.kind {
        NodeKind::Scalar { .. } => {}
        NodeKind::Sequence(items) => items.iter().for_each(|item| visit(source, item, at, found)),
        NodeKind::Mapping(_) => mapping(source, node, at, found),
    }
}

fn mapping(source: &Source, node: &Node, at: &At<'_>, found: &mut Found) {
    let mut scope = Scope::inside(at.scope);
    for key in VARIABLES {
        if let Some(variables) = get(node, key) {
            bind_any(source, variables, Dialect::Posix, &mut scope, found);
        }
    }
    let (directory, checkout) = place(source, node, at, &scope);
    let inner = At { directory, checkout, scope: &scope };
    let context = Context { dialect: Dialect::Posix, start: inner.directory.clone(), own: root(), scope: inner.scope };
    let together: Vec<_> =
        TOGETHER.iter().filter_map(|key| get(node, key)).flat_map(|part| scripts(source, part)).collect();
    shell::run(&together, &context, found);
    let words = command_line(source, node);
    if let Some(words) = &words {
        shell::run_words(words, &context, found);
    }
    for (key, value) in node.merged() {
        let name = key.as_str().unwrap_or("");
        let is_script = SCRIPTS.contains(&name);
        if is_script && !(words.is_some() && matches!(name, "command" | "cmd")) {
            let dialect = if matches!(name, "pwsh" | "powershell") { Dialect::PowerShell } else { Dialect::Posix };
            shell::run(
                &scripts(source, value),
                &Context { dialect, start: context.start.clone(), own: root(), scope: inner.scope },
                found,
            );
        }
        if let Some(subcommand) = name.strip_prefix("terraform/")
            && value.as_mapping().is_some()
        {
            inputs::orb(source, subcommand, value, inner.scope, found);
        } else if !VARIABLES.contains(&name) {
            visit(source, value, &inner, found);
        }
    }
}

/// The directory that a mapping sets, and where its job checks out to.
fn place<'a>(source: &Source, node: &'a Node, at: &At<'a>, scope: &Scope<'_>) -> (PathPattern, Option<&'a str>) {
    let Some(setting) = DIRECTORIES.iter().find_map(|key| get(node, key)) else {
        return (at.directory.clone(), at.checkout);
    };
    let text = setting.as_str().unwrap_or("");
    if let Some(checkout) = at.checkout
        && let Some(below) = text.strip_prefix(checkout)
        && (below.is_empty() || below.starts_with('/'))
    {
        return (shell::below(&root(), below.trim_start_matches('/')), at.checkout);
    }
    // Cloud Build checks out to /workspace; a CircleCI job to its working directory.
    let outside = text.starts_with(['/', '~']);
    if let Some(below) = text.strip_prefix("/workspace").filter(|below| below.is_empty() || below.starts_with('/')) {
        return (shell::below(&root(), below.trim_start_matches('/')), at.checkout);
    }
    if outside && get(node, "steps").is_some() {
        return (root(), Some(text.trim_end_matches('/')));
    }
    (directory(source, &root(), setting, Dialect::Posix, scope), at.checkout)
}

/// The command line of a container: `entrypoint`, `command` and `args` as lists of words, of Terraform's image or of a
/// shell's.
fn command_line(source: &Source, node: &Node) -> Option<Vec<Word>> {
    let text = |key: &str| get(node, key).and_then(Node::as_str);
    let image = text("image").or_else(|| text("name")).unwrap_or("");
    let of_terraform = ["terraform", "tofu", "terragrunt"].iter().any(|program| image.contains(program));
    let list = |key: &str| -> Vec<&Node> {
        match get(node, key) {
            Some(value) => value.as_sequence().map_or_else(|| vec![value], |items| items.iter().collect()),
            None => Vec::new(),
        }
    };
    let is_list = |key: &str| get(node, key).is_some_and(|value| value.as_sequence().is_some());
    let mut nodes = list("entrypoint");
    let mut programs = nodes.clone();
    if is_list("command") {
        nodes.extend(list("command"));
        programs = nodes.clone();
    }
    if is_list("args") {
        nodes.extend(list("args"));
    }
    let first = nodes.first()?.as_str()?;
    let program = first.rsplit('/').next().unwrap_or("");
    let runs = matches!(program, "terraform" | "tofu" | "terragrunt" | "sh" | "bash" | "ash");
    let subcommand = of_terraform && is_list_of_arguments(first);
    if !(runs || subcommand) || (programs.is_empty() && !of_terraform) || first.contains(' ') {
        return None;
    }
    let mut words: Vec<Word> = Vec::new();
    if subcommand && !runs {
        let span = nodes.first()?.span;
        words.push(Word::text("terraform", span));
    }
    words.extend(
        nodes
            .iter()
            .filter_map(|node| scalar::script(source, node).map(|script| Lexer::new(&script, Dialect::Posix).value())),
    );
    Some(words)
}

/// Whether a word is what stands behind the program: a subcommand or a flag.
fn is_list_of_arguments(word: &str) -> bool {
    word.starts_with('-') || word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
