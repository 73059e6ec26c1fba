//! How deep an evaluation goes, so that neither the stack nor a chain of values is ever without end.

use std::cell::Cell;

/// References and expressions within each other, at most. A frame of the evaluator takes a few kilobytes in a debug
/// build; threads that evaluate have 8 MB.
const MAX_DEPTH: u32 = 400;

/// The same with everything that was evaluated before put in its place: what a value is made of is never deeper, and
/// neither are its nesting and its way.
const MAX_HEIGHT: u32 = 2_000;

/// A counter of nested evaluations.
#[derive(Default)]
pub(super) struct Depth {
    stack: Cell<u32>,
    height: Cell<u32>,
    highest: Cell<u32>,
    cut: Cell<bool>,
}

/// Some levels; they end when this is dropped.
pub(super) struct Level<'a> {
    depth: &'a Depth,
    stack: u32,
    height: u32,
}

impl Depth {
    /// Goes one level deeper; None when that is too deep.
    pub(super) fn deeper(&self) -> Option<Level<'_>> {
        self.enter(1, 1)
    }

    /// Goes as deep as the evaluation of something known went; None when that is too deep.
    pub(super) fn reuse(&self, height: u32) -> Option<Level<'_>> {
        self.enter(0, height)
    }

    /// Evaluates, and tells how many levels that took.
    pub(super) fn measure<T>(&self, evaluate: impl FnOnce() -> T) -> (T, u32) {
        let outer = self.highest.replace(self.height.get());
        let result = evaluate();
        let reached = self.highest.get();
        self.highest.set(outer.max(reached));
        (result, reached - self.height.get())
    }

    /// Whether anything was too deep.
    pub(super) fn was_cut(&self) -> bool {
        self.cut.get()
    }

    fn enter(&self, stack: u32, height: u32) -> Option<Level<'_>> {
        let (deeper, higher) = (self.stack.get() + stack, self.height.get().saturating_add(height));
        if deeper > MAX_DEPTH || higher > MAX_HEIGHT {
            self.cut.set(true);
            return None;
        }
        self.stack.set(deeper);
        self.height.set(higher);
        self.highest.set(self.highest.get().max(higher));
        Some(Level { depth: self, stack, height })
    }
}

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.depth.stack.set(self.depth.stack.get() - self.stack);
        self.depth.height.set(self.depth.height.get() - self.height);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_end_when_dropped() {
        let depth = Depth::default();
        let levels: Vec<_> = (0..MAX_DEPTH).map_while(|_| depth.deeper()).collect();
        assert_eq!(levels.len(), 400);
        assert!(!depth.was_cut() && depth.deeper().is_none() && depth.was_cut());
        drop(levels);
        assert!(depth.deeper().is_some());
    }

    #[test]
    fn what_is_known_counts_as_deep_as_it_was() {
        let depth = Depth::default();
        let (inner, height) = depth.measure(|| {
            let _one = depth.deeper();
            depth.measure(|| depth.deeper().map(|_two| ())).1
        });
        assert_eq!((inner, height), (1, 2));
        assert!(depth.reuse(MAX_HEIGHT).is_some());
        let _one = depth.deeper();
        assert!(depth.reuse(MAX_HEIGHT).is_none());
    }
}
