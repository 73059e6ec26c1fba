//! `jsonencode` and `jsondecode`.
//!
//! The encoding is that of Go's `encoding/json`: `<`, `>`, `&` and the two line separators are escaped.

use super::context::{Call, Outcome};
use super::decoded::Decoded;
use super::pieces::Pieces;
use crate::resolve::functions::convert;
use crate::resolve::{Kind, Origin, Reason, Value};
use crate::text::Span;
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::collections::BTreeMap;

/// Unknown values at any depth make unknown pieces of the text.
pub(super) fn jsonencode(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let survey = call.survey(value)?;
    if let Some(reason) = survey.unknown.filter(|_| value.is_unknown() || survey.refused) {
        return Err(reason);
    }
    let mut pieces = Pieces::new(call);
    encode(call, value, &mut pieces)?;
    pieces.finish()
}

/// The encoding of a value that is wholly known.
pub(super) fn known_text(call: &Call<'_>, value: &Value) -> Result<String, Reason> {
    let mut pieces = Pieces::new(call);
    encode(call, value, &mut pieces)?;
    match pieces.finish()?.kind {
        Kind::String(text) => Ok(text.to_string()),
        _ => Err(Reason::Invalid),
    }
}

/// The depth was bounded by the survey of the arguments.
fn encode(call: &Call<'_>, value: &Value, pieces: &mut Pieces<'_>) -> Result<(), Reason> {
    call.spend(1)?;
    let none = Origin::default();
    match &value.kind {
        Kind::Null => pieces.text("null", &none),
        Kind::Bool(flag) => pieces.text(if *flag { "true" } else { "false" }, &none),
        Kind::Number(number) => pieces.text(&convert::number_text(*number), &none),
        Kind::String(_) | Kind::Partial(_) => {
            pieces.text("\"", &none)?;
            pieces.mapped(value, escaped)?;
            pieces.text("\"", &none)
        }
        Kind::List(values) => {
            pieces.text("[", &none)?;
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    pieces.text(",", &none)?;
                }
                encode(call, value, pieces)?;
            }
            pieces.text("]", &none)
        }
        Kind::Map(entries) => {
            pieces.text("{", &none)?;
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    pieces.text(",", &none)?;
                }
                pieces.text(&quoted(key), &none)?;
                pieces.text(":", &none)?;
                encode(call, value, pieces)?;
            }
            pieces.text("}", &none)
        }
        Kind::Unknown(_) => pieces.unknown(value.clone()),
        Kind::Either(_) => Err(Reason::Budget),
    }
}

/// A string as JSON, with quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            '\u{8}' => result.push_str("\\b"),
            '\u{c}' => result.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                result.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => result.push(other),
        }
    }
    result
}

pub(super) fn jsondecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    // One parser judges, strictly; the other keeps numbers as they are written.
    serde_json::from_str::<serde::de::IgnoredAny>(&text).map_err(|error| {
        // Its limit of nesting is not the text's fault.
        if error.to_string().contains("recursion limit") { Reason::Budget } else { Reason::Invalid }
    })?;
    let parsed = parse_to_ast(&text, &CollectOptions::default(), &ParseOptions::default());
    let root = parsed.ok().and_then(|parsed| parsed.value).ok_or_else(|| call.unsupported())?;
    decode(call, &root, &Decoded::new(&text, &call.value(0)?.origin))
}

fn decode(call: &Call<'_>, node: &ast::Value<'_>, decoded: &Decoded<'_>) -> Outcome {
    call.spend(1)?;
    let kind = match node {
        ast::Value::NullKeyword(_) => Kind::Null,
        ast::Value::BooleanLit(flag) => Kind::Bool(flag.value),
        ast::Value::NumberLit(number) => Kind::Number(convert::parse_number(number.value)?),
        ast::Value::StringLit(text) => {
            call.spend_bytes(text.value.len())?;
            Kind::String(text.value.as_ref().into())
        }
        ast::Value::Array(array) => {
            Kind::List(array.elements.iter().map(|node| decode(call, node, decoded)).collect::<Result<_, _>>()?)
        }
        ast::Value::Object(object) => {
            let mut entries = BTreeMap::new();
            for property in &object.properties {
                // The last of equal names counts.
                entries.insert(property.name.as_str().to_owned(), decode(call, &property.value, decoded)?);
            }
            Kind::Map(entries.into())
        }
    };
    let range = node.range();
    Ok(Value { kind, origin: decoded.origin(Span::new(range.start, range.end)) })
}
