//! The search for some hundred short literals at once: three bytes at every second place of a text tell where one may
//! stand, and only there literals are compared.

use std::ops::Range;

/// Bytes that are looked up at a time.
const GRAM: usize = 3;

/// Bytes from one look-up to the next: the shortest literals have three bytes, of which two at least are looked up.
const STEP: usize = 2;

/// Look-ups that are answered at once, out of the [`BLOCK`] bytes they need.
const AT_ONCE: usize = 4;
const BLOCK: usize = 16;

/// Bits of a hash: a table of 32 KiB stays in the processor's nearest caches.
const HASH: u32 = 18;
const WORDS: usize = 1 << (HASH - u64::BITS.ilog2());

/// Characters of prose, configuration and identifiers, the most frequent first: other bytes are rarer than all of them.
const FREQUENT: &[u8] = b"etaoinsrlcdpmuhgbyfvkw_-./:0123456789";

/// Literals, each with the three bytes that lead to it.
pub(super) struct Sieve {
    literals: Vec<&'static [u8]>,
    /// A bit for each hash of three bytes that lead somewhere.
    bits: Box<[u64; WORDS]>,
    /// Of each word of `bits`, how many bits are set before it.
    ranks: Vec<u32>,
    /// Of each bit that is set, where its leads begin. One more, where the last ones end.
    begins: Vec<u32>,
    leads: Vec<Lead>,
    /// Length of the longest literal.
    longest: usize,
}

/// What three bytes lead to: this literal, if they stand so many bytes behind its start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Lead {
    literal: u16,
    offset: u16,
}

impl Sieve {
    /// Of literals of at least three bytes; a shorter one is nowhere found.
    pub(super) fn new(literals: Vec<&'static [u8]>) -> Self {
        let mut leads: Vec<(usize, Lead)> = Vec::new();
        for (number, literal) in (0..).zip(&literals) {
            leads.extend(
                leads_to(literal).into_iter().map(|(gram, offset)| (place(gram), Lead { literal: number, offset })),
            );
        }
        leads.sort_unstable();
        leads.dedup();
        let mut bits = Box::new([0; WORDS]);
        let mut begins = Vec::new();
        for (nth, (place, _)) in (0..).zip(&leads) {
            let (word, bit) = split(*place);
            if bits[word] & bit == 0 {
                bits[word] |= bit;
                begins.push(nth);
            }
        }
        let leads: Vec<Lead> = leads.into_iter().map(|(_, lead)| lead).collect();
        begins.extend(u32::try_from(leads.len()));
        let add = |before: &mut u32, word: &u64| Some(std::mem::replace(before, *before + word.count_ones()));
        let ranks = bits.iter().scan(0, add).collect();
        let longest = literals.iter().map(|literal| literal.len()).max().unwrap_or(0);
        Self { literals, bits, ranks, begins, leads, longest }
    }

    /// Tells each place of a literal, of those that start in a range of the text, with the literal's number. The
    /// literals may reach beyond the range. In no particular order.
    pub(super) fn find(&self, text: &[u8], starts: Range<usize>, mut each: impl FnMut(Range<usize>, u16)) {
        let text = &text[..(starts.end + self.longest).min(text.len())];
        let mut meet = |at: usize, gram: u32| {
            for lead in self.leads(gram) {
                let literal = self.literals[usize::from(lead.literal)];
                let start = at.checked_sub(usize::from(lead.offset)).filter(|start| starts.contains(start));
                if let Some(start) = start.filter(|start| text[*start..].starts_with(literal)) {
                    each(start..start + literal.len(), lead.literal);
                }
            }
        };
        let mut at = starts.start;
        while let Some(block) = text.get(at..).and_then(|rest| rest.first_chunk::<BLOCK>()) {
            let block = u128::from_le_bytes(*block);
            let gram = |nth: usize| (block >> (8 * STEP * nth)) as u32;
            // One branch for all of them: it is seldom taken.
            let mut met = (0..AT_ONCE).fold(0, |met, nth| met | u32::from(self.leads_somewhere(gram(nth))) << nth);
            while met != 0 {
                let nth = met.trailing_zeros() as usize;
                meet(at + STEP * nth, gram(nth));
                met &= met - 1;
            }
            at += STEP * AT_ONCE;
        }
        for at in (at..text.len()).step_by(STEP) {
            let mut bytes = [0; 4];
            let rest = &text[at..(at + GRAM).min(text.len())];
            bytes[..rest.len()].copy_from_slice(rest);
            meet(at, u32::from_le_bytes(bytes));
        }
    }

    fn leads_somewhere(&self, gram: u32) -> bool {
        let (word, bit) = split(place(gram));
        self.bits[word] & bit != 0
    }

