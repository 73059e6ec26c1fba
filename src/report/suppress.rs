//! Exceptions: inline ignores, the policy's exceptions and the baseline; and what is to be said about them.

use super::baseline::Baseline;
use super::judge::{Judge, RuleMeta};
use super::model::{Suppressed, SuppressedBy};
use crate::finding::{Finding, IgnoreSite, Place};
use crate::policy::Exception;
use crate::policy::ignore::{Ignore, IgnoreError, parse_ignore};
use crate::text::RepoPath;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Rule of a finding about an inline ignore without a reason.
pub const IGNORE_WITHOUT_REASON: &str = "ignore-without-reason";
/// Rule of a finding about an exception past its date.
pub const EXCEPTION_EXPIRED: &str = "exception-expired";
/// Rule of a finding about an exception that hides nothing.
pub const UNUSED_IGNORE: &str = "unused-ignore";

/// All exceptions of a run, and what they have hidden so far.
pub(super) struct Exceptions<'a> {
    today: Date,
    judge: &'a dyn Judge,
    inline: Vec<InlineIgnore>,
    sweeps: HashMap<(RepoPath, String), Sweep>,
    policy: Vec<PolicyException>,
    by_rule: HashMap<String, Vec<usize>>,
    baseline: Option<&'a Baseline>,
    in_baseline: HashMap<(String, String), usize>,
    baseline_used: Vec<bool>,
}

struct InlineIgnore {
    site: IgnoreSite,
    /// What the comment says, if it can be understood.
    text: Result<Ignore, IgnoreError>,
    /// For each rule named, whether something of it is hidden.
    used: Vec<bool>,
}

impl InlineIgnore {
    fn expires(&self) -> Option<Date> {
        self.text.as_ref().ok().and_then(|text| text.expires)
    }
}

struct PolicyException {
    exception: Exception,
    used: bool,
}

/// The ignores of one rule in one file, gone through from top to bottom beside the findings.
#[derive(Default)]
struct Sweep {
    /// By start: start and end, the ignore, and which of its rules.
    all: Vec<(u32, u32, usize, usize)>,
    /// How many of them have begun.
    begun: usize,
    /// Where the last finding started.
    reached: u32,
    /// Those begun and not ended, by end.
    open: BinaryHeap<Reverse<(u32, usize, usize)>>,
    /// The same of those past their date.
    expired: BinaryHeap<Reverse<(u32, usize, usize)>>,
}

/// What the exceptions make of a finding.
#[derive(Default)]
pub(super) struct Verdict {
    /// Why it does not count.
    pub(super) suppressed: Option<Suppressed>,
    /// The date of an exception that would have hidden it, but is past it.
    pub(super) expired: Option<Date>,
}

impl<'a> Exceptions<'a> {
    pub(super) fn new(
        judge: &'a dyn Judge,
        sites: Vec<IgnoreSite>,
        baseline: Option<&'a Baseline>,
        today: Date,
    ) -> Self {
        let inline: Vec<InlineIgnore> = sites
            .into_iter()
            .filter_map(|site| {
                let text = parse_ignore(&String::from_utf8_lossy(site.source.slice(site.comment)))?;
                let used = vec![false; text.as_ref().map_or(0, |ignore| ignore.rules.len())];
                Some(InlineIgnore { site, text, used })
            })
            .collect();
        let mut by_rule: HashMap<String, Vec<usize>> = HashMap::new();
        let policy: Vec<PolicyException> =
            judge.exceptions().into_iter().map(|exception| PolicyException { exception, used: false }).collect();
        for (at, entry) in policy.iter().enumerate() {
            by_rule.entry(entry.exception.rule.clone()).or_default().push(at);
        }
        Self {
            today,
            judge,
            sweeps: sweeps(&inline),
            inline,
            policy,
            by_rule,
            baseline,
            in_baseline: baseline.map(Baseline::index).unwrap_or_default(),
            baseline_used: vec![false; baseline.map_or(0, Baseline::len)],
        }
    }

