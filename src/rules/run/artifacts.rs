//! State, plans, caches and logs: opened, read and judged one after another, so that not all of them are held at once.

use super::{Outcome, Part, Plan, Subject, checks, guard};
use crate::document::artifact::{ArtifactFile, Contents};
use crate::document::collect::ReadError;
use crate::finding::{CredentialUse, Finding, Notification, Place};
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
    let mut files: Vec<&ArtifactFile> = subject.repository.artifacts.iter().collect();
    files.sort_by_key(|file| file.size > LARGE);
    let elsewhere = Copies::of(credentials(&outcome.findings));
    let mut judged = in_turn(&files, |_, file| judge_one(subject, file, &elsewhere, (rules, plan)));
    judge_copies(subject, (rules, plan), &files, outcome, &mut judged);
    for Judged { part, broken } in judged.into_iter().flatten() {
        outcome.findings.extend(part.findings.0);
        outcome.notifications.extend(part.notifications);
        outcome.unparsable_artifacts += usize::from(broken);
    }
}

/// What one artifact tells to be secret is so in all others: those that hold it are judged again.
fn judge_copies(
    subject: &Subject<'_>,
    rules: (&[&'static Rule], &dyn Plan),
    files: &[&ArtifactFile],
    outcome: &Outcome,
    judged: &mut [Option<Judged>],
) {
    let of_artifacts = judged.iter().flatten().flat_map(|judged| credentials(&judged.part.findings.0));
    let everywhere = Copies::of(credentials(&outcome.findings).chain(of_artifacts));
    if files.len() < 2 || everywhere.is_empty() {
        return;
    }
    let seeker = everywhere.seeker();
    let again = in_turn(files, |at, file| {
        let Ok(Contents::Whole(source)) = subject.repository.on_demand.open(&file.path) else { return None };
        let own = judged[at].iter().flat_map(|judged| credentials(&judged.part.findings.0));
        let others = seeker.finds_others(source.bytes(), own);
        others.then(|| judge_one(subject, file, &everywhere, rules)).flatten()
    });
    for (judged, again) in judged.iter_mut().zip(again) {
        if again.is_some() {
            *judged = again;
        }
    }
}

fn credentials(findings: &[Finding]) -> impl Iterator<Item = &CredentialUse> {
    findings.iter().filter_map(|finding| finding.credential.as_ref())
}

/// Does something with each file: with small ones in parallel, with large ones one at a time, as there the work within
/// one is shared among the threads. `files`: the small ones first.
fn in_turn<T: Send>(files: &[&ArtifactFile], each: impl Fn(usize, &ArtifactFile) -> T + Sync) -> Vec<T> {
    let small = files.partition_point(|file| file.size <= LARGE);
    let mut done: Vec<T> = (0..small).into_par_iter().map(|at| each(at, files[at])).collect();
    done.extend((small..files.len()).map(|at| each(at, files[at])));
    done
}

/// What is said of one artifact.
struct Judged {
    part: Part<'static>,
    /// Whether something of it could not be read.
    broken: bool,
}

/// Judges one; None if it is gone.
fn judge_one(
    subject: &Subject<'_>,
    file: &ArtifactFile,
    elsewhere: &Copies,
    rules: (&[&'static Rule], &dyn Plan),
) -> Option<Judged> {
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
            return Some(Judged { part, broken: false });
        }
    };
    apply(subject, file, &analysis, &source, rules, &mut part);
    part.findings.0.iter_mut().for_each(|finding| keep_fragments(finding, &source));
    Some(Judged { part, broken: !analysis.problems.is_empty() })
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
pub(super) fn keep_fragments(finding: &mut Finding, source: &Arc<Source>) {
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
