//! The paths that a plan marks as sensitive, asked step by step on the way down a value.

use super::broken::Broken;
use super::fields::{Field, Fields};
use super::value::Key;

/// Paths into one value, sorted: those that go on with the same step stand together.
#[derive(Default)]
pub(super) struct SensitivePaths<'a>(Vec<Vec<Key<'a>>>);

impl<'a> SensitivePaths<'a> {
    /// Steps that are taken in, all paths of a value together. A provider's largest resources have some hundreds.
    const MOST: usize = 1 << 18;

    /// Reads `Path` messages, as far as they can be read.
    pub(super) fn read(messages: impl Iterator<Item = &'a [u8]>) -> (Self, Result<(), Broken>) {
        let mut paths = Self::default();
        let result = paths.extend(messages);
        paths.0.sort();
        (paths, result)
    }

    fn extend(&mut self, messages: impl Iterator<Item = &'a [u8]>) -> Result<(), Broken> {
        let mut left = Self::MOST;
        for message in messages {
            let path = path(message, left)?;
            left = left.checked_sub(1 + path.len()).ok_or(Broken::TooManyMarks)?;
            self.0.push(path);
        }
        Ok(())
    }

    /// All of them, seen from the value's root.
    pub(super) fn marks(&self) -> Marks<'_> {
        Marks { paths: &self.0, depth: 0 }
    }
}

/// A `Path`: its steps are field 1, of each an attribute's name is field 1 and an element's key field 2. A key that is
/// neither text nor index, as of an element of a set, ends the path: then the whole set is marked.
fn path(message: &[u8], most: usize) -> Result<Vec<Key<'_>>, Broken> {
    let mut steps = Vec::new();
    for field in Fields::of(message) {
        let (1, Field::Bytes(step)) = field? else { continue };
        match Fields::of(step).next().transpose()? {
            Some((1, Field::Bytes(name))) => steps.push(Key::Name(name)),
            Some((2, Field::Bytes(value))) => match Key::of(super::tfplan::msgpack(value)?) {
                Some(key) => steps.push(key),
                None => break,
            },
            _ => break,
        }
        if steps.len() > most {
            return Err(Broken::TooManyMarks);
        }
    }
    Ok(steps)
}

/// The paths that lead through or end at one part of a value.
#[derive(Clone, Copy)]
pub(super) struct Marks<'a> {
    paths: &'a [Vec<Key<'a>>],
    depth: usize,
}

impl<'a> Marks<'a> {
    /// No paths.
    pub(super) const NONE: Marks<'static> = Marks { paths: &[], depth: 0 };

    /// Whether no path leads through here or ends here.
    pub(super) fn is_empty(self) -> bool {
        self.paths.is_empty()
    }

    /// Whether a path ends here.
    pub(super) fn end_here(self) -> bool {
        // Sorted, the shortest of those that begin alike is the first.
        self.paths.first().is_some_and(|path| path.len() == self.depth)
    }

    /// The paths that go on with a step.
    pub(super) fn step(self, key: Key<'_>) -> Marks<'a> {
        let depth = self.depth;
        let from = self.paths.partition_point(|path| path.get(depth).is_none_or(|step| *step < key));
        let paths = &self.paths[from..];
        let to = paths.partition_point(|path| path.get(depth) == Some(&key));
        Marks { paths: &paths[..to], depth: depth + 1 }
    }
}
