//! The search for the literals of all detectors at once.

use super::detector::Detector;
use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// What is searched at a time.
pub(super) const CHUNK: usize = 256 << 10;
/// What one packed searcher takes.
const PATTERNS: usize = 64;

/// All detectors in the order of the catalogue, and the search for their literals.
pub(super) struct Index {
    automaton: AhoCorasick,
    /// Of each pattern of the automaton: which detector it belongs to.
    owners: Vec<u16>,
    detectors: Vec<&'static Detector>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let detectors: Vec<&'static Detector> = super::detectors().collect();
    let (mut owners, mut literals): (Vec<u16>, Vec<&str>) = (Vec::new(), Vec::new());
    for (number, detector) in (0..).zip(&detectors) {
        literals.extend(detector.literals);
        owners.resize(literals.len(), number);
    }
    let built = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(&literals);
    let automaton = built.expect("some hundred short literals make a small automaton");
    Index { automaton, owners, detectors }
});

/// Where a literal stands, and the detector that it belongs to.
pub(super) struct Sighting {
    /// Its place in the catalogue.
    pub(super) number: usize,
    pub(super) detector: &'static Detector,
    pub(super) literal: Range<usize>,
}

/// All literals in a text, in the order that they end in.
pub(super) fn sightings(text: &str) -> impl Iterator<Item = Sighting> {
    let index = &*INDEX;
    index.automaton.find_overlapping_iter(text).map(|found| {
        let number = usize::from(index.owners[found.pattern().as_usize()]);
        Sighting { number, detector: index.detectors[number], literal: found.range() }
    })
}

/// How many detectors there are.
pub(super) fn detectors() -> usize {
    INDEX.detectors.len()
}

/// The literals in groups that a packed searcher takes, each with the automaton for texts that are too short for it.
static PACKED: LazyLock<Vec<Searcher>> = LazyLock::new(|| {
    let mut literals: Vec<&str> = super::detectors().flat_map(|d| d.literals).copied().collect();
    literals.sort_unstable();
    literals.dedup();
    // Long ones first: the searcher's fingerprint is as long as the shortest literal of its group.
    literals.sort_by_key(|literal| std::cmp::Reverse(literal.len()));
    let groups = literals.chunks(PATTERNS).map(|group| {
        let mut builder = Config::new().match_kind(MatchKind::LeftmostFirst).builder();
        builder.extend(group).build().expect("up to 64 literals that are not empty fit a packed searcher")
    });
    groups.collect()
});

/// Length of the longest literal.
static LONGEST: LazyLock<usize> =
    LazyLock::new(|| super::detectors().flat_map(|d| d.literals).map(|l| l.len()).max().unwrap_or(0));

/// Offsets of literals in a text of any size, sorted, searched in chunks as they are asked for. Where two literals
/// overlap, one of them may be left out.
pub(super) struct Offsets<'b> {
    bytes: &'b [u8],
    chunk: usize,
    found: Vec<OnceLock<Vec<u32>>>,
}

impl<'b> Offsets<'b> {
    /// Of a text that is cut into chunks of that size.
    pub(super) fn new(bytes: &'b [u8], chunk: usize) -> Self {
        Self { bytes, chunk, found: (0..bytes.len().div_ceil(chunk)).map(|_| OnceLock::new()).collect() }
    }

    /// Whether there is one in a range.
    pub(super) fn any_in(&self, range: Range<usize>) -> bool {
        let chunks = range.start / self.chunk..range.end.div_ceil(self.chunk).min(self.found.len());
        chunks.into_iter().any(|number| {
            let start = number * self.chunk;
            let search = || part(self.bytes, start..(start + self.chunk).min(self.bytes.len()));
            let offsets = self.found[number].get_or_init(search);
            let next = offsets.partition_point(|at| (*at as usize) < range.start);
            offsets.get(next).is_some_and(|at| (*at as usize) < range.end)
        })
    }
}

/// The offsets that lie in a chunk.
fn part(bytes: &[u8], chunk: Range<usize>) -> Vec<u32> {
    let haystack = &bytes[chunk.start..(chunk.end + *LONGEST).min(bytes.len())];
    let mut found: Vec<u32> = PACKED
        .iter()
        .flat_map(|searcher| searcher.find_iter(haystack))
        .map(|literal| chunk.start + literal.start())
        .filter(|at| *at < chunk.end)
        .filter_map(|at| u32::try_from(at).ok())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
