//! String functions that need neither patterns nor verbs.

use super::context::{Call, Outcome, flag, longest_origin, string_of, text_of};
use super::pieces::Pieces;
use crate::resolve::{Kind, Reason, Value};
use unicode_segmentation::UnicodeSegmentation;

pub(super) fn chomp(call: &Call<'_>) -> Outcome {
    changed(call, |text| text.trim_end_matches(['\r', '\n']))
}

pub(super) fn trimspace(call: &Call<'_>) -> Outcome {
    changed(call, str::trim)
}

fn changed(call: &Call<'_>, change: impl Fn(&str) -> &str) -> Outcome {
    let text = call.text(0)?;
    call.made_of(change(&text), call.value(0)?)
}

pub(super) fn trim(call: &Call<'_>) -> Outcome {
    let cutset: Vec<char> = call.text(1)?.chars().collect();
    changed(call, |text| text.trim_matches(|character| cutset.contains(&character)))
}

pub(super) fn trimprefix(call: &Call<'_>) -> Outcome {
    let prefix = call.text(1)?;
    changed(call, |text| text.strip_prefix(&*prefix).unwrap_or(text))
}

pub(super) fn trimsuffix(call: &Call<'_>) -> Outcome {
    let suffix = call.text(1)?;
    changed(call, |text| text.strip_suffix(&*suffix).unwrap_or(text))
}

pub(super) fn endswith(call: &Call<'_>) -> Outcome {
    Ok(flag(call.text(0)?.ends_with(&*call.text(1)?)))
}

pub(super) fn strcontains(call: &Call<'_>) -> Outcome {
    Ok(flag(call.text(0)?.contains(&*call.text(1)?)))
}

/// Decided by the known beginning of a partly known string, too.
pub(super) fn startswith(call: &Call<'_>) -> Outcome {
    let prefix = call.text(1)?;
    if let Kind::Partial(parts) = &call.value(0)?.kind {
        let known = parts.first().and_then(Value::as_str).unwrap_or("");
        if known.starts_with(&*prefix) {
            return Ok(flag(true));
        }
        if !prefix.starts_with(known) {
            return Ok(flag(false));
        }
    }
    Ok(flag(call.text(0)?.starts_with(&*prefix)))
}

pub(super) fn indent(call: &Call<'_>) -> Outcome {
    let spaces = usize::try_from(call.whole(0)?).map_err(|_| Reason::Invalid)?;
    let text = call.text(1)?;
    let lines = text.matches('\n').count();
    call.spend_bytes(lines.saturating_mul(spaces))?;
    let spaces = if lines == 0 { 0 } else { spaces };
    call.made_of(text.replace('\n', &format!("\n{}", " ".repeat(spaces))), call.value(1)?)
}

pub(super) fn lower(call: &Call<'_>) -> Outcome {
    mapped(call, |character| if character == 'İ' { Some('i') } else { single(character.to_lowercase()) })
}

pub(super) fn upper(call: &Call<'_>) -> Outcome {
    mapped(call, upper_char)
}

fn mapped(call: &Call<'_>, map: impl Fn(char) -> Option<char>) -> Outcome {
    let text: Option<String> = call.text(0)?.chars().map(map).collect();
    call.made_of(text.ok_or_else(|| call.unsupported())?, call.value(0)?)
}

/// Terraform maps character by character; where Unicode's full mapping gives several, the simple one is not at hand.
fn upper_char(character: char) -> Option<char> {
    if character == 'ß' { Some(character) } else { single(character.to_uppercase()) }
}

fn single(mut mapped: impl Iterator<Item = char>) -> Option<char> {
    mapped.next().filter(|_| mapped.next().is_none())
}

/// The first letter of each word; a word ends at ASCII punctuation but the underscore, and at white space.
pub(super) fn title(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut titled = String::with_capacity(text.len());
    let mut previous = ' ';
    for character in text.chars() {
        let starts_word = if previous.is_ascii() {
            !previous.is_ascii_alphanumeric() && previous != '_'
        } else {
            previous.is_whitespace()
        };
        // The digraphs that have a title form of their own.
        if starts_word && matches!(character, '\u{1c4}'..='\u{1cc}' | '\u{1f1}'..='\u{1f3}') {
            return Err(call.unsupported());
        }
        titled.push(if starts_word { upper_char(character).ok_or_else(|| call.unsupported())? } else { character });
        previous = character;
    }
    call.made_of(titled, call.value(0)?)
}

pub(super) fn strrev(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    call.made_of(text.graphemes(true).rev().collect::<String>(), call.value(0)?)
}

/// Counts user-perceived characters. A negative offset counts from the end, a negative length takes all that follows;
/// with a negative offset a length of zero does, too.
pub(super) fn substr(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let (offset, length) = (call.whole(1)?, call.whole(2)?);
    if offset >= 0 && length == 0 {
        return call.made_of("", call.value(0)?);
    }
    let start = if offset < 0 {
        let total = i64::try_from(text.graphemes(true).count()).unwrap_or(i64::MAX);
        offset.saturating_add(total).max(0)
    } else {
        offset
    };
    let rest = text.graphemes(true).skip(usize::try_from(start).unwrap_or(usize::MAX));
    let part: String =
        if length <= 0 { rest.collect() } else { rest.take(usize::try_from(length).unwrap_or(usize::MAX)).collect() };
    call.made_of(part, call.value(0)?)
}

pub(super) fn split(call: &Call<'_>) -> Outcome {
    let (separator, text, value) = (call.text(0)?, call.text(1)?, call.value(1)?);
    let parts: Vec<Value> = if separator.is_empty() {
        call.spend(text.len())?;
        text.chars().map(|character| call.made_of(character.to_string(), value)).collect::<Result<_, _>>()?
    } else {
        call.spend(text.matches(&*separator).count())?;
        text.split(&*separator).map(|part| call.made_of(part, value)).collect::<Result<_, _>>()?
    };
    call.new_list(parts)
}

/// An unknown element makes a partly known string.
pub(super) fn join(call: &Call<'_>) -> Outcome {
    let separator = string_of(call.value(0)?)?;
    let separator_text = text_of(&separator)?;
    let mut elements: Vec<&Value> = Vec::new();
    for list in &call.arguments[1..] {
        elements.extend(super::context::list_of(list)?);
    }
    call.spend(elements.len())?;
    let mut pieces = Pieces::new(call);
    for (index, element) in elements.into_iter().enumerate() {
        if index > 0 {
            pieces.text(&separator_text, &separator.origin)?;
        }
        pieces.value(element)?;
    }
    pieces.finish()
}

/// Replaces each occurrence, or each match if what is sought stands between slashes.
pub(super) fn replace(call: &Call<'_>) -> Outcome {
    let (text, sought, replacement) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let pattern = sought.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    if let Some(pattern) = pattern {
        return super::patterns::replace(call, &text, pattern, &replacement);
    }
    let count = if sought.is_empty() { text.chars().count() + 1 } else { text.matches(&*sought).count() };
    call.spend_bytes(count.saturating_mul(replacement.len()))?;
    let origin = longest_origin([call.value(0)?, call.value(2)?]);
    let mut result = call.made_of(text.replace(&*sought, &replacement), call.value(0)?)?;
    if count > 0 && text.len() <= replacement.len() && origin.literal.is_some() {
        result.origin = origin;
    }
    Ok(result)
}
