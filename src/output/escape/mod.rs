//! One type for each channel that text can be misread in. What comes from a repository - paths, names, messages with
//! names in them - is written through one of these, never as it is.

mod azure;
mod github;
mod html;
mod json;
mod markdown;
mod mermaid;
mod sarif;
mod teamcity;
mod xml;

pub use azure::{AzureData, AzureProperty};
pub use github::{GithubData, GithubProperty, StopToken};
pub(super) use html::HtmlText;
pub(super) use json::{write_json, write_json_line};
pub use markdown::{MarkdownCode, MarkdownText};
pub use mermaid::MermaidLabel;
pub(super) use sarif::SarifText;
pub use teamcity::TeamcityValue;
pub use xml::XmlText;

use std::fmt::{self, Display, Write};

/// Text for people: nothing in it moves the cursor, hides, reorders or breaks a line, and no CI system takes it for a
/// command that may stand anywhere in a line (`##[...]`, `##vso[...]`, `##teamcity[...]`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalText(String);

impl TerminalText {
    /// Escapes `text` as `\u{..}` where that is needed.
    pub fn new(text: &str) -> Self {
        // Nearly all texts: nothing to escape.
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.contains("##") {
            return Self(text.to_owned());
        }
        let mut out = String::with_capacity(text.len());
        let mut hash = false;
        for c in text.chars() {
            if is_treacherous(c) || (hash && c == '#') {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
                hash = false;
            } else {
                out.push(c);
                hash = c == '#';
            }
        }
        Self(out)
    }

    /// The escaped text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for TerminalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Control characters, and those that are invisible or change the direction of the text around them (Unicode's
/// `Bidi_Control` and the invisible part of `Default_Ignorable_Code_Point`; <https://trojansource.codes>).
pub(super) fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{fffe}'..='\u{ffff}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_hides_or_commands_is_shown_as_text() {
        for (text, expected) in [
            ("plain é 漢", "plain é 漢"),
            ("\u{1b}[31m\u{7}", "\\u{1b}[31m\\u{7}"),
            ("a\nb\tc\r", "a\\u{a}b\\u{9}c\\u{d}"),
            ("\u{9b}1m\u{7f}", "\\u{9b}1m\\u{7f}"),
            ("a\u{202e}b\u{200b}\u{feff}\u{2066}", "a\\u{202e}b\\u{200b}\\u{feff}\\u{2066}"),
            ("##[error]x", "#\\u{23}[error]x"),
            ("###vso[x]", "#\\u{23}#vso[x]"),
            ("# a", "# a"),
        ] {
            assert_eq!(TerminalText::new(text).as_str(), expected);
        }
    }
}
