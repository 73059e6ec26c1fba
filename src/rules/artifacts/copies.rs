//! Copies: the value of a secret that stands where nothing else says that it is one.

use super::analysis::Why;
use super::judge::Judged;
use super::needles::Needles;
use super::survey::{Findings, Found};
use crate::document::artifact::{self, Leaf, Owner, Visitor};
use crate::finding::{Confidence, CredentialUse, Secret, Strength};
use crate::rules::inside::harmless::is_distinctive;
use crate::text::{Source, Span};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

/// Values that are looked for, at most.
const MAX_KNOWN: usize = 4000;

/// Bytes of a value that are searched for: all of it is compared where they stand.
const PIECE: usize = 48;

/// Lengths of values that are called copies within a longer text.
const WITHIN: std::ops::RangeInclusive<usize> = 8..=4096;

/// Copies that are told of one text.
const MAX_IN_TEXT: usize = 64;

/// Values that are known to be secret from elsewhere in the repository.
#[derive(Debug, Default)]
pub struct Copies {
    known: Vec<Known>,
}

impl Copies {
    /// Of the credentials that were found.
    pub fn of<'a>(known: impl Iterator<Item = &'a CredentialUse>) -> Self {
        let mut seen = HashSet::new();
        let distinct = known.filter(|used| is_distinctive(used.secret.expose()) && seen.insert(used.secret.expose()));
        let known = distinct.take(MAX_KNOWN).map(|used| Known {
            secret: used.secret.clone(),
            kind: used.kind,
            id: used.id.clone(),
            strength: used.strength,
            confidence: Confidence::High,
            original: None,
        });
        Self { known: known.collect() }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Which files may hold values of others.
    pub fn seeker(&self) -> Seeker<'_> {
        let (mut written, mut values): (Vec<Vec<u8>>, Vec<&str>) = (Vec::new(), Vec::new());
        for value in self.known.iter().map(|known| known.secret.expose()) {
            written.extend(ways_to_write(value).iter().map(|way| piece(way).1.to_vec()));
            values.resize(written.len(), value);
        }
        Seeker { needles: Needles::new(&written), values }
    }
}

/// Tells files that hold secrets of other files.
pub struct Seeker<'c> {
    needles: Option<Needles>,
    values: Vec<&'c str>,
}

impl Seeker<'_> {
    /// Whether one of the values stands in a file, other than those that were found there. Of an archive, whose bytes
    /// do not show its values, it is always possible.
    pub fn finds_others<'f>(&self, bytes: &[u8], found: impl Iterator<Item = &'f CredentialUse>) -> bool {
        let Some(needles) = &self.needles else { return false };
        let own: HashSet<&str> = found.map(|used| used.secret.expose()).collect();
        is_archive(bytes) || needles.any(bytes, |index| !own.contains(self.values[index]))
    }
}

/// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, 4.3.7
fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// A value that is known to be secret.
#[derive(Clone, Debug)]
struct Known {
    secret: Secret,
    kind: &'static str,
    id: Option<String>,
    strength: Strength,
    confidence: Confidence,
    original: Option<(Owner, String)>,
}

/// Looks for further places of the secrets that were found, and of those from elsewhere. `archived`: whether the values
/// stand in an archive, so that its bytes do not show them.
pub(super) fn search(source: &Source, elsewhere: &Copies, archived: bool, findings: &mut Findings) {
    let known = all_known(findings, elsewhere);
    if known.is_empty() {
        return;
    }
    let offsets = if archived { None } else { Some(occurrences(source.bytes(), &known, &findings.spans)) };
    if offsets.as_ref().is_some_and(Vec::is_empty) {
        return;
    }
    let pieces = known.iter().map(|known| piece(known.secret.expose()).1);
    let Ok(matcher) = AhoCorasick::builder().match_kind(MatchKind::Standard).build(pieces) else { return };
    let mut pass = Pass { known: &known, matcher: &matcher, offsets, findings, order: 0 };
    artifact::read(&source.path, source.bytes(), &mut pass);
}

/// What only its name tells to be a secret, and what has the value of one that is known otherwise, is its copy.
pub(super) fn name_originals(secrets: &mut [Found]) {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (at, found) in secrets.iter().enumerate().filter(|(_, found)| found.judged.why != Why::Named) {
        known.entry(found.judged.secret.expose()).or_insert(at);
    }
    let copies: Vec<(usize, usize)> = secrets
        .iter()
        .enumerate()
        .filter(|(_, found)| found.judged.why == Why::Named)
        .filter_map(|(at, found)| Some((at, *known.get(found.judged.secret.expose())?)))
        .collect();
    for (at, original) in copies {
        let Found { owner, attribute, judged, .. } = &secrets[original];
        let (kind, id, confidence) = (judged.kind, judged.id.clone(), judged.confidence);
        let named = Some((owner.clone(), attribute.clone()));
        let copy = &mut secrets[at];
        (copy.judged.why, copy.judged.kind, copy.judged.id, copy.judged.confidence) = (Why::Copy, kind, id, confidence);
        copy.original = named;
    }
}

fn all_known(findings: &Findings, elsewhere: &Copies) -> Vec<Known> {
    let (mut seen, hasher) = (HashSet::new(), RandomState::new());
    let found = findings.secrets.iter().filter(|found| is_distinctive(found.judged.secret.expose()));
    let own = found.map(|found| Known {
        secret: found.judged.secret.clone(),
        kind: found.judged.kind,
        id: found.judged.id.clone(),
        strength: found.judged.strength,
        confidence: found.judged.confidence,
        original: Some((found.owner.clone(), found.attribute.clone())),
    });
    let all = own.chain(elsewhere.known.iter().cloned());
    let distinct = all.filter(|known| seen.insert(hasher.hash_one(known.secret.expose())));
    distinct.take(MAX_KNOWN).collect()
}

