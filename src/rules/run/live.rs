//! The rules about what issuers and clouds answer. They run after everything else, and only where somebody asked.

use super::{Outcome, Part, Plan, checks, formats, guard};
use crate::finding::{Finding, same_credential};
use crate::rules::{Check, LiveContext, LiveCredential, Rule};
use crate::text::RepoPath;

/// Runs those of `rules` that judge answers, on findings of which the credentials carry them.
pub fn run_live(findings: &[Finding], today: jiff::civil::Date, rules: &[&'static Rule], plan: &dyn Plan) -> Outcome {
    let credentials: Vec<LiveCredential<'_>> =
        same_credential(findings).iter().filter_map(|group| credential(findings, group)).collect();
    let rules: Vec<&'static Rule> = rules.iter().copied().filter(|rule| plan.runs(rule.id)).collect();
    let mut part = Part::default();
    for (rule, check) in checks(&rules) {
        let Check::Live(check) = check else { continue };
        let settings = |path: &RepoPath| plan.settings(rule.id, path);
        let context = LiveContext { credentials: &credentials, today, settings: &settings };
        guard(rule, &RepoPath::new(""), &mut part, |findings| check(&context, findings));
    }
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
