//! The elements of collections, as repetition goes over them.

use super::budget::Budget;
use super::evaluate::{map, runtime};
use super::functions::convert;
use super::value::{Kind, MAX_ALTERNATIVES, Number, Reason, Value};
use crate::document::hcl::{Expr, ExprKind};
use std::cmp::Ordering;
use std::sync::Arc;

/// Elements that a `for` expression or a splat goes through, at most.
pub(super) const MAX_ELEMENTS: usize = 10_000;

/// Functions whose result is a list or tuple, whatever they are given.
const LIST_FUNCTIONS: [&str; 17] = [
    "chunklist",
    "compact",
    "concat",
    "csvdecode",
    "distinct",
    "flatten",
    "formatlist",
    "keys",
    "matchkeys",
    "range",
    "regexall",
    "reverse",
    "slice",
    "sort",
    "split",
    "tolist",
    "values",
];

/// Pairs of key and value of one collection. `surely_list`: it cannot be a set. The key of a set's element is the
/// element, and a [`Kind::List`] that may be a set has keys that may be either.
///
/// # Errors
/// Why it is unknown; [`Reason::Budget`] of more than [`MAX_ELEMENTS`].
pub(super) fn elements_of(
    collection: &Value,
    surely_list: bool,
    budget: &Budget,
) -> Result<Vec<(Value, Value)>, Reason> {
    match &collection.kind {
        Kind::List(values) => {
            check_length(values.len(), budget)?;
            let may_be_set = !surely_list && looks_like_set(values);
            let key = |(at, value): (usize, &Value)| match may_be_set {
                true => Value::either([count(at), value.clone().taken_from(collection)]),
                false => count(at),
            };
            Ok(values.iter().enumerate().map(|pair| (key(pair), pair.1.clone().taken_from(collection))).collect())
        }
        Kind::Map(entries) => {
            check_length(entries.len(), budget)?;
            let entry = |(key, value): (&String, &Value)| (Value::string(key), value.clone().taken_from(collection));
            Ok(entries.iter().map(entry).collect())
        }
        _ => Err(undecided(collection)),
    }
}

/// Pays for going through so many elements.
///
/// # Errors
/// [`Reason::Budget`] if they are too many.
pub(super) fn check_length(length: usize, budget: &Budget) -> Result<(), Reason> {
    if length > MAX_ELEMENTS {
        budget.refuse();
        return Err(Reason::Budget);
    }
    if budget.spend(length) { Ok(()) } else { Err(Reason::Budget) }
}

/// Whether the expression's value is a list or tuple, and no set, by its form alone.
pub(super) fn is_surely_list(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Tuple(_) => true,
        ExprKind::For(parts) => parts.result_key.is_none(),
        ExprKind::Call(call) => LIST_FUNCTIONS.binary_search(&call.name.trim_start_matches("core::")).is_ok(),
        ExprKind::Parenthesis(inner) => is_surely_list(inner),
        _ => false,
    }
}

/// Whether the elements stand as those of a set do: known strings, numbers or booleans in ascending order. Sets of
/// other things are taken for lists, as nobody uses a whole object for a key.
fn looks_like_set(values: &[Value]) -> bool {
    let plain = |value: &Value| matches!(value.kind, Kind::String(_) | Kind::Number(_) | Kind::Bool(_));
    values.iter().all(plain)
        && values.windows(2).all(|two| convert::set_order(&two[0], &two[1]) == Some(Ordering::Less))
}

/// Why a value that is no such thing as was asked for is not known: because Terraform would refuse it, or because
/// something about it is open.
pub(super) fn undecided(value: &Value) -> Reason {
    match &value.kind {
        Kind::Unknown(reason) => reason.clone(),
        Kind::Partial(parts) => convert::partial_reason(parts),
        Kind::Either(values) => {
            let open = values.iter().map(undecided).find(|reason| *reason != Reason::Invalid);
            open.unwrap_or_else(|| Reason::Runtime("one of several values".into()))
        }
        _ => Reason::Invalid,
    }
}

