//! Where any of many values stands in a large text.

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;
use std::collections::HashSet;
use std::ops::Range;

/// A text is searched in parts of about this size at a time.
const PART: usize = 1 << 20;

/// Bytes that are looked up at a time.
const GRAM: usize = 4;

/// Most bytes from one look-up to the next: each step costs every value an entry.
const MAX_STEP: usize = 8;

/// The values, and a sieve before them: most of a text is passed over by looking up some of its bytes. Where they occur
/// in a value as well, the surroundings are searched; so a text that consists of such places costs as much as without
/// the sieve, and no more.
pub(super) struct Needles {
    matcher: AhoCorasick,
    /// All that can be met in a value by looking up every `step` bytes.
    grams: HashSet<u32>,
    /// The same, as a table of bits at their hashes.
    bits: Vec<u64>,
    step: usize,
}

impl Needles {
    /// For values of at least [`GRAM`] bytes; what is shorter is nowhere found. None without any, or with too many.
    pub(super) fn new(values: &[impl AsRef<[u8]>]) -> Option<Self> {
        let lengths = values.iter().map(|value| value.as_ref().len()).filter(|length| *length >= GRAM);
        let step = (lengths.min()? - GRAM + 1).min(MAX_STEP);
        let grams: HashSet<u32> =
            values.iter().flat_map(|value| (0..step).filter_map(|at| gram(value.as_ref(), at))).collect();
        let mut bits = vec![0; 1 << (HASH - 6)];
        for (word, bit) in grams.iter().map(|gram| place(*gram)) {
            bits[word] |= bit;
        }
        let matcher = AhoCorasick::builder().match_kind(MatchKind::Standard).build(values).ok()?;
        Some(Self { matcher, grams, bits, step })
    }

    /// Offsets of values in a text, ascending. Where two overlap, one of them may be left out.
    pub(super) fn offsets(&self, text: &[u8]) -> Vec<u32> {
        let of = |window: Range<usize>| {
            let found = self.matcher.find_iter(&text[window.clone()]).map(move |found| window.start + found.start());
            found.filter_map(|at| u32::try_from(at).ok()).collect::<Vec<u32>>()
        };
        let parts = self.parts(text).map(|part| self.windows(text, part).into_iter().flat_map(of).collect());
        let mut offsets = parts.collect::<Vec<Vec<u32>>>().concat();
        // What stands on the border of two parts is met from both.
        offsets.sort_unstable();
        offsets.dedup();
        offsets
    }

    /// Whether a text holds one of the values of which `is_sought`, given a value's number, is true.
    pub(super) fn any(&self, text: &[u8], is_sought: impl Fn(usize) -> bool + Sync) -> bool {
        let holds = |window: Range<usize>| {
            self.matcher.find_overlapping_iter(&text[window]).any(|found| is_sought(found.pattern().as_usize()))
        };
        self.parts(text).any(|part| self.windows(text, part).into_iter().any(holds))
    }

    fn parts(&self, text: &[u8]) -> impl IndexedParallelIterator<Item = Range<usize>> + use<> {
        let (part, length) = (PART.next_multiple_of(self.step), text.len());
        let starts = (0..length.div_ceil(part)).into_par_iter().map(move |number| number * part);
        starts.map(move |start| start..(start + part).min(length))
    }

    /// Where values may stand, of which bytes are looked up in a part of the text. In order, apart from each other.
    fn windows(&self, text: &[u8], part: Range<usize>) -> Vec<Range<usize>> {
        let mut windows: Vec<Range<usize>> = Vec::new();
        for at in part.step_by(self.step).filter(|at| self.meets(text, *at)) {
            let start = at.saturating_sub(self.step - 1);
            let end = (at + self.matcher.max_pattern_len()).min(text.len());
            match windows.last_mut() {
                Some(last) if last.end >= start => last.end = end,
                _ => windows.push(start..end),
            }
        }
        windows
    }

    fn meets(&self, text: &[u8], at: usize) -> bool {
        let meets = |gram: u32| {
            let (word, bit) = place(gram);
            self.bits[word] & bit != 0 && self.grams.contains(&gram)
        };
        gram(text, at).is_some_and(meets)
    }
}

fn gram(text: &[u8], at: usize) -> Option<u32> {
    text.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// Bits of a hash: a table of 128 KiB stays in the processor's cache.
const HASH: u32 = 20;

/// Where the bit of some bytes stands: Knuth's multiplicative hashing, by the golden ratio.
fn place(gram: u32) -> (usize, u64) {
    let hash = gram.wrapping_mul(0x9e37_79b1) >> (u32::BITS - HASH);
    ((hash / u64::BITS) as usize, 1 << (hash % u64::BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether each value that stands in a text is found, and nothing else.
    fn check(values: &[&str], text: &str) {
        let needles = Needles::new(values).unwrap();
        let offsets = needles.offsets(text.as_bytes());
        for (number, value) in values.iter().enumerate() {
            let stands = text.contains(value);
            assert_eq!(needles.any(text.as_bytes(), |found| found == number), stands, "{value} in {text}");
            let at = text.find(value);
            let met = |at: usize| offsets.iter().any(|offset| (at..at + value.len()).contains(&(*offset as usize)));
            assert!(at.is_none_or(met), "{value} in {text}");
        }
        let starts = |at: usize| values.iter().any(|value| text[at..].starts_with(value));
        assert!(offsets.iter().all(|at| starts(*at as usize)), "{text}");
    }

    #[test]
    fn every_value_is_found_wherever_it_stands() {
        let values = ["hunter", "hunter2-hunter2", "Rk2dYf7PsUo9WgEnRk2dYf7PsUo9WgEn", "aaaaaa", "nowhere"];
        for shift in 0..40 {
            let filler = "x".repeat(shift);
            let [_, two, long, same, _] = values;
            check(&values, &format!("{filler}{two}{filler}{long}{filler}{same}a{filler}"));
            check(&values[2..3], &format!("{filler}{long}"));
        }
    }

    #[test]
    fn values_across_the_parts_of_a_text_are_found() {
        for value in ["needle", "and-a-much-longer-needle-of-forty-bytes!"] {
            let needles = Needles::new(&[value]).unwrap();
            let border = PART.next_multiple_of(needles.step);
            for before in 0..value.len() + 2 {
                let at = border - before;
                let text = format!("{}{value}{}", ".".repeat(at), ".".repeat(100));
                assert_eq!(needles.offsets(text.as_bytes()), [at as u32]);
            }
        }
    }

    #[test]
    fn a_text_that_the_sieve_lets_pass_costs_what_its_length_costs() {
        let values: Vec<String> = (0..4000).map(|number| format!("aaaaaaaaaaaaaaaa{number:04}")).collect();
        let needles = Needles::new(&values).unwrap();
        assert!(needles.offsets("a".repeat(4 << 20).as_bytes()).is_empty());
    }

    #[test]
    fn without_values_there_is_nothing_to_find() {
        assert!(Needles::new(&[] as &[&str]).is_none() && Needles::new(&["abc"]).is_none());
    }
}
