//! Sets: one of each, in Terraform's order. Their arguments are wholly known.

use super::context::{Call, Outcome};
use super::convert;
use crate::resolve::{Kind, Number, Reason, Value};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

pub(super) fn toset(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    if value.is_null() {
        return Ok(value.clone());
    }
    let unified = call.unified(0)?;
    set_of(call, unified)
}

pub(super) fn distinct(call: &Call<'_>) -> Outcome {
    let mut seen = std::collections::BTreeSet::new();
    let mut kept = Vec::new();
    for value in call.unified(0)? {
        if seen.insert(identity(call, &value)?.text) {
            kept.push(value);
        }
    }
    call.new_list(kept)
}

pub(super) fn setunion(call: &Call<'_>) -> Outcome {
    set_of(call, together(call)?.into_iter().flatten().collect())
}

pub(super) fn setintersection(call: &Call<'_>) -> Outcome {
    let sets = together(call)?;
    let mut counts: BTreeMap<String, (usize, Value)> = BTreeMap::new();
    for (nth, set) in sets.iter().enumerate() {
        for value in set {
            match counts.entry(identity(call, value)?.text) {
                // Counted once for each set, and only while it was in all sets before.
                Entry::Occupied(mut known) if known.get().0 == nth => known.get_mut().0 += 1,
                Entry::Vacant(new) if nth == 0 => {
                    new.insert((1, value.clone()));
                }
                _ => {}
            }
        }
    }
    set_of(call, counts.into_values().filter(|(count, _)| *count == sets.len()).map(|(_, value)| value).collect())
}

pub(super) fn setsubtract(call: &Call<'_>) -> Outcome {
    let mut sets = together(call)?;
    let (Some(removed), Some(from)) = (sets.pop(), sets.pop()) else { return Err(Reason::Invalid) };
    let removed: std::collections::BTreeSet<String> =
        removed.iter().map(|value| Ok(identity(call, value)?.text)).collect::<Result<_, Reason>>()?;
    let mut kept = Vec::new();
    for value in from {
        if !removed.contains(&identity(call, &value)?.text) {
            kept.push(value);
        }
    }
    set_of(call, kept)
}

pub(super) fn setproduct(call: &Call<'_>) -> Outcome {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for index in 0..call.arguments.len() {
        let values = call.unified(index)?;
        call.spend(rows.len().saturating_mul(values.len()).saturating_mul(index + 1))?;
        let longer = rows.iter().flat_map(|row| {
            values.iter().map(move |value| {
                let mut row = row.clone();
                row.push(value.clone());
                row
            })
        });
        rows = longer.collect();
    }
    call.new_list(rows.into_iter().map(|row| Value::new(Kind::List(row.into()))).collect())
}

/// All arguments as lists of elements of one type.
fn together(call: &Call<'_>) -> Result<Vec<Vec<Value>>, Reason> {
    let mut all = Vec::new();
    let mut lengths = Vec::new();
    for index in 0..call.arguments.len() {
        let values = call.unified(index)?;
        lengths.push(values.len());
        all.extend(values);
    }
    let mut unified = convert::unify(&all, call.budget)?.into_iter();
    Ok(lengths.into_iter().map(|length| unified.by_ref().take(length).collect()).collect())
}

/// A set of values of one type.
fn set_of(call: &Call<'_>, values: Vec<Value>) -> Outcome {
    let mut members: BTreeMap<String, Value> = BTreeMap::new();
    let mut certain = true;
    for value in values {
        let identity = identity(call, &value)?;
        certain &= identity.certain || is_primitive(&value);
        members.entry(identity.text).or_insert(value);
    }
    if !certain && members.len() > 1 {
        return Err(call.unsupported());
    }
    // The map's order is that of the encodings: Terraform's for collections.
    let mut sorted: Vec<Value> = members.into_values().collect();
    if sorted.iter().all(is_primitive) {
        sorted.sort_by(|a, b| convert::set_order(a, b).unwrap_or(std::cmp::Ordering::Equal));
    }
    call.new_list(sorted)
}

fn is_primitive(value: &Value) -> bool {
    !matches!(value.kind, Kind::List(_) | Kind::Map(_))
}

/// A text that two values of one type share if they are equal.
struct Identity {
    text: String,
    /// Whether texts are certain to be ordered as Terraform orders the values.
    certain: bool,
}

/// Follows the encoding by which Terraform orders collections in sets.
/// <https://github.com/zclconf/go-cty/blob/main/cty/set_internals.go>
fn identity(call: &Call<'_>, value: &Value) -> Result<Identity, Reason> {
    let mut identity = Identity { text: String::new(), certain: true };
    identity.add(call, value)?;
    Ok(identity)
}

impl Identity {
    /// The depth was bounded by the survey of the arguments.
    fn add(&mut self, call: &Call<'_>, value: &Value) -> Result<(), Reason> {
        call.spend(1)?;
        match &value.kind {
            Kind::Null => self.text.push('~'),
            Kind::Bool(flag) => self.text.push(if *flag { 'T' } else { 'F' }),
            Kind::Number(number) => {
                // Ten digits, then an exponent.
                self.certain &= matches!(number, Number::Integer(0..=9_999_999_999));
                self.text.push_str(&convert::number_text(*number));
            }
            Kind::String(text) => {
                self.certain &= text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
                call.spend(text.len() / 16)?;
                self.text.push_str(&format!("{text:?}"));
            }
            Kind::List(values) => {
                self.text.push('[');
                for value in values.iter() {
                    self.add(call, value)?;
                    self.text.push(';');
                }
                self.text.push(']');
            }
            Kind::Map(entries) => {
                self.text.push('{');
                for (key, value) in entries.iter() {
                    self.text.push_str(&format!("{key:?}:"));
                    self.add(call, value)?;
                    self.text.push(';');
                }
                self.text.push('}');
            }
            Kind::Partial(_) | Kind::Either(_) | Kind::Unknown(_) => return Err(super::context::refusal(value)),
        }
        Ok(())
    }
}
