//! Credentials and the files they stand in, as a flow chart.

use super::super::MermaidLabel;
use crate::report::Credential;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A larger picture shows nothing.
const MAX_CREDENTIALS: usize = 12;
const MAX_LINES: usize = 40;

/// A block of Mermaid with the credentials that stand in the most files; empty without any.
pub(super) fn of(credentials: &[Credential]) -> String {
    let mut spread: Vec<(&Credential, BTreeSet<&str>)> = credentials
        .iter()
        .map(|credential| (credential, credential.occurrences.iter().map(|one| one.spot.path.shown()).collect()))
        .collect();
    spread.sort_by_key(|(_, files)| std::cmp::Reverse(files.len()));
    let mut nodes = String::new();
    let mut lines = String::new();
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    let mut drawn = 0;
    for (at, (credential, paths)) in spread.iter().take(MAX_CREDENTIALS).enumerate() {
        let status = credential.verification.as_ref().map_or("", |verdict| verdict.status.as_str());
        let label = MermaidLabel::new(format!("{} {} {status}", credential.kind, credential.masked).trim_end());
        let _ = writeln!(nodes, "  c{at}([{label}])");
        for path in paths.iter().take(MAX_LINES - drawn) {
            let next = files.len();
            let file = *files.entry(path).or_insert(next);
            let _ = writeln!(lines, "  c{at} --> f{file}");
            drawn += 1;
        }
    }
    for (path, file) in files {
        let _ = writeln!(nodes, "  f{file}[{}]", MermaidLabel::new(path));
    }
    let block = format!("\n```mermaid\nflowchart LR\n{nodes}{lines}```\n");
    if lines.is_empty() { String::new() } else { block }
}
