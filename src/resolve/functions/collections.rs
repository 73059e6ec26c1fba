//! Functions on lists and tuples.

use super::context::{Call, Outcome, count, flag as flag_value, list_of, refusal};
use super::convert::{self, MAX_DEPTH};
use crate::resolve::{Kind, Reason, Value};

pub(super) fn alltrue(call: &Call<'_>) -> Outcome {
    for flag in flags(call)? {
        match flag {
            Ok(true) => {}
            Ok(false) => return Ok(flag_value(false)),
            Err(reason) => return Err(reason),
        }
    }
    Ok(flag_value(true))
}

pub(super) fn anytrue(call: &Call<'_>) -> Outcome {
    let flags = flags(call)?;
    if flags.contains(&Ok(true)) {
        return Ok(flag_value(true));
    }
    flags.into_iter().find_map(Result::err).map_or(Ok(flag_value(false)), Err)
}

/// The elements as booleans, null as false, or why one is unknown. One that is no boolean is an error of them all.
fn flags(call: &Call<'_>) -> Result<Vec<Result<bool, Reason>>, Reason> {
    let flag = |value: &Value| match convert::to_bool(value).kind {
        Kind::Bool(flag) => Ok(Ok(flag)),
        Kind::Null => Ok(Ok(false)),
        Kind::Unknown(reason) if reason != Reason::Invalid => Ok(Err(reason)),
        _ => Err(Reason::Invalid),
    };
    call.list(0)?.iter().map(flag).collect()
}

pub(super) fn chunklist(call: &Call<'_>) -> Outcome {
    let values = call.unified(0)?;
    let size = usize::try_from(call.whole(1)?).map_err(|_| Reason::Invalid)?;
    if values.is_empty() {
        return call.new_list(values);
    }
    let size = if size == 0 { values.len() } else { size };
    let chunks = values.chunks(size).map(|chunk| call.new_list(chunk.to_vec())).collect::<Result<_, _>>()?;
    call.new_list(chunks)
}

/// The first that is neither null nor the empty string. One that is not known may be it, and so may what follows.
pub(super) fn coalesce(call: &Call<'_>) -> Outcome {
    let all: Vec<Value> = call.arguments.iter().flat_map(|value| value.alternatives()).cloned().collect();
    let unified = convert::unify(&all, call.budget)?;
    let sensitive = call.arguments.iter().any(|value| value.origin.sensitive);
    let mut candidates = unified.into_iter();
    let mut results = Vec::new();
    for argument in call.arguments {
        let mut goes_on = false;
        for value in candidates.by_ref().take(argument.alternatives().len()) {
            match &value.kind {
                Kind::Null => goes_on = true,
                Kind::String(text) if text.is_empty() => goes_on = true,
                Kind::Unknown(Reason::Invalid | Reason::Undeclared(_)) => return Err(refusal(&value)),
                Kind::Unknown(_) => {
                    goes_on = true;
                    results.push(value);
                }
                Kind::Partial(parts) => {
                    goes_on |= !parts.iter().any(|part| part.as_str().is_some_and(|text| !text.is_empty()));
                    results.push(value);
                }
                _ => results.push(value),
            }
        }
        if !goes_on {
            break;
        }
    }
    let result = if results.is_empty() { return Err(Reason::Invalid) } else { Value::either(results) };
    Ok(if sensitive { super::mark_sensitive(result) } else { result })
}

/// The first list that is not empty.
pub(super) fn coalescelist(call: &Call<'_>) -> Outcome {
    let mut results = Vec::new();
    for argument in call.arguments {
        let mut goes_on = false;
        for value in argument.alternatives() {
            match &value.kind {
                Kind::Unknown(Reason::Invalid | Reason::Undeclared(_)) => return Err(refusal(value)),
                Kind::Unknown(_) => {
                    goes_on = true;
                    results.push(value.clone());
                }
                Kind::List(values) if values.is_empty() => goes_on = true,
                Kind::List(_) => results.push(value.clone()),
                // A null whose type is known is passed over, a bare one is refused.
                Kind::Null => return Err(call.unsupported()),
                _ => return Err(Reason::Invalid),
            }
        }
        if !goes_on {
            break;
        }
    }
    if results.is_empty() { Err(Reason::Invalid) } else { Ok(Value::either(results)) }
}

pub(super) fn compact(call: &Call<'_>) -> Outcome {
    let strings = call.strings(0)?;
    call.new_list(strings.into_iter().filter(|value| value.as_str().is_some_and(|text| !text.is_empty())).collect())
}

