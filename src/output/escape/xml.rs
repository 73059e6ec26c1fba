//! XML 1.0.

use super::TerminalText;
use quick_xml::escape::escape;
use quick_xml::events::BytesText;
use quick_xml::events::attributes::Attribute;

/// Text of characters that XML 1.0 permits (<https://www.w3.org/TR/xml/#charsets>) and nobody misreads. Lines stay
/// lines. Markup is escaped by the writer of XML that it is given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlText(String);

impl XmlText {
    /// Takes lines of text.
    pub fn new<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let lines: Vec<String> = lines.into_iter().map(|line| TerminalText::new(line).to_string()).collect();
        Self(lines.join("\n"))
    }

    /// As the value of an attribute.
    pub fn attribute<'a>(&'a self, name: &'a str) -> Attribute<'a> {
        Attribute::from((name, self.0.as_str()))
    }

    /// As the content of an element. Its lines may be shown by a GitHub runner, which obeys those that start with `::`.
    pub fn content(&self) -> BytesText<'_> {
        BytesText::from_escaped(escape(&self.0).replace("::", "&#58;:"))
    }
}
