//! The runs that a matrix asks for.

use super::{get, scalar};
use crate::resolve::invocations::lexer::{Dialect, Lexer};
use crate::resolve::invocations::scope::{Binding, Scope};
use crate::text::Source;
use crate::text::yaml::Node;

/// Runs of one job beyond this are not followed: its values stay unknown.
const MAX_RUNS: usize = 64;

/// One run: the values of the names it is given.
pub(super) type Run<'a> = Vec<(&'a str, &'a Node)>;

/// The runs of a [GitHub matrix](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrix);
/// one run that knows nothing where they cannot be told.
pub(super) fn github(matrix: &Node) -> Vec<Run<'_>> {
    let axes: Vec<(&str, &Node)> = matrix
        .merged()
        .into_iter()
        .filter_map(|(name, values)| Some((name.as_str()?, values)))
        .filter(|(name, _)| !matches!(*name, "include" | "exclude"))
        .collect();
    let Some(mut runs) = product(&axes) else { return vec![Vec::new()] };
    for entry in get(matrix, "exclude").and_then(Node::as_sequence).unwrap_or_default() {
        runs.retain(|run| !excluded(run, entry));
    }
    let Some(include) = get(matrix, "include") else { return runs };
    if axes.is_empty() {
        runs.clear();
    }
    let Some(entries) = include.as_sequence() else {
        // `fromJSON(...)`: other runs, or other values.
        runs.push(Vec::new());
        return runs;
    };
    let originals = runs.len();
    for entry in entries {
        let pairs: Run<'_> =
            entry.merged().into_iter().filter_map(|(name, value)| Some((name.as_str()?, value))).collect();
        let is_axis = |name: &str| axes.iter().any(|(axis, _)| *axis == name);
        let mut added = false;
        for run in &mut runs[..originals] {
            let fits = pairs
                .iter()
                .filter(|(name, _)| is_axis(name))
                .all(|(name, value)| run.iter().any(|(other, held)| other == name && held.as_str() == value.as_str()));
            if fits {
                added = true;
                run.retain(|(name, _)| is_axis(name) || !pairs.iter().any(|(other, _)| other == name));
                run.extend(pairs.iter().filter(|(name, _)| !is_axis(name)));
            }
        }
        if !added {
            runs.push(pairs);
        }
    }
    if runs.len() > MAX_RUNS { vec![Vec::new()] } else { runs }
}

/// The runs of GitLab's [`parallel: matrix`](https://docs.gitlab.com/ci/yaml/#parallelmatrix): a list of axes.
pub(super) fn gitlab(matrix: &Node) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    for entry in matrix.as_sequence().unwrap_or_default() {
        let axes: Vec<(&str, &Node)> =
            entry.merged().into_iter().filter_map(|(name, values)| Some((name.as_str()?, values))).collect();
        match product(&axes) {
            Some(more) if runs.len() + more.len() <= MAX_RUNS => runs.extend(more),
            _ => return vec![Vec::new()],
        }
    }
    if runs.is_empty() { vec![Vec::new()] } else { runs }
}

/// The legs of Azure's `strategy: matrix`: a mapping of mappings.
pub(super) fn azure(matrix: &Node) -> Vec<Run<'_>> {
    let legs: Option<Vec<Run<'_>>> = matrix
        .merged()
        .into_iter()
        .map(|(_, leg)| {
            leg.as_mapping()?;
            Some(leg.merged().into_iter().filter_map(|(name, value)| Some((name.as_str()?, value))).collect())
        })
        .collect();
    match legs {
        Some(legs) if !legs.is_empty() && legs.len() <= MAX_RUNS => legs,
        _ => vec![Vec::new()],
    }
}

/// Every choice of one value for each name. An axis that is no list (an expression) stays unknown; None if there are
/// too many.
fn product<'a>(axes: &[(&'a str, &'a Node)]) -> Option<Vec<Run<'a>>> {
    let mut runs: Vec<Run<'a>> = vec![Vec::new()];
    for (name, values) in axes {
        let values = match values.as_sequence() {
            Some(values) => values,
            None if values.as_str().is_some_and(|text| !text.contains("${{")) => std::slice::from_ref(*values),
            None => continue,
        };
        if runs.len() * values.len() > MAX_RUNS {
            return None;
        }
        runs = runs
            .iter()
            .flat_map(|run| values.iter().map(move |value| run.iter().copied().chain([(*name, value)]).collect()))
            .collect();
    }
    Some(runs)
}

fn excluded(run: &Run<'_>, entry: &Node) -> bool {
    let wanted = entry.merged();
    !wanted.is_empty()
        && wanted.iter().all(|(name, value)| {
            run.iter().any(|(other, held)| Some(*other) == name.as_str() && held.as_str() == value.as_str())
        })
}

/// Binds the values of a run, each name behind `prefix`; of a mapping its entries, behind dots.
pub(super) fn bind(source: &Source, run: &Run<'_>, prefix: &str, dialect: Dialect, scope: &mut Scope<'_>) {
    for (name, value) in run {
        bind_value(source, format!("{prefix}{name}"), value, dialect, scope, 0);
    }
}

fn bind_value(source: &Source, name: String, value: &Node, dialect: Dialect, scope: &mut Scope<'_>, depth: usize) {
    if value.as_mapping().is_some() && depth < 4 {
        for (key, inner) in value.merged() {
            if let Some(key) = key.as_str() {
                bind_value(source, format!("{name}.{key}"), inner, dialect, scope, depth + 1);
            }
        }
    } else if let Some(script) = scalar::script(source, value) {
        scope.names.insert(name, Binding::Value(Lexer::new(&script, dialect).value()));
    }
}
