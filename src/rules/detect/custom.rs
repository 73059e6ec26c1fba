//! Formats that a repository's policy adds to the catalogue, and the search for all of them.

use super::{Hit, find};
use crate::finding::{Confidence, Strength};
use crate::rules::secret::is_generated;
use crate::text::{RepoPath, lossy};
use aho_corasick::AhoCorasick;
use std::ops::Range;

/// What finds the secrets in the text of a file.
pub type Look = dyn Fn(&RepoPath, &str) -> Vec<Range<usize>> + Send + Sync;

/// Whether what was found in the text of a file, by the word for its kind and its place, is allowed.
pub type Allows = dyn Fn(&str, &RepoPath, &str, &Range<usize>) -> bool + Send + Sync;

/// A format that the repository's policy names.
pub struct CustomDetector {
    /// The inventory's word for it.
    pub kind: &'static str,
    /// One of these stands in every text that holds one, in whatever case; any text may if there is none.
    pub keywords: Vec<String>,
    /// Finds them.
    pub look: Box<Look>,
}

/// The formats of the catalogue, and those that the policy adds.
#[derive(Default)]
pub struct Detectors {
    custom: Vec<CustomDetector>,
    /// The keywords of all of them, and whose each is.
    keywords: Option<(AhoCorasick, Vec<usize>)>,
    allows: Option<Box<Allows>>,
}

impl Detectors {
    /// The catalogue with more formats, and with what is allowed.
    pub fn new(custom: Vec<CustomDetector>, allows: Box<Allows>) -> Self {
        let words = custom.iter().enumerate();
        let words = words.flat_map(|(nth, detector)| detector.keywords.iter().map(move |word| (word.as_str(), nth)));
        let (words, owners): (Vec<&str>, Vec<usize>) = words.filter(|(word, _)| !word.is_empty()).unzip();
        let built = AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok();
        Self { custom, keywords: built.map(|automaton| (automaton, owners)), allows: Some(allows) }
    }

    /// All credentials in the text of a file, ordered by place, not overlapping. Where two meet, the catalogue's counts.
    pub fn find(&self, path: &RepoPath, text: &str) -> Vec<Hit> {
        let mut hits = find(text);
        let known = hits.len();
        for detector in self.that_may_find(text) {
            let secrets = (detector.look)(path, text).into_iter().filter(|secret| !meets(&hits[..known], secret));
            let custom: Vec<Hit> = secrets.map(|secret| custom_hit(detector.kind, text, secret)).collect();
            hits.extend(custom);
        }
        if let Some(allows) = &self.allows {
            hits.retain(|hit| !allows(hit.kind, path, text, &hit.secret));
        }
        hits.sort_by_key(|hit| hit.secret.start);
        hits.dedup_by(|next, before| next.secret.start < before.secret.end);
        hits
    }

    /// Whether one stands in the text of a file.
    pub fn suspects(&self, path: &RepoPath, bytes: &[u8]) -> bool {
        !self.find(path, &lossy(bytes)).is_empty()
    }

    fn that_may_find(&self, text: &str) -> impl Iterator<Item = &CustomDetector> {
        let mut may: Vec<bool> = self.custom.iter().map(|detector| detector.keywords.is_empty()).collect();
        if let Some((automaton, owners)) = &self.keywords {
            automaton.find_overlapping_iter(text).for_each(|found| may[owners[found.pattern().as_usize()]] = true);
        }
        self.custom.iter().zip(may).filter(|(_, may)| *may).map(|(detector, _)| detector)
    }
}

/// Whether a place has bytes in common with one of those that were found, which are ordered and disjoint.
fn meets(hits: &[Hit], secret: &Range<usize>) -> bool {
    let before = hits.partition_point(|hit| hit.secret.start < secret.end);
    before > 0 && hits[before - 1].secret.end > secret.start
}

fn custom_hit(kind: &'static str, text: &str, secret: Range<usize>) -> Hit {
    let strong = is_generated(&text[secret.clone()]);
    let strength = if strong { Strength::Unguessable } else { Strength::Guessable };
    Hit { kind, secret, id: None, beside: Vec::new(), strength, confidence: Confidence::High }
}

impl std::fmt::Debug for Detectors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Detectors").field("custom", &self.custom.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detectors(keywords: &[&str], word: &'static str) -> Detectors {
        let look: Box<Look> =
            Box::new(move |_, text| text.match_indices(word).map(|(at, _)| at..at + word.len()).collect());
        let keywords = keywords.iter().map(|word| (*word).to_owned()).collect();
        let allows: Box<Allows> = Box::new(|_, path, _, _| path.as_str() == "allowed");
        Detectors::new(vec![CustomDetector { kind: "acme-token", keywords, look }], allows)
    }

    fn kinds(detectors: &Detectors, path: &str, text: &str) -> Vec<&'static str> {
        detectors.find(&RepoPath::new(path), text).into_iter().map(|hit| hit.kind).collect()
    }

    #[test]
    fn keywords_choose_and_allowlists_hold_for_all() {
        let with = detectors(&["acme"], "secret1");
        assert_eq!(kinds(&with, "a", "ACME: secret1"), ["acme-token"]);
        assert!(kinds(&with, "a", "other: secret1").is_empty());
        assert_eq!(kinds(&detectors(&[], "secret1"), "a", "other: secret1"), ["acme-token"]);
        assert!(kinds(&with, "allowed", "acme: secret1 postgres://a:hunter2@db.example.org/x").is_empty());
        assert!(with.suspects(&RepoPath::new("a"), b"acme secret1") && !with.suspects(&RepoPath::new("a"), b"acme"));
    }

    #[test]
    fn the_catalogue_knows_better() {
        let text = "x acme postgres://a:hunter2@db.example.org/x";
        assert_eq!(kinds(&detectors(&[], "hunter2"), "a", text), ["url-password"]);
        assert_eq!(kinds(&detectors(&[], "acme"), "a", text), ["acme-token", "url-password"]);
    }
}
