//! The text of an inline ignore: `credlint:ignore RULE[,RULE] reason="..." [expires=YYYY-MM-DD]`.

use crate::text::Span;
use jiff::civil::Date;

/// What a comment starts an ignore with.
pub const MARKER: &str = "credlint:ignore";

/// An ignore as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// The rules, each with its bytes in the comment; at least one.
    pub rules: Vec<(String, Span)>,
    /// Why. It must be there, but that is a finding's to say.
    pub reason: Option<String>,
    /// The last day it holds.
    pub expires: Option<Date>,
    /// Its bytes in the comment, from the marker to the last word.
    pub span: Span,
}

/// Why the text behind the marker is no ignore.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IgnoreError {
    /// Something stands directly behind the marker.
    #[error("`credlint:ignore` is followed by a space and the rules")]
    NoSpace,
    /// No rule is named.
    #[error("no rule is named")]
    NoRule,
    /// A rule's name is none.
    #[error("what stands after it is not a rule's name")]
    NotARule,
    /// A quote does not close, or is missing.
    #[error("a reason stands in double quotes, as reason=\"moved to OIDC\"")]
    Reason,
    /// The date is none.
    #[error("a date is a day that exists, as expires=2027-01-31")]
    Date,
    /// A key is there twice.
    #[error("`{0}` is there twice")]
    Twice(&'static str),
    /// A word that means nothing here.
    #[error("after the rules only reason=\"...\" and expires=YYYY-MM-DD can stand")]
    Unknown,
}

/// Reads the ignore in a comment, its markers included. None if the comment holds no [`MARKER`]; only the line that
/// holds it is read.
///
/// # Errors
/// Within the option, [`IgnoreError`]: the comment means to be an ignore and cannot be understood. It hides nothing
/// then.
pub fn parse_ignore(comment: &str) -> Option<Result<Ignore, IgnoreError>> {
    let start = comment.find(MARKER)?;
    // Part of a longer word, such as an address, is no marker.
    if comment[..start]
        .ends_with(|before: char| before.is_alphanumeric() || matches!(before, '-' | '_' | ':' | '/' | '.'))
        && !comment[..start].ends_with("//")
    {
        return None;
    }
    let line = comment[start..].lines().next().unwrap_or_default();
    // Only a block comment's own end can stand at the end.
    let line = line.trim_end();
    let line = ["*/", "-->"].iter().find_map(|end| line.strip_suffix(end)).unwrap_or(line).trim_end();
    Some(Words { text: line, at: MARKER.len(), offset: start }.read())
}

/// A day in the form `YYYY-MM-DD`, and no other.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    let shape = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    (shape && text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// The words behind the marker.
struct Words<'a> {
    /// From the marker to the end.
    text: &'a str,
    /// What has been read.
    at: usize,
    /// Of the text in the comment.
    offset: usize,
}

impl<'a> Words<'a> {
    fn read(mut self) -> Result<Ignore, IgnoreError> {
        if !self.rest().is_empty() && !self.rest().starts_with(char::is_whitespace) {
            return Err(IgnoreError::NoSpace);
        }
        let mut ignore = Ignore { rules: self.rules()?, reason: None, expires: None, span: Span::default() };
        let mut has_reason = false;
        loop {
            self.blank();
            if self.rest().is_empty() {
                break;
            }
            if self.take("reason=") {
                let reason = self.quoted()?;
                if std::mem::replace(&mut has_reason, true) {
                    return Err(IgnoreError::Twice("reason"));
                }
                ignore.reason = Some(reason).filter(|reason| !reason.is_empty());
            } else if self.take("expires=") {
                let date = parse_date(self.word().trim_matches('"')).ok_or(IgnoreError::Date)?;
                if ignore.expires.replace(date).is_some() {
                    return Err(IgnoreError::Twice("expires"));
                }
            } else {
                return Err(IgnoreError::Unknown);
            }
        }
        ignore.span = Span::new(self.offset, self.offset + self.text.len());
        Ok(ignore)
    }

