//! The rules about what issuers and clouds answer. They run after everything else, and only where somebody asked.

use super::{Outcome, Part, Plan, checks, formats, guard};
use crate::finding::{Finding, IssuerTrust, Notification, StateStore, StoreKind, WorkloadToken, same_credential};
use crate::rules::{Check, LiveContext, LiveCredential, Rule};
use crate::text::RepoPath;
use std::collections::BTreeMap;

/// What was asked and answered.
pub struct Answers<'a> {
    /// Findings of which the credentials carry their issuers' verdicts.
    pub findings: &'a [Finding],
    /// What keeps state in AWS, with what AWS says of it.
    pub stores: &'a [StateStore],
    /// Which issuers of workload identities the configuration trusts, and where.
    pub trusts: &'a [IssuerTrust],
    /// Workload-identity tokens with theirs.
    pub tokens: &'a [WorkloadToken],
    /// The day of the run.
    pub today: jiff::civil::Date,
}

/// Runs those of `rules` that judge answers.
pub fn run_live(answers: &Answers<'_>, rules: &[&'static Rule], plan: &dyn Plan) -> Outcome {
    let &Answers { findings, stores, trusts, tokens, today } = answers;
    let credentials: Vec<LiveCredential<'_>> =
        same_credential(findings).iter().filter_map(|group| credential(findings, group)).collect();
    let rules: Vec<&'static Rule> = rules.iter().copied().filter(|rule| plan.runs(rule.id)).collect();
    let mut part = Part::default();
    for (rule, check) in checks(&rules) {
        let Check::Live(check) = check else { continue };
        let settings = |path: &RepoPath| plan.settings(rule.id, path);
        let context = LiveContext { credentials: &credentials, stores, trusts, tokens, today, settings: &settings };
        guard(rule, &RepoPath::new(""), &mut part, |findings| check(&context, findings));
    }
    part.notifications.extend(unknown(stores));
    let mut outcome = Outcome { findings: part.findings.0, notifications: part.notifications, ..Outcome::default() };
    outcome.findings.iter_mut().for_each(|finding| finding.texts_mut().for_each(formats::hide));
    outcome
}

fn credential<'f>(findings: &'f [Finding], group: &[usize]) -> Option<LiveCredential<'f>> {
    let mut of: Vec<&Finding> = group.iter().map(|at| &findings[*at]).collect();
    of.sort_by_key(|finding| finding.place.key());
    let answered = of.iter().find_map(|finding| finding.credential.as_ref()?.verification.as_deref());
    answered.map(|verification| LiveCredential { findings: of, verification })
}

/// What nobody could tell of stores is no finding, and not forgotten: said once of all of a kind.
fn unknown(stores: &[StateStore]) -> Vec<Notification> {
    let mut said: BTreeMap<(StoreKind, &str), Vec<&StateStore>> = BTreeMap::new();
    for store in stores {
        for unknown in store.answer.iter().flat_map(|answer| &answer.unknown) {
            said.entry((store.kind, unknown)).or_default().push(store);
        }
    }
    let notify = |((kind, unknown), of): ((StoreKind, &str), Vec<&StateStore>)| {
        let what = match kind {
            StoreKind::Bucket => "bucket",
            StoreKind::LockTable => "lock table",
            StoreKind::Key => "key",
            StoreKind::LockFile => "lock file",
        };
        let more = if of.len() > 1 { format!(" and {} more", of.len() - 1) } else { String::new() };
        let mut message = format!("of the state's {what} `{}`{more} nobody could tell {unknown}", of[0].name);
        formats::hide(&mut message);
        Notification::note(of[0].place.path(), message)
    };
    said.into_iter().map(notify).collect()
}
