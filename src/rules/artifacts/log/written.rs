//! Values as logs write them: bare, in quotes of Go, JSON and shells, escaped once more for every string they stand in.

use std::ops::Range;

/// No value that stands in a log is followed further.
const MAX_VALUE: usize = 64 << 10;

/// What ends a value without quotes.
const ENDS: &[u8] = b" \t\r\n\"'`,;&<>()[]{}|\\";

/// Where a value stands in a text, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The bytes between the quotes.
    pub(super) range: Range<usize>,
    /// In how many strings it stands, one within the other; 0 without quotes.
    pub(super) layers: u32,
    /// Where what follows begins: behind the closing quote.
    pub(super) end: usize,
}

impl Written {
    /// The value that begins at an offset; None where nothing stands.
    pub(super) fn at(text: &str, at: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let quote = at + count(bytes.get(at..)?, b"\\");
        match bytes.get(quote) {
            Some(&mark @ (b'"' | b'\'' | b'`')) => Self::quoted(text, quote + 1, mark, quote - at),
            _ => Self::bare(text, at, ENDS),
        }
    }

    /// The bytes up to one of `ends`, if there are any.
    pub(super) fn bare(text: &str, start: usize, ends: &[u8]) -> Option<Self> {
        let rest = text.as_bytes().get(start..)?;
        let length = rest.iter().take(MAX_VALUE).position(|byte| ends.contains(byte)).unwrap_or(rest.len());
        let end = start + length;
        let fits = length > 0 && length < MAX_VALUE && text.is_char_boundary(end);
        fits.then_some(Self { range: start..end, layers: 0, end })
    }

    /// What stands between `mark`, written with so many backslashes before it, and its like.
    fn quoted(text: &str, start: usize, mark: u8, backslashes: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let limit = bytes.len().min(start + MAX_VALUE);
        let mut at = start;
        while let Some(found) = memchr::memchr2(mark, b'\n', &bytes[at..limit]) {
            at += found;
            if bytes[at] == b'\n' {
                return None;
            }
            let before = bytes[start..at].iter().rev().take_while(|byte| **byte == b'\\').count();
            // Fewer are the end of a string around this one.
            if before <= backslashes || (backslashes == 0 && before.is_multiple_of(2)) {
                let own = if backslashes == 0 { 0 } else { before };
                let layers = (backslashes + 1).ilog2() + 1;
                return Some(Self { range: start..at - own, layers, end: at + 1 });
            }
            at += 1;
        }
        None
    }

    /// The value itself.
    pub(super) fn value(&self, text: &str) -> String {
        let mut value = text[self.range.clone()].to_owned();
        for _ in 0..self.layers {
            if !value.contains('\\') {
                break;
            }
            value = unescape(&value);
        }
        value
    }
}

/// How many of the first bytes are among these.
pub(super) fn count(bytes: &[u8], of: &[u8]) -> usize {
    bytes.iter().take_while(|byte| of.contains(byte)).count()
}

/// A string of JSON or Go without its escapes; what is none stays as it is.
///
/// <https://go.dev/ref/spec#Rune_literals>, <https://www.rfc-editor.org/rfc/rfc8259#section-7>
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let mut characters = after.chars();
        rest = match characters.next() {
            Some('u') => match unit(after, 1) {
                Some(high @ 0xd800..0xdc00) => match unit(after, 7).filter(|_| after.get(5..7) == Some("\\u")) {
                    Some(low @ 0xdc00..0xe000) => {
                        let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                        plain.extend(char::from_u32(code));
                        &after[11..]
                    }
                    _ => keep(&mut plain, after),
                },
                Some(code) => {
                    plain.extend(char::from_u32(code));
                    &after[5..]
                }
                None => keep(&mut plain, after),
            },
            Some(c) => match escaped(c) {
                Some(meant) => {
                    plain.push(meant);
                    characters.as_str()
                }
                None => keep(&mut plain, after),
            },
            None => keep(&mut plain, after),
        };
    }
    plain.push_str(rest);
    plain
}

fn keep<'t>(plain: &mut String, after: &'t str) -> &'t str {
    plain.push('\\');
    after
}

fn unit(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}

fn escaped(c: char) -> Option<char> {
    Some(match c {
        '"' | '\\' | '/' | '\'' => c,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        Written::at(text, 0).map(|written| written.value(text))
    }

    #[test]
    fn values_in_quotes_of_any_depth() {
        let cases = [
            (r#""a b" c"#, "a b"),
            (r#""a\"b""#, "a\"b"),
            (r#""a\\" "b""#, "a\\"),
            (r#"\"a\\\"b\", \"c\""#, "a\"b"),
            (r#"\\\"a b\\\"\"""#, "a b"),
            (r#"\"a""#, "a"),
            ("'a\"b'", "a\"b"),
            ("abc def", "abc"),
            ("abc&d", "abc"),
            (r"abc\n", "abc"),
            (r#""\u003cx\u00e9\ud83d\ude00""#, "<xé😀"),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", " a", "\"a", "\"a\nb\"", ")"] {
            assert_eq!(value(text), None, "{text}");
        }
        assert_eq!(value(r#""""#).as_deref(), Some(""));
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in [r"\x", r"\u12", r"\ud800", "\\", r"a\é", ""] {
            assert_eq!(unescape(text), text);
        }
    }
}
