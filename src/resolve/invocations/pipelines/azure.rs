//! [Azure Pipelines](https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/): stages, jobs, steps,
//! templates.

use super::{Found, MAX_MATRIX_BYTES, bind_any, directory, get, inputs, matrix, root, run};
use crate::resolve::invocations::lexer::Dialect;
use crate::resolve::invocations::scope::Scope;
use crate::text::Source;
use crate::text::yaml::{Node, NodeKind};

/// The kinds of step that hold a script.
const SCRIPTS: [&str; 4] = ["script", "bash", "pwsh", "powershell"];

/// Whether a document has the lists that a pipeline or a template of one has.
pub(super) fn has_shape(document: &Node) -> bool {
    let holds = |list: &str, keys: &[&str]| {
        let items = document.get(list).and_then(Node::as_sequence).unwrap_or_default();
        items.iter().any(|item| keys.iter().any(|key| item.get(key).is_some()))
    };
    holds("steps", &["task", "bash", "pwsh", "checkout", "displayName"])
        || holds("jobs", &["job", "deployment", "template"])
        || holds("stages", &["stage", "template"])
}

pub(super) fn find(source: &Source, document: &Node, scope: Scope<'_>, found: &mut Found) {
    visit(source, document, &scope, false, found);
}

fn visit(source: &Source, node: &Node, scope: &Scope<'_>, in_matrix: bool, found: &mut Found) {
    let entries = match &node.kind {
        NodeKind::Scalar { .. } => return,
        NodeKind::Sequence(items) => {
            return items.iter().for_each(|item| visit(source, item, scope, in_matrix, found));
        }
        NodeKind::Mapping(entries) => entries,
    };
    let mut level = Scope::inside(scope);
    for key in ["variables", "env"] {
        if let Some(variables) = node.get(key) {
            bind_any(source, variables, Dialect::Azure, &mut level, found);
        }
    }
    if step(source, node, &level, found) {
        return;
    }
    let legs = node.get("strategy").and_then(|strategy| strategy.get("matrix")).map(matrix::azure);
    let cost = legs.as_ref().map_or(0, |legs| node.span.len() * legs.len());
    if let Some(legs) = legs
        && !in_matrix
        && cost <= MAX_MATRIX_BYTES
        && found.afford(cost)
    {
        for leg in legs {
            let mut inner = Scope::inside(&level);
            matrix::bind(source, &leg, "", Dialect::Azure, &mut inner);
            entries.iter().for_each(|(_, value)| visit(source, value, &inner, true, found));
        }
        return;
    }
    for (key, value) in entries {
        if !matches!(key.as_str(), Some("variables" | "env" | "parameters")) {
            visit(source, value, &level, in_matrix, found);
        }
    }
}

/// Runs a step; false if the mapping is none.
fn step(source: &Source, node: &Node, scope: &Scope<'_>, found: &mut Found) -> bool {
    if let Some((key, script)) = SCRIPTS.iter().find_map(|key| node.get(key).map(|script| (*key, script))) {
        let start = node
            .get("workingDirectory")
            .map_or_else(root, |place| directory(source, &root(), place, Dialect::Azure, scope));
        // `$(name)` is replaced before any shell sees it, and PowerShell's escapes are rare.
        let dialect = if matches!(key, "pwsh" | "powershell") { Dialect::PowerShell } else { Dialect::Azure };
        run(source, script, &start, dialect, scope, found);
        return true;
    }
    let Some(task) = node.get("task").and_then(Node::as_str) else { return false };
    let Some(with) = get(node, "inputs") else { return true };
    let name = task.split('@').next().unwrap_or("").to_ascii_lowercase();
    if name.contains("terraform") || name.contains("tofu") {
        inputs::azure_task(source, node, with, scope, found);
    } else if let Some(script) = ["script", "inlineScript", "Inline"].iter().find_map(|key| get(with, key)) {
        let start = get(with, "workingDirectory")
            .or_else(|| get(with, "workingFolder"))
            .map_or_else(root, |place| directory(source, &root(), place, Dialect::Azure, scope));
        let dialect = if name.contains("powershell") { Dialect::PowerShell } else { Dialect::Azure };
        run(source, script, &start, dialect, scope, found);
    }
    true
}
