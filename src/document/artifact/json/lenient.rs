//! What can be saved of damaged JSON: where a value ends, and what a string says.

use memchr::memchr2;

/// One past the end of the value that starts at `start`, told by quotes and brackets alone. None where the text ends
/// first.
pub(super) fn end_of_value(bytes: &[u8], start: usize) -> Option<usize> {
    match bytes.get(start)? {
        b'"' => end_of_string(bytes, start),
        b'[' | b'{' => end_of_brackets(bytes, start),
        _ => {
            let delimiter = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
            let length = bytes[start..].iter().position(delimiter)?;
            (length > 0).then_some(start + length)
        }
    }
}

/// One past the closing quote of the string that opens at `start`.
pub(super) fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        match bytes[at] {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

fn end_of_brackets(bytes: &[u8], start: usize) -> Option<usize> {
    let mut open = 0_usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = end_of_string(bytes, at)?;
                continue;
            }
            b'[' | b'{' => open += 1,
            b']' | b'}' => {
                open -= 1;
                if open == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The next byte that is no white space.
pub(super) fn past_space(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// The next byte behind white space and lines that mark the sides of a merge conflict; `at` itself where there is no
/// such line.
///
/// <https://git-scm.com/docs/git-merge#_how_conflicts_are_presented>
pub(super) fn past_conflict(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        let start = past_space(bytes, end);
        let mark = bytes.get(start..start + 7).unwrap_or_default();
        if ![&b"<<<<<<<"[..], b"=======", b">>>>>>>", b"|||||||"].contains(&mark) {
            return if end == at { at } else { start };
        }
        end = start + memchr::memchr(b'\n', &bytes[start..]).unwrap_or(bytes.len() - start);
    }
}

/// What a string says, given with its quotes. As Go does it, what is not UTF-8 and half a surrogate pair become
/// U+FFFD; what JSON does not allow (control characters, unknown escapes) is taken as it stands.
pub(super) fn decode(quoted: &[u8]) -> String {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    let text = String::from_utf8_lossy(inner);
    let mut units: Vec<u16> = Vec::new();
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let escape = if character == '\\' { rest.next() } else { None };
        if escape == Some('u')
            && let Some(unit) = rest.as_str().get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok())
        {
            units.push(unit);
            rest = rest.as_str()[4..].chars();
            continue;
        }
        flush(&mut units, &mut decoded);
        match escape {
            None => decoded.push(character),
            Some('b') => decoded.push('\u{8}'),
            Some('f') => decoded.push('\u{c}'),
            Some('n') => decoded.push('\n'),
            Some('r') => decoded.push('\r'),
            Some('t') => decoded.push('\t'),
            Some(other) => decoded.push(other),
        }
    }
    flush(&mut units, &mut decoded);
    decoded
}

/// Adds what escapes of UTF-16 units in a row say together.
fn flush(units: &mut Vec<u16>, decoded: &mut String) {
    decoded.push_str(&String::from_utf16_lossy(units));
    units.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_their_brackets_say() {
        let end = |text: &str| end_of_value(text.as_bytes(), 0);
        assert_eq!(end(r#"{"a]": ["\"}", {}]}, 1"#), Some(19));
        assert_eq!(end(r#""a\\" "#), Some(5));
        assert_eq!(end("nonsense, 1"), Some(8));
        for unfinished in ["", "[[]", r#"{"a"#, r#""a\"#, r#""a\""#, "12", ","] {
            assert_eq!(end(unfinished), None, "{unfinished}");
        }
    }

    #[test]
    fn strings_say_what_they_can() {
        assert_eq!(decode(br#""a\n\"\u00e9\ud83d\ude00\/""#), "a\n\"é😀/");
        assert_eq!(decode(br#""\ud83d-\uzz\q""#), "\u{fffd}-uzzq");
        assert_eq!(decode(b"\"a\xffb\0\n\""), "a\u{fffd}b\0\n");
        assert_eq!(decode(b"\""), "");
        assert_eq!(decode("\"\\u00é\"".as_bytes()), "u00é");
    }
}
