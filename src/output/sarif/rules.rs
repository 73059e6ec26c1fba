//! Rules as reporting descriptors.

use super::model::{MultiformatMessage, Rule, RuleProperties};
use crate::finding::{Confidence, Severity};
use crate::report::{Report, ReportedFinding, RuleMeta};
use std::collections::HashMap;

/// GitHub takes descriptions of this many characters.
const MAX_DESCRIPTION: usize = 1000;

/// The rules that findings name.
pub(super) fn of(report: &Report, findings: &[&ReportedFinding]) -> Vec<Rule> {
    let mut least: HashMap<&str, Confidence> = HashMap::new();
    for finding in findings {
        let confidence = least.entry(&finding.rule).or_insert(finding.confidence);
        *confidence = finding.confidence.min(*confidence);
    }
    report.rules.iter().filter_map(|meta| Some(rule(meta, *least.get(meta.id)?))).collect()
}

fn rule(meta: &RuleMeta, confidence: Confidence) -> Rule {
    let summary = sentence(meta.summary);
    let documentation = without_examples(meta.documentation.trim());
    let plain = |text: String| MultiformatMessage { text, markdown: None };
    let help = if documentation.is_empty() {
        plain(summary.clone())
    } else {
        MultiformatMessage { text: documentation.clone(), markdown: Some(documentation.clone()) }
    };
    Rule {
        id: meta.id,
        name: meta.id.split('-').map(capital).collect(),
        full_description: plain(first_paragraph(&documentation).unwrap_or_else(|| summary.clone())),
        short_description: plain(summary),
        help,
        help_uri: meta.doc_url,
        properties: RuleProperties {
            tags: ["security", "terraform"],
            // A rule is as precise as the least sure of its findings.
            precision: confidence.as_str(),
            security_severity: security_severity(meta.severity),
        },
    }
}

/// On GitHub's scale more than 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9 medium.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
    }
}

/// The documentation without its examples. They hold made-up credentials, of which one may be the very one that the
/// repository holds, as credentials of documentation are; and whoever searches the report for credentials finds none.
fn without_examples(documentation: &str) -> String {
    let (mut kept, mut fenced, mut example) = (Vec::new(), false, false);
    for line in documentation.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if let Some(heading) = line.strip_prefix("## ").filter(|_| !fenced) {
            example = matches!(heading, "Bad" | "Good");
        }
        if !example {
            kept.push(line);
        }
    }
    kept.join("\n")
}

/// What stands under the first heading, on one line.
fn first_paragraph(documentation: &str) -> Option<String> {
    let lines = documentation.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
    let lines: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    let text = lines.join(" ").replace('`', "");
    (!text.is_empty()).then(|| text.chars().take(MAX_DESCRIPTION).collect())
}

fn sentence(text: &str) -> String {
    format!("{}.", capital(text.trim_end_matches('.')))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::without_examples;

    #[test]
    fn examples_are_left_out_whatever_stands_in_them() {
        let documentation = "## Why\nBecause.\n\n## Bad\n```sh\n## Why\nexport TOKEN=x\n```\nOr:\n\n## Good\n```hcl\na\n```\n\n## Remedy\nDo.";
        assert_eq!(without_examples(documentation), "## Why\nBecause.\n\n## Remedy\nDo.");
        assert_eq!(without_examples(""), "");
    }
}
