//! The hash by which GitHub recognises an alert whose line has moved.
//!
//! Of the line only what may be shown of it is hashed: a hash of a secret would tell it to who guesses. The algorithm
//! is CodeQL's: <https://github.com/github/codeql-action/blob/main/src/fingerprints.ts>

use crate::report::{Report, ReportedFinding};
use crate::text::RepoPath;
use std::collections::HashMap;

/// How many characters are hashed.
const WINDOW: usize = 100;

/// Stands for the end of the text, which counts as a character.
const END: u16 = u16::MAX;

/// The hashes of all lines with findings.
pub(super) struct LineHashes<'r>(HashMap<(&'r RepoPath, u32, u64), usize>);

impl<'r> LineHashes<'r> {
    /// Counts the lines of each file that are alike.
    pub(super) fn of(report: &'r Report) -> Self {
        let mut alike: HashMap<(&RepoPath, u64), usize> = HashMap::new();
        let mut counted = HashMap::new();
        for finding in &report.findings {
            let (path, line, hash) = (&finding.spot.path, finding.spot.start.line, hash_of(finding));
            counted.entry((path, line, hash)).or_insert_with(|| {
                let count = alike.entry((path, hash)).or_default();
                *count += 1;
                *count
            });
        }
        Self(counted)
    }

    /// The hash of a finding's line, and which of those alike in its file it is.
    pub(super) fn of_finding(&self, finding: &'r ReportedFinding) -> String {
        let hash = hash_of(finding);
        let nth = self.0.get(&(&finding.spot.path, finding.spot.start.line, hash)).copied().unwrap_or(1);
        format!("{hash:x}:{nth}")
    }
}

/// Where no line can be shown, as in a saved plan, the finding's own fingerprint stands for it.
fn hash_of(finding: &ReportedFinding) -> u64 {
    line_hash(finding.excerpt.as_ref().map_or(&finding.fingerprint, |excerpt| &excerpt.text))
}

/// The hash of the first line of a text, with as much of the next ones as belongs to it.
fn line_hash(text: &str) -> u64 {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let units = text.encode_utf16().filter(|unit| !matches!(char::from_u32(u32::from(*unit)), Some(' ' | '\t')));
    // The window is filled up with zeros.
    let window = units.chain([END]).chain(std::iter::repeat(0)).take(WINDOW);
    window.fold(0_u64, |hash, unit| hash.wrapping_mul(37).wrapping_add(u64::from(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_codeql() {
        // https://github.com/github/codeql-action/blob/main/src/fingerprints.test.ts, each line with all after it.
        for (text, expected) in [
            ("", "c129715d7a2bc9a3"),
            (" a\nb\n  \t\tc\n d", "271789c17abda88f"),
            ("b\n  \t\tc\n d", "54703d4cd895b18"),
            ("  \t\tc\n d", "180aee12dab6264"),
            (" d", "a23a3dc5e078b07b"),
            (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End", "8b7cf3e952e7aeb2"),
            (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", "e9496ae3ebfced30"),
            ("world!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", "fb7c023a8b9ccb3f"),
        ] {
            assert_eq!(format!("{:x}", line_hash(text)), expected, "{text:?}");
        }
    }
}
