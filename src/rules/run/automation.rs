//! Workflows, pipelines, Makefiles and scripts: each is read once for all rules.

use super::{Outcome, Part, Plan, Subject, checks, guard};
use crate::document::Document;
use crate::resolve::automation::Automation;
use crate::rules::{AutomationContext, Check, Rule};
use rayon::prelude::*;
use std::collections::HashSet;

/// Judges all of them.
pub(super) fn judge(subject: &Subject<'_>, rules: &[&'static Rule], plan: &dyn Plan, outcome: &mut Outcome) {
    if !checks(rules).any(|(_, check)| matches!(check, Check::Automation(_))) {
        return;
    }
    let documents = subject.repository.documents.par_iter().filter(|document| document.asked);
    let parts: Vec<Part> = documents.filter_map(|document| judge_one(document, (rules, plan))).collect();
    for part in parts {
        outcome.findings.extend(part.findings.0);
        outcome.notifications.extend(part.notifications);
    }
}

fn judge_one(document: &Document, (rules, plan): (&[&'static Rule], &dyn Plan)) -> Option<Part<'static>> {
    let automation = &Automation::of(document)?;
    let mut part = Part::default();
    for (rule, check) in checks(rules) {
        let Check::Automation(check) = check else { continue };
        let settings = plan.settings(rule.id, document.path());
        let context = AutomationContext { automation, document, settings };
        guard(rule, document.path(), &mut part, |findings| check(&context, findings));
    }
    // What an alias brings to several jobs is written once.
    let mut said = HashSet::new();
    part.findings.0.retain(|finding| said.insert((finding.rule, finding.place.span)));
    Some(part)
}