    /// Names with commas between, blanks around those.
    fn rules(&mut self) -> Result<Vec<(String, Span)>, IgnoreError> {
        let mut rules = Vec::new();
        loop {
            self.blank();
            let length = self.rest().find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(self.rest().len());
            let name = &self.rest()[..length];
            if name.is_empty() || name.contains('=') {
                return Err(IgnoreError::NoRule);
            }
            if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
                return Err(IgnoreError::NotARule);
            }
            let start = self.offset + self.at;
            rules.push((name.to_owned(), Span::new(start, start + length)));
            self.at += length;
            let before = self.at;
            self.blank();
            if !self.take(",") {
                self.at = before;
                return Ok(rules);
            }
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn blank(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.rest().starts_with(word);
        self.at += if there { word.len() } else { 0 };
        there
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    /// Text in double quotes; `\"` in it is a quote.
    fn quoted(&mut self) -> Result<String, IgnoreError> {
        if !self.take("\"") {
            return Err(IgnoreError::Reason);
        }
        let mut out = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return Ok(out.trim().to_owned());
                }
                '\\' if self.rest()[at + 1..].starts_with(['"', '\\']) => out.extend(chars.next().map(|(_, c)| c)),
                _ => out.push(c),
            }
        }
        Err(IgnoreError::Reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_rules_reason_and_date() {
        let comment = "# see PLAT-1 credlint:ignore a-b, c reason=\"moved, \\\"see\\\" 12\" expires=2027-01-31 ";
        let ignore = parse_ignore(comment).unwrap().unwrap();
        let rules: Vec<_> = ignore.rules.iter().map(|(id, span)| (id.as_str(), &comment[span.range()])).collect();
        assert_eq!(rules, [("a-b", "a-b"), ("c", "c")]);
        assert_eq!(ignore.reason.as_deref(), Some("moved, \"see\" 12"));
        assert_eq!(ignore.expires, Some(jiff::civil::date(2027, 1, 31)));
        assert_eq!(&comment[ignore.span.range()], comment[13..].trim_end());
    }

    #[test]
    fn reads_every_kind_of_comment() {
        for comment in [
            "#credlint:ignore a",
            "//credlint:ignore a",
            "// credlint:ignore a",
            "/* credlint:ignore a */",
            "/*credlint:ignore a*/",
            "<!-- credlint:ignore a -->",
            "/*\n * credlint:ignore a\n * and more\n */",
            "# credlint:ignore a\r",
            "# credlint:ignore a reason=\"\"",
            "# credlint:ignore a reason=\"  \"",
        ] {
            let ignore = parse_ignore(comment).unwrap().unwrap();
            assert_eq!((ignore.rules[0].0.as_str(), ignore.rules.len(), ignore.reason), ("a", 1, None), "{comment}");
        }
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        for (text, error) in [
            ("", IgnoreError::NoRule),
            ("s a", IgnoreError::NoSpace),
            (" reason=\"x\"", IgnoreError::NoRule),
            (" a,", IgnoreError::NoRule),
            (" A", IgnoreError::NotARule),
            (" a*", IgnoreError::NotARule),
            (" a reason=x", IgnoreError::Reason),
            (" a reason=\"x", IgnoreError::Reason),
            (" a expires=2027-02-30", IgnoreError::Date),
            (" a expires=20270131", IgnoreError::Date),
            (" a expires=2027-01-31T00:00", IgnoreError::Date),
            (" a b", IgnoreError::Unknown),
            (" a reason=\"x\" y", IgnoreError::Unknown),
            (" a reason=\"x\" reason=\"y\"", IgnoreError::Twice("reason")),
            (" a expires=2027-01-31 expires=2027-01-31", IgnoreError::Twice("expires")),
        ] {
            assert_eq!(parse_ignore(&format!("# credlint:ignore{text}")), Some(Err(error)), "{text}");
        }
        for comment in ["# an ordinary comment", "# https://x/credlint:ignore a", "", "# credlint: ignore a"] {
            assert_eq!(parse_ignore(comment), None, "{comment}");
        }
    }
}
