//! The pass over an artifact with its work spread over the threads: one reads on while others look at values.

use super::survey::Survey;
use crate::document::artifact::{self, Later, Leaf, Owner, Problem, Reading, Visitor};
use crate::rules::detect::Candidates;
use crate::text::{Source, Span};
use rayon::Scope;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

/// Bytes of values that are looked at as one task.
const TASK: usize = 512 << 10;

/// Tasks that are begun or wait at once, so that not all of an artifact waits.
const MOST_TASKS: usize = 8;

/// Reads an artifact, and hands its values to a survey.
pub(super) fn read<'c>(source: &Source, candidates: &'c Candidates<'c>) -> (Reading, Survey<'c>) {
    let (sender, done) = channel();
    let running = AtomicUsize::new(0);
    let (mut reading, mut survey) = rayon::in_place_scope(|scope| {
        let own = Survey::new(candidates);
        let bytes = source.bytes();
        let mut spread =
            Spread { bytes, candidates, own, waiting: Vec::new(), extent: 0, scope, running: &running, sender };
        let reading = artifact::read(&source.path, bytes, &mut spread);
        let problems = tell(spread.waiting, bytes, &mut spread.own);
        (Reading { problems: [reading.problems, problems].concat(), ..reading }, spread.own)
    });
    let (others, problems): (Vec<Survey<'c>>, Vec<Vec<Problem>>) = done.into_iter().unzip();
    survey.absorb(others.into_iter());
    reading.problems.extend(problems.into_iter().flatten());
    // One mishap has many followers: the first counts.
    reading.problems.sort_by_key(|problem| problem.span.map(|span| span.start));
    let mut placed = 0;
    reading.problems.retain(|problem| {
        placed += usize::from(problem.span.is_some());
        problem.span.is_none() || placed == 1
    });
    (reading, survey)
}

/// Tells values; says what could not be read of them.
fn tell(values: Vec<Later>, bytes: &[u8], visitor: &mut dyn Visitor) -> Vec<Problem> {
    values.into_iter().filter_map(|values| values.tell(bytes, visitor)).collect()
}

/// A survey that gives values to others as well.
struct Spread<'s, 'scope, 'c> {
    bytes: &'scope [u8],
    candidates: &'c Candidates<'c>,
    own: Survey<'c>,
    /// What will make up the next task, and how many bytes that is.
    waiting: Vec<Later>,
    extent: usize,
    scope: &'s Scope<'scope>,
    running: &'scope AtomicUsize,
    sender: Sender<(Survey<'c>, Vec<Problem>)>,
}

impl<'scope, 'c: 'scope> Visitor for Spread<'_, 'scope, 'c> {
    fn wants(&mut self, owner: &Owner, attribute: &str, span: Option<Span>, marked: bool) -> bool {
        self.own.wants(owner, attribute, span, marked)
    }

    fn leaf(&mut self, owner: &Owner, leaf: Leaf<'_>) {
        self.own.leaf(owner, leaf);
    }

    fn later(&mut self, values: Later) -> Option<Later> {
        if self.running.load(Ordering::Relaxed) >= MOST_TASKS {
            return Some(values);
        }
        self.extent += values.extent();
        self.waiting.push(values);
        if self.extent >= TASK {
            self.extent = 0;
            self.running.fetch_add(1, Ordering::Relaxed);
            let values = std::mem::take(&mut self.waiting);
            let (bytes, candidates, running, sender) = (self.bytes, self.candidates, self.running, self.sender.clone());
            self.scope.spawn(move |_| {
                let mut survey = Survey::new(candidates);
                let problems = tell(values, bytes, &mut survey);
                // The receiver outlives the scope.
                let _ = sender.send((survey, problems));
                running.fetch_sub(1, Ordering::Relaxed);
            });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::RepoPath;

    /// A state that makes several tasks, with a password in each hundredth resource and `odd` in one of the others.
    fn state(odd: &[u8]) -> Source {
        let mut text = br#"{"version":4,"terraform_version":"1.11.4","lineage":"x","resources":["#.to_vec();
        for number in 0..4000 {
            let (kind, value) = if number % 100 == 7 { ("random_password", "result") } else { ("null_resource", "id") };
            let head = format!(r#"{{"mode":"managed","type":"{kind}","name":"n{number}","instances":[{{"attributes":"#);
            text.extend(head.bytes());
            text.extend(format!(r#"{{"{value}":"Rk2dYf7P{number}WgEn","filler":"{}","#, "x ".repeat(300)).bytes());
            text.extend(br#""private":""#);
            text.extend(if number == 2222 { odd } else { b"" });
            text.extend(br#""}}]},"#);
        }
        text.pop();
        text.extend(b"]}");
        Source::new(RepoPath::new("x.tfstate"), text)
    }

    fn found(survey: &Survey<'_>) -> Vec<(String, Option<Span>)> {
        survey.findings.secrets.iter().map(|found| (found.owner.address.clone(), found.span)).collect()
    }

    #[test]
    fn many_threads_find_what_one_finds() {
        let source = state(b"");
        assert!(source.bytes().len() > 4 * TASK);
        let candidates = Candidates::new(source.bytes());
        let mut alone = Survey::new(&candidates);
        let expected = artifact::read(&source.path, source.bytes(), &mut alone);
        let (reading, survey) = read(&source, &candidates);
        assert_eq!(found(&survey).len(), 40);
        assert_eq!(found(&survey), found(&alone));
        assert_eq!((reading.format, reading.problems), (expected.format, expected.problems));
    }

    #[test]
    fn what_another_thread_cannot_read_is_told() {
        // A `private` of some length is looked into, and only then it shows that it is not UTF-8.
        let source = state(&[b"x".repeat(300), b"\xff".to_vec()].concat());
        let candidates = Candidates::new(source.bytes());
        let (reading, survey) = read(&source, &candidates);
        assert_eq!((reading.problems.len(), found(&survey).len()), (1, 40));
    }
}
