//! Workflows, pipelines, Makefiles and scripts: each is read once for all rules.

use super::{Outcome, Part, Plan, Subject, checks, guard};
use crate::document::Document;
use crate::finding::Finding;
use crate::resolve::automation::Automation;
use crate::rules::{AutomationContext, Check, Rule};
use crate::text::{RepoPath, Span};
use rayon::prelude::*;
use std::collections::HashMap;

/// Where the credentials stand that have been found so far.
type Taken = HashMap<RepoPath, Vec<Span>>;

/// Judges all of them. A credential that another rule has found already is not found again.
pub(super) fn judge(subject: &Subject<'_>, rules: &[&'static Rule], plan: &dyn Plan, outcome: &mut Outcome) {
    if !checks(rules).any(|(_, check)| matches!(check, Check::Automation(_))) {
        return;
    }
    let mut taken = Taken::new();
    for credential in outcome.findings.iter().filter_map(|finding| finding.credential.as_ref()) {
        taken.entry(credential.place.path().clone()).or_default().push(credential.place.span);
    }
    let documents = &subject.repository.documents;
    let parts: Vec<Part> =
        documents.par_iter().filter_map(|document| judge_one(document, &taken, (rules, plan))).collect();
    for part in parts {
        outcome.findings.extend(part.findings.0);
        outcome.notifications.extend(part.notifications);
    }
}

fn judge_one(document: &Document, taken: &Taken, (rules, plan): (&[&'static Rule], &dyn Plan)) -> Option<Part> {
    let automation = &Automation::of(document)?;
    let mut part = Part::default();
    for (rule, check) in checks(rules) {
        let Check::Automation(check) = check else { continue };
        let settings = plan.settings(rule.id, document.path());
        let context = AutomationContext { automation, document, settings };
        guard(rule, document.path(), &mut part, |findings| check(&context, findings));
    }
    part.findings.0.retain(|finding| !is_taken(finding, taken));
    Some(part)
}

fn is_taken(finding: &Finding, taken: &Taken) -> bool {
    let Some(credential) = &finding.credential else { return false };
    let span = credential.place.span;
    let spans = taken.get(credential.place.path()).map_or(&[][..], Vec::as_slice);
    spans.iter().any(|other| other.start < span.end && span.start < other.end)
}
