//! What one evaluation may cost: steps and bytes, so that no configuration makes it run or grow without bound.

use std::cell::Cell;

/// What is left to spend. One budget serves the evaluation of one root module on one thread.
#[derive(Debug)]
pub struct Budget {
    steps: Cell<usize>,
    bytes: Cell<usize>,
    spent: Cell<bool>,
}

impl Budget {
    /// Steps of the default budget: one for each expression, element or nested value that is looked at.
    pub const STEPS: usize = 5_000_000;
    /// Bytes of text that the default budget lets an evaluation make.
    pub const BYTES: usize = 64 << 20;
    /// Bytes of the longest single text: more is refused whatever is left.
    pub const LONGEST: usize = 1 << 20;

    /// A budget of so many steps and bytes of newly made text.
    pub fn new(steps: usize, bytes: usize) -> Self {
        Self { steps: Cell::new(steps), bytes: Cell::new(bytes), spent: Cell::new(false) }
    }

    /// For an expression that stands alone: as much as the length of its text lets one expect, so that a file full of
    /// them takes time by its length, too.
    pub(super) fn of_text(length: usize) -> Self {
        Self::new(2_000 + length.saturating_mul(32), (1 << 16) + length.saturating_mul(16))
    }

    /// Takes steps; false if fewer are left, and then none are left afterwards.
    #[must_use]
    pub fn spend(&self, steps: usize) -> bool {
        let enough = self.steps.get() >= steps;
        self.steps.set(self.steps.get().saturating_sub(steps));
        self.noted(enough)
    }

    /// Takes bytes of one text; false, and nothing is taken, if fewer are left or the text is too long. Who is refused
    /// has paid for asking with steps.
    #[must_use]
    pub fn spend_bytes(&self, bytes: usize) -> bool {
        let enough = bytes <= Self::LONGEST && self.bytes.get() >= bytes;
        if enough {
            self.bytes.set(self.bytes.get() - bytes);
        }
        self.noted(enough)
    }

    /// Whether anything was refused.
    pub fn is_spent(&self) -> bool {
        self.spent.get()
    }

    /// Notes that something was refused for its size alone.
    pub(super) fn refuse(&self) {
        self.spent.set(true);
    }

    fn noted(&self, enough: bool) -> bool {
        self.spent.set(self.spent.get() || !enough);
        enough
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(Self::STEPS, Self::BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn overdrawn_steps_stay_empty() {
        let budget = Budget::new(10, 5);
        assert!(budget.spend(9));
        assert!(!budget.is_spent());
        assert!(!budget.spend(2));
        assert!(!budget.spend(1));
        assert!(budget.is_spent());
    }

    #[test]
    fn one_text_too_long_does_not_take_the_rest() {
        let budget = Budget::new(10, 5);
        assert!(!budget.spend_bytes(6));
        assert!(budget.spend_bytes(5));
        assert!(!budget.spend_bytes(1));
        assert!(!Budget::default().spend_bytes(Budget::LONGEST + 1));
    }
}
