//! Type conversion, `try`, `can` and marks.

use super::context::{Call, Outcome, flag, refusal};
use super::convert;
use crate::resolve::{Kind, Reason, Value};
use std::collections::BTreeMap;

pub(super) fn tostring(call: &Call<'_>) -> Outcome {
    Ok(convert::to_string(call.value(0)?))
}

pub(super) fn tonumber(call: &Call<'_>) -> Outcome {
    Ok(convert::to_number(call.value(0)?))
}

pub(super) fn tobool(call: &Call<'_>) -> Outcome {
    Ok(convert::to_bool(call.value(0)?))
}

pub(super) fn tolist(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    if value.is_null() {
        return Ok(value.clone());
    }
    let mut list = call.new_list(call.unified(0)?)?;
    list.origin = value.origin.clone();
    Ok(list)
}

pub(super) fn tomap(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    if value.is_null() {
        return Ok(value.clone());
    }
    let entries = call.map(0)?;
    let values: Vec<Value> = entries.values().cloned().collect();
    let unified = convert::unify(&values, call.budget)?;
    let mut map = call.new_map(entries.keys().cloned().zip(unified).collect::<BTreeMap<_, _>>())?;
    map.origin = value.origin.clone();
    Ok(map)
}

/// The first argument that is no error. One that Terraform may yet find in error leaves both possible: itself and
/// what follows.
pub(super) fn try_(call: &Call<'_>) -> Outcome {
    let mut results = Vec::new();
    for argument in call.arguments {
        let mut goes_on = false;
        for value in argument.alternatives() {
            let survey = call.survey(value)?;
            if survey.refused {
                goes_on = true;
            } else {
                goes_on |= survey.unknown.is_some();
                results.push(value.clone());
            }
        }
        if !goes_on {
            break;
        }
    }
    if results.is_empty() { Err(Reason::Invalid) } else { Ok(Value::either(results)) }
}

pub(super) fn can(call: &Call<'_>) -> Outcome {
    let survey = call.survey(call.value(0)?)?;
    match survey.unknown {
        None => Ok(flag(true)),
        Some(_) if survey.refused => Ok(flag(false)),
        Some(reason) => Err(reason),
    }
}

pub(super) fn sensitive(call: &Call<'_>) -> Outcome {
    Ok(super::mark_sensitive(call.value(0)?.clone()))
}

/// Only the value itself: marks on its elements stay.
pub(super) fn nonsensitive(call: &Call<'_>) -> Outcome {
    let mut value = call.value(0)?.clone();
    if let Kind::Either(values) = &value.kind {
        let unmarked = values.iter().cloned().map(|mut value| {
            value.origin.sensitive = false;
            value
        });
        value.kind = Kind::Either(unmarked.collect());
    }
    value.origin.sensitive = false;
    Ok(value)
}

pub(super) fn issensitive(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    if matches!(value.kind, Kind::Unknown(_) | Kind::Either(_)) {
        return Err(match refusal(value) {
            Reason::Invalid if !value.is_unknown() => call.unsupported(),
            reason => reason,
        });
    }
    Ok(flag(value.origin.sensitive))
}
