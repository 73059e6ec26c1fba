//! Logging commands of Azure Pipelines.
//!
//! The agent obeys `##vso[` anywhere in a line, and colours a line that starts with `##[`; what is escaped how is told
//! by the library of Azure's own tasks.
//! <https://github.com/microsoft/azure-pipelines-task-lib/blob/master/node/taskcommand.ts>

use super::TerminalText;
use std::fmt::{self, Display};

/// The message of a logging command. Lines are kept apart as `%0A`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AzureData(String);

impl AzureData {
    /// Escapes lines of text.
    pub fn new<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let lines: Vec<String> = lines.into_iter().map(|line| TerminalText::new(line).to_string()).collect();
        Self(lines.join("\n").replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A"))
    }
}

impl Display for AzureData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The value of a property of a logging command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AzureProperty(String);

impl AzureProperty {
    /// Escapes one line of text.
    pub fn new(text: &str) -> Self {
        Self(AzureData::new([text]).0.replace(']', "%5D").replace(';', "%3B"))
    }
}

impl Display for AzureProperty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_parts_are_escaped_by_type() {
        assert_eq!(AzureData::new(["100%;]", "##vso[x]"]).to_string(), "100%AZP25;]%0A#\\u{23}vso[x]");
        assert_eq!(AzureProperty::new("a;b]c%").to_string(), "a%3Bb%5Dc%AZP25");
    }
}
