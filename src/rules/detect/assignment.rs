//! Names and the values that stand beside them, in whatever language: `X=v`, `"x": "v"`, `--x v`, `name: X` / `value: v`.

use super::shape::{Class, byte_at};
use std::ops::Range;

/// What names are made of.
const NAME: Class = Class::ALNUM.and(Class::of(b"_-."));
/// What ends a value that stands in no quotes.
const ENDS: Class = Class::of(b" \t\r\n\"'`,;&<>()[]{}|\\");
/// No name is longer.
const MAX_NAME: usize = 64;
/// No value that only its name tells is longer.
const MAX_VALUE: usize = 1024;

/// The name around a part of it, and where the value stands that it is given.
pub(super) fn assignment<'t>(text: &'t str, part: &Range<usize>) -> Option<(&'t str, Range<usize>)> {
    let start = part.start - NAME.run_before(text, part.start, MAX_NAME);
    let end = part.end + NAME.run(text, part.end, MAX_NAME);
    Some((&text[start..end], value_after(text, end)?))
}

/// Where the value stands that is given to the name that ends at an offset.
pub(super) fn value_after(text: &str, name_end: usize) -> Option<Range<usize>> {
    let at = name_end + Class::of(b"\\\"'`])").run(text, name_end, 4);
    if let Some(at) = paired(text, at) {
        return value_at(text, at);
    }
    let blank = at + blanks(text, at);
    let operator = operator(text, blank);
    // `--token v`, `configure set token v`.
    let separated = operator > 0 || (blank > at && at == name_end);
    separated.then(|| value_at(text, blank + operator)).flatten()
}

/// Where the value begins in `"name": "X", "value": "v"`, if that is what follows the X that ends at an offset.
fn paired(text: &str, at: usize) -> Option<usize> {
    let at = at + Class::of(b" \t\r\n,;\\\"'").run(text, at, 64);
    let key = text.get(at..at + 5)?;
    if !key.eq_ignore_ascii_case("value") {
        return None;
    }
    let at = at + 5 + Class::of(b"\\\"'").run(text, at + 5, 3);
    let at = at + blanks(text, at);
    let operator = operator(text, at);
    (operator > 0).then_some(at + operator)
}

fn blanks(text: &str, at: usize) -> usize {
    Class::of(b" \t").run(text, at, 64)
}

/// Length of the operator at an offset.
fn operator(text: &str, at: usize) -> usize {
    match (byte_at(text, at), byte_at(text, at + 1)) {
        (b'=' | b':' | b'?' | b'+', b'=') | (b'=', b'>') => 2,
        (b'=' | b':', _) => 1,
        _ => 0,
    }
}

/// The value that begins after blanks at an offset, without its quotes.
fn value_at(text: &str, at: usize) -> Option<Range<usize>> {
    let at = at + blanks(text, at);
    let quoted = at + Class::of(b"\\").run(text, at, 3);
    let quote = byte_at(text, quoted);
    let (start, ends) = match quote {
        b'"' | b'\'' | b'`' => (quoted + 1, Class::of(&[quote, b'\n', b'\\'])),
        _ => (at, ENDS),
    };
    let length = text.as_bytes().get(start..)?.iter().take(MAX_VALUE).take_while(|byte| !ends.has(**byte)).count();
    let end = start + length;
    (length > 0 && length < MAX_VALUE && text.is_char_boundary(end)).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_names() {
        let cases = [
            ("export DD_API_KEY=abc", "abc"),
            ("dd_api_key = \"abc\"", "abc"),
            ("'DD_API_KEY': 'abc',", "abc"),
            ("\"DD_API_KEY\":\"a b\"", "a b"),
            (r#"{\"DD_API_KEY\":\"abc\"}"#, "abc"),
            ("env[\"DD_API_KEY\"] = 'abc'", "abc"),
            ("--dd-api-key abc", "abc"),
            ("DD_API_KEY := abc", "abc"),
            ("DD_API_KEY => 'abc'", "abc"),
            ("{\"name\": \"DD_API_KEY\", \"value\": \"abc\"}", "abc"),
            (r#"{\"name\":\"DD_API_KEY\",\"value\":\"abc\"}"#, "abc"),
            ("- name: DD_API_KEY\n  value: abc\n", "abc"),
            ("set {\n  name  = \"dd.DD_API_KEY\"\n  value = \"abc\"\n}", "abc"),
            ("DD_API_KEY=abc;DD_SITE=x", "abc"),
        ];
        for (text, expected) in cases {
            let at = text.to_ascii_lowercase().find("dd").expect("it is there");
            let at = text.to_ascii_lowercase().find("api").unwrap_or(at);
            let (_, value) = assignment(text, &(at..at + 3)).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(&text[value], expected, "{text}");
        }
    }

    #[test]
    fn what_gives_no_value() {
        for text in ["DD_API_KEY", "DD_API_KEY=", "DD_API_KEY=\n", "DD_API_KEY\nabc", "the DD_API_KEY, which", ""] {
            let at = text.find("API").map_or(0..0, |at| at..at + 3);
            assert_eq!(assignment(text, &at), None, "{text}");
        }
        assert_eq!(assignment("é=é", &(0..0)), None);
    }
}
