//! What a run of Terraform leaves behind (state, plans, caches, logs), read as a stream of values with addresses.

mod address;
mod file;
mod format;
mod json;
mod log;
mod plan;
mod sniff;
mod state_v0;
mod value;

pub use file::{ArtifactFile, Contents, MAX_WHOLE_BYTES, Windows};
pub use format::{Format, Problem, Reading};
pub use log::LogText;
pub use sniff::{HEAD_BYTES, is_artifact};
pub use value::{Leaf, Owner, Section, Visitor};

use crate::text::RepoPath;

/// One way of reading artifacts: None where the content is none of its own.
type Reader = fn(&RepoPath, &[u8], &mut dyn Visitor) -> Option<Reading>;

/// All ways, in the order that they are tried.
const READERS: [Reader; 4] = [json::read, state_v0::read, plan::read, log::read];

/// Reads an artifact: says what it is and hands its values to the visitor. The content decides; the path only where it
/// says nothing. Never fails and never panics, whatever the bytes.
pub fn read(path: &RepoPath, bytes: &[u8], visitor: &mut dyn Visitor) -> Reading {
    let mut readings = READERS.iter().filter_map(|reader| reader(path, bytes, visitor));
    readings.next().unwrap_or(Reading { format: Format::Other, problems: Vec::new() })
}