    /// Judges one finding.
    pub(super) fn judge(&mut self, finding: &Finding, fingerprint: &str, inline_too: bool) -> Verdict {
        let mut verdict = Verdict::default();
        if !self.judge.ignorable(finding.rule) {
            return verdict;
        }
        if inline_too {
            self.judge_inline(finding, &mut verdict);
        }
        self.judge_policy(finding, &mut verdict);
        if !self.in_baseline.is_empty()
            && let Some(at) = self.in_baseline.get(&(fingerprint.to_owned(), finding.rule.to_owned()))
        {
            self.baseline_used[*at] = true;
            verdict.hide(SuppressedBy::Baseline, None, None);
        }
        verdict
    }

    fn judge_inline(&mut self, finding: &Finding, verdict: &mut Verdict) {
        if self.sweeps.is_empty() {
            return;
        }
        let key = (finding.place.path().clone(), finding.rule.to_owned());
        let Some(sweep) = self.sweeps.get_mut(&key) else { return };
        let (inline, today) = (&self.inline, self.today);
        sweep.advance(finding.place.span.start, finding.place.span.is_empty(), |at| {
            inline[at].expires().is_some_and(|expires| expires < today)
        });
        if let Some(Reverse((_, at, _))) = sweep.expired.peek() {
            verdict.expired = self.inline[*at].expires();
        }
        if let Some(Reverse((_, at, rule))) = sweep.open.peek() {
            let ignore = &mut self.inline[*at];
            ignore.used[*rule] = true;
            if let Ok(text) = &ignore.text {
                verdict.hide(SuppressedBy::Inline, text.reason.as_deref(), text.expires);
            }
        }
    }

    fn judge_policy(&mut self, finding: &Finding, verdict: &mut Verdict) {
        for at in self.by_rule.get(finding.rule).into_iter().flatten() {
            let entry = &mut self.policy[*at];
            let exception = &entry.exception;
            if !exception.covers(finding.rule, finding.place.path(), finding.address.as_deref()) {
                continue;
            }
            if exception.expires < self.today {
                verdict.expired = verdict.expired.max(Some(exception.expires));
            } else {
                verdict.hide(SuppressedBy::Policy, Some(&exception.reason), Some(exception.expires));
                entry.used = true;
            }
        }
    }

    /// Findings about exceptions without a reason or past their date.
    pub(super) fn defects(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for ignore in &self.inline {
            let Ok(text) = &ignore.text else { continue };
            let place = Place::new(&ignore.site.source, ignore.site.comment);
            if text.reason.is_none() {
                let message = "this ignore gives no reason: nobody can tell later whether it still holds";
                let finding = Finding::new(IGNORE_WITHOUT_REASON, place.clone(), message);
                findings.push(finding.remedy("Add `reason=\"...\"` to the comment."));
            }
            if let Some(expires) = text.expires.filter(|expires| *expires < self.today) {
                findings.push(expired(place, expires));
            }
        }
        let past = self.policy.iter().filter(|entry| entry.exception.expires < self.today);
        findings.extend(past.map(|entry| expired(entry.exception.place.clone(), entry.exception.expires)));
        findings
    }

    /// Findings about exceptions that hide nothing. Only true once everything was judged.
    pub(super) fn unused(&self, rules: &[RuleMeta]) -> Vec<Finding> {
        let rules: HashMap<&str, &RuleMeta> = rules.iter().map(|rule| (rule.id, rule)).collect();
        let mut findings: Vec<Finding> = Vec::new();
        for ignore in &self.inline {
            let place = Place::new(&ignore.site.source, ignore.site.comment);
            let text = match &ignore.text {
                Ok(text) => text,
                Err(error) => {
                    let message = format!("this ignore cannot be understood, so it hides nothing: {error}");
                    let remedy = "Write `credlint:ignore RULE[,RULE] reason=\"...\" [expires=YYYY-MM-DD]`.";
                    findings.push(Finding::new(UNUSED_IGNORE, place, message).remedy(remedy));
                    continue;
                }
            };
            if text.expires.is_some_and(|expires| expires < self.today) {
                continue;
            }
            let idle = text.rules.iter().zip(&ignore.used).filter(|(_, used)| !**used);
            findings.extend(idle.filter_map(|((rule, _), _)| self.unused_one("this ignore", rule, &rules, &place)));
        }
        for entry in &self.policy {
            if !entry.used && entry.exception.expires >= self.today {
                let exception = &entry.exception;
                findings.extend(self.unused_one("this exception", &exception.rule, &rules, &exception.place));
            }
        }
        let kept = self.baseline.filter(|baseline| baseline.is_kept());
        let places = kept.map(Baseline::places).unwrap_or_default();
        for (baseline, at) in kept.iter().flat_map(|baseline| (0..baseline.len()).map(move |at| (baseline, at))) {
            if !self.baseline_used[at] {
                let place = places.get(baseline.fingerprint(at)).cloned().unwrap_or_else(|| baseline.whole());
                findings.extend(self.unused_one("this entry of the baseline", baseline.rule(at), &rules, &place));
            }
        }
        findings
    }

