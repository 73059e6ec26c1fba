//! One type for the elements of a list, set or map.
//!
//! The rules: <https://github.com/zclconf/go-cty/blob/main/docs/convert.md#type-unification>.

use super::{MAX_DEPTH, partial_reason, to_string};
use crate::resolve::{Budget, Kind, Reason, Value};
use std::collections::BTreeMap;

/// Steps for each value whose type is looked at: its type takes memory until all are known.
const TYPE: usize = 4;

/// The type of a value, as far as unification needs it.
#[derive(Clone, PartialEq)]
enum Type {
    /// Of `null`: whatever the others are.
    Any,
    /// Of an unknown value, or of alternatives with different types.
    Open(Reason),
    Bool,
    Number,
    String,
    Tuple(Vec<Type>),
    Object(BTreeMap<String, Type>),
    List(Box<Type>),
    Map(Box<Type>),
}

/// The values, converted to the one type that Terraform finds for all of them: what `tolist` does to elements and
/// `tomap` to values.
///
/// # Errors
/// [`Reason::Invalid`] if there is no such type; the reason of an unknown value if its type would decide;
/// [`Reason::Budget`].
pub fn unify(values: &[Value], budget: &Budget) -> Result<Vec<Value>, Reason> {
    let mut types = Vec::with_capacity(values.len());
    for value in values {
        types.push(type_of(value, budget, MAX_DEPTH)?);
    }
    if types.windows(2).all(|pair| pair[0] == pair[1]) {
        return Ok(values.to_vec());
    }
    let target = unify_types(&types)?;
    values.iter().map(|value| convert(value, &target, budget)).collect()
}

fn type_of(value: &Value, budget: &Budget, depth: u32) -> Result<Type, Reason> {
    let Some(depth) = depth.checked_sub(1).filter(|_| budget.spend(TYPE)) else { return Err(Reason::Budget) };
    Ok(match &value.kind {
        Kind::Null => Type::Any,
        Kind::Bool(_) => Type::Bool,
        Kind::Number(_) => Type::Number,
        Kind::String(_) | Kind::Partial(_) => Type::String,
        Kind::Unknown(reason) => Type::Open(reason.clone()),
        Kind::List(values) => {
            Type::Tuple(values.iter().map(|value| type_of(value, budget, depth)).collect::<Result<_, _>>()?)
        }
        Kind::Map(entries) => {
            let mut types = BTreeMap::new();
            for (key, value) in entries.iter() {
                types.insert(key.clone(), type_of(value, budget, depth)?);
            }
            Type::Object(types)
        }
        Kind::Either(values) => {
            let mut types = Vec::with_capacity(values.len());
            for value in values.iter() {
                types.push(type_of(value, budget, depth)?);
            }
            if types.windows(2).all(|pair| pair[0] == pair[1]) {
                types.pop().unwrap_or(Type::Any)
            } else {
                Type::Open(values.iter().find_map(reason_of).unwrap_or(Reason::Invalid))
            }
        }
    })
}

fn reason_of(value: &Value) -> Option<Reason> {
    match &value.kind {
        Kind::Unknown(reason) => Some(reason.clone()),
        Kind::Partial(parts) => Some(partial_reason(parts)),
        _ => None,
    }
}

fn unify_types(types: &[Type]) -> Result<Type, Reason> {
    let open = types.iter().find_map(|one| match one {
        Type::Open(reason) => Some(reason),
        _ => None,
    });
    let known: Vec<&Type> = types.iter().filter(|one| !matches!(one, Type::Any | Type::Open(_))).collect();
    let Some(first) = known.first() else { return Ok(open.cloned().map_or(Type::Any, Type::Open)) };
    let bare_null = types.iter().any(|one| matches!(one, Type::Any));
    let target = if known.iter().all(|one| one == first) {
        (*first).clone()
    } else if bare_null && !known.iter().all(|one| matches!(one, Type::Bool | Type::Number | Type::String)) {
        // Beside a null without a type Terraform leaves collections as they are, beside one with a type not.
        return Err(Reason::Function("null".into()));
    } else if let Some(tuples) = all_tuples(&known) {
        unify_tuples(&tuples)?
    } else if let Some(objects) = all_objects(&known) {
        unify_objects(&objects)?
    } else if known.iter().all(|one| matches!(one, Type::Bool | Type::Number | Type::String))
        && known.iter().any(|one| matches!(one, Type::String))
    {
        Type::String
    } else {
        return Err(Reason::Invalid);
    };
    match open {
        // A string among them would make strings of these.
        Some(reason) if may_become_string(&target) => Err(reason.clone()),
        _ => Ok(target),
    }
}

fn all_tuples<'a>(types: &[&'a Type]) -> Option<Vec<&'a Vec<Type>>> {
    types
        .iter()
        .map(|one| match one {
            Type::Tuple(elements) => Some(elements),
            _ => None,
        })
        .collect()
}

