//! JSON of which parts are not known, as `jsonencode` and templates make it.

use crate::resolve::{Kind, Origin, Reason, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Mark the number of an unknown piece; of Unicode's private use, so that no policy means anything by them.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// The value that a JSON text means: strings with unknown pieces are partly known, and an unknown piece that stands
/// where a value belongs is that unknown value. None of what is no JSON, whatever the pieces are.
pub(super) fn parse(text: &Value) -> Option<Value> {
    let pieces = match &text.kind {
        Kind::String(known) => return Some(made(serde_json::from_str(known).ok()?, &[], &text.origin)),
        Kind::Partial(pieces) => pieces,
        _ => return None,
    };
    let mut marked = String::new();
    let (mut in_string, mut escaped) = (false, false);
    for (at, piece) in pieces.iter().enumerate() {
        let Some(known) = piece.as_str() else {
            // Within a string it is a part of it, elsewhere a value of its own.
            let quote = if in_string { "" } else { "\"" };
            marked.push_str(&format!("{quote}{OPEN}{at}{CLOSE}{quote}"));
            continue;
        };
        if known.contains([OPEN, CLOSE]) {
            return None;
        }
        for byte in known.bytes() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = in_string,
                b'"' => in_string = !in_string,
                _ => {}
            }
        }
        marked.push_str(known);
    }
    Some(made(serde_json::from_str(&marked).ok()?, pieces, &text.origin))
}

/// What is written in the text has the text's origin. serde_json bounds the nesting.
fn made(json: Json, pieces: &[Value], origin: &Origin) -> Value {
    let kind = match json {
        Json::Null => Kind::Null,
        Json::Bool(flag) => Kind::Bool(flag),
        Json::Number(number) => Kind::String(number.to_string().into()),
        Json::String(text) => return string(&text, pieces, origin),
        Json::Array(values) => Kind::List(values.into_iter().map(|value| made(value, pieces, origin)).collect()),
        Json::Object(entries) => {
            let made: BTreeMap<String, Value> =
                entries.into_iter().map(|(key, value)| (key, made(value, pieces, origin))).collect();
            Kind::Map(Arc::new(made))
        }
    };
    Value { kind, origin: origin.clone() }
}

/// A string with marks, as what they stand for.
fn string(text: &str, pieces: &[Value], origin: &Origin) -> Value {
    let known = |text: &str| Value { kind: Kind::String(text.into()), origin: origin.clone() };
    if !text.contains(OPEN) {
        return known(text);
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, (number, after))) =
        rest.split_once(OPEN).and_then(|(before, marked)| Some((before, marked.split_once(CLOSE)?)))
    {
        parts.extend((!before.is_empty()).then(|| known(before)));
        let piece = number.parse().ok().and_then(|at: usize| pieces.get(at));
        parts.push(piece.cloned().unwrap_or_else(|| Value::unknown(Reason::Runtime("a part of a text".into()))));
        rest = after;
    }
    parts.extend((!rest.is_empty()).then(|| known(rest)));
    match parts.len() {
        1 => parts.remove(0),
        _ => Value { kind: Kind::Partial(parts.into()), origin: origin.clone() },
    }
}

/// An object's key as the value it stands for: of unknown pieces only that they are unknown.
pub(super) fn key(text: &str) -> Value {
    string(text, &[], &Origin::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown() -> Value {
        Value::unknown(Reason::NoDefault("var.x".into()))
    }

    fn partial(pieces: &[Value]) -> Value {
        Value::new(Kind::Partial(pieces.into()))
    }

    #[test]
    fn unknown_pieces_stay_where_they_are() {
        let text =
            [Value::string(r#"{"a\"":"x"#), unknown(), Value::string(r#"","b":"#), unknown(), Value::string("}")];
        let parsed = parse(&partial(&text)).expect("JSON");
        let map = parsed.as_map().expect("an object");
        assert!(matches!(&map["a\""].kind, Kind::Partial(parts) if parts.len() == 2 && parts[1].is_unknown()));
        assert!(map["b"].is_unknown());
        let keyed = [Value::string(r#"{""#), unknown(), Value::string(r#":sub":"a"}"#)];
        let parsed = parse(&partial(&keyed)).expect("JSON");
        let (name, _) = parsed.as_map().and_then(|map| map.first_key_value()).expect("an entry");
        assert!(matches!(&key(name).kind, Kind::Partial(parts) if parts[1].as_str() == Some(":sub")));
    }

    #[test]
    fn what_is_no_json_is_none() {
        assert!(parse(&Value::string("")).is_none());
        for text in ["{", "policy", "\u{e000}"] {
            assert!(parse(&Value::string(text)).is_none(), "{text}");
            assert!(parse(&partial(&[unknown(), Value::string(text)])).is_none(), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(parse(&Value::string(&deep)).is_none());
        let forged = parse(&Value::string("\"\u{e000}99\u{e001}\"")).expect("a string");
        assert!(forged.is_unknown());
    }
}
