//! How deep an evaluation has gone: references and nested expressions count, so that the stack is never exhausted.

use std::cell::Cell;

/// References and expressions within each other, at most. A frame of the evaluator takes a few kilobytes in a debug
/// build; threads that evaluate have 8 MB.
const MAX_DEPTH: u32 = 400;

/// A counter of nested evaluations.
#[derive(Default)]
pub struct Depth(Cell<u32>);

/// One level; it ends when this is dropped.
pub struct Level<'a>(&'a Depth);

impl Depth {
    /// Goes one level deeper; None when that is too deep.
    pub fn deeper(&self) -> Option<Level<'_>> {
        let depth = self.0.get();
        (depth < MAX_DEPTH).then(|| {
            self.0.set(depth + 1);
            Level(self)
        })
    }
}

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.0.set(self.0.0.get() - 1);
    }
}