    /// None for a rule that was not judged, or whose findings are about exceptions themselves.
    fn unused_one(&self, what: &str, rule: &str, rules: &HashMap<&str, &RuleMeta>, place: &Place) -> Option<Finding> {
        // An unknown id is not repeated: it may be anything that somebody wrote into a comment.
        let message = match rules.get(rule) {
            None => format!("{what} names a rule that does not exist, so it hides nothing"),
            Some(meta) if !self.judge.ignorable(meta.id) => {
                format!("{what} hides nothing: the policy allows no exception from `{}`", meta.id)
            }
            Some(meta) if !meta.ran || is_about_exceptions(meta.id) => return None,
            Some(meta) => format!("{what} of `{}` hides nothing", meta.id),
        };
        Some(Finding::new(UNUSED_IGNORE, place.clone(), message).remedy("Remove it."))
    }
}

fn is_about_exceptions(rule: &str) -> bool {
    matches!(rule, IGNORE_WITHOUT_REASON | EXCEPTION_EXPIRED | UNUSED_IGNORE)
}

fn expired(place: Place, expires: Date) -> Finding {
    let message = format!("this exception ended on {expires}: what it hid is reported again");
    let remedy = "Mend what it hid and remove it, or agree on a new date.";
    Finding::new(EXCEPTION_EXPIRED, place, message).remedy(remedy)
}

fn sweeps(inline: &[InlineIgnore]) -> HashMap<(RepoPath, String), Sweep> {
    let mut sweeps: HashMap<(RepoPath, String), Sweep> = HashMap::new();
    for (at, ignore) in inline.iter().enumerate() {
        for (nth, (rule, _)) in ignore.text.iter().flat_map(|text| text.rules.iter().enumerate()) {
            let sweep = sweeps.entry((ignore.site.source.path.clone(), rule.clone())).or_default();
            sweep.all.push((ignore.site.covers.start, ignore.site.covers.end, at, nth));
        }
    }
    for sweep in sweeps.values_mut() {
        sweep.all.sort_unstable();
    }
    sweeps
}

impl Sweep {
    /// Opens what starts at or before `offset` and closes what ends before it; the narrowest is on top. Fast as long
    /// as offsets grow.
    fn advance(&mut self, offset: u32, empty: bool, is_expired: impl Fn(usize) -> bool) {
        if offset < self.reached {
            self.begun = 0;
            self.open.clear();
            self.expired.clear();
        }
        self.reached = offset;
        while let Some((_, end, at, rule)) = self.all.get(self.begun).filter(|(start, ..)| *start <= offset) {
            let heap = if is_expired(*at) { &mut self.expired } else { &mut self.open };
            heap.push(Reverse((*end, *at, *rule)));
            self.begun += 1;
        }
        for heap in [&mut self.open, &mut self.expired] {
            while heap.peek().is_some_and(|Reverse((end, ..))| *end < offset || (*end == offset && !empty)) {
                heap.pop();
            }
        }
    }
}

impl Verdict {
    /// The first to hide it is named.
    fn hide(&mut self, by: SuppressedBy, reason: Option<&str>, expires: Option<Date>) {
        let reason = reason.map(str::to_owned);
        self.suppressed.get_or_insert(Suppressed { by, reason, expires });
    }
}
