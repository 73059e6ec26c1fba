//! Files of `[section]` and `name = value` lines, with the place of every value.

use super::Span;

/// One `name = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'t> {
    /// The section it stands in, as it is written; empty before the first one.
    pub section: &'t str,
    /// The name.
    pub name: &'t str,
    /// The bytes of the value, without the blanks around it and a comment behind it; it may be empty.
    pub value: Span,
}

/// The entries of a text in order. Lines that are no entry are passed over.
///
/// As AWS reads its files: `#` and `;` begin a comment, at the start of a line or after a blank; nothing is quoted.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
pub fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut found = Vec::new();
    let mut section = "";
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let begins_at = start;
        start += line.len();
        let content = line.trim();
        if let Some(header) = content.strip_prefix('[') {
            section = header.split(']').next().unwrap_or(header).trim();
            continue;
        }
        let Some((name, value)) = line.split_once('=').filter(|_| !content.starts_with(['#', ';'])) else { continue };
        let value_at = begins_at + name.len() + 1;
        let end = comment_start(value).unwrap_or(value.len());
        let (from, to) = (value.len() - value.trim_start().len(), value[..end].trim_end().len());
        let value = Span::new(value_at + from.min(to), value_at + to);
        found.push(Entry { section, name: name.trim(), value });
    }
    found
}

/// Where a comment behind a value begins.
fn comment_start(value: &str) -> Option<usize> {
    let bytes = value.as_bytes();
    (1..bytes.len()).find(|at| matches!(bytes[*at], b'#' | b';') && matches!(bytes[*at - 1], b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_where_they_stand() {
        let text = "; c\na=0\n[ profile x ] # c\r\nkey = v1 # c\r\n  nested=a#b;c\nempty =  \n# no = entry\nword\n[y\nk==é =\n";
        let read: Vec<(&str, &str, &str)> =
            entries(text).iter().map(|entry| (entry.section, entry.name, &text[entry.value.range()])).collect();
        assert_eq!(
            read,
            [
                ("", "a", "0"),
                ("profile x", "key", "v1"),
                ("profile x", "nested", "a#b;c"),
                ("profile x", "empty", ""),
                ("y", "k", "=é =")
            ]
        );
    }
}
