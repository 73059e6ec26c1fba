//! Every text of the repository, searched for credentials of known formats: last, so that what other rules have found
//! at a place is not said again.

use super::artifacts::keep_fragments;
use super::{Outcome, Part, Plan, Subject, checks, guard};
use crate::document::{Document, Kind};
use crate::finding::{Finding, Level, Notification};
use crate::rules::detect::Hit;
use crate::rules::{Check, Rule, TextContext};
use crate::text::{RepoPath, Source, Span, lossy};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Credentials that are told of one file. More of them are a list of credentials: it is not longer for being read on.
const MAX_HITS: usize = 1000;

/// What a window leaves to the next one, which sees it as well: what begins there may go on beyond its end.
const LEFT: usize = 32 << 10;

/// Judges all texts in which a credential may stand.
pub(super) fn judge(subject: &Subject<'_>, rules: &[&'static Rule], plan: &dyn Plan, outcome: &mut Outcome) {
    if !checks(rules).any(|(_, check)| matches!(check, Check::Text(_))) {
        return;
    }
    let pass = Pass { subject, rules, plan, told: Told::of(&outcome.findings) };
    let repository = subject.repository;
    let documents: Vec<&Document> = repository.documents.iter().filter(|d| d.asked && d.suspect).collect();
    let mut parts: Vec<Part> = documents.par_iter().map(|document| pass.document(document)).collect();
    parts.extend(repository.large_texts.par_iter().map(|path| pass.large(path)).collect::<Vec<_>>());
    for part in parts {
        outcome.findings.extend(part.findings.0);
        outcome.notifications.extend(part.notifications);
    }
}

struct Pass<'a> {
    subject: &'a Subject<'a>,
    rules: &'a [&'static Rule],
    plan: &'a dyn Plan,
    told: Told,
}

impl Pass<'_> {
    fn document(&self, document: &Document) -> Part<'static> {
        let mut part = Part::default();
        let all = 0..document.source.bytes().len();
        let file = (document.kind, document.ignored);
        self.search(&document.source, file, all, MAX_HITS, &mut part);
        part
    }

    /// A text that is read in windows.
    fn large(&self, path: &RepoPath) -> Part<'static> {
        let mut part = Part::default();
        let mut windows = match self.subject.repository.on_demand.windows(path) {
            Ok(windows) => windows.peekable(),
            Err(error) => {
                part.notifications.push(Notification::warning(path, error.to_string()));
                return part;
            }
        };
        let (mut start, mut left) = (0, MAX_HITS);
        while let Some(window) = windows.next() {
            let window = match window {
                Ok(window) => Arc::new(window),
                Err(error) => {
                    let message = format!("its end was not searched for credentials: {error}");
                    part.notifications.push(Notification::warning(path, message));
                    break;
                }
            };
            let offset = window.offset() as usize;
            let end = offset + window.bytes().len() - if windows.peek().is_some() { LEFT } else { 0 };
            let mut own = Part::default();
            left -= self.search(&window, (Kind::of(path), false), start - offset..end - offset, left, &mut own);
            own.findings.0.iter_mut().for_each(|finding| keep_fragments(finding, &window));
            part.findings.append(own.findings);
            part.notifications.append(&mut own.notifications);
            start = end;
            if left == 0 {
                break;
            }
        }
        part
    }

    /// Searches a text for what begins in a part of it, and says how much there is.
    fn search(
        &self,
        source: &Arc<Source>,
        (kind, ignored): (Kind, bool),
        own: std::ops::Range<usize>,
        most: usize,
        part: &mut Part,
    ) -> usize {
        let text = lossy(source.bytes());
        let mut hits = self.subject.detectors.find(&source.path, &text);
        let span = |hit: &Hit| Span::new(hit.secret.start, hit.secret.end).shifted(source.offset() as usize);
        hits.retain(|hit| own.contains(&hit.secret.start) && !self.told.tells(&source.path, span(hit)));
        if hits.len() > most {
            hits.truncate(most);
            let message = format!("only the first {MAX_HITS} credentials in it are told");
            part.notifications.push(Notification::warning(&source.path, message));
        }
        if hits.is_empty() {
            return 0;
        }
        for (rule, check) in checks(self.rules) {
            let Check::Text(check) = check else { continue };
            let settings = self.plan.settings(rule.id, &source.path);
            let context = TextContext { source, text: &text, hits: &hits, kind, ignored, settings };
            guard(rule, &source.path, part, |findings| check(&context, findings));
        }
        hits.len()
    }
}

/// Where credentials stand that other rules are sure of.
struct Told(HashMap<RepoPath, Vec<Span>>);

impl Told {
    fn of(findings: &[Finding]) -> Self {
        let mut told: HashMap<RepoPath, Vec<Span>> = HashMap::new();
        let mut add = |place: &crate::finding::Place| told.entry(place.path().clone()).or_default().push(place.span);
        for finding in findings {
            // Of findings that are less sure the surer one is left in the end.
            let whole = finding.credential.as_ref().filter(|credential| credential.is_whole());
            let sure = whole.iter().filter(|_| finding.at_most == Level::Error);
            sure.for_each(|credential| add(&credential.place));
            // A finding may stand at a value that is no credential by itself: the public half of a pair.
            if whole.is_none() && finding.place.span.len() <= LONGEST_VALUE {
                add(&finding.place);
            }
        }
        for spans in told.values_mut() {
            spans.sort_unstable();
            spans.dedup_by(|next, before| {
                let meet = next.start < before.end;
                if meet {
                    *before = before.join(*next);
                }
                meet
            });
        }
        Self(told)
    }

    fn tells(&self, path: &RepoPath, span: Span) -> bool {
        let Some(spans) = self.0.get(path) else { return false };
        let after = spans.partition_point(|told| told.start < span.end);
        after > 0 && spans[after - 1].overlaps(span)
    }
}

/// An access key id in its quotes.
const LONGEST_VALUE: usize = 22;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;

    #[test]
    fn what_overlaps_a_told_place_is_told() {
        let source = Arc::new(Source::new(RepoPath::new("a.tf"), vec![b'x'; 400]));
        let at = |start, end| Finding::new("x", Place::new(&source, Span::new(start, end)), "m");
        let told = Told::of(&[at(10, 30), at(100, 300), at(50, 60), at(55, 70)]);
        let tells = |start, end| told.tells(&source.path, Span::new(start, end));
        assert!(tells(11, 29) && tells(5, 11) && tells(29, 31) && tells(65, 69) && tells(40, 90));
        assert!(!tells(0, 10) && !tells(30, 50), "half-open");
        assert!(!tells(150, 190), "a finding at a block says nothing of what stands in it");
        assert!(!told.tells(&RepoPath::new("b.tf"), Span::new(11, 29)));
    }
}