    fn leads(&self, gram: u32) -> &[Lead] {
        let (word, bit) = split(place(gram));
        if self.bits[word] & bit == 0 {
            return &[];
        }
        let nth = (self.ranks[word] + (self.bits[word] & (bit - 1)).count_ones()) as usize;
        &self.leads[self.begins[nth] as usize..self.begins[nth + 1] as usize]
    }
}

/// The bytes that lead to a literal, and where in it they stand: at two neighbouring places, of which the search looks
/// up one. What follows a literal of three bytes may be anything.
fn leads_to(literal: &'static [u8]) -> Vec<(u32, u16)> {
    let Some(last) = literal.len().checked_sub(GRAM) else { return Vec::new() };
    let around = |at: usize| &literal[at..literal.len().min(at + GRAM + STEP - 1)];
    let rarest = (0..last.max(1)).min_by_key(|at| around(*at).iter().map(frequency).product::<u64>());
    let mut leads = Vec::new();
    for at in rarest.into_iter().flat_map(|at| at..at + STEP) {
        let known = &literal[at..literal.len().min(at + GRAM)];
        let bytes = known.iter().rev().fold(0, |bytes, byte| bytes << 8 | u32::from(*byte));
        let others = 0..1 << (8 * (GRAM - known.len()));
        leads.extend(others.map(|other: u32| (bytes | other << (8 * known.len()), at as u16)));
    }
    leads
}

/// How frequent a byte is, compared with others.
fn frequency(byte: &u8) -> u64 {
    let rank = FREQUENT.iter().position(|frequent| frequent == byte).unwrap_or(FREQUENT.len());
    1 + (FREQUENT.len() - rank) as u64
}

/// Where the bit of some bytes stands, of which the lowest three count: Knuth's multiplicative hashing.
fn place(gram: u32) -> usize {
    (((gram & 0x00ff_ffff).wrapping_mul(0x9e37_79b1)) >> (u32::BITS - HASH)) as usize
}

/// The word and the bit of a place.
fn split(place: usize) -> (usize, u64) {
    (place / u64::BITS as usize % WORDS, 1 << (place % u64::BITS as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(literals: &[&'static str], text: &[u8], starts: Range<usize>) -> Vec<(usize, u16)> {
        let sieve = Sieve::new(literals.iter().map(|literal| literal.as_bytes()).collect());
        let mut found = Vec::new();
        sieve.find(text, starts, |place, number| found.push((place.start, number)));
        found.sort_unstable();
        found
    }

    fn expected(literals: &[&'static str], text: &[u8], starts: Range<usize>) -> Vec<(usize, u16)> {
        let stands = |(at, number): &(usize, u16)| text[*at..].starts_with(literals[usize::from(*number)].as_bytes());
        let all = starts.flat_map(|at| (0..literals.len() as u16).map(move |number| (at, number)));
        all.filter(stands).collect()
    }

    const LITERALS: [&str; 9] =
        ["://", "ghp", "ghp_", "aaa", "aaaa", "xoxb-", "-----BEGIN", "a-much-longer-one", "ghp"];

    #[test]
    fn every_literal_is_found_once_wherever_it_stands() {
        for shift in 0..40 {
            let filler = "y".repeat(shift);
            let text = LITERALS.map(|literal| format!("{filler}{literal}")).concat();
            let all = 0..text.len();
            let places = found(&LITERALS, text.as_bytes(), all.clone());
            assert_eq!(places, expected(&LITERALS, text.as_bytes(), all), "{text}");
            assert!(places.len() >= LITERALS.len());
        }
    }

    #[test]
    fn literals_that_start_in_a_range_are_found() {
        let text = "aaaaaghp_://aaaxoxb-xoxb-xoxb-aaaaa://\u{e9}\u{0}aaa".as_bytes();
        for start in 0..=text.len() {
            for end in start..=text.len() {
                assert_eq!(found(&LITERALS, text, start..end), expected(&LITERALS, text, start..end), "{start}..{end}");
            }
        }
    }

    #[test]
    fn all_that_three_bytes_can_be_is_found() {
        let noise: Vec<u8> =
            (0..200_000_u32).map(|n| (n.wrapping_mul(n ^ 0x9e37_79b1) >> 13) as u8 % 4 + b'a').collect();
        let literals = ["abc", "abca", "dddd", "cabdbacd"];
        assert_eq!(found(&literals, &noise, 0..noise.len()), expected(&literals, &noise, 0..noise.len()));
        assert!(found(&["ab", ""], b"abab", 0..4).is_empty() && found(&[], b"abab", 0..4).is_empty());
    }
}
