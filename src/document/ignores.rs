//! Comments that ask for exceptions, and what they speak for.

use super::hcl::{Block, Body};
use crate::finding::IgnoreSite;
use crate::text::{Source, Span};
use memchr::memmem;
use std::sync::Arc;

const MARK: &[u8] = b"credlint:ignore";

/// The comments of a text that hold `credlint:ignore`. Each speaks for its own line if something stands before it,
/// else for the line below, or for all of the block or attribute that begins there.
pub(super) fn find(source: &Arc<Source>, body: Option<&Body>) -> Vec<IgnoreSite> {
    let bytes = source.bytes();
    let mut sites = Vec::new();
    for at in memmem::find_iter(bytes, MARK) {
        let lines = source.lines();
        let number = lines.line_of(bytes, u32::try_from(at).unwrap_or(u32::MAX));
        let line = lines.line_range(bytes, number);
        let Some(start) = comment_start(&bytes[line.start..at]).map(|offset| line.start + offset) else { continue };
        let comment = Span::new(start, line.end);
        let alone = bytes[line.start..start].iter().all(u8::is_ascii_whitespace);
        let covers = if alone {
            let below = lines.line_range(bytes, first_code_line(source, number + 1));
            let item = body.and_then(|body| item_at(body, Span::new(below.start, below.end)));
            item.unwrap_or(Span::new(below.start, below.end)).join(comment)
        } else {
            let whole = Span::new(line.start, line.end);
            body.and_then(|body| item_at(body, whole)).unwrap_or(whole).join(comment)
        };
        sites.push(IgnoreSite { source: Arc::clone(source), comment, covers });
    }
    sites
}

/// Offset of the comment's marker before the mark, if there is one.
fn comment_start(before: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(before);
    let trimmed = text.trim_end();
    ["#", "//", "/*", "<!--"]
        .into_iter()
        .filter(|marker| trimmed.ends_with(marker))
        .map(|marker| trimmed.len() - marker.len())
        .max()
}

/// The next line that is neither empty nor a comment itself.
fn first_code_line(source: &Source, mut number: u32) -> u32 {
    let bytes = source.bytes();
    let lines = source.lines();
    while number <= lines.count() {
        let line = bytes[lines.line_range(bytes, number)].trim_ascii_start();
        if !(line.is_empty() || line.starts_with(b"#") || line.starts_with(b"//") || line.starts_with(b"/*")) {
            break;
        }
        number += 1;
    }
    number
}

/// The block or attribute that begins on a line: the outermost one.
fn item_at(body: &Body, line: Span) -> Option<Span> {
    let begins = |span: Span| line.start <= span.start && span.start <= line.end;
    let here = body.attributes.iter().map(|a| a.span).chain(body.blocks.iter().map(|b: &Block| b.span));
    let found = here.filter(|span| begins(*span)).min_by_key(|span| span.start);
    found.or_else(|| {
        let around = body.blocks.iter().find(|block| block.span.start <= line.start && line.start <= block.span.end)?;
        item_at(&around.body, line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::hcl;
    use crate::text::RepoPath;

    fn covered(text: &str) -> Vec<String> {
        let source = Arc::new(Source::new(RepoPath::new("a.tf"), text.as_bytes()));
        let parsed = hcl::parse(source.bytes());
        let sites = find(&source, Some(&parsed.body));
        sites.iter().map(|site| source.text(site.covers).unwrap_or("?").to_owned()).collect()
    }

    #[test]
    fn a_comment_above_a_block_speaks_for_all_of_it() {
        let text = "# credlint:ignore x reason=\"y\"\n# more\na {\n  b = 1\n}\nc = 2\n";
        assert_eq!(covered(text), ["# credlint:ignore x reason=\"y\"\n# more\na {\n  b = 1\n}"]);
    }

    #[test]
    fn a_comment_behind_code_speaks_for_its_line() {
        assert_eq!(covered("a = 1 # credlint:ignore x\nb = 2\n"), ["a = 1 # credlint:ignore x"]);
        assert_eq!(covered("a {\n  b = 1 // credlint:ignore x\n  c = 1\n}\n"), ["b = 1 // credlint:ignore x"]);
    }

    #[test]
    fn text_that_is_no_comment_asks_for_nothing() {
        assert!(covered("a = \"credlint:ignore x\"\n").is_empty());
    }
}
