//! Workflows and pipelines: which scripts they run, where, and in what environment.

mod atlantis;
mod azure;
mod generic;
mod github;
mod gitlab;
mod inputs;
mod matrix;
pub(super) mod scalar;
mod taskfile;

use super::assignments;
use super::lexer::{Dialect, Lexer};
use super::scope::{Binding, Scope};
use super::shell::{self, Context};
use super::words::{is_name, split};
use super::{Found, PathPattern};
use crate::text::yaml::{self, Node};
use crate::text::{RepoPath, Source};
use std::collections::HashSet;

/// A job's text times the runs its matrix asks for; beyond, the matrix stays unknown.
const MAX_MATRIX_BYTES: usize = 1 << 20;

/// The systems that are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    GitHub,
    GitLab,
    Azure,
    Atlantis,
    Taskfile,
    Generic,
}

/// Reads a YAML file; false if it is none, so that it can be read as a plain text.
pub(super) fn find(source: &Source, found: &mut Found) -> bool {
    let Ok(documents) = yaml::parse(source.bytes()) else { return false };
    let assigned = assigned_names(source.bytes());
    for document in documents.iter().filter(|document| document.as_mapping().is_some()) {
        let scope = Scope { assigned: assigned.clone(), ..Scope::default() };
        match system(&source.path, document) {
            System::GitHub => github::find(source, document, scope, found),
            System::GitLab => gitlab::find(source, document, scope, found),
            System::Azure => azure::find(source, document, scope, found),
            System::Atlantis => atlantis::find(source, document, &scope, found),
            System::Taskfile => taskfile::find(source, document, scope, found),
            System::Generic => generic::find(source, document, scope, found),
        }
    }
    true
}

/// The system, by the file's name, else by its shape.
pub(super) fn system(path: &RepoPath, document: &Node) -> System {
    let name = path.name().to_ascii_lowercase();
    let has = |key: &str| document.get(key).is_some();
    let sequence = |key: &str| document.get(key).is_some_and(|node| node.as_sequence().is_some());
    if path.as_str().contains("workflows/") && has("jobs")
        || document.get("runs").is_some_and(|runs| runs.get("steps").is_some())
    {
        System::GitHub
    } else if path.as_str().contains(".gitlab-ci") || path.as_str().starts_with(".gitlab/") {
        System::GitLab
    } else if name.contains("atlantis") || (sequence("repos") && has("workflows")) {
        System::Atlantis
    } else if name.starts_with("taskfile") || has("tasks") {
        System::Taskfile
    } else if name.contains("azure") || azure::has_shape(document) {
        System::Azure
    } else if has("jobs") && has("on") {
        System::GitHub
    } else if gitlab::has_shape(document) {
        System::GitLab
    } else {
        System::Generic
    }
}

/// A key of a mapping, merge keys followed.
pub(super) fn get<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    if let Some(value) = node.get(key) {
        return Some(value);
    }
    node.get("<<")?;
    node.merged().into_iter().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
}

/// The scripts of a scalar or of a list, lists in it included.
pub(super) fn scripts<'a>(source: &'a Source, node: &'a Node) -> Vec<super::Script<'a>> {
    match node.as_sequence() {
        Some(items) => items.iter().flat_map(|item| scripts(source, item)).collect(),
        None => scalar::script(source, node).into_iter().collect(),
    }
}

/// Binds the entries of a mapping of variables.
fn bind(source: &Source, variables: &Node, dialect: Dialect, scope: &mut Scope<'_>, found: &mut Found) {
    for (name, value) in variables.merged() {
        if let Some(name) = name.as_str() {
            bind_one(source, name, value, dialect, scope, found);
        }
    }
}

