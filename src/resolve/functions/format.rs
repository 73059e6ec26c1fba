//! `format` and `formatlist`.
//!
//! The verbs: <https://developer.hashicorp.com/terraform/language/functions/format>.

use super::context::{Call, Outcome, list_of, number_of};
use super::pieces::Pieces;
use super::{format_numbers, json};
use crate::resolve::functions::convert;
use crate::resolve::{Kind, Origin, Reason, Value};
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

/// Wider fields than this are not made.
const MAX_WIDTH: usize = 1 << 16;

/// One `%...` sequence.
pub(super) struct Verb {
    pub(super) zero: bool,
    pub(super) sharp: bool,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) space: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    /// The argument's number, from 1.
    pub(super) argument: usize,
    pub(super) letter: u8,
}

enum Item {
    Text(String),
    Verb(Verb),
}

pub(super) fn format(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let items = parse(&text)?;
    render(call, &items, &call.value(0)?.origin, &call.arguments[1..])
}

/// Lists among the arguments are gone through together; other arguments are the same for each element.
pub(super) fn formatlist(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let items = parse(&text)?;
    let arguments = &call.arguments[1..];
    let mut length = None;
    for argument in arguments {
        if let Kind::Unknown(reason) = &argument.kind {
            return Err(reason.clone());
        }
        if let Kind::List(values) = &argument.kind
            && *length.get_or_insert(values.len()) != values.len()
        {
            return Err(Reason::Invalid);
        }
    }
    let mut results = Vec::new();
    for index in 0..length.unwrap_or(1) {
        call.spend(arguments.len())?;
        let row: Vec<Value> = arguments
            .iter()
            .map(|argument| list_of(argument).ok().and_then(|list| list.get(index)).unwrap_or(argument).clone())
            .collect();
        results.push(render(call, &items, &call.value(0)?.origin, &row)?);
    }
    call.new_list(results)
}

fn render(call: &Call<'_>, items: &[Item], origin: &Origin, arguments: &[Value]) -> Outcome {
    let mut pieces = Pieces::new(call);
    let mut highest = 0;
    for item in items {
        match item {
            Item::Text(text) => pieces.text(text, origin)?,
            Item::Verb(verb) => {
                highest = highest.max(verb.argument);
                let value = arguments.get(verb.argument.wrapping_sub(1)).ok_or(Reason::Invalid)?;
                write_verb(call, &mut pieces, verb, value)?;
            }
        }
    }
    if highest < arguments.len() { Err(Reason::Invalid) } else { pieces.finish() }
}

fn write_verb(call: &Call<'_>, pieces: &mut Pieces<'_>, verb: &Verb, value: &Value) -> Result<(), Reason> {
    let survey = call.survey(value)?;
    if survey.refused {
        return Err(survey.unknown.unwrap_or(Reason::Invalid));
    }
    let plain = verb.width.is_none() && verb.precision.is_none();
    if let Some(reason) = survey.unknown {
        let string = matches!(value.kind, Kind::Partial(_) | Kind::Unknown(_));
        if plain && string && (verb.letter == b's' || (verb.letter == b'v' && !verb.sharp)) {
            return pieces.value(value);
        }
        return pieces.unknown(Value::unknown(reason));
    }
    // Terraform knows the type of some nulls and not of others, and answers accordingly.
    if value.is_null() {
        return Err(call.unsupported());
    }
    let text = match verb.letter {
        b'v' => as_is(call, verb, value)?,
        b't' => match convert::to_bool(value).kind {
            Kind::Bool(flag) => flag.to_string(),
            _ => return Err(Reason::Invalid),
        },
        b's' | b'q' => string(verb, value)?,
        b'b' | b'd' | b'o' | b'x' | b'X' => format_numbers::integer(verb, number_of(value)?)?,
        b'e' | b'E' | b'f' | b'g' | b'G' => {
            format_numbers::float(verb, number_of(value)?).ok_or_else(|| call.unsupported())?
        }
        _ => return Err(Reason::Invalid),
    };
    pieces.text(&text, &value.origin)
}

fn as_is(call: &Call<'_>, verb: &Verb, value: &Value) -> Result<String, Reason> {
    let text = match &value.kind {
        Kind::String(text) if !verb.sharp => text.to_string(),
        Kind::Number(number) if !verb.sharp => format_numbers::shortest(*number),
        _ => json::known_text(call, value)?,
    };
    Ok(padded(verb, text))
}

fn string(verb: &Verb, value: &Value) -> Result<String, Reason> {
    let text: Arc<str> = super::context::text_of(value)?;
    let mut text = text.to_string();
    if let Some(precision) = verb.precision.filter(|precision| *precision > 0) {
        text = text.graphemes(true).take(precision).collect();
    }
    if verb.letter == b'q' {
        text = json::quoted(&text);
    }
    Ok(padded(verb, text))
}

/// Pads to the width, in user-perceived characters.
fn padded(verb: &Verb, text: String) -> String {
    let missing = verb.width.unwrap_or(0).saturating_sub(text.graphemes(true).count());
    if missing == 0 {
        return text;
    }
    let padding = if verb.zero { "0" } else { " " }.repeat(missing);
    if verb.minus { text + &padding } else { padding + &text }
}

fn parse(text: &str) -> Result<Vec<Item>, Reason> {
    let mut items = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    let mut next_argument = 1;
    while let Some(at) = rest.find('%') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            plain.push('%');
            rest = after;
            continue;
        }
        let (verb, length) = parse_verb(rest.as_bytes(), next_argument)?;
        next_argument = verb.argument + 1;
        rest = &rest[length..];
        if !plain.is_empty() {
            items.push(Item::Text(std::mem::take(&mut plain)));
        }
        items.push(Item::Verb(verb));
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        items.push(Item::Text(plain));
    }
    Ok(items)
}

fn parse_verb(bytes: &[u8], argument: usize) -> Result<(Verb, usize), Reason> {
    let mut verb = Verb {
        zero: false,
        sharp: false,
        plus: false,
        minus: false,
        space: false,
        width: None,
        precision: None,
        argument,
        letter: 0,
    };
    let mut at = 0;
    while let Some(flag) = bytes.get(at) {
        match flag {
            b'0' => verb.zero = true,
            b'#' => verb.sharp = true,
            b'+' => verb.plus = true,
            b'-' => verb.minus = true,
            b' ' => verb.space = true,
            _ => break,
        }
        at += 1;
    }
    verb.width = digits(bytes, &mut at)?;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        verb.precision = Some(digits(bytes, &mut at)?.unwrap_or(0));
    }
    if bytes.get(at) == Some(&b'[') {
        at += 1;
        if bytes.get(at) == Some(&b'0') {
            return Err(Reason::Invalid);
        }
        verb.argument = digits(bytes, &mut at)?.ok_or(Reason::Invalid)?;
        if bytes.get(at) != Some(&b']') {
            return Err(Reason::Invalid);
        }
        at += 1;
    }
    verb.letter = *bytes.get(at).filter(|letter| letter.is_ascii_alphabetic()).ok_or(Reason::Invalid)?;
    Ok((verb, at + 1))
}

fn digits(bytes: &[u8], at: &mut usize) -> Result<Option<usize>, Reason> {
    let start = *at;
    let mut value: usize = 0;
    while let Some(digit) = bytes.get(*at).filter(|byte| byte.is_ascii_digit()) {
        value = value * 10 + usize::from(digit - b'0');
        if value > MAX_WIDTH {
            return Err(Reason::Budget);
        }
        *at += 1;
    }
    Ok((*at > start).then_some(value))
}
