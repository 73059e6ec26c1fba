//! `condition ? yes : no`. Both branches get one type, whichever is taken:
//! <https://developer.hashicorp.com/terraform/language/expressions/conditionals#result-types>.

use super::budget::Budget;
use super::combine::combine;
use super::elements::undecided;
use super::functions::convert::{self, MAX_DEPTH};
use super::functions::mark_sensitive;
use super::value::{Kind, Reason, Value};

/// Which branches a condition may take: the one if it holds, the other if not.
///
/// # Errors
/// Why Terraform would refuse the condition.
pub(super) fn branches(condition: &Value) -> Result<(bool, bool), Reason> {
    let (mut yes, mut no, mut refused) = (false, false, None);
    for one in condition.alternatives() {
        match (one.as_bool(), undecided(one)) {
            (Some(true), _) => yes = true,
            (Some(false), _) => no = true,
            (None, reason @ (Reason::Invalid | Reason::Undeclared(_))) => refused = Some(reason),
            (None, _) => (yes, no) = (true, true),
        }
    }
    match refused {
        Some(reason) if !yes && !no => Err(reason),
        // An alternative that is in error is not the one of any run.
        _ => Ok((yes, no)),
    }
}

/// The value of a conditional. Branches are evaluated when they are needed.
pub(super) fn conditional(
    condition: &Value,
    yes: impl Fn() -> Value,
    no: impl Fn() -> Value,
    budget: &Budget,
) -> Value {
    let (may, may_not) = match branches(condition) {
        Ok(both) => both,
        Err(reason) => return Value::unknown(reason),
    };
    let taken = |value: Value, other: &dyn Fn() -> Value| match needs_the_other(&value) {
        true => beside(&value, &other(), budget),
        false => value,
    };
    let value = match (may, may_not) {
        (true, true) => {
            let (yes, no) = (yes(), no());
            Value::either([beside(&yes, &no, budget), beside(&no, &yes, budget)])
        }
        (true, false) => taken(yes(), &no),
        (false, _) => taken(no(), &yes),
    };
    let sensitive = condition.alternatives().iter().any(|one| one.origin.sensitive);
    if sensitive { mark_sensitive(value) } else { value }
}

/// Whether the other branch's type may change a value.
fn needs_the_other(value: &Value) -> bool {
    match &value.kind {
        Kind::Number(_) | Kind::Bool(_) | Kind::List(_) | Kind::Map(_) => true,
        Kind::Either(values) => values.iter().any(needs_the_other),
        Kind::Null | Kind::String(_) | Kind::Partial(_) | Kind::Unknown(_) => false,
    }
}

/// A branch's value in the type that it has beside the other branch.
fn beside(value: &Value, other: &Value, budget: &Budget) -> Value {
    match &value.kind {
        Kind::Either(values) => Value::either(values.iter().map(|value| beside(value, other, budget))),
        Kind::Number(_) | Kind::Bool(_) => primitive_beside(value, other),
        Kind::List(_) | Kind::Map(_) => {
            combine(std::slice::from_ref(other), |other| collection_beside(value, &other[0], budget))
        }
        Kind::Null | Kind::String(_) | Kind::Partial(_) | Kind::Unknown(_) => value.clone(),
    }
}

/// A number or boolean stays so beside its like, and becomes a string beside a string.
fn primitive_beside(value: &Value, other: &Value) -> Value {
    let (mut plain, mut text) = (false, false);
    for other in other.alternatives() {
        match (&other.kind, &value.kind) {
            (Kind::String(_) | Kind::Partial(_), _) => text = true,
            (Kind::Null | Kind::Unknown(Reason::Invalid | Reason::Undeclared(_)), _)
            | (Kind::Number(_), Kind::Number(_))
            | (Kind::Bool(_), Kind::Bool(_)) => plain = true,
            (Kind::Unknown(_), _) => (plain, text) = (true, true),
            _ => {}
        }
    }
    Value::either(plain.then(|| value.clone()).into_iter().chain(text.then(|| convert::to_string(value))))
}

fn collection_beside(value: &Value, other: &Value, budget: &Budget) -> Value {
    match &other.kind {
        Kind::Null | Kind::Unknown(Reason::Invalid | Reason::Undeclared(_)) => return value.clone(),
        _ => {}
    }
    match convert::unify(&[value.clone(), other.clone()], budget) {
        Ok(mut both) => both.swap_remove(0),
        Err(Reason::Invalid) => Value::unknown(Reason::Invalid),
        Err(_) => of_any_type(value, budget, MAX_DEPTH),
    }
}

/// A value that another, of a type that is not known, may make strings of.
pub(super) fn of_any_type(value: &Value, budget: &Budget, depth: u32) -> Value {
    let Some(depth) = depth.checked_sub(1).filter(|_| budget.spend(1)) else { return Value::unknown(Reason::Budget) };
    let kind = match &value.kind {
        Kind::Number(_) | Kind::Bool(_) => return Value::either([value.clone(), convert::to_string(value)]),
        Kind::List(values) => Kind::List(values.iter().map(|value| of_any_type(value, budget, depth)).collect()),
        Kind::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.clone(), of_any_type(value, budget, depth)));
            Kind::Map(std::sync::Arc::new(entries.collect()))
        }
        Kind::Either(values) => return Value::either(values.iter().map(|value| of_any_type(value, budget, depth))),
        Kind::Null | Kind::String(_) | Kind::Partial(_) | Kind::Unknown(_) => return value.clone(),
    };
    Value { kind, origin: value.origin.clone() }
}