fn all_objects<'a>(types: &[&'a Type]) -> Option<Vec<&'a BTreeMap<String, Type>>> {
    types
        .iter()
        .map(|one| match one {
            Type::Object(attributes) => Some(attributes),
            _ => None,
        })
        .collect()
}

fn unify_tuples(tuples: &[&Vec<Type>]) -> Result<Type, Reason> {
    let length = tuples.first().map_or(0, |tuple| tuple.len());
    if tuples.iter().any(|tuple| tuple.len() != length) {
        let elements: Vec<Type> = tuples.iter().flat_map(|tuple| tuple.iter().cloned()).collect();
        return Ok(Type::List(Box::new(unify_types(&elements)?)));
    }
    let mut elements = Vec::with_capacity(length);
    for index in 0..length {
        let across: Vec<Type> = tuples.iter().map(|tuple| tuple[index].clone()).collect();
        elements.push(unify_types(&across)?);
    }
    Ok(Type::Tuple(elements))
}

fn unify_objects(objects: &[&BTreeMap<String, Type>]) -> Result<Type, Reason> {
    let same_names = objects.windows(2).all(|pair| pair[0].keys().eq(pair[1].keys()));
    let Some(first) = objects.first().filter(|_| same_names) else {
        let values: Vec<Type> = objects.iter().flat_map(|object| object.values().cloned()).collect();
        return Ok(Type::Map(Box::new(unify_types(&values)?)));
    };
    let mut attributes = BTreeMap::new();
    for name in first.keys() {
        let across: Vec<Type> = objects.iter().filter_map(|object| object.get(name).cloned()).collect();
        attributes.insert(name.clone(), unify_types(&across)?);
    }
    Ok(Type::Object(attributes))
}

fn may_become_string(target: &Type) -> bool {
    match target {
        Type::Bool | Type::Number => true,
        Type::Any | Type::Open(_) | Type::String => false,
        Type::Tuple(elements) => elements.iter().any(may_become_string),
        Type::Object(attributes) => attributes.values().any(may_become_string),
        Type::List(element) | Type::Map(element) => may_become_string(element),
    }
}

fn convert(value: &Value, target: &Type, budget: &Budget) -> Result<Value, Reason> {
    if !budget.spend(1) {
        return Err(Reason::Budget);
    }
    let kind = match (&value.kind, target) {
        (_, Type::String) => return Ok(to_string(value)),
        (Kind::Either(values), _) => {
            let values: Vec<Value> =
                values.iter().map(|value| convert(value, target, budget)).collect::<Result<_, _>>()?;
            return Ok(Value::either(values));
        }
        (Kind::List(values), Type::Tuple(types)) => Kind::List(
            values.iter().zip(types).map(|(value, of)| convert(value, of, budget)).collect::<Result<_, _>>()?,
        ),
        (Kind::List(values), Type::List(of)) => {
            Kind::List(values.iter().map(|value| convert(value, of, budget)).collect::<Result<_, _>>()?)
        }
        (Kind::Map(entries), Type::Object(_) | Type::Map(_)) => {
            let mut converted = BTreeMap::new();
            for (key, value) in entries.iter() {
                let of = match target {
                    Type::Object(types) => types.get(key).ok_or(Reason::Invalid)?,
                    Type::Map(of) => of,
                    _ => return Err(Reason::Invalid),
                };
                converted.insert(key.clone(), convert(value, of, budget)?);
            }
            Kind::Map(converted.into())
        }
        _ => return Ok(value.clone()),
    };
    Ok(Value { kind, origin: value.origin.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::Number;

    fn number(value: i128) -> Value {
        Value::new(Kind::Number(Number::Integer(value)))
    }

    fn texts(values: &[Value]) -> Vec<Option<&str>> {
        values.iter().map(Value::as_str).collect()
    }

    #[test]
    fn a_string_makes_strings_of_the_others() {
        let unified = unify(&[Value::string("a"), number(1)], &Budget::default()).unwrap();
        assert_eq!(texts(&unified), [Some("a"), Some("1")]);
    }

    #[test]
    fn what_has_no_common_type_is_refused() {
        let list = Value::new(Kind::List([Value::string("a")].into()));
        assert_eq!(unify(&[Value::string("a"), list], &Budget::default()).err(), Some(Reason::Invalid));
        let flag = Value::new(Kind::Bool(true));
        assert_eq!(unify(&[number(1), flag], &Budget::default()).err(), Some(Reason::Invalid));
    }

    #[test]
    fn an_unknown_decides_over_numbers_but_not_over_strings() {
        let unknown = Value::unknown(Reason::Cycle);
        assert!(unify(&[Value::string("a"), unknown.clone()], &Budget::default()).is_ok());
        assert_eq!(unify(&[number(1), unknown], &Budget::default()).err(), Some(Reason::Cycle));
    }

    #[test]
    fn shared_values_cannot_make_it_run_without_end() {
        let mut value = Value::string("lol");
        for _ in 0..100 {
            value = Value::new(Kind::List([value.clone(), value].into()));
        }
        assert_eq!(unify(&[value], &Budget::new(50_000, 0)).err(), Some(Reason::Budget));
    }
}
