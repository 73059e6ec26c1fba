//! From findings to the report.

use super::baseline::Baseline;
use super::fingerprints;
use super::inventory::Inventory;
use super::judge::{Judge, RuleMeta};
use super::model::{Files, RelatedSpot, Report, ReportedFinding, Spot};
use super::redact::{Hidden, Known};
use super::suppress::{Exceptions, Verdict};
use crate::finding::{Finding, FingerprintKey, Fix, IgnoreSite, Level, Notification, Severity};
use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
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
    /// Now.
    pub finished: Timestamp,
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
    judged.par_sort_by(|(one, _), (other, _)| order(one, other));
    let (placed, verdicts): (Vec<Placed>, Vec<(String, Verdict)>) = judged.into_iter().unzip();
    let (findings, spots): (Vec<Finding>, Vec<(Spot, Level)>) =
        placed.into_iter().map(|placed| (*placed.finding, (placed.spot, placed.level))).unzip();
    let inventory = Inventory::of(&findings, input.fingerprint_key);
    let hidden = Hidden::of(findings.iter());
    let rules: HashMap<&str, &RuleMeta> = input.rules.iter().map(|rule| (rule.id, rule)).collect();
    let parts = findings.into_par_iter().zip(spots).zip(verdicts).enumerate();
    let reported = parts.map(|(at, ((finding, spot), verdict))| {
        let rule = rules.get(finding.rule).copied();
        let mut reported = reported(finding, spot, verdict, rule, &hidden);
        reported.credential = inventory.of_finding(at).map(|credential| credential.fingerprint.clone());
        reported.related.extend(inventory.others(at, &reported.spot, &reported.related));
        reported
    });
    let findings: Vec<ReportedFinding> = reported.collect();
    let named: HashSet<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    let rules = input.rules.iter().filter(|rule| named.contains(rule.id)).copied().collect();
    let credentials = inventory.credentials;
    let mut notifications = input.notifications;
    notifications.sort();
    notifications.dedup();
    let Input { root, files, today, finished, elapsed, .. } = input;
    Report { root, findings, notifications, credentials, rules, files, today, finished, elapsed }
}

/// A finding with its level, and where it stands for people. Boxed, as it is moved about while findings are ordered.
struct Placed {
    finding: Box<Finding>,
    spot: Spot,
    level: Level,
}

/// Findings with their level, without those that are off, ordered and each said once.
fn prepare(findings: Vec<Finding>, judge: &dyn Judge) -> Vec<Placed> {
    let known = Known::of(&findings);
    let mut kept: Vec<Placed> = findings
        .into_par_iter()
        .filter_map(|mut finding| {
            known.clean(&mut finding);
            let level = judge.level(finding.rule, finding.place.path()).min(finding.at_most);
            let spot = Spot::of(&finding.place);
            (level != Level::Off).then(|| Placed { finding: Box::new(finding), spot, level })
        })
        .collect();
    kept.par_sort_by(order);
    kept.dedup_by(|next, first| {
        let (twin, kept) = (&mut next.finding, &mut first.finding);
        let same = twin.rule == kept.rule
            && next.spot == first.spot
            && twin.address == kept.address
            && twin.attribute == kept.attribute;
        if same {
            merge(kept, twin);
            first.level = first.level.max(next.level);
        }
        same
    });
    kept
}

/// By path, line, column and rule; the rest only makes the order the same in every run.
fn order(one: &Placed, other: &Placed) -> std::cmp::Ordering {
    one.spot.path.cmp(&other.spot.path).then_with(|| rank(one).cmp(&rank(other)))
}

fn rank(placed: &Placed) -> impl Ord {
    let (spot, finding) = (&placed.spot, &placed.finding);
    (spot.start, finding.rule, spot.end, &finding.address, &finding.attribute, &finding.module, &finding.message)
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

fn judge_all(
    placed: Vec<Placed>,
    exceptions: &mut Exceptions<'_>,
    inline_too: bool,
) -> Vec<(Placed, (String, Verdict))> {
    let fingerprints = fingerprints::of_findings(placed.par_iter().map(|placed| &*placed.finding));
    let parts = placed.into_iter().zip(fingerprints);
    parts
        .map(|(placed, fingerprint)| {
            let verdict = exceptions.judge(&placed.finding, &fingerprint, inline_too);
            (placed, (fingerprint, verdict))
        })
        .collect()
}

fn reported(
    finding: Finding,
    (spot, level): (Spot, Level),
    (fingerprint, verdict): (String, Verdict),
    rule: Option<&RuleMeta>,
    hidden: &Hidden,
) -> ReportedFinding {
    let excerpt = hidden.excerpt(&finding.place);
    let mut message = finding.message.into_owned();
    if let (Some(expired), None) = (verdict.expired, &verdict.suppressed) {
        message.push_str(&format!(" (an exception hid it until {expired})"));
    }
    let related = finding.related.into_iter().map(|one| RelatedSpot {
        spot: Spot::of(&one.place),
        message: one.message,
        station: one.station,
    });
    let mut suppressed = verdict.suppressed;
    if let Some(reason) = suppressed.as_mut().and_then(|suppressed| suppressed.reason.as_mut()) {
        *reason = hidden.reason(reason);
    }
    ReportedFinding {
        rule: finding.rule.to_owned(),
        level,
        severity: rule.map_or(Severity::Medium, |rule| rule.severity),
        confidence: finding.confidence,
        message,
        spot,
        address: finding.address,
        attribute: finding.attribute,
        module: finding.module,
        credential: None,
        related: related.collect(),
        remedy: finding.remedy,
        url: rule.map(|rule| rule.doc_url.to_owned()).filter(|url| !url.is_empty()),
        fix: finding.fix.map(placed),
        fingerprint,
        suppressed,
        excerpt,
    }
}

fn placed(fix: Fix) -> Fix<Spot> {
    let edits = fix.edits.into_iter().map(|(place, text)| (Spot::of(&place), text));
    Fix { safe: fix.safe, edits: edits.collect() }
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
