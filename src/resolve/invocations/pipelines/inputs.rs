//! Inputs of actions, orbs and tasks that run Terraform themselves.

use super::{Found, directory, get, root, scalar};
use crate::finding::Place;
use crate::resolve::invocations::directory as paths;
use crate::resolve::invocations::lexer::{Dialect, Lexer};
use crate::resolve::invocations::scope::Scope;
use crate::resolve::invocations::shell;
use crate::resolve::invocations::words::{Word, pattern};
use crate::resolve::invocations::{command, script::Script};
use crate::resolve::{Argument, Invocation, PathPattern};
use crate::text::yaml::Node;
use crate::text::{Source, Span};

/// The inputs of dflook's actions: lists, one item a line or between commas; files are named from the workspace
/// ([backend_config_file](https://github.com/dflook/terraform-github-actions/tree/main/terraform-plan#inputs)).
pub(super) fn action(
    source: &Source,
    subcommand: &str,
    step: &Node,
    with: &Node,
    scope: &Scope<'_>,
    found: &mut Found,
) {
    inputs(source, subcommand, step.span, with, true, scope, found);
}

/// The parameters of CircleCI's [terraform orb](https://circleci.com/developer/orbs/orb/circleci/terraform): files are
/// named from the module.
pub(super) fn orb(source: &Source, subcommand: &str, with: &Node, scope: &Scope<'_>, found: &mut Found) {
    inputs(source, subcommand, with.span, with, false, scope, found);
}

fn inputs(
    source: &Source,
    subcommand: &str,
    span: Span,
    with: &Node,
    from_root: bool,
    scope: &Scope<'_>,
    found: &mut Found,
) {
    let place = get(with, "path");
    let module = place.map_or_else(root, |node| directory(source, &root(), node, Dialect::Posix, scope));
    let list = |keys: &[&str], file: bool| -> Vec<Argument> {
        let nodes = keys.iter().filter_map(|key| get(with, key));
        let mut arguments: Vec<Argument> = nodes.flat_map(|node| items(source, node, scope, found)).collect();
        for argument in arguments.iter_mut().filter(|_| file && from_root) {
            if let Some(seen) = paths::relative(&module, &argument.text) {
                argument.text = seen;
            }
        }
        arguments
    };
    let mut backend_config = list(&["backend_config_file"], true);
    backend_config.extend(list(&["backend_config"], false));
    let invocation = Invocation {
        place: Place::new(found.source(), span),
        subcommand: subcommand.to_owned(),
        backend_config,
        var_files: list(&["var_file"], true),
        vars: list(&["var"], false),
        directory: module.clone(),
        open: false,
    };
    found.push(invocation);
}

/// Items between line ends and commas.
fn items(source: &Source, node: &Node, scope: &Scope<'_>, found: &Found) -> Vec<Argument> {
    let Some(script) = scalar::script(source, node) else { return Vec::new() };
    let mut arguments = Vec::new();
    let mut start = 0;
    for end in memchr::memchr2_iter(b'\n', b',', &script.bytes).chain([script.bytes.len()]) {
        let item = script.bytes[start..end].trim_ascii();
        let at = start + (script.bytes[start..end].len() - script.bytes[start..end].trim_ascii_start().len());
        start = end + 1;
        if item.is_empty() {
            continue;
        }
        let (span, exact) = script.span(at..at + item.len());
        let part =
            if exact { Script::verbatim(item, span.start as usize) } else { Script::mapped(item, Vec::new(), span) };
        let text = pattern(&shell::resolve_value(&part, Dialect::Posix, scope));
        arguments.push(Argument { text, place: Place::new(found.source(), span) });
    }
    arguments
}

/// Inputs of Azure's tasks that become backend configuration, in lower case:
/// [TerraformTask](https://github.com/microsoft/azure-pipelines-terraform/blob/main/Tasks/TerraformTask/TerraformTaskV5/task.json),
/// [TerraformCLI](https://github.com/jason-johnson/azure-pipelines-tasks-terraform/blob/main/tasks/terraform-cli/task.json).
const BACKEND_INPUTS: [(&str, &str); 13] = [
    ("backendazurermresourcegroupname", "resource_group_name"),
    ("backendazurermstorageaccountname", "storage_account_name"),
    ("backendazurermcontainername", "container_name"),
    ("backendazurermkey", "key"),
    ("backendazurermsubscriptionid", "subscription_id"),
    ("backendawsbucketname", "bucket"),
    ("backendawsbucket", "bucket"),
    ("backendawskey", "key"),
    ("backendawsregion", "region"),
    ("backendgcpbucketname", "bucket"),
    ("backendgcpprefix", "prefix"),
    ("backendgcsbucket", "bucket"),
    ("backendgcsprefix", "prefix"),
];

/// An Azure Pipelines task that runs Terraform.
pub(super) fn azure_task(source: &Source, task: &Node, with: &Node, scope: &Scope<'_>, found: &mut Found) {
    let entries = with.merged();
    let input = |name: &str| {
        let named = |key: &Node| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name));
        entries.iter().find(|(key, _)| named(key)).map(|(_, value)| *value)
    };
    let Some(subcommand) = input("command").and_then(Node::as_str) else { return };
    let module =
        input("workingDirectory").map_or_else(root, |node| directory(source, &root(), node, Dialect::Azure, scope));
    let words = input("commandOptions").map(|options| option_words(source, options, scope)).unwrap_or_default();
    let mut invocation = command::arguments(found.source(), subcommand, &words, task.span, module);
    if subcommand == "init" {
        for (name, attribute) in BACKEND_INPUTS {
            let Some((value, script)) = input(name).and_then(|node| Some((node, scalar::script(source, node)?))) else {
                continue;
            };
            let mut text = pattern(&shell::resolve_value(&script, Dialect::Azure, scope));
            if let Some(first) = text.0.first_mut() {
                first.insert_str(0, &format!("{attribute}="));
            }
            let place = Place::new(found.source(), value.span);
            invocation.backend_config.push(Argument { text, place });
        }
    }
    found.push(invocation);
}

fn option_words(source: &Source, node: &Node, scope: &Scope<'_>) -> Vec<Word> {
    let Some(script) = scalar::script(source, node) else { return Vec::new() };
    let anything = PathPattern::anything();
    let here = crate::resolve::invocations::scope::Here { current: &anything, own: &anything };
    let words = Lexer::new(&script, Dialect::Azure).all_words();
    words.iter().flat_map(|word| scope.expand(word, here)).collect()
}
