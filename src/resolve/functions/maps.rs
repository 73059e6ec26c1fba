//! Functions on maps and objects.

use super::context::{Call, Outcome, refusal, text_of};
use super::convert;
use crate::resolve::{Kind, Reason, Value};
use std::collections::BTreeMap;

pub(super) fn keys(call: &Call<'_>) -> Outcome {
    let map = call.value(0)?;
    call.new_list(
        call.map(0)?
            .keys()
            .map(|key| Value { kind: Kind::String(key.as_str().into()), origin: map.origin.clone() })
            .map(|mut key| {
                key.origin.literal = None;
                key
            })
            .collect(),
    )
}

pub(super) fn values(call: &Call<'_>) -> Outcome {
    call.new_list(call.map(0)?.values().cloned().collect())
}

/// Where the map or the key is not known, the default is one of the values it may have.
pub(super) fn lookup(call: &Call<'_>) -> Outcome {
    let default = call.arguments.get(2);
    let (maps, keys) = (call.value(0)?.alternatives(), call.value(1)?.alternatives());
    call.spend(maps.len().saturating_mul(keys.len()))?;
    let mut results = Vec::new();
    for map in maps {
        for key in keys {
            match lookup_one(map, key, default) {
                Ok(Some(value)) => results.push(marked_as(value, [map, key])),
                Ok(None) => results.push(default.cloned().unwrap_or_else(|| Value::unknown(Reason::Invalid))),
                Err(reason @ (Reason::Invalid | Reason::Undeclared(_))) => results.push(Value::unknown(reason)),
                Err(reason) => {
                    results.push(Value::unknown(reason));
                    results.extend(default.cloned());
                }
            }
        }
    }
    Ok(Value::either(results))
}

/// The entry; None if there is none.
fn lookup_one(map: &Value, key: &Value, default: Option<&Value>) -> Result<Option<Value>, Reason> {
    let entries = map.as_map().ok_or_else(|| refusal(map))?;
    let key = text_of(key)?;
    if let Some(value) = entries.get(&*key) {
        return Ok(Some(value.clone()));
    }
    // In a map the default takes the type of the elements; an object's attributes each have their own.
    let strings = !entries.is_empty() && entries.values().all(|value| matches!(value.kind, Kind::String(_)));
    match default.map(|value| &value.kind) {
        Some(Kind::Number(_) | Kind::Bool(_)) if strings => Err(Reason::Function("lookup".into())),
        _ => Ok(None),
    }
}

fn marked_as(value: Value, from: [&Value; 2]) -> Value {
    if from.iter().any(|value| value.origin.sensitive) { super::mark_sensitive(value) } else { value }
}

/// Null arguments are passed over.
pub(super) fn merge(call: &Call<'_>) -> Outcome {
    let mut merged = BTreeMap::new();
    for argument in call.arguments {
        if argument.is_null() {
            continue;
        }
        let entries = argument.as_map().ok_or_else(|| refusal(argument))?;
        call.spend(entries.len())?;
        merged.extend(entries.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    let mut result = call.new_map(merged)?;
    // What one map alone gives is still that map, with its place.
    if let [only] = call.arguments {
        result.origin = only.origin.clone();
    }
    Ok(result)
}

pub(super) fn transpose(call: &Call<'_>) -> Outcome {
    let mut turned: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (key, list) in call.map(0)? {
        for value in super::context::list_of(list)? {
            call.spend(1)?;
            turned.entry(text_of(value)?.to_string()).or_default().push(Value::string(key));
        }
    }
    call.new_map(turned.into_iter().map(|(key, list)| (key, Value::new(Kind::List(list.into())))).collect())
}

pub(super) fn zipmap(call: &Call<'_>) -> Outcome {
    let (keys, values) = (call.list(0)?, call.list(1)?);
    if keys.len() != values.len() {
        return Err(Reason::Invalid);
    }
    let mut zipped = BTreeMap::new();
    for (key, value) in keys.iter().zip(values) {
        zipped.insert(text_of(key)?.to_string(), value.clone());
    }
    call.new_map(zipped)
}

pub(super) fn matchkeys(call: &Call<'_>) -> Outcome {
    let (values, keys, sought) = (call.unified(0)?, call.list(1)?, call.list(2)?);
    if values.len() != keys.len() {
        return Err(Reason::Invalid);
    }
    let together: Vec<Value> = keys.iter().chain(sought).cloned().collect();
    let together = convert::unify(&together, call.budget)?;
    let (keys, sought) = together.split_at(keys.len());
    let mut matched = Vec::new();
    for (value, key) in values.into_iter().zip(keys) {
        if sought.iter().any(|sought| convert::same(key, sought, call.budget) == Some(true)) {
            matched.push(value);
        }
    }
    call.new_list(matched)
}