/// A part from a value's middle (the start of a key in armour is the same for all), and its offset.
fn piece(value: &str) -> (usize, &[u8]) {
    let bytes = value.as_bytes();
    if bytes.len() <= PIECE {
        return (0, bytes);
    }
    let from = (bytes.len() - PIECE) / 2;
    (from, &bytes[from..from + PIECE])
}

/// Offsets in the raw text at which one of the values stands, in any way that JSON may write it, outside of `spans`.
fn occurrences(bytes: &[u8], known: &[Known], spans: &HashSet<Span>) -> Vec<u32> {
    let ways = known.iter().flat_map(|known| ways_to_write(known.secret.expose()));
    let pieces: HashSet<Vec<u8>> = ways.map(|way| piece(&way).1.to_vec()).collect();
    let Some(needles) = Needles::new(&pieces.into_iter().collect::<Vec<_>>()) else { return Vec::new() };
    let mut offsets = needles.offsets(bytes);
    let mut told: Vec<Span> = spans.iter().copied().collect();
    told.sort_unstable_by_key(|span| span.start);
    let is_told = |at: u32| {
        let next = told.partition_point(|span| span.start <= at);
        next > 0 && at < told[next - 1].end
    };
    offsets.retain(|at| !is_told(*at));
    offsets
}

/// A value as JSON writes it, with and without the escapes that Go adds (`<`, `>`, `&`), and in JSON within a string.
/// <https://pkg.go.dev/encoding/json#HTMLEscape>
fn ways_to_write(value: &str) -> Vec<String> {
    let escaped = |text: &str| {
        let quoted = serde_json::to_string(text).unwrap_or_default();
        quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
    };
    let go = |text: &str| text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    let once = escaped(value);
    let twice = escaped(&once);
    let mut ways = vec![value.to_owned(), go(&once), go(&twice), escaped(&go(&once)), once, twice];
    ways.retain(|way| !way.is_empty());
    ways.sort();
    ways.dedup();
    ways
}

/// A second pass, over the places where a known value stands.
struct Pass<'a> {
    known: &'a [Known],
    matcher: &'a AhoCorasick,
    /// None in an archive: every value is compared.
    offsets: Option<Vec<u32>>,
    findings: &'a mut Findings,
    order: usize,
}

impl Pass<'_> {
    fn stands_in(&self, span: Option<Span>) -> bool {
        let (Some(span), Some(offsets)) = (span, &self.offsets) else { return true };
        let next = offsets.partition_point(|at| *at < span.start);
        offsets.get(next).is_some_and(|at| *at < span.end)
    }

    /// The known values that a text is, or holds between other characters than letters and digits.
    fn copies_in(&self, text: &str) -> Vec<&Known> {
        let mut copies: Vec<usize> = Vec::new();
        for found in self.matcher.find_overlapping_iter(text) {
            let index = found.pattern().as_usize();
            let value = self.known[index].secret.expose();
            let Some(start) = found.start().checked_sub(piece(value).0) else { continue };
            let end = start + value.len();
            let apart = |side: Option<char>| !side.is_some_and(char::is_alphanumeric);
            let bounds = || apart(text[..start].chars().next_back()) && apart(text[end..].chars().next());
            let whole = start == 0 && end == text.len();
            let possible = !copies.contains(&index) && (whole || WITHIN.contains(&value.len()));
            if possible && text.get(start..end) == Some(value) && (whole || bounds()) {
                copies.push(index);
            }
            if copies.len() == MAX_IN_TEXT {
                break;
            }
        }
        copies.into_iter().map(|index| &self.known[index]).collect()
    }
}

impl Visitor for Pass<'_> {
    fn wants(&mut self, _owner: &Owner, _attribute: &str, span: Option<Span>, _marked: bool) -> bool {
        self.stands_in(span)
    }

    fn leaf(&mut self, owner: &Owner, leaf: Leaf<'_>) {
        self.order += 1;
        let told = leaf.span.is_some_and(|span| self.findings.spans.contains(&span));
        if leaf.number || told || !self.stands_in(leaf.span) {
            return;
        }
        let copies: Vec<Known> = self.copies_in(leaf.text).into_iter().cloned().collect();
        for Known { secret, kind, id, strength, confidence, original } in copies {
            let (beside, why) = (Vec::new(), Why::Copy);
            let judged = Judged { kind, secret, id, beside, strength, why, confidence };
            let (owner, attribute, order) = (owner.clone(), leaf.path.to_owned(), usize::MAX);
            self.findings.add(Found { owner, attribute, span: leaf.span, order, judged, original });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_however_json_writes_them() {
        let ways = ways_to_write("a\"<b");
        for way in [r#"a\"<b"#, r#"a\"\u003cb"#, r#"a\\\"<b"#] {
            assert!(ways.iter().any(|known| known == way), "{way}: {ways:?}");
        }
        assert_eq!(ways_to_write("hunter2"), ["hunter2"]);
    }

    #[test]
    fn a_piece_is_from_the_middle() {
        let value = "x".repeat(100);
        assert_eq!(piece(&value), (26, &value.as_bytes()[..PIECE]));
        assert_eq!(piece("short"), (0, b"short".as_slice()));
    }
}
