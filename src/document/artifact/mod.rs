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
pub use json::Later;
pub use log::LogText;
pub use sniff::{HEAD_BYTES, is_artifact};
pub use value::{Leaf, Owner, Section, Visitor};

use crate::document::Kind;
use crate::text::RepoPath;

/// One way of reading artifacts: None where the content is none of its own.
type Reader = fn(&RepoPath, &[u8], &mut dyn Visitor) -> Option<Reading>;

/// All ways, in the order that they are tried.
const READERS: [Reader; 4] = [json::read, state_v0::read, plan::read, log::read];

/// Reads an artifact: says what it is and hands its values to the visitor. The content decides; the path only where it
/// says nothing. Never fails and never panics, whatever the bytes.
pub fn read(path: &RepoPath, bytes: &[u8], visitor: &mut dyn Visitor) -> Reading {
    let mut readings = READERS.iter().filter_map(|reader| reader(path, bytes, visitor));
    readings.next().unwrap_or_else(|| Reading { format: Format::Other, problems: misnamed(path, bytes) })
}

/// What is wrong with a file that its name says to be a state, while its content says nothing.
fn misnamed(path: &RepoPath, bytes: &[u8]) -> Vec<Problem> {
    // What PowerShell writes, asked to put a program's output into a file.
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let named = matches!(Kind::of(path), Kind::State | Kind::BackendCache | Kind::Plan);
    let message = match Kind::of(path) {
        _ if named && utf16 => "it is written in UTF-16, which Terraform does not read; its values were not looked at",
        Kind::State | Kind::BackendCache if !bytes.trim_ascii().is_empty() => "this is no state",
        _ => return Vec::new(),
    };
    vec![Problem { span: None, message: message.to_owned() }]
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nobody;

    impl Visitor for Nobody {
        fn wants(&mut self, _: &Owner, _: &str, _: Option<crate::text::Span>, _: bool) -> bool {
            false
        }

        fn leaf(&mut self, _: &Owner, _: Leaf<'_>) {}
    }

    fn problems(path: &str, bytes: &[u8]) -> usize {
        read(&RepoPath::new(path), bytes, &mut Nobody).problems.len()
    }

    #[test]
    fn what_is_named_as_a_state_and_is_none_is_told() {
        let utf16 = b"\xff\xfe{\0\"\0v\0e\0r\0s\0i\0o\0n\0\"\0:\0";
        for bytes in [&utf16[..], &[0; 5000], b"{}", b"version: 4", b"\xff"] {
            assert_eq!(problems("terraform.tfstate", bytes), 1, "{bytes:?}");
            assert_eq!(problems("notes.txt", bytes), 0, "{bytes:?}");
        }
        assert_eq!(problems("tfplan.json", utf16), 1);
        // The text of a plan is often given the name of one.
        for (path, bytes) in [("a.tfstate", &b""[..]), ("a.tfstate", b" \n"), ("plan.out", b"Plan: 1 to add")] {
            assert_eq!(problems(path, bytes), 0, "{path}");
        }
    }
}
