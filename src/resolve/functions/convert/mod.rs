//! Terraform's conversions between types, and its equality.
//!
//! What converts to what: <https://github.com/zclconf/go-cty/blob/main/docs/convert.md>.

mod number;
mod unify;

pub use number::{Arithmetic, compare, compute, from_f64, number_text, parse_number, to_f64};
pub use unify::unify;

use crate::resolve::{Budget, Kind, Number, Reason, Value};
use std::cmp::Ordering;

/// How deep values may nest before a walk through them is given up.
pub const MAX_DEPTH: u32 = 128;

/// As a string: numbers in full, booleans by name. The origin stays; null stays null; what is unknown stays so.
pub fn to_string(value: &Value) -> Value {
    primitive(value, |kind| match kind {
        Kind::String(_) | Kind::Partial(_) => Ok(kind.clone()),
        Kind::Number(number) => Ok(Kind::String(number_text(*number).into())),
        Kind::Bool(flag) => Ok(Kind::String(if *flag { "true" } else { "false" }.into())),
        _ => Err(Reason::Invalid),
    })
}

/// As a number: strings that are a decimal number are read. The origin stays.
pub fn to_number(value: &Value) -> Value {
    primitive(value, |kind| match kind {
        Kind::Number(_) => Ok(kind.clone()),
        Kind::String(text) => parse_number(text).map(Kind::Number),
        Kind::Partial(parts) => Err(partial_reason(parts)),
        _ => Err(Reason::Invalid),
    })
}

/// As a boolean: the strings `"true"`, `"false"`, `"1"` and `"0"` are read. The origin stays.
pub fn to_bool(value: &Value) -> Value {
    primitive(value, |kind| match kind {
        Kind::Bool(_) => Ok(kind.clone()),
        Kind::String(text) => match &**text {
            "true" | "1" => Ok(Kind::Bool(true)),
            "false" | "0" => Ok(Kind::Bool(false)),
            _ => Err(Reason::Invalid),
        },
        Kind::Partial(parts) => Err(partial_reason(parts)),
        _ => Err(Reason::Invalid),
    })
}

/// Steps that one comparison of two values may take.
const COMPARISON: usize = 10_000;

/// Terraform's `==`: values of different types are not equal. None if it is not decided here: because something is
/// unknown, or because two equal collections may differ in type (a list is never equal to a tuple, and
/// [`Kind::List`] is either), or because the values are too large.
pub fn equal(a: &Value, b: &Value) -> Option<bool> {
    decide(a, b, Sameness::Typed, &Budget::new(COMPARISON, 0), MAX_DEPTH)
}

/// Whether two values of one type, as the elements of one list are, are equal. None if something is unknown or the
/// budget is spent.
pub fn same(a: &Value, b: &Value, budget: &Budget) -> Option<bool> {
    decide(a, b, Sameness::Structural, budget, MAX_DEPTH)
}

/// What is to be said of collections with equal elements.
#[derive(Clone, Copy, PartialEq)]
enum Sameness {
    /// That they may still differ in type.
    Typed,
    /// That they are equal.
    Structural,
}

