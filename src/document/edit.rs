//! Edits of HCL that leave everything else as it is: new arguments take the indentation and line ending of their
//! neighbours.

use crate::finding::Place;
use crate::text::{Source, Span};
use std::sync::Arc;

/// The edit that adds `name = value` as the last argument of a block, given the bytes between its braces. None where
/// the block's end is not known.
pub fn append_attribute(source: &Arc<Source>, inner: Span, name: &str, value: &str) -> Option<(Place, String)> {
    let text = source.text(inner)?;
    if source.bytes().get(inner.end as usize) != Some(&b'}') {
        return None;
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if !text.contains('\n') {
        // A block on one line takes one argument at most: it becomes three lines or more.
        let indent = line_indent(source, inner.start);
        let content = text.trim();
        let kept = if content.is_empty() { String::new() } else { format!("{newline}{indent}  {content}") };
        let text = format!("{kept}{newline}{indent}  {name} = {value}{newline}{indent}");
        return Some((Place::new(source, inner), text));
    }
    let body = text.trim_end_matches([' ', '\t']);
    let indent = match text.lines().rev().find(|line| !line.trim().is_empty() && line.len() > line.trim_start().len()) {
        Some(line) => {
            first_line_indent(text).unwrap_or_else(|| line[..line.len() - line.trim_start().len()].to_owned())
        }
        None => format!("{}  ", line_indent(source, inner.start)),
    };
    let pad = alignment(text, name);
    let at = inner.start as usize + body.len();
    let before = if body.ends_with('\n') { "" } else { newline };
    let text = format!("{before}{indent}{name}{pad} = {value}{newline}");
    Some((Place::new(source, Span::at(at)), text))
}

/// The edit that removes an attribute with its line, when nothing else stands on it.
pub fn remove_attribute(source: &Arc<Source>, span: Span) -> (Place, String) {
    let bytes = source.bytes();
    let lines = source.lines();
    let first = lines.line_range(bytes, lines.line_of(bytes, span.start));
    let last = lines.line_range(bytes, lines.line_of(bytes, span.end));
    let before = &bytes[first.start..span.start as usize];
    let after = &bytes[span.end as usize..last.end.max(span.end as usize)];
    let alone_before = before.iter().all(u8::is_ascii_whitespace);
    let comment_only = {
        let after = after.trim_ascii_start();
        after.is_empty() || after.starts_with(b"#") || after.starts_with(b"//")
    };
    if !(alone_before && comment_only) {
        return (Place::new(source, span), String::new());
    }
    let end = memchr::memchr(b'\n', &bytes[last.end..]).map_or(bytes.len(), |at| last.end + at + 1);
    (Place::new(source, Span::new(first.start, end)), String::new())
}

fn line_indent(source: &Source, offset: u32) -> String {
    let range = source.lines().line_range(source.bytes(), source.lines().line_of(source.bytes(), offset));
    let line = &source.bytes()[range];
    line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).map(|byte| char::from(*byte)).collect()
}

/// Indentation of the first line of the body that holds something.
fn first_line_indent(text: &str) -> Option<String> {
    let line = text.lines().skip(1).find(|line| !line.trim().is_empty())?;
    Some(line[..line.len() - line.trim_start().len()].to_owned())
}

/// Blanks that line the `=` up with the last argument's, as `terraform fmt` does for neighbouring lines.
fn alignment(text: &str, name: &str) -> String {
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("");
    let simple = last.trim_start().split_once('=').filter(|(name, _)| {
        name.trim_end().chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') && !name.is_empty()
    });
    let width = simple.map_or(0, |(before, _)| before.chars().count().saturating_sub(1));
    " ".repeat(width.saturating_sub(name.len()))
}
