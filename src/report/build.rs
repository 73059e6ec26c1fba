//! From findings to the report.

use super::baseline::Baseline;
use super::judge::{Judge, RuleMeta};
use super::model::{Files, RelatedSpot, Report, ReportedFinding, Spot};
use super::redact::{self, Hidden};
use super::suppress::{Exceptions, Verdict};
use super::{fingerprints, inventory};
use crate::finding::{Finding, FingerprintKey, IgnoreSite, Level, Notification, Severity};
use jiff::civil::Date;
use std::collections::HashMap;
use std::time::Duration;

/// Everything a report is made from.
pub struct Input<'a> {
    /// The directory that was checked, as the user named it.
    pub root: String,
    /// What the rules found, in any order.
    pub findings: Vec<Finding>,
    /// What the program itself could not do, in any order.
    pub notifications: Vec<Notification>,
    /// How many files were looked at.
    pub files: Files,
    /// All rules that exist, the custom ones among them.
    pub rules: &'a [RuleMeta],
    /// The policy.
    pub judge: &'a dyn Judge,
    /// The comments that ask for exceptions.
    pub ignores: Vec<IgnoreSite>,
    /// Findings that were there before.
    pub baseline: Option<&'a Baseline>,
    /// Key under which guessable values are fingerprinted.
    pub fingerprint_key: Option<&'a FingerprintKey>,
    /// Whether everything was checked: only then is it known that an exception hides nothing.
    pub whole_tree: bool,
    /// The day to judge exceptions by.
    pub today: Date,
    /// Wall time so far.
    pub elapsed: Duration,
}

/// Makes the report: gives levels and drops what is off, merges what is said twice, orders, fingerprints, hides what
/// is excepted, says what is wrong with the exceptions, takes the inventory of credentials and cuts the excerpts.
pub fn build(input: Input<'_>) -> Report {
    let mut exceptions = Exceptions::new(input.judge, input.ignores, input.baseline, input.today);
    let mut judged = judge_all(prepare(input.findings, input.judge), &mut exceptions, true);
    judged.extend(judge_all(prepare(exceptions.defects(), input.judge), &mut exceptions, false));
    if input.whole_tree {
        judged.extend(judge_all(prepare(exceptions.unused(input.rules), input.judge), &mut exceptions, false));
    }
    judged.sort_by(|one, other| order(&one.finding, &other.finding));

    let (findings, rest): (Vec<Finding>, Vec<(Level, String, Verdict)>) =
        judged.into_iter().map(|judged| (judged.finding, (judged.level, judged.fingerprint, judged.verdict))).unzip();
    let (credentials, of_finding) = inventory::take(&findings, input.fingerprint_key);
    let hidden = Hidden::of(findings.iter());
    let rules: HashMap<&str, &RuleMeta> = input.rules.iter().map(|rule| (rule.id, rule)).collect();
    let reported = findings.into_iter().zip(rest).zip(of_finding).map(|((finding, rest), credential)| {
        let rule = rules.get(finding.rule).copied();
        reported(finding, rest, credential, rule, &hidden)
    });
    let findings = reported.collect();
    let mut notifications = input.notifications;
    notifications.sort();
    notifications.dedup();
    Report { root: input.root, findings, notifications, credentials, files: input.files, elapsed: input.elapsed }
}

struct Judged {
    finding: Finding,
    level: Level,
    fingerprint: String,
    verdict: Verdict,
}

/// Findings with their level, without those that are off, ordered and each said once.
fn prepare(findings: Vec<Finding>, judge: &dyn Judge) -> Vec<(Finding, Level)> {
    let mut kept: Vec<(Finding, Level)> = findings
        .into_iter()
        .map(|mut finding| {
            redact::clean(&mut finding);
            let level = judge.level(finding.rule, finding.place.path()).min(finding.at_most);
            (finding, level)
        })
        .filter(|(_, level)| *level != Level::Off)
        .collect();
    kept.sort_by(|(one, _), (other, _)| order(one, other));
    kept.dedup_by(|(next, next_level), (first, level)| {
        let same = next.rule == first.rule
            && next.place == first.place
            && next.address == first.address
            && next.attribute == first.attribute;
        if same {
            merge(first, next);
            *level = (*level).max(*next_level);
        }
        same
    });
    kept
}

/// By path, line, column and rule; the rest only makes the order the same in every run. An offset orders as line and
/// column do.
fn order(one: &Finding, other: &Finding) -> std::cmp::Ordering {
    let place = |finding: &Finding| (finding.place.span.start, finding.rule, finding.place.span.end);
    one.place.path().cmp(other.place.path()).then_with(|| place(one).cmp(&place(other))).then_with(|| {
        (&one.address, &one.attribute, &one.module, std::cmp::Reverse(one.at_most), &one.message).cmp(&(
            &other.address,
            &other.attribute,
            &other.module,
            std::cmp::Reverse(other.at_most),
            &other.message,
        ))
    })
}

/// Takes over from a twin what the first does not have.
fn merge(first: &mut Finding, twin: &mut Finding) {
    for related in twin.related.drain(..) {
        if !first.related.contains(&related) {
            first.related.push(related);
        }
    }
    first.confidence = first.confidence.max(twin.confidence);
    first.credential = first.credential.take().or_else(|| twin.credential.take());
    first.fix = first.fix.take().or_else(|| twin.fix.take());
}

fn judge_all(findings: Vec<(Finding, Level)>, exceptions: &mut Exceptions<'_>, inline_too: bool) -> Vec<Judged> {
    let (findings, levels): (Vec<Finding>, Vec<Level>) = findings.into_iter().unzip();
    let fingerprints = fingerprints::of_findings(&findings);
    let parts = findings.into_iter().zip(levels).zip(fingerprints);
    parts
        .map(|((finding, level), fingerprint)| {
            let verdict = exceptions.judge(&finding, &fingerprint, inline_too);
            Judged { finding, level, fingerprint, verdict }
        })
        .collect()
}

fn reported(
    finding: Finding,
    (level, fingerprint, verdict): (Level, String, Verdict),
    credential: Option<String>,
    rule: Option<&RuleMeta>,
    hidden: &Hidden,
) -> ReportedFinding {
    let excerpt = hidden.excerpt(&finding.place);
    let mut message = finding.message;
    if let (Some(expired), None) = (verdict.expired, &verdict.suppressed) {
        message.push_str(&format!(" (an exception hid it until {expired})"));
    }
    let related = finding
        .related
        .into_iter()
        .map(|related| RelatedSpot { spot: Spot::of(&related.place), message: related.message });
    ReportedFinding {
        rule: finding.rule.to_owned(),
        level,
        severity: rule.map_or(Severity::Medium, |rule| rule.severity),
        confidence: finding.confidence,
        message,
        spot: Spot::of(&finding.place),
        address: finding.address,
        attribute: finding.attribute,
        module: finding.module,
        credential,
        related: related.collect(),
        remedy: finding.remedy,
        url: rule.map(|rule| rule.doc_url.to_owned()).filter(|url| !url.is_empty()),
        fix: finding.fix,
        fingerprint,
        suppressed: verdict.suppressed,
        excerpt,
    }
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
