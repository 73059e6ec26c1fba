//! `yamlencode` and `yamldecode`, as the library that Terraform uses writes and reads YAML.
//! <https://github.com/zclconf/go-cty-yaml>

mod encode;

pub(super) use encode::yamlencode;

use super::context::{Call, Outcome, text_of};
use super::convert;
use super::decoded::Decoded;
use crate::resolve::{Kind, Number, Reason, Value};
use crate::text::yaml::{self, Node, NodeKind};
use std::collections::BTreeMap;

pub(super) fn yamldecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    call.spend(text.len() / 16)?;
    // A tag changes what a scalar is; the nodes do not keep it.
    if has_tag(&text) {
        return Err(call.unsupported());
    }
    // What another parser refuses Terraform's may take.
    let documents = yaml::parse(text.as_bytes()).map_err(|_| call.unsupported())?;
    match documents.as_slice() {
        [document] => decode(call, document, &Decoded::new(&text, &call.value(0)?.origin)),
        _ => Err(call.unsupported()),
    }
}

fn has_tag(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        *byte == b'!' && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric()) && bytes.get(at + 1) != Some(&b'=')
    })
}

/// The parser has bounded the depth.
fn decode(call: &Call<'_>, node: &Node, decoded: &Decoded<'_>) -> Outcome {
    call.spend(1)?;
    let kind = match &node.kind {
        NodeKind::Scalar { text, plain } => {
            call.spend_bytes(text.len())?;
            if *plain { resolve(call, text)? } else { Kind::String((&**text).into()) }
        }
        NodeKind::Sequence(items) => {
            Kind::List(items.iter().map(|item| decode(call, item, decoded)).collect::<Result<_, _>>()?)
        }
        NodeKind::Mapping(entries) => Kind::Map(mapping(call, entries, decoded)?.into()),
    };
    Ok(Value { kind, origin: decoded.origin(node.span) })
}

fn mapping(
    call: &Call<'_>,
    entries: &[(Node, Node)],
    decoded: &Decoded<'_>,
) -> Result<BTreeMap<String, Value>, Reason> {
    let mut map = BTreeMap::new();
    for (nth, (key, value)) in entries.iter().enumerate() {
        let value = decode(call, value, decoded)?;
        if matches!(&key.kind, NodeKind::Scalar { text, plain: true } if &**text == "<<") {
            // Merged first, they are overridden by what follows; later ones would themselves override.
            match value.kind {
                Kind::Map(merged) if nth == 0 => {
                    map.extend(merged.iter().map(|(key, value)| (key.clone(), (true, value.clone()))));
                    continue;
                }
                _ => return Err(call.unsupported()),
            }
        }
        let key = text_of(&decode(call, key, decoded)?).map_err(|_| call.unsupported())?;
        if let Some((false, _)) = map.insert(key.to_string(), (false, value)) {
            return Err(call.unsupported());
        }
    }
    Ok(map.into_iter().map(|(key, (_, value))| (key, value)).collect())
}

/// What a scalar without quotes is. YAML 1.1's words for booleans count, its other forms of numbers do not.
fn resolve(call: &Call<'_>, text: &str) -> Result<Kind, Reason> {
    let string = || Ok(Kind::String(text.into()));
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Kind::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Ok(Kind::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Ok(Kind::Bool(false));
        }
        _ => {}
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) {
        return string();
    }
    let lower = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    if matches!(lower.as_str(), ".inf" | ".nan") {
        return Err(call.unsupported());
    }
    // Dates are rewritten as timestamps.
    let bytes = text.as_bytes();
    if bytes.len() > 4 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-' {
        let date = bytes.iter().all(|byte| byte.is_ascii_digit() || b"-:.+ tTzZ".contains(byte));
        return if date { Err(call.unsupported()) } else { string() };
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let fits = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
            return match i128::from_str_radix(digits, radix) {
                Ok(number) if fits => Ok(Kind::Number(Number::Integer(number))),
                _ if fits => Err(call.unsupported()),
                _ => string(),
            };
        }
    }
    match convert::parse_number(text) {
        Ok(number) => Ok(Kind::Number(number)),
        Err(Reason::Invalid) => string(),
        Err(reason) => Err(reason),
    }
}
