//! Regular expressions: Go's syntax, brought into that of a library which runs in linear time like Go's own.
//!
//! The syntax: <https://github.com/google/re2/wiki/Syntax>.

use super::context::{Call, Outcome};
use crate::resolve::{Kind, Reason, Value};
use regex::{Captures, Regex, RegexBuilder};
use std::collections::BTreeMap;

/// Memory that a compiled pattern may take, in bytes.
const SIZE_LIMIT: usize = 1 << 20;

pub(super) fn regex(call: &Call<'_>) -> Outcome {
    let pattern = compiled(call, &call.text(0)?)?;
    let text = call.text(1)?;
    call.spend(text.len() / 64)?;
    let captures = pattern.captures(&text).ok_or(Reason::Invalid)?;
    matched(call, &pattern, &captures)
}

pub(super) fn regexall(call: &Call<'_>) -> Outcome {
    let pattern = compiled(call, &call.text(0)?)?;
    let text = call.text(1)?;
    let mut all = Vec::new();
    for captures in pattern.captures_iter(&text) {
        call.spend(captures.len())?;
        all.push(matched(call, &pattern, &captures)?);
    }
    call.new_list(all)
}

/// The whole match; with groups, a list of them; with named groups, an object.
fn matched(call: &Call<'_>, pattern: &Regex, captures: &Captures<'_>) -> Outcome {
    let of = call.value(1)?;
    let group = |index: usize| match captures.get(index) {
        Some(group) => call.made_of(group.as_str(), of),
        None => Ok(Value::new(Kind::Null)),
    };
    if captures.len() == 1 {
        return group(0);
    }
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    let named = names.iter().flatten().count();
    if named == 0 {
        return call.new_list((1..captures.len()).map(group).collect::<Result<_, _>>()?);
    }
    if named < names.len() {
        return Err(Reason::Invalid);
    }
    let mut entries = BTreeMap::new();
    for (index, name) in names.into_iter().enumerate() {
        entries.insert(name.unwrap_or_default().to_owned(), group(index + 1)?);
    }
    call.new_map(entries)
}

/// Replaces every match; `$1` and `${name}` in the replacement are groups.
pub(super) fn replace(call: &Call<'_>, text: &str, pattern: &str, replacement: &str) -> Outcome {
    let pattern = compiled(call, pattern)?;
    let mut result = String::new();
    let mut done = 0;
    for captures in pattern.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        call.spend(captures.len())?;
        let before = result.len();
        result.push_str(&text[done..whole.start()]);
        captures.expand(replacement, &mut result);
        done = whole.end();
        call.spend_bytes(result.len() - before)?;
    }
    result.push_str(&text[done..]);
    call.made_of(result, call.value(0)?)
}

fn compiled(call: &Call<'_>, pattern: &str) -> Result<Regex, Reason> {
    call.spend(pattern.len())?;
    let translated = translate(call, pattern)?;
    // The translation is valid in Go; what the library still refuses is a difference between the two.
    RegexBuilder::new(&translated)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT)
        .nest_limit(100)
        .build()
        .map_err(|_| call.unsupported())
}

/// Go's syntax in the library's: classes of ASCII, and nothing special that is not in Go.
fn translate(call: &Call<'_>, pattern: &str) -> Result<String, Reason> {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    let mut in_class = false;
    // Whether what was last written repeats what is before it: Go takes no repetition of that.
    let mut repeated = false;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        let repeats = !in_class && (matches!(first, '*' | '+' | '?') || (first == '{' && repetition(rest).is_some()));
        if repeats && repeated {
            return Err(Reason::Invalid);
        }
        match first {
            '\\' => length = escape(call, rest, in_class, &mut out)?,
            '[' if in_class => match rest.starts_with("[:").then(|| rest.find(":]")).flatten() {
                Some(end) => {
                    length = end + 2;
                    out.push_str(&rest[..length]);
                }
                None => out.push_str("\\["),
            },
            '[' => {
                in_class = true;
                length = class_start(rest, &mut out);
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            ']' => out.push_str("\\]"),
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(first);
            }
            // Ranges from or to a hyphen are read differently.
            '-' if in_class && rest.starts_with("--") => return Err(call.unsupported()),
            '(' if !in_class && rest.starts_with("(?") => {
                length = group(rest).ok_or(Reason::Invalid)?;
                out.push_str(&rest[..length]);
            }
            '{' if !in_class => match repetition(rest) {
                Some((end, fits)) if fits => {
                    length = end;
                    out.push_str(&rest[..end]);
                }
                Some(_) => return Err(Reason::Invalid),
                None => out.push_str("\\{"),
            },
            '}' if !in_class => out.push_str("\\}"),
            other => out.push(other),
        }
        rest = &rest[length..];
        repeated = repeats;
        if repeats && rest.starts_with('?') {
            out.push('?');
            rest = &rest[1..];
        }
    }
    Ok(out)
}

