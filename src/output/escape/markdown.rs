//! Markdown as GitHub, GitLab, Azure and Buildkite read it.

use super::TerminalText;
use std::fmt::{self, Display, Write};

/// Prose that is nothing but prose: no HTML, link, mention, reference to an issue, emoji, formula, or structure, in a
/// paragraph, a list or a table. What stands between backticks is code.
///
/// Punctuation is written as numeric references, which are never markup
/// (<https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references>). What the forges look for in the
/// text that results - mentions, references, addresses - is kept apart by a space of no width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownText(String);

impl MarkdownText {
    /// Escapes one line of text.
    pub fn new(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() * 2);
        let parts: Vec<&str> = text.split('`').collect();
        // A backtick without a partner is itself.
        let paired = parts.len() - usize::from(parts.len().is_multiple_of(2));
        for (at, part) in parts.iter().enumerate() {
            if at >= paired {
                out.push_str("&#96;");
                prose(part, REFERRING, &mut out);
            } else if at % 2 == 1 && !part.is_empty() {
                let _ = write!(out, "{}", MarkdownCode::new(part));
            } else {
                prose(part, REFERRING, &mut out);
            }
        }
        Self(out)
    }
}

impl Display for MarkdownText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Marks that forges read together with what follows: users, issues, merge requests, labels, milestones, snippets,
/// epics, formulas, emoji, addresses.
/// <https://docs.gitlab.com/user/markdown/#gitlab-specific-references>
const REFERRING: &[char] = &['@', '#', '!', '~', '%', '$', '&', ':', '^'];

/// Those of them that also count in code that no backticks hold: addresses are looked for in the text of a page, all
/// else only outside of code. Each space of no width is one more that a copied command must not hold.
/// <https://github.com/github/cmark-gfm/blob/master/extensions/autolink.c>
const REFERRING_IN_CODE: &[char] = &['@', ':'];

fn prose(text: &str, referring: &[char], out: &mut String) {
    let text = TerminalText::new(text);
    let mut chars = text.as_str().chars().peekable();
    let mut word = String::new();
    while let Some(c) = chars.next() {
        // Two words that are read together with the mark after them, as addresses and as references.
        let leads = matches!((word.to_ascii_lowercase().as_str(), c), ("www", '.') | ("gh", '-'));
        let inner = matches!(c, '.' | '-') && word.ends_with(char::is_alphabetic) && !leads;
        let plain = c.is_alphanumeric() || !c.is_ascii() || matches!(c, ' ' | ',' | '(' | ')' | '\'' | '"' | '?');
        if plain || inner {
            out.push(c);
        } else {
            let _ = write!(out, "&#{};", u32::from(c));
        }
        if (leads || referring.contains(&c)) && chars.peek().is_some_and(|next| !next.is_whitespace()) {
            out.push_str("&#8203;");
        }
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            word.clear();
        }
    }
}

/// A name, a path or a command: in a fixed width, with nothing in it that is read any further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownCode(String);

impl MarkdownCode {
    /// Escapes one line of text.
    pub fn new(text: &str) -> Self {
        let shown = TerminalText::new(text);
        let text = shown.as_str();
        // In a table, a bar ends the cell before anything else is read.
        let simple = !text.contains(['`', '|']) && text.trim() == text && !text.is_empty();
        if simple {
            return Self(format!("`{text}`"));
        }
        let mut out = String::from("<code>");
        prose(text, REFERRING_IN_CODE, &mut out);
        out.push_str("</code>");
        Self(out)
    }
}

impl Display for MarkdownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_prose() {
        for (text, expected) in [
            ("plain é, text (so)", "plain é, text (so)"),
            ("set `encrypt = true` here", "set `encrypt = true` here"),
            ("<b>", "&#60;b&#62;"),
            ("a|b", "a&#124;b"),
            ("[x](y)", "&#91;x&#93;(y)"),
            ("# a", "&#35; a"),
            ("@user", "&#64;&#8203;user"),
            ("#12", "&#35;&#8203;12"),
            ("gh-12", "gh&#45;&#8203;12"),
            ("www.example.com", "www&#46;&#8203;example.com"),
            ("https://x", "https&#58;&#8203;&#47;&#47;x"),
            ("&lt;", "&#38;&#8203;lt&#59;"),
            ("- a", "&#45; a"),
            ("1. a", "1&#46; a"),
            ("aws-key. So", "aws-key. So"),
            ("a`b", "a&#96;b"),
            ("`a`b`", "`a`b&#96;"),
            ("\u{202e}\n", "&#92;u&#123;202e&#125;&#92;u&#123;a&#125;"),
        ] {
            assert_eq!(MarkdownText::new(text).to_string(), expected, "{text}");
        }
    }

    #[test]
    fn code_that_could_end_early_is_written_otherwise() {
        assert_eq!(MarkdownCode::new("a <b> @c").to_string(), "`a <b> @c`");
        assert_eq!(MarkdownCode::new("a|b").to_string(), "<code>a&#124;b</code>");
        assert_eq!(MarkdownCode::new("a`b").to_string(), "<code>a&#96;b</code>");
        assert_eq!(MarkdownCode::new("").to_string(), "<code></code>");
        assert_eq!(MarkdownCode::new("printf '%s\\n'").to_string(), "`printf '%s\\n'`");
        assert_eq!(MarkdownCode::new("$a | b:c").to_string(), "<code>&#36;a &#124; b&#58;&#8203;c</code>");
    }
}
