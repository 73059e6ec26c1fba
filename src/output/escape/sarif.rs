//! Messages of SARIF.

use super::TerminalText;
use serde::Serialize;

/// The text of a message, in which nothing is a link: viewers take `[text](target)` for one, in plain text as well
/// (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html#_Toc141790720>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(in crate::output) struct SarifText(String);

impl SarifText {
    /// Escapes lines of text.
    pub(in crate::output) fn new<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let lines: Vec<String> = lines.into_iter().map(|line| TerminalText::new(line).to_string()).collect();
        Self(lines.join("\n").replace("](", "] ("))
    }
}
