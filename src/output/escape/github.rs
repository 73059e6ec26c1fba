//! Workflow commands of GitHub Actions.

use super::TerminalText;
use std::fmt::{self, Display};
use std::io;

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
        let lines: Vec<String> = lines.into_iter().map(|line| TerminalText::new(line).to_string()).collect();
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
        Self(TerminalText::new(text).as_str().replace('%', "%25").replace(':', "%3A").replace(',', "%2C"))
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
    fn command_parts_are_escaped_by_type() {
        assert_eq!(GithubData::new(["a%0A:,", "b"]).to_string(), "a%250A:,%0Ab");
        assert_eq!(GithubProperty::new("a%2C,b:c\n").to_string(), "a%252C%2Cb%3Ac\\u{a}");
        assert!(GithubData::new([&*"%".repeat(9000)]).to_string().len() <= 3 * MAX_DATA_CHARS);
    }
}
