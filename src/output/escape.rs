//! One type for each channel that text can be misread in. What comes from a repository - paths, names, messages with
//! names in them - is written through one of these, never as it is.

use std::fmt::{self, Display, Write};
use std::io;

/// Text for people: nothing in it moves the cursor, hides, reorders or breaks a line, and no CI system takes it for a
/// command that may stand anywhere in a line (`##[...]`, `##vso[...]`, `##teamcity[...]`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalText(String);

impl TerminalText {
    /// Escapes `text` as `\u{..}` where that is needed.
    pub fn new(text: &str) -> Self {
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
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The message of a GitHub workflow command. Lines are kept apart as `%0A`.
///
/// <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GithubData(String);

/// The runner cuts messages at 4096 characters
/// (<https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs>).
const MAX_DATA_CHARS: usize = 4000;

impl GithubData {
    /// Escapes lines of text.
    pub fn new<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let lines: Vec<String> = lines.into_iter().map(|line| TerminalText::new(line).0).collect();
        let text: String = lines.join("\n").chars().take(MAX_DATA_CHARS).collect();
        Self(text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
    }
}

impl Display for GithubData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The value of a property of a GitHub workflow command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GithubProperty(String);

impl GithubProperty {
    /// Escapes one line of text.
    pub fn new(text: &str) -> Self {
        Self(TerminalText::new(text).0.replace('%', "%25").replace(':', "%3A").replace(',', "%2C"))
    }
}

impl Display for GithubProperty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The word between which a GitHub runner obeys no command. Nobody who wrote the repository can know it.
#[derive(Clone, Debug)]
pub struct StopToken(String);

impl StopToken {
    /// From random bytes, fresh for every run.
    pub fn new(random: [u8; 16]) -> Self {
        Self(random.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Writes what `write` writes with the runner's commands stopped, if there is a token.
    ///
    /// # Errors
    /// Those of the writer; commands are resumed nonetheless if it still takes anything.
    pub fn guard(
        token: Option<&Self>,
        out: &mut dyn io::Write,
        write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(Self(token)) = token else { return write(out) };
        writeln!(out, "::stop-commands::{token}")?;
        let written = write(out);
        writeln!(out, "::{token}::").and(written)
    }
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

    #[test]
    fn command_parts_are_escaped_by_type() {
        assert_eq!(GithubData::new(["a%0A:,", "b"]).to_string(), "a%250A:,%0Ab");
        assert_eq!(GithubProperty::new("a%2C,b:c\n").to_string(), "a%252C%2Cb%3Ac\\u{a}");
        assert!(GithubData::new([&*"%".repeat(9000)]).to_string().len() <= 3 * MAX_DATA_CHARS);
    }
}
