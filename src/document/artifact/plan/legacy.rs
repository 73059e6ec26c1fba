//! Plans of Terraform up to 0.11: Go's `gob` behind a few bytes. Their structure is left alone; their texts are not.
//!
//! <https://github.com/hashicorp/terraform/blob/v0.11.15/terraform/plan.go> (`WritePlan`)

use super::super::{Leaf, Owner, Section, Visitor};
use std::ops::Range;

/// Texts shorter than this are names or nothing.
const SHORTEST: usize = 8;

/// Whether it is one: `tfplan` and the version of the format, which never got far.
pub(super) fn is_plan(bytes: &[u8]) -> bool {
    matches!(bytes.strip_prefix(b"tfplan"), Some([1..=8, ..]))
}

/// Hands its texts over, as what belongs to nothing.
pub(super) fn read(bytes: &[u8], visitor: &mut dyn Visitor) {
    let owner = Owner { section: Section::Other, address: String::new(), kind: String::new() };
    if !visitor.wants(&owner, "", None, false) {
        return;
    }
    for run in runs(bytes) {
        // Most runs of a binary file are a byte or two.
        if run.len() < SHORTEST {
            continue;
        }
        for text in texts(bytes, run) {
            // What was taken for a length may end within a character.
            let text = String::from_utf8_lossy(&bytes[text]);
            if text.len() >= SHORTEST {
                visitor.leaf(&owner, Leaf { path: "", text: &text, number: false, span: None, marked: false });
            }
        }
    }
}

/// The longest ranges of bytes that are text: UTF-8 without control characters other than those of a text's lines.
fn runs(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    bytes.utf8_chunks().flat_map(move |chunk| {
        let start = at;
        at += chunk.valid().len() + chunk.invalid().len();
        let parts = chunk.valid().split(|c: char| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r'));
        parts.scan(start, |from, part| {
            let run = *from..*from + part.len();
            // Behind the one byte that ends it.
            *from = run.end + 1;
            Some(run)
        })
    })
}

/// The texts in a run. `gob` puts its length before each, which is often printable itself, and puts texts side by side:
/// where lengths lead from one to the next up to the run's end, they are believed.
fn texts(bytes: &[u8], run: Range<usize>) -> Vec<Range<usize>> {
    let mut starts = run.start.saturating_sub(3)..=run.start;
    starts.find_map(|start| chain(bytes, start, run.end)).unwrap_or_else(|| vec![run])
}

fn chain(bytes: &[u8], start: usize, end: usize) -> Option<Vec<Range<usize>>> {
    let (mut at, mut texts) = (start, Vec::new());
    while at < end {
        let (length, from) = length(bytes, at)?;
        at = from.checked_add(length).filter(|to| *to <= end)?;
        texts.push(from..at);
    }
    (at == end && !texts.is_empty()).then_some(texts)
}

/// A length and where it ends: one byte below 128, or else how many bytes it has, negated, and these.
///
/// <https://pkg.go.dev/encoding/gob#hdr-Encoding_Details>
fn length(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let first = *bytes.get(at)?;
    if first < 0x80 {
        return Some((usize::from(first), at + 1));
    }
    let from = at + 1;
    let to = from + usize::from(first.wrapping_neg());
    let digits = bytes.get(from..to).filter(|digits| digits.len() <= 4)?;
    Some((digits.iter().fold(0, |value, digit| value << 8 | usize::from(*digit)), to))
}

#[cfg(test)]
mod tests {
    use super::super::tests::Heard;
    use super::*;

    /// A text as `gob` writes it.
    fn gob(text: &str) -> Vec<u8> {
        let length = u8::try_from(text.len()).unwrap();
        let mut bytes = if length < 0x80 { vec![length] } else { vec![0xff, length] };
        bytes.extend(text.as_bytes());
        bytes
    }

    fn heard(parts: &[&[u8]]) -> Vec<String> {
        let mut bytes = b"tfplan\x02\xfe\x01\x0f".to_vec();
        parts.iter().for_each(|part| bytes.extend(*part));
        let mut visitor = Heard::default();
        assert!(is_plan(&bytes));
        read(&bytes, &mut visitor);
        visitor.leaves.into_iter().map(|leaf| leaf.text).collect()
    }

    #[test]
    fn texts_stand_without_their_lengths() {
        // 40 is `(`, 20 a control character: side by side as the keys and values of a map are.
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let map = [gob("access_key"), gob("AKIAIOSFODNN7EXAMPLE"), gob("secret_key"), gob(secret)].concat();
        let expected = ["access_key", "AKIAIOSFODNN7EXAMPLE", "secret_key", secret];
        assert_eq!(heard(&[b"\x00\x04", &map, b"\x01\x02"]), expected);
        // 52 is `4`, and 200 takes two bytes.
        let (middling, long) = ("m".repeat(52), "l".repeat(200));
        assert_eq!(heard(&[b"\xff\x82\x00", &gob(&middling), b"\x00", &gob(&long)]), [middling, long]);
    }

    #[test]
    fn texts_without_lengths_stand_whole() {
        assert_eq!(heard(&[b"\x00\x00\x00\x00some text of a file\x00short\x00"]), ["some text of a file"]);
        assert!(heard(&[b"\xff\xfe\x80\x81"]).is_empty());
        assert!(heard(&[]).is_empty());
    }

    #[test]
    fn other_files_are_none() {
        for bytes in [&b"tfplan"[..], b"tfplan\n", b"tfplan is a file", b"\x02tfplan", b""] {
            assert!(!is_plan(bytes));
        }
    }
}
