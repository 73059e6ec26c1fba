//! The search for the literals of all detectors at once.

use super::detector::Detector;
use super::sieve::Sieve;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// What is searched at a time.
pub(super) const CHUNK: usize = 256 << 10;

/// All detectors in the order of the catalogue, and the search for their literals.
pub(super) struct Index {
    sieve: Sieve,
    /// Of each literal of the sieve: which detector it belongs to.
    owners: Vec<u16>,
    detectors: Vec<&'static Detector>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let detectors: Vec<&'static Detector> = super::detectors().collect();
    let (mut owners, mut literals): (Vec<u16>, Vec<&[u8]>) = (Vec::new(), Vec::new());
    for (number, detector) in (0..).zip(&detectors) {
        literals.extend(detector.literals.iter().map(|literal| literal.as_bytes()));
        owners.resize(literals.len(), number);
    }
    Index { sieve: Sieve::new(literals), owners, detectors }
});

/// Where a literal stands, and the detector that it belongs to.
pub(super) struct Sighting {
    /// Its place in the catalogue.
    pub(super) number: usize,
    pub(super) detector: &'static Detector,
    pub(super) literal: Range<usize>,
}

/// All literals in a text, in the order that they end in; of those with one end the longest first.
pub(super) fn sightings(text: &str) -> impl Iterator<Item = Sighting> {
    let index = &*INDEX;
    let mut waiting: Vec<(usize, usize, u16)> = Vec::new();
    let ordered = chunks(text.len(), CHUNK).flat_map(move |chunk| {
        index.sieve.find(text.as_bytes(), chunk.clone(), |at, literal| waiting.push((at.end, at.start, literal)));
        waiting.sort_unstable();
        // What ends beyond the chunk may end behind what starts there.
        let within = waiting.partition_point(|(end, ..)| *end <= chunk.end);
        waiting.drain(..within).collect::<Vec<_>>()
    });
    ordered.map(|(end, start, literal)| {
        let number = usize::from(index.owners[usize::from(literal)]);
        Sighting { number, detector: index.detectors[number], literal: start..end }
    })
}

/// How many detectors there are.
pub(super) fn detectors() -> usize {
    INDEX.detectors.len()
}

/// The ranges that a text is searched in.
fn chunks(length: usize, chunk: usize) -> impl ExactSizeIterator<Item = Range<usize>> {
    (0..length.div_ceil(chunk)).map(move |number| number * chunk..(number * chunk + chunk).min(length))
}

/// Offsets of literals in a text of any size, sorted, searched in chunks as they are asked for.
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
    let mut found = Vec::new();
    INDEX.sieve.find(bytes, chunk, |at, _| found.extend(u32::try_from(at.start)));
    found.sort_unstable();
    found.dedup();
    found
}
