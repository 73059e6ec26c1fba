//! Values that may be one of several: every combination is judged, within bounds.

use super::value::{Kind, Number, Reason, Value};

/// Alternatives of one value, at most; one more stands for all that were left out.
pub const MAX_ALTERNATIVES: usize = 64;

/// Calls `f` for every combination of the alternatives of `values`.
pub fn combine(values: &[Value], mut f: impl FnMut(&[Value]) -> Value) -> Value {
    let total = values.iter().try_fold(1_usize, |total, value| total.checked_mul(value.alternatives().len()));
    match total {
        Some(1) => f(values),
        Some(total) if total <= MAX_ALTERNATIVES => {
            let combinations = (0..total).map(|nth| {
                let mut rest = nth;
                let mut chosen = Vec::with_capacity(values.len());
                for value in values {
                    let alternatives = value.alternatives();
                    chosen.push(alternatives[rest % alternatives.len()].clone());
                    rest /= alternatives.len();
                }
                f(&chosen)
            });
            Value::either(combinations.collect::<Vec<_>>())
        }
        _ => Value::unknown(Reason::Budget),
    }
}

/// `collection[key]` and `object.name`.
pub fn pick(collection: &Value, key: &Value) -> Value {
    combine(&[collection.clone(), key.clone()], |pair| pick_one(&pair[0], &pair[1]))
}

fn pick_one(collection: &Value, key: &Value) -> Value {
    let missing = || Value::unknown(Reason::Invalid);
    match (&collection.kind, &key.kind) {
        (Kind::Unknown(reason), _) => Value::unknown(reason.clone()),
        // Whatever the key turns out to be, it is one of these.
        (Kind::Map(entries), Kind::Unknown(_) | Kind::Partial(_)) => one_of(entries.values()),
        (Kind::List(values), Kind::Unknown(_) | Kind::Partial(_)) => one_of(values.iter()),
        (Kind::Map(entries), Kind::String(name)) => entries.get(&**name).cloned().unwrap_or_else(missing),
        (Kind::Map(entries), Kind::Number(number)) => entries.get(&number.to_string()).cloned().unwrap_or_else(missing),
        (Kind::List(values), Kind::Number(Number::Integer(index))) => {
            usize::try_from(*index).ok().and_then(|index| values.get(index)).cloned().unwrap_or_else(missing)
        }
        (Kind::List(values), Kind::String(index)) => {
            index.parse::<usize>().ok().and_then(|index| values.get(index)).cloned().unwrap_or_else(missing)
        }
        _ => missing(),
    }
}

fn one_of<'a>(values: impl ExactSizeIterator<Item = &'a Value>) -> Value {
    let left_out = values.len() > MAX_ALTERNATIVES;
    let some = values.take(MAX_ALTERNATIVES).cloned();
    Value::either(some.chain(left_out.then(|| Value::unknown(Reason::Budget))))
}
