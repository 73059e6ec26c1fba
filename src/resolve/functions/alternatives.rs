//! Alternatives among the arguments: the function is called for each combination.

use super::context::{Call, Outcome};
use super::{Function, Knowledge, mark_sensitive};
use crate::resolve::{Kind, Reason, Value};
use std::collections::BTreeMap;

/// More combinations than this are not tried.
const MAX_COMBINATIONS: usize = 64;

/// Calls the function for each combination of its arguments' alternatives: of the arguments themselves, or at every
/// depth, as the function asks.
pub(super) fn each(function: &Function, call: &Call<'_>) -> Outcome {
    let Some(combinations) = combinations(call, function.knowledge)? else { return one(function, call) };
    let results = combinations.iter().map(|arguments| {
        let outcome = one(function, &call.with(arguments));
        outcome.unwrap_or_else(Value::unknown)
    });
    Ok(Value::either(results))
}

fn one(function: &Function, call: &Call<'_>) -> Outcome {
    let mut sensitive = false;
    for argument in call.arguments {
        if function.knowledge == Knowledge::Shallow {
            if let Kind::Unknown(reason) = &argument.kind {
                return Err(reason.clone());
            }
            sensitive |= argument.origin.sensitive;
        } else {
            let survey = call.survey(argument)?;
            if let Some(reason) = survey.unknown.filter(|_| function.knowledge == Knowledge::Whole) {
                return Err(reason);
            }
            sensitive |= survey.sensitive;
        }
    }
    let result = (function.run)(call)?;
    Ok(if sensitive { mark_sensitive(result) } else { result })
}

/// All combinations of the arguments; None if there is but one.
fn combinations(call: &Call<'_>, knowledge: Knowledge) -> Result<Option<Vec<Vec<Value>>>, Reason> {
    let deep = knowledge != Knowledge::Shallow;
    let mut any = false;
    for argument in call.arguments {
        any |= matches!(argument.kind, Kind::Either(_)) || (deep && call.survey(argument)?.either);
    }
    if !any {
        return Ok(None);
    }
    let mut all: Vec<Vec<Value>> = vec![Vec::new()];
    for argument in call.arguments {
        let alternatives = if deep { expand(call, argument)? } else { argument.alternatives().to_vec() };
        all = product(call, all, &alternatives, |list, value| list.push(value))?;
    }
    Ok(Some(all))
}

/// A value without alternatives at any depth, in all its forms. The survey before has bounded the depth.
fn expand(call: &Call<'_>, value: &Value) -> Result<Vec<Value>, Reason> {
    call.spend(1)?;
    match &value.kind {
        Kind::Either(values) => {
            let mut all = Vec::new();
            for value in values.iter() {
                all.extend(expand(call, value)?);
                if all.len() > MAX_COMBINATIONS {
                    return Err(Reason::Budget);
                }
            }
            Ok(all)
        }
        Kind::List(values) if call.survey(value)?.either => {
            let mut all: Vec<Vec<Value>> = vec![Vec::new()];
            for value in values.iter() {
                all = product(call, all, &expand(call, value)?, |list, value| list.push(value))?;
            }
            Ok(all.into_iter().map(|list| rebuilt(value, Kind::List(list.into()))).collect())
        }
        Kind::Map(entries) if call.survey(value)?.either => {
            let mut all: Vec<BTreeMap<String, Value>> = vec![BTreeMap::new()];
            for (key, value) in entries.iter() {
                all = product(call, all, &expand(call, value)?, |map, value| {
                    map.insert(key.clone(), value);
                })?;
            }
            Ok(all.into_iter().map(|map| rebuilt(value, Kind::Map(map.into()))).collect())
        }
        _ => Ok(vec![value.clone()]),
    }
}

fn rebuilt(value: &Value, kind: Kind) -> Value {
    Value { kind, origin: value.origin.clone() }
}

fn product<T: Clone>(
    call: &Call<'_>,
    mut all: Vec<T>,
    alternatives: &[Value],
    add: impl Fn(&mut T, Value),
) -> Result<Vec<T>, Reason> {
    if let [only] = alternatives {
        all.iter_mut().for_each(|one| add(one, only.clone()));
        return Ok(all);
    }
    let size = all.len().saturating_mul(alternatives.len());
    if size > MAX_COMBINATIONS {
        return Err(Reason::Budget);
    }
    call.spend(size)?;
    let mut result = Vec::with_capacity(size);
    for one in &all {
        for value in alternatives {
            let mut extended = one.clone();
            add(&mut extended, value.clone());
            result.push(extended);
        }
    }
    Ok(result)
}