fn decide(a: &Value, b: &Value, sameness: Sameness, budget: &Budget, depth: u32) -> Option<bool> {
    let depth = depth.checked_sub(1).filter(|_| budget.spend(1))?;
    let collections = |answers: &mut dyn Iterator<Item = Option<bool>>| {
        let mut result = Some(true);
        for answer in answers {
            match answer {
                Some(false) => return Some(false),
                None => result = None,
                Some(true) => {}
            }
        }
        result.filter(|_| sameness == Sameness::Structural)
    };
    match (&a.kind, &b.kind) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => None,
        (Kind::Either(_), _) | (_, Kind::Either(_)) => {
            let (first, second) = (a.alternatives(), b.alternatives());
            agreed(first.iter().flat_map(|x| second.iter().map(move |y| decide(x, y, sameness, budget, depth))))
        }
        (Kind::Null, Kind::Null) => Some(true),
        (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
        (Kind::Number(a), Kind::Number(b)) => Some(compare(*a, *b) == Ordering::Equal),
        (Kind::String(a), Kind::String(b)) => Some(a == b),
        (Kind::Partial(_), Kind::Partial(_) | Kind::String(_)) | (Kind::String(_), Kind::Partial(_)) => None,
        (Kind::List(a), Kind::List(b)) if a.len() == b.len() => {
            collections(&mut a.iter().zip(b.iter()).map(|(a, b)| decide(a, b, sameness, budget, depth)))
        }
        (Kind::Map(a), Kind::Map(b)) if budget.spend(a.len()) && a.keys().eq(b.keys()) => {
            collections(&mut a.values().zip(b.values()).map(|(a, b)| decide(a, b, sameness, budget, depth)))
        }
        _ => Some(false),
    }
}

/// What all answers agree on.
fn agreed(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = None;
    for answer in answers {
        let answer = answer?;
        if *result.get_or_insert(answer) != answer {
            return None;
        }
    }
    result
}

/// Terraform's order of the elements of a set: by value for strings, numbers and booleans (false first), null last.
/// Collections are ordered by an encoding of theirs that is not reproduced here: None.
/// <https://github.com/zclconf/go-cty/blob/main/cty/set_internals.go>
pub fn set_order(a: &Value, b: &Value) -> Option<Ordering> {
    match (&a.kind, &b.kind) {
        (Kind::Null, Kind::Null) => Some(Ordering::Equal),
        (Kind::Null, _) => Some(Ordering::Greater),
        (_, Kind::Null) => Some(Ordering::Less),
        (Kind::String(a), Kind::String(b)) => Some(a.cmp(b)),
        (Kind::Number(a), Kind::Number(b)) => Some(compare(*a, *b)),
        (Kind::Bool(a), Kind::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// Length as `length` gives it: of a string in user-perceived characters, else in elements. None for anything else.
pub fn length(value: &Value) -> Option<usize> {
    use unicode_segmentation::UnicodeSegmentation;
    match &value.kind {
        Kind::String(text) => Some(text.graphemes(true).count()),
        Kind::List(values) => Some(values.len()),
        Kind::Map(entries) => Some(entries.len()),
        _ => None,
    }
}

/// A whole number that fits a machine word, as indexes and sizes are.
///
/// # Errors
/// [`Reason::Invalid`] for fractions and anything out of range.
pub fn whole(number: Number) -> Result<i64, Reason> {
    match number {
        Number::Integer(integer) => i64::try_from(integer).map_err(|_| Reason::Invalid),
        Number::Float(_) => Err(Reason::Invalid),
    }
}

/// Why a partly known string is not known: because Terraform refuses one of its parts, or else the reason of its first
/// unknown part.
pub fn partial_reason(parts: &[Value]) -> Reason {
    let reasons = || {
        parts.iter().filter_map(|part| match &part.kind {
            Kind::Unknown(reason) => Some(reason),
            _ => None,
        })
    };
    let refused = reasons().find(|reason| **reason == Reason::Invalid);
    refused.or(reasons().next()).cloned().unwrap_or(Reason::Invalid)
}

/// Applies a conversion of primitives, to each alternative if there are several.
fn primitive(value: &Value, conversion: impl Fn(&Kind) -> Result<Kind, Reason> + Copy) -> Value {
    match &value.kind {
        Kind::Either(values) => Value::either(values.iter().map(|value| match &value.kind {
            Kind::Either(_) => Value::unknown(Reason::Budget),
            _ => primitive(value, conversion),
        })),
        Kind::Null | Kind::Unknown(_) => value.clone(),
        kind => match conversion(kind) {
            Ok(kind) => Value { kind, origin: value.origin.clone() },
            Err(reason) => Value { kind: Kind::Unknown(reason), origin: value.origin.clone() },
        },
    }
}
