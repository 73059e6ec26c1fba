//! The elements of collections, as repetition goes over them.

use super::evaluate::{map, runtime};
use super::value::{Kind, Number, Reason, Value};

/// Elements that a `for` expression or a splat goes through, at most.
pub(super) const MAX_ELEMENTS: usize = 10_000;

/// Pairs of key and value of a collection.
pub(super) fn elements_of(collection: &Value) -> Result<Vec<(Value, Value)>, Reason> {
    match &collection.kind {
        Kind::List(values) if values.len() <= MAX_ELEMENTS => {
            let index = |at: usize| Value::new(Kind::Number(Number::Integer(i128::try_from(at).unwrap_or(0))));
            Ok(values.iter().enumerate().map(|(at, value)| (index(at), value.clone())).collect())
        }
        Kind::Map(entries) if entries.len() <= MAX_ELEMENTS => {
            Ok(entries.iter().map(|(key, value)| (Value::string(key), value.clone())).collect())
        }
        Kind::List(_) | Kind::Map(_) => Err(Reason::Budget),
        Kind::Unknown(reason) => Err(reason.clone()),
        _ => Err(Reason::Invalid),
    }
}

/// What `each` is inside a block that is repeated over a collection: any of its elements.
pub(super) fn any_element(collection: &Value) -> Value {
    let mut keys = Vec::new();
    let mut values = Vec::new();
    for collection in collection.alternatives() {
        match elements_of(collection) {
            Ok(elements) => {
                let set = matches!(collection.kind, Kind::List(_));
                for (key, value) in elements.into_iter().take(super::combine::MAX_ALTERNATIVES) {
                    keys.push(if set { value.clone() } else { key });
                    values.push(value);
                }
            }
            Err(_) => {
                keys.push(runtime("each.key"));
                values.push(runtime("each.value"));
            }
        }
    }
    if keys.is_empty() {
        return map([("key", runtime("each.key")), ("value", runtime("each.value"))]);
    }
    map([("key", Value::either(keys)), ("value", Value::either(values))])
}