/// The start of a class: writes it and gives its length. A closing bracket right at the start stands for itself.
fn class_start(rest: &str, out: &mut String) -> usize {
    let start = ["[^]", "[]", "[^"].into_iter().find(|start| rest.starts_with(start)).unwrap_or("[");
    out.push_str(&start.replace(']', "\\]"));
    start.len()
}

/// One escape at the start of `rest`: writes it and gives its length.
fn escape(call: &Call<'_>, rest: &str, in_class: bool, out: &mut String) -> Result<usize, Reason> {
    let letter = rest[1..].chars().next().ok_or(Reason::Invalid)?;
    let length = 1 + letter.len_utf8();
    match letter {
        'd' | 's' | 'w' => {
            let class = match letter {
                'd' => "0-9",
                's' => "\\t\\n\\x0C\\r ",
                _ => "0-9A-Za-z_",
            };
            out.push_str(&if in_class { class.to_owned() } else { format!("[{class}]") });
        }
        'D' => out.push_str("[^0-9]"),
        'S' => out.push_str("[^\\t\\n\\x0C\\r ]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        'b' | 'B' if !in_class => out.push_str(if letter == 'b' { "(?-u:\\b)" } else { "(?-u:\\B)" }),
        'A' | 'z' if !in_class => out.push_str(&rest[..length]),
        'a' | 'f' | 'n' | 'r' | 't' | 'v' => out.push_str(&rest[..length]),
        'x' | 'p' | 'P' => {
            let end = match rest[length..].strip_prefix('{') {
                Some(braced) => length + 2 + braced.find('}').ok_or(Reason::Invalid)?,
                None => length + if letter == 'x' { 2 } else { 1 },
            };
            out.push_str(rest.get(..end).ok_or(Reason::Invalid)?);
            return Ok(end);
        }
        'Q' if !in_class => {
            let quoted = &rest[length..];
            let end = quoted.find("\\E");
            out.push_str(&regex::escape(&quoted[..end.unwrap_or(quoted.len())]));
            return Ok(end.map_or(rest.len(), |end| length + end + 2));
        }
        '0'..='9' | 'C' | 'Q' => return Err(call.unsupported()),
        other if other.is_ascii_punctuation() => out.push_str(&format!("\\x{{{:x}}}", u32::from(other))),
        _ => return Err(Reason::Invalid),
    }
    Ok(length)
}

/// Length of `(?:`, `(?i)`, `(?s-i:`, `(?P<name>`.
fn group(rest: &str) -> Option<usize> {
    let inner = &rest[2..];
    if let Some(name) = inner.strip_prefix("P<").or_else(|| inner.strip_prefix('<')) {
        let end = name.find('>')?;
        let fits = end > 0 && name[..end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        return fits.then_some(rest.len() - name.len() + end + 1);
    }
    let end = inner.find([':', ')'])?;
    inner[..end].bytes().all(|byte| b"imsU-".contains(&byte)).then_some(2 + end + 1)
}

/// Length of `{n}`, `{n,}` or `{n,m}`, and whether the numbers fit; None for a brace that means itself.
fn repetition(rest: &str) -> Option<(usize, bool)> {
    let end = rest.find('}')?;
    let (least, most) = rest[1..end].split_once(',').unwrap_or((&rest[1..end], ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if least.is_empty() || !digits(least) || !digits(most) {
        return None;
    }
    let count = |text: &str| text.parse::<u32>().ok().filter(|count| *count <= 1000);
    let fits = match (count(least), most.is_empty()) {
        (Some(_), true) => true,
        (Some(least), false) => count(most).is_some_and(|most| least <= most),
        (None, _) => false,
    };
    Some((end + 1, fits))
}
