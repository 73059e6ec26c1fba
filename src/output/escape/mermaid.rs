//! Mermaid's flow charts.

use super::TerminalText;
use std::fmt::{self, Display, Write};

/// The text of a node, with its quotes. All that is no letter, digit or harmless mark is written as one of Mermaid's
/// own entities (<https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters>), so that no text
/// ends a label or a code block, is HTML or Markdown, or is a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MermaidLabel(String);

/// A longer label makes a picture that nobody can read.
const MAX_CHARS: usize = 64;

impl MermaidLabel {
    /// Escapes text of one line; of a longer one the end is kept, as in paths it tells more.
    pub fn new(text: &str) -> Self {
        let shown = TerminalText::new(text).to_string();
        let skipped = shown.chars().count().saturating_sub(MAX_CHARS);
        let mut out = String::from(if skipped > 0 { "\"..." } else { "\"" });
        let mut chars = shown.chars().skip(skipped).peekable();
        while let Some(c) = chars.next() {
            // Before a space these two make a list.
            let mark = matches!(c, '.' | '-') && chars.peek() != Some(&' ');
            if c.is_alphanumeric() || mark || matches!(c, ' ' | ',' | '_' | '/') {
                out.push(c);
            } else {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
        out.push('"');
        Self(out)
    }
}

impl Display for MermaidLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_hold_only_text() {
        let label = |text: &str| MermaidLabel::new(text).to_string();
        assert_eq!(label("infra/main.tf:4"), "\"infra/main.tf#58;4\"");
        assert_eq!(label("a\"] --> b[\"x"), "\"a#34;#93; --#62; b#91;#34;x\"");
        assert_eq!(label("1. a - b"), "\"1#46; a #45; b\"");
        assert_eq!(label("`**x**`%%{init}"), "\"#96;#42;#42;x#42;#42;#96;#37;#37;#123;init#125;\"");
        assert_eq!(label(&"x".repeat(100)), format!("\"...{}\"", "x".repeat(64)));
    }
}