/// Binds one variable. A value with quotes may be text to one system and shell to another: it stays unknown.
fn bind_one(source: &Source, name: &str, value: &Node, dialect: Dialect, scope: &mut Scope<'_>, found: &mut Found) {
    let script = scalar::script(source, value);
    if let (Some(subcommand), Some(script)) = (assignments::cli_args(name), &script) {
        let pieces = shell::resolve_value(script, dialect, scope);
        found.arguments(subcommand, &split(&pieces), value.span, PathPattern::anything());
    }
    let plain = |bytes: &[u8]| !bytes.iter().any(|byte| matches!(byte, b'\'' | b'"' | b'\\' | b'`'));
    let binding = match script {
        Some(script) if plain(&script.bytes) => Binding::Value(Lexer::new(&script, dialect).value()),
        _ => Binding::Unknown,
    };
    scope.names.insert(name.to_owned(), binding);
}

/// Binds variables given as a mapping, as `NAME=value` items or as `name` and `value`.
fn bind_any(source: &Source, variables: &Node, dialect: Dialect, scope: &mut Scope<'_>, found: &mut Found) {
    let Some(items) = variables.as_sequence() else { return bind(source, variables, dialect, scope, found) };
    for item in items {
        let named = get(item, "name").and_then(Node::as_str).zip(get(item, "value"));
        if let Some((name, value)) = named {
            bind_one(source, name, value, dialect, scope, found);
        } else if item.as_mapping().is_some() {
            bind(source, item, dialect, scope, found);
        } else if let Some(script) = scalar::script(source, item) {
            let word = Lexer::new(&script, dialect).value();
            if let Some((name, value, _)) = word.assignment() {
                if let Some(subcommand) = assignments::cli_args(name) {
                    found.arguments(subcommand, &split(&value), item.span, PathPattern::anything());
                }
                let value = super::words::Word { pieces: value, span: word.span, array: Vec::new() };
                scope.names.insert(name.to_owned(), Binding::Value(value));
            }
        }
    }
}

/// The directory that a setting names in `base`; what is no text is unknown.
fn directory(source: &Source, base: &PathPattern, node: &Node, dialect: Dialect, scope: &Scope<'_>) -> PathPattern {
    match scalar::script(source, node) {
        Some(script) => shell::resolve_directory(base, &script, dialect, scope),
        None => PathPattern::anything(),
    }
}

/// Runs the scripts of a node, one shell for all of them.
fn run(source: &Source, node: &Node, start: &PathPattern, dialect: Dialect, scope: &Scope<'_>, found: &mut Found) {
    let context = Context { dialect, start: start.clone(), own: PathPattern::anything(), scope };
    shell::run(&scripts(source, node), &context, found);
}

/// The root of the repository, where a checkout leaves a job.
fn root() -> PathPattern {
    PathPattern::known("")
}

/// The dialect of a shell that a step names.
pub(super) fn dialect_of(shell: &str) -> Option<Dialect> {
    let name = shell.split_whitespace().next().unwrap_or("");
    match name.rsplit('/').next().unwrap_or("") {
        "pwsh" | "powershell" => Some(Dialect::PowerShell),
        "cmd" => Some(Dialect::Batch),
        "bash" | "sh" | "zsh" => Some(Dialect::Posix),
        _ => None,
    }
}

/// The names that some script in a text may assign, for later steps as well: `NAME=`,
/// `echo "NAME=..." >> "$GITHUB_ENV"`, `##vso[task.setvariable variable=NAME]`.
fn assigned_names(bytes: &[u8]) -> HashSet<String> {
    let identifier = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut names = HashSet::new();
    for equals in memchr::memchr_iter(b'=', bytes) {
        let start = equals - bytes[..equals].iter().rev().take_while(|byte| identifier(byte)).count();
        let mut name = &bytes[start..equals];
        let before = match start.checked_sub(1).map(|at| bytes[at]) {
            Some(b'"' | b'\'') => start.checked_sub(2).map(|at| bytes[at]),
            other => other,
        };
        if name == b"variable" {
            let rest = &bytes[equals + 1..];
            name = &rest[..rest.iter().take(256).take_while(|byte| identifier(byte)).count()];
        } else if !before
            .is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b';' | b'&' | b'|' | b'(' | b'{'))
        {
            continue;
        }
        if let Ok(name) = std::str::from_utf8(name)
            && is_name(name)
        {
            names.insert(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod github_tests;
#[cfg(test)]
mod tests;
