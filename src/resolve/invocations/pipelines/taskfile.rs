//! [Task](https://taskfile.dev/reference/schema): `Taskfile.yml`.

use super::{Found, bind, directory, get, run};
use crate::resolve::PathPattern;
use crate::resolve::invocations::lexer::Dialect;
use crate::resolve::invocations::own_directory;
use crate::resolve::invocations::scope::{Binding, Scope};
use crate::text::Source;
use crate::text::yaml::Node;

pub(super) fn find(source: &Source, document: &Node, mut scope: Scope<'_>, found: &mut Found) {
    let own = own_directory(&source.path);
    variables(source, document, &mut scope, found);
    for (_, task) in get(document, "tasks").map(Node::merged).unwrap_or_default() {
        let mut level = Scope::inside(&scope);
        variables(source, task, &mut level, found);
        // A task's `dir` stands from the Taskfile's directory.
        let start =
            get(task, "dir").map_or_else(|| own.clone(), |dir| directory(source, &own, dir, Dialect::Posix, &level));
        let commands = ["cmds", "cmd"].iter().find_map(|key| get(task, key)).unwrap_or(task);
        for command in commands.as_sequence().unwrap_or(std::slice::from_ref(commands)) {
            let script = ["cmd", "defer"].iter().find_map(|key| get(command, key)).unwrap_or(command);
            run_one(source, script, &start, &level, found);
        }
    }
}

fn run_one(source: &Source, script: &Node, start: &PathPattern, scope: &Scope<'_>, found: &mut Found) {
    if script.as_str().is_some() {
        run(source, script, start, Dialect::Posix, scope, found);
    }
}

/// `vars` and `env` of a Taskfile or a task. One that is given in several places has several values.
fn variables(source: &Source, node: &Node, scope: &mut Scope<'_>, found: &mut Found) {
    for key in ["env", "vars"] {
        let Some(variables) = get(node, key) else { continue };
        let before: Vec<String> = scope.names.keys().cloned().collect();
        bind(source, variables, Dialect::Posix, scope, found);
        for name in before.into_iter().filter(|name| get(variables, name).is_some()) {
            scope.names.insert(name, Binding::Unknown);
        }
    }
}
