//! Findings as the page shows them: by rule, and counted by module.

use super::super::counted;
use crate::finding::{Confidence, Level, Severity};
use crate::report::{Counts, Report, ReportedFinding, Suppressed, SuppressedBy};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Modules with the most findings are listed, the others counted.
const MAX_MODULES: usize = 40;

/// All findings of one rule.
pub(super) struct Group<'a> {
    pub(super) rule: &'a str,
    pub(super) severity: Severity,
    pub(super) summary: &'a str,
    pub(super) url: Option<&'a str>,
    pub(super) counts: Counts,
    /// Those that count first, in report order.
    pub(super) findings: Vec<Card<'a>>,
}

/// One finding.
pub(super) struct Card<'a> {
    pub(super) finding: &'a ReportedFinding,
    pub(super) module: &'a str,
    pub(super) excerpt: Option<Marked<'a>>,
    /// What hides it, in words.
    pub(super) hidden_by: Option<String>,
}

/// A line, cut where the finding starts and ends.
pub(super) struct Marked<'a> {
    pub(super) line: u32,
    pub(super) before: &'a str,
    pub(super) marked: &'a str,
    pub(super) after: &'a str,
}

/// How much a module has.
pub(super) struct ModuleRow<'a> {
    pub(super) module: &'a str,
    pub(super) counts: Counts,
}

/// Findings by rule, the worst rule first.
pub(super) fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut by_rule: BTreeMap<&str, Vec<&ReportedFinding>> = BTreeMap::new();
    for finding in &report.findings {
        by_rule.entry(&finding.rule).or_default().push(finding);
    }
    let mut groups: Vec<Group<'_>> =
        by_rule.into_iter().map(|(rule, findings)| group(rule, findings, report)).collect();
    groups.sort_by_key(|group| Reverse((rank(group.counts), group.severity)));
    groups
}

/// What groups and modules are ordered by: errors, then warnings, then notes.
fn rank(counts: Counts) -> (bool, bool, bool) {
    (counts.error > 0, counts.warning > 0, counts.note > 0)
}

fn group<'a>(rule: &'a str, mut findings: Vec<&'a ReportedFinding>, report: &'a Report) -> Group<'a> {
    findings.sort_by_key(|finding| finding.suppressed.is_some());
    Group {
        rule,
        severity: findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Low),
        summary: report.rules.iter().find(|known| known.id == rule).map_or("", |known| known.summary),
        url: findings.iter().find_map(|finding| finding.url.as_deref()),
        counts: Counts::of(findings.iter().copied()),
        findings: findings.into_iter().map(card).collect(),
    }
}

fn card(finding: &ReportedFinding) -> Card<'_> {
    let excerpt = finding.excerpt.as_ref().map(|excerpt| {
        let (line, text) = (excerpt.line, excerpt.text.as_str());
        // The text is ASCII: every byte is a character.
        let (before, rest) = text.split_at(excerpt.start.min(text.len()));
        let (marked, after) = rest.split_at((excerpt.end.saturating_sub(excerpt.start)).min(rest.len()));
        Marked { line, before, marked, after }
    });
    let hidden_by = finding.suppressed.as_ref().map(hidden_by);
    Card { finding, module: module_of(finding), excerpt, hidden_by }
}

impl Card<'_> {
    /// How bad and how sure, beyond the level.
    pub(super) fn weight(&self) -> String {
        let severity = format!("severity {}", self.finding.severity.as_str());
        match self.finding.confidence {
            Confidence::High => severity,
            sure => format!("{severity}, {} confidence", sure.as_str()),
        }
    }

    /// The mark that goes with the level, so that it is not told by colour alone. Every font has it.
    pub(super) fn mark(&self) -> &'static str {
        match self.finding.level {
            Level::Error => "×",
            Level::Warning => "!",
            Level::Note | Level::Off => "i",
        }
    }

    /// The name of the thing it speaks of.
    pub(super) fn name(&self) -> Option<String> {
        let name = [self.finding.address.as_deref(), self.finding.attribute.as_deref()];
        let name: Vec<&str> = name.into_iter().flatten().collect();
        (!name.is_empty()).then(|| name.join(" › "))
    }

    /// Whether there is more to read than the message and the line.
    pub(super) fn has_remedy(&self) -> bool {
        let remedy = &self.finding.remedy;
        let written = !remedy.text.is_empty() || !remedy.commands.is_empty() || !remedy.snippet.is_empty();
        written || self.finding.fix.is_some()
    }
}

/// The directory that a finding belongs to: its module's, else its file's.
fn module_of(finding: &ReportedFinding) -> &str {
    finding.module.as_deref().filter(|module| !module.is_empty()).unwrap_or_else(|| {
        let path = finding.spot.path.shown();
        path.rsplit_once('/').map_or(".", |(directory, _)| directory)
    })
}

fn hidden_by(suppressed: &Suppressed) -> String {
    let by = match suppressed.by {
        SuppressedBy::Inline => "a comment",
        SuppressedBy::Policy => "the policy",
        SuppressedBy::Baseline => "the baseline",
    };
    let until = suppressed.expires.map(|day| format!(" until {day}")).unwrap_or_default();
    let reason = suppressed.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("Suppressed by {by}{until}{reason}")
}

/// Modules with findings that count, the worst first, and how many more there are.
pub(super) fn modules(report: &Report) -> (Vec<ModuleRow<'_>>, Option<String>) {
    let mut by_module: BTreeMap<&str, Vec<&ReportedFinding>> = BTreeMap::new();
    for finding in report.counted() {
        by_module.entry(module_of(finding)).or_default().push(finding);
    }
    let rows = by_module.into_iter().map(|(module, findings)| ModuleRow { module, counts: Counts::of(findings) });
    let mut rows: Vec<ModuleRow<'_>> = rows.collect();
    rows.sort_by_key(|row| Reverse((row.counts.error, row.counts.warning, row.counts.note)));
    let more = rows.len().checked_sub(MAX_MODULES).filter(|more| *more > 0);
    rows.truncate(MAX_MODULES);
    (rows, more.map(|more| counted(more, "more module")))
}
