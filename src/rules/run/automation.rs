//! Workflows, pipelines, Makefiles and scripts: each is read once for all rules.

use super::texts::Told;
use super::{Outcome, Part, Plan, Subject, checks, guard};
use crate::document::Document;
use crate::finding::Finding;
use crate::resolve::automation::Automation;
use crate::rules::{AutomationContext, Check, Rule};
use rayon::prelude::*;

/// Judges all of them. A credential that another rule has found already is not found again.
pub(super) fn judge(subject: &Subject<'_>, rules: &[&'static Rule], plan: &dyn Plan, outcome: &mut Outcome) {
    if !checks(rules).any(|(_, check)| matches!(check, Check::Automation(_))) {
        return;
    }
    let told = Told::of(&outcome.findings);
    let documents = subject.repository.documents.par_iter().filter(|document| document.asked);
    let parts: Vec<Part> = documents.filter_map(|document| judge_one(document, &told, (rules, plan))).collect();
    for part in parts {
        outcome.findings.extend(part.findings.0);
        outcome.notifications.extend(part.notifications);
    }
}

fn judge_one(document: &Document, told: &Told, (rules, plan): (&[&'static Rule], &dyn Plan)) -> Option<Part> {
    let automation = &Automation::of(document)?;
    let mut part = Part::default();
    for (rule, check) in checks(rules) {
        let Check::Automation(check) = check else { continue };
        let settings = plan.settings(rule.id, document.path());
        let context = AutomationContext { automation, document, settings };
        guard(rule, document.path(), &mut part, |findings| check(&context, findings));
    }
    part.findings.0.retain(|finding| !is_told(finding, told));
    Some(part)
}

fn is_told(finding: &Finding, told: &Told) -> bool {
    let place = finding.credential.as_ref().map(|credential| &credential.place);
    place.is_some_and(|place| told.tells(place.path(), place.span))
}
