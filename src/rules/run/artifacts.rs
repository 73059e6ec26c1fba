//! State, plans, caches and logs: opened, read and judged one after another, so that not all of them are held at once.

use super::{Outcome, Part, Plan, Subject, checks, guard};
use crate::document::artifact::{ArtifactFile, Contents};
use crate::document::collect::ReadError;
use crate::finding::{Finding, Notification, Place};
use crate::rules::artifacts::{Analysis, Copies, analyse, analyse_windows};
use crate::rules::{ArtifactContext, Check, Rule};
use crate::text::{Source, Span};
use rayon::prelude::*;
use std::sync::Arc;

/// Up to this size a file is kept as it is; of a larger one only what findings point at.
const KEPT_WHOLE: usize = 256 << 10;

/// What is kept of a line on either side of a finding: an excerpt shows no longer ones.
const KEPT_AROUND: usize = 400;

/// Larger files are held one at a time, whatever the number of threads.
const LARGE: u64 = 16 << 20;

/// Judges all artifacts.
pub(super) fn judge(subject: &Subject<'_>, rules: &[&'static Rule], plan: &dyn Plan, outcome: &mut Outcome) {
    if !checks(rules).any(|(_, check)| matches!(check, Check::Artifact(_))) {
        return;
    }
    let elsewhere = Copies::of(outcome.findings.iter().filter_map(|finding| finding.credential.as_ref()));
    let (large, small): (Vec<&ArtifactFile>, Vec<_>) =
        subject.repository.artifacts.iter().partition(|file| file.size > LARGE);
    let judge = |file: &&ArtifactFile| judge_one(subject, file, &elsewhere, (rules, plan));
    let mut parts: Vec<(Part, bool)> = small.par_iter().filter_map(judge).collect();
    // Within a large one the work is shared among the threads.
    parts.extend(large.iter().filter_map(judge));
    for (part, broken) in parts {
        outcome.findings.extend(part.findings.0);
        outcome.notifications.extend(part.notifications);
        outcome.unparsable_artifacts += usize::from(broken);
    }
}

/// Judges one; with it whether something of it could not be read. None if it is gone.
fn judge_one(
    subject: &Subject<'_>,
    file: &ArtifactFile,
    elsewhere: &Copies,
    (rules, plan): (&[&'static Rule], &dyn Plan),
) -> Option<(Part, bool)> {
    let mut part = Part::default();
    let (analysis, source) = match subject.repository.on_demand.open(&file.path) {
        Ok(Contents::Whole(source)) => (analyse(&source, elsewhere), source),
        Ok(Contents::Large(windows)) => {
            (analyse_windows(windows), Arc::new(Source::new(file.path.clone(), Vec::new())))
        }
        // Removed since the directory was listed.
        Err(ReadError::Io(std::io::ErrorKind::NotFound)) => return None,
        Err(error) => {
            part.notifications.push(Notification::warning(&file.path, error.to_string()));
            return Some((part, false));
        }
    };
    apply(subject, file, &analysis, &source, (rules, plan), &mut part);
    part.findings.0.iter_mut().for_each(|finding| keep_fragments(finding, &source));
    Some((part, !analysis.problems.is_empty()))
}

fn apply(
    subject: &Subject<'_>,
    file: &ArtifactFile,
    analysis: &Analysis,
    source: &Arc<Source>,
    (rules, plan): (&[&'static Rule], &dyn Plan),
    part: &mut Part,
) {
    let start = Place::new(source, Span::at(0));
    for (rule, check) in checks(rules) {
        let Check::Artifact(check) = check else { continue };
        let settings = plan.settings(rule.id, &file.path);
        let (today, in_git) = (subject.today, subject.repository.in_git);
        let context = ArtifactContext { file, start: &start, analysis, in_git, today, settings };
        guard(rule, &file.path, part, |findings| check(&context, findings));
    }
}

/// Lets go of a large source: every place keeps the lines that it points at.
fn keep_fragments(finding: &mut Finding, source: &Arc<Source>) {
    if source.bytes().len() <= KEPT_WHOLE {
        return;
    }
    let credential = finding.credential.iter_mut().map(|credential| &mut credential.place);
    let related = finding.related.iter_mut().map(|related| &mut related.place);
    for place in std::iter::once(&mut finding.place).chain(credential).chain(related) {
        if Arc::ptr_eq(&place.source, source) {
            place.source = Arc::new(source.fragment_around(place.span, KEPT_AROUND));
        }
    }
}