pub(super) fn concat(call: &Call<'_>) -> Outcome {
    let mut all = Vec::new();
    for argument in call.arguments {
        let values = list_of(argument)?;
        call.spend(values.len())?;
        all.extend_from_slice(values);
    }
    call.new_list(all)
}

pub(super) fn contains(call: &Call<'_>) -> Outcome {
    let (values, sought) = (call.list(0)?, call.value(1)?);
    if values.is_empty() {
        return Ok(flag_value(false));
    }
    if sought.is_null() {
        return Err(call.unsupported());
    }
    let mut undecided = None;
    for value in values {
        call.spend(1)?;
        match convert::equal(value, sought) {
            Some(true) => return Ok(flag_value(true)),
            Some(false) => {}
            None => undecided = undecided.or(Some(why_undecided(call, value, sought))),
        }
    }
    undecided.map_or(Ok(flag_value(false)), Err)
}

fn why_undecided(call: &Call<'_>, a: &Value, b: &Value) -> Reason {
    let surveys = [call.survey(a), call.survey(b)];
    surveys.into_iter().flatten().find_map(|survey| survey.unknown).unwrap_or_else(|| call.unsupported())
}

/// Negative indexes count from the end in newer versions and are refused by older ones.
pub(super) fn element(call: &Call<'_>) -> Outcome {
    let (values, index) = (call.list(0)?, call.whole(1)?);
    if values.is_empty() {
        return Err(Reason::Invalid);
    }
    let index = usize::try_from(index).map_err(|_| call.unsupported())?;
    Ok(values[index % values.len()].clone())
}

pub(super) fn flatten(call: &Call<'_>) -> Outcome {
    let mut flat = Vec::new();
    flatten_into(call, call.list(0)?, &mut flat, MAX_DEPTH)?;
    call.new_list(flat)
}

fn flatten_into(call: &Call<'_>, values: &[Value], flat: &mut Vec<Value>, depth: u32) -> Result<(), Reason> {
    let depth = depth.checked_sub(1).ok_or(Reason::Budget)?;
    for value in values {
        call.spend(1)?;
        match &value.kind {
            Kind::List(values) => flatten_into(call, values, flat, depth)?,
            // It may be a list, and then it is flattened, too.
            Kind::Unknown(reason) => return Err(reason.clone()),
            Kind::Either(values) => {
                let list = values.iter().find(|value| matches!(value.kind, Kind::List(_) | Kind::Unknown(_)));
                match list.map(|value| &value.kind) {
                    None => flat.push(value.clone()),
                    Some(Kind::Unknown(reason)) => return Err(reason.clone()),
                    Some(_) => return Err(call.unsupported()),
                }
            }
            _ => flat.push(value.clone()),
        }
    }
    Ok(())
}

pub(super) fn index(call: &Call<'_>) -> Outcome {
    let (values, sought) = (call.list(0)?, call.value(1)?);
    if sought.is_null() {
        return Err(call.unsupported());
    }
    for (index, value) in values.iter().enumerate() {
        call.spend(1)?;
        match convert::equal(value, sought) {
            Some(true) => return Ok(count(index)),
            Some(false) => {}
            None => return Err(why_undecided(call, value, sought)),
        }
    }
    Err(Reason::Invalid)
}

pub(super) fn length(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    convert::length(value).map(count).ok_or_else(|| refusal(value))
}

/// The `list` and `map` of old, which Terraform refuses.
pub(super) fn removed(_: &Call<'_>) -> Outcome {
    Err(Reason::Invalid)
}

pub(super) fn one(call: &Call<'_>) -> Outcome {
    match call.list(0)? {
        [] => Ok(Value::new(Kind::Null)),
        [only] => Ok(only.clone()),
        _ => Err(Reason::Invalid),
    }
}

pub(super) fn reverse(call: &Call<'_>) -> Outcome {
    call.new_list(call.list(0)?.iter().rev().cloned().collect())
}

pub(super) fn slice(call: &Call<'_>) -> Outcome {
    let values = call.list(0)?;
    let bound = |index: usize| call.whole(index).and_then(|at| usize::try_from(at).map_err(|_| Reason::Invalid));
    let slice = values.get(bound(1)?..bound(2)?).ok_or(Reason::Invalid)?;
    call.new_list(slice.to_vec())
}

pub(super) fn sort(call: &Call<'_>) -> Outcome {
    let mut strings = call.strings(0)?;
    if strings.iter().any(Value::is_null) {
        return Err(Reason::Invalid);
    }
    strings.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    call.new_list(strings)
}
