//! Reproducible chance.

/// A generator that yields the same sequence for the same seed (xorshift64*).
pub(super) struct Random(u64);

impl Random {
    /// A generator; the seed must not be zero.
    pub(super) fn new(seed: u64) -> Self {
        assert_ne!(seed, 0, "zero stays zero");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap_or(0) % end
    }

    /// One of `choices`.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}
