//! What is said of a finding, as plain text and as Markdown.

use crate::output::{MarkdownCode, MarkdownText, TerminalText, lines_of, linked};
use crate::report::{Report, ReportedFinding};
use std::fmt::Write as _;

/// One line of plain text.
pub(super) fn line(text: &str) -> String {
    TerminalText::new(text).to_string()
}

/// A finding as plain text.
pub(super) fn plain(finding: &ReportedFinding) -> String {
    lines_of(finding).map(line).collect::<Vec<_>>().join("\n")
}

/// A finding as Markdown.
pub(super) fn markdown(finding: &ReportedFinding) -> String {
    let rule = linked(&MarkdownCode::new(&finding.rule), finding.url.as_deref());
    let message = MarkdownText::new(&finding.message);
    let mut text = format!("**{}** {rule}: {message}\n", finding.level.as_str());
    let remedy = &finding.remedy;
    if !remedy.text.is_empty() {
        let _ = write!(text, "\n{}\n", MarkdownText::new(&remedy.text));
    }
    for code in remedy.commands.iter().map(String::as_str).chain(remedy.snippet.lines()) {
        let _ = write!(text, "\n{}\n", MarkdownCode::new(code));
    }
    text
}

/// The counts of a report: `2 errors, 1 note`.
pub(super) fn counts(report: &Report) -> String {
    let counts = report.counts();
    let levels = [(counts.error, "error"), (counts.warning, "warning"), (counts.note, "note")];
    let words = levels.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(count, word));
    let words: Vec<String> = words.collect();
    if words.is_empty() { "no findings".into() } else { words.join(", ") }
}

/// `1 error`, `2 errors`.
pub(super) fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// At most so many bytes.
pub(super) fn cut(text: &str, bytes: usize) -> String {
    let end = (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text[..end].to_owned()
}

/// At most so many characters.
pub(super) fn cut_chars(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}
