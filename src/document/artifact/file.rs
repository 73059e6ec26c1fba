//! An artifact in the repository, and its content opened when its turn comes.

use crate::document::Kind;
use crate::document::collect::ReadError;
use crate::text::{Position, RepoPath, Source};
use std::io::Read;
use std::sync::Arc;

/// A file that is judged as an artifact: by its name, or because it begins like one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactFile {
    /// Where it stands.
    pub path: RepoPath,
    /// What its name says it is; [`Kind::Text`] where only its content tells.
    pub kind: Kind,
    /// Whether git tracks it; false outside git.
    pub tracked: bool,
    /// Whether git ignores it.
    pub ignored: bool,
    /// Its size on disk in bytes.
    pub size: u64,
}

/// What stands in an artifact.
pub enum Contents {
    /// All of it.
    Whole(Arc<Source>),
    /// Pieces of one that is too large to be held.
    Large(Windows),
}

/// Larger files are read in windows.
pub const MAX_WHOLE_BYTES: u64 = 256 << 20;

/// Bytes of a window.
const WINDOW: usize = 8 << 20;

/// Bytes that a window has in common with the one before it, so that nothing is cut in two.
const OVERLAP: usize = 64 << 10;

/// The pieces of a large file in order, each with `OVERLAP` bytes of the one before it.
pub struct Windows {
    path: RepoPath,
    reader: Box<dyn Read + Send>,
    /// Offset and place of the next window's first byte; None after the last.
    next: Option<(u32, Position)>,
    /// What the next window has in common with the last.
    carried: Vec<u8>,
}

impl Windows {
    /// Reads a file's bytes from `reader`.
    pub fn new(path: RepoPath, reader: Box<dyn Read + Send>) -> Self {
        Self { path, reader, next: Some((0, Position { line: 1, column: 1 })), carried: Vec::new() }
    }
}

impl Iterator for Windows {
    type Item = Result<Arc<Source>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (offset, position) = self.next.take()?;
        let mut bytes = std::mem::take(&mut self.carried);
        let before = bytes.len();
        if let Err(error) = self.reader.by_ref().take((WINDOW - before) as u64).read_to_end(&mut bytes) {
            return Some(Err(ReadError::Io(error.kind())));
        }
        if bytes.len() == before {
            return None;
        }
        let full = bytes.len() == WINDOW;
        let source = Arc::new(Source::fragment(self.path.clone(), bytes, offset, position));
        if full {
            let shared = WINDOW - OVERLAP;
            let Some(next) = u32::try_from(shared).ok().and_then(|shared| offset.checked_add(shared)) else {
                return Some(Ok(source));
            };
            // The last window that offsets can name.
            if u32::MAX - next > 2 * u32::try_from(WINDOW).unwrap_or(u32::MAX) {
                self.carried = source.bytes()[shared..].to_vec();
                self.next = Some((next, source.position(next)));
            }
        }
        Some(Ok(source))
    }
}

impl std::fmt::Debug for Windows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Windows").field("path", &self.path).field("next", &self.next).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn windows_overlap_and_say_where_they_stand() {
        let line = b"0123456789abcde\n";
        let bytes = line.repeat((WINDOW * 2) / line.len() + 10);
        let windows = Windows::new(RepoPath::new("a.log"), Box::new(std::io::Cursor::new(bytes.clone())));
        let whole = Source::new(RepoPath::new("a.log"), bytes);
        let mut end = 0;
        for window in windows.map(Result::unwrap) {
            let (start, _) = (window.position(0), ());
            let first = (start.line - 1) as usize * line.len();
            assert!(first <= end, "nothing is left out");
            end = first + window.bytes().len();
            let span = Span::new(first + 100, first + 130);
            assert_eq!(window.slice(span), whole.slice(span));
            assert_eq!(window.position(span.start), whole.position(span.start));
        }
        assert_eq!(end, whole.bytes().len());
    }
}
