//! Values that may be one of several: every combination is judged, within bounds.

use super::functions::convert;
use super::value::{Kind, MAX_ALTERNATIVES, Number, Reason, Value};

/// Calls `f` for every combination of the alternatives of `values`; of too many for some, and the rest is unknown.
pub fn combine(values: &[Value], mut f: impl FnMut(&[Value]) -> Value) -> Value {
    let total = combinations(values);
    if total == 1 {
        return f(values);
    }
    let some = (0..total.min(MAX_ALTERNATIVES)).map(|nth| {
        let mut rest = nth;
        let mut chosen = Vec::with_capacity(values.len());
        for value in values {
            let alternatives = value.alternatives();
            chosen.push(alternatives[rest % alternatives.len()].clone());
            rest /= alternatives.len();
        }
        f(&chosen)
    });
    let left_out = (total > MAX_ALTERNATIVES).then(|| Value::unknown(Reason::Budget));
    Value::either(some.chain(left_out))
}

/// How many combinations the alternatives of these values have.
pub(super) fn combinations(values: &[Value]) -> usize {
    values.iter().fold(1_usize, |total, value| total.saturating_mul(value.alternatives().len()))
}

/// `collection[key]` and `object.name`.
pub fn pick(collection: &Value, key: &Value) -> Value {
    combine(&[collection.clone(), key.clone()], |pair| pick_one(&pair[0], &pair[1]).taken_from(&pair[0]))
}

fn pick_one(collection: &Value, key: &Value) -> Value {
    let found = match (&collection.kind, &key.kind) {
        (Kind::Unknown(reason), _) => return Value::unknown(reason.clone()),
        // Whatever the key turns out to be, it is one of these.
        (Kind::Map(entries), Kind::Unknown(_) | Kind::Partial(_)) => return Value::either(entries.values().cloned()),
        (Kind::List(values), Kind::Unknown(_) | Kind::Partial(_)) => return Value::either(values.iter().cloned()),
        (Kind::Map(entries), _) => {
            let name = convert::to_string(key);
            name.as_str().and_then(|name| entries.get(name)).cloned()
        }
        (Kind::List(values), _) => match convert::to_number(key).kind {
            Kind::Number(Number::Integer(index)) => {
                usize::try_from(index).ok().and_then(|index| values.get(index)).cloned()
            }
            _ => None,
        },
        _ => None,
    };
    found.unwrap_or_else(|| Value::unknown(Reason::Invalid))
}
