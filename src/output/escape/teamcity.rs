//! Service messages of TeamCity.
//!
//! <https://www.jetbrains.com/help/teamcity/service-messages.html#Escaped+Values>

use super::TerminalText;
use std::fmt::{self, Display, Write};

/// The value of an attribute of a service message, cut at the length that TeamCity takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamcityValue(String);

impl TeamcityValue {
    /// Escapes lines of text, of which `most` characters are kept.
    pub fn new<'a>(lines: impl IntoIterator<Item = &'a str>, most: usize) -> Self {
        let lines: Vec<String> = lines.into_iter().map(|line| TerminalText::new(line).to_string()).collect();
        let mut out = String::new();
        for c in lines.join("\n").chars().take(most) {
            match c {
                '\n' => out.push_str("|n"),
                '|' | '\'' | '[' | ']' => out.extend(['|', c]),
                c if c.is_ascii() => out.push(c),
                c => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        let _ = write!(out, "|0x{unit:04x}");
                    }
                }
            }
        }
        Self(out)
    }
}

impl Display for TeamcityValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_cut() {
        let escaped = |text: &str| TeamcityValue::new(text.lines(), 100).to_string();
        assert_eq!(escaped("a|b'c[d]e\nf"), "a||b|'c|[d|]e|nf");
        assert_eq!(escaped("é\u{1f600}"), "|0x00e9|0xd83d|0xde00");
        assert_eq!(escaped("##teamcity[x]"), "#\\u{23}teamcity|[x|]");
        assert_eq!(TeamcityValue::new(["||||"], 2).to_string(), "||||", "what is cut is the text, not its escapes");
    }
}