/// What `each` is inside a block that is repeated over a collection: any of its elements. A list stands for a set here.
pub(super) fn any_element(collection: &Value, budget: &Budget) -> Value {
    let mut keys = Vec::new();
    let mut values = Vec::new();
    for collection in collection.alternatives() {
        match elements_of(collection, true, budget) {
            Ok(elements) => {
                let set = matches!(collection.kind, Kind::List(_));
                // One more than are kept, for what is left out to be told.
                for (key, value) in elements.into_iter().take(MAX_ALTERNATIVES + 1) {
                    keys.push(if set { value.clone() } else { key });
                    values.push(value);
                }
            }
            Err(reason) => {
                keys.push(runtime("each.key"));
                // Of what a resource is, each element is a part of it.
                let of_resource = matches!(reason, Reason::Resource { .. });
                values.push(if of_resource { Value::unknown(reason) } else { runtime("each.value") });
            }
        }
    }
    if keys.is_empty() {
        return map([("key", runtime("each.key")), ("value", runtime("each.value"))]);
    }
    map([("key", Value::either(keys)), ("value", Value::either(values))])
}

/// What `count` is inside a block that is repeated so many times: any of its indexes.
pub(super) fn any_index(times: &Value) -> Value {
    let indexes = times.alternatives().iter().flat_map(|times| match how_many(times) {
        Ok(times) => (0..times.min(MAX_ALTERNATIVES + 1)).map(count).collect(),
        Err(_) => vec![runtime("count.index")],
    });
    let indexes: Vec<Value> = indexes.collect();
    map([("index", if indexes.is_empty() { runtime("count.index") } else { Value::either(indexes) })])
}

/// `each` or `count`, by name, for every instance of what is repeated over a collection or so many times.
///
/// # Errors
/// Why the instances are not known; [`Reason::Budget`] if they are more than [`MAX_ALTERNATIVES`].
pub(super) fn rounds_of(over: &Value, is_count: bool, budget: &Budget) -> Result<Vec<(&'static str, Value)>, Reason> {
    let bounded = |length: usize| if length > MAX_ALTERNATIVES { Err(Reason::Budget) } else { Ok(()) };
    if is_count {
        let times = how_many(over)?;
        bounded(times)?;
        return Ok((0..times).map(|at| ("count", map([("index", count(at))]))).collect());
    }
    let elements = elements_of(over, true, budget)?;
    bounded(elements.len())?;
    let of_set = matches!(over.kind, Kind::List(_));
    let each =
        |(key, value): (Value, Value)| map([("key", if of_set { value.clone() } else { key }), ("value", value)]);
    Ok(elements.into_iter().map(|element| ("each", each(element))).collect())
}

/// One of these for every element of `for_each`, or as many as `count` says.
///
/// # Errors
/// Why the number or the keys are not known.
pub(super) fn repeated(over: &Value, is_count: bool, one: &Value, budget: &Budget) -> Result<Value, Reason> {
    if is_count {
        let times = how_many(over)?;
        check_length(times, budget)?;
        return Ok(Value::new(Kind::List(vec![one.clone(); times].into())));
    }
    let elements = elements_of(over, true, budget)?;
    let of_set = matches!(over.kind, Kind::List(_));
    let keys = elements.into_iter().map(|(key, value)| if of_set { value } else { key });
    let entries = keys.map(|key| match convert::to_string(&key).kind {
        Kind::String(key) => Ok((key.to_string(), one.clone())),
        _ => Err(undecided(&key)),
    });
    Ok(Value::new(Kind::Map(Arc::new(entries.collect::<Result<_, _>>()?))))
}

fn how_many(times: &Value) -> Result<usize, Reason> {
    match convert::to_number(times).kind {
        Kind::Number(Number::Integer(times)) => usize::try_from(times).map_err(|_| Reason::Invalid),
        _ => Err(undecided(times)),
    }
}

fn count(at: usize) -> Value {
    Value::new(Kind::Number(Number::Integer(at as i128)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_for_the_search() {
        assert!(LIST_FUNCTIONS.is_sorted());
    }
}
