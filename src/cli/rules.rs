//! `credlint rules`: the catalogue.

use super::args::RulesArgs;
use super::error::Failure;
use super::output;
use crate::rules::{self, Rule};
use std::fmt::Write as _;
use std::process::ExitCode;

/// Runs the command.
pub(super) fn run(args: &RulesArgs) -> Result<ExitCode, Failure> {
    let text = match &args.rule {
        Some(id) => rules::explain(find(id)?),
        None if args.json => json(),
        None => list(),
    };
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn find(id: &str) -> Result<&'static Rule, Failure> {
    rules::find(id).ok_or_else(|| {
        let near = rules::ALL.iter().map(|rule| (strsim::jaro_winkler(id, rule.id), rule.id));
        let best = near.filter(|(likeness, _)| *likeness > 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
        let failure = Failure::new(format!("there is no rule `{id}`"));
        failure.hint(match best {
            Some((_, best)) => format!("did you mean `{best}`? `credlint rules` lists all"),
            None => "`credlint rules` lists all".into(),
        })
    })
}

fn list() -> String {
    let width = rules::ALL.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut group = None;
    for rule in rules::ALL {
        if group != Some(rule.group) {
            let gap = if group.is_some() { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{}", rule.group.title());
            group = Some(rule.group);
        }
        let (level, severity) = (rule.recommended.as_str(), rule.severity.as_str());
        let _ = writeln!(out, "  {:width$}  {level:7}  {severity:8}  {}", rule.id, rule.summary);
    }
    out.push_str(
        "\n`credlint rules RULE` explains one: why it matters, bad and good examples, the remedy, its options.\n",
    );
    out
}

fn json() -> String {
    let rules: Vec<serde_json::Value> = rules::ALL
        .iter()
        .map(|rule| {
            serde_json::json!({
                "id": rule.id, "summary": rule.summary, "severity": rule.severity.as_str(),
                "recommended": rule.recommended.as_str(), "group": rule.group.title(), "since": rule.since,
                "options": rule.options.iter().map(|option| option.name).collect::<Vec<_>>(),
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(rules))
}
