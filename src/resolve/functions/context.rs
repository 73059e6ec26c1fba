//! What a function works with: its arguments in Terraform's types, the files, the budget.

use super::Host;
use crate::resolve::functions::convert::{self, MAX_DEPTH};
use crate::resolve::{Budget, Kind, Number, Origin, Reason, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value, or why it is unknown.
pub(super) type Outcome = Result<Value, Reason>;

/// One call of a function.
pub(super) struct Call<'a> {
    /// The function's name, without namespace.
    pub(super) name: &'static str,
    /// Its arguments, as known as the function asked for.
    pub(super) arguments: &'a [Value],
    /// Files and templates.
    pub(super) host: &'a dyn Host,
    /// What may be spent.
    pub(super) budget: &'a Budget,
}

impl<'a> Call<'a> {
    /// Another call with other arguments.
    pub(super) fn with(&self, arguments: &'a [Value]) -> Call<'a> {
        Call { name: self.name, arguments, host: self.host, budget: self.budget }
    }

    /// The argument at an index; the table has checked that there are enough.
    pub(super) fn value(&self, index: usize) -> Result<&'a Value, Reason> {
        self.arguments.get(index).ok_or(Reason::Invalid)
    }

    /// An argument as a string.
    pub(super) fn text(&self, index: usize) -> Result<Arc<str>, Reason> {
        text_of(self.value(index)?)
    }

    /// An argument as a number.
    pub(super) fn number(&self, index: usize) -> Result<Number, Reason> {
        number_of(self.value(index)?)
    }

    /// An argument as a whole number.
    pub(super) fn whole(&self, index: usize) -> Result<i64, Reason> {
        convert::whole(self.number(index)?)
    }

    /// An argument as a list, tuple or set.
    pub(super) fn list(&self, index: usize) -> Result<&'a [Value], Reason> {
        list_of(self.value(index)?)
    }

    /// An argument as a list whose elements have one type.
    pub(super) fn unified(&self, index: usize) -> Result<Vec<Value>, Reason> {
        convert::unify(self.list(index)?, self.budget)
    }

    /// An argument as a list of strings; elements may be null.
    pub(super) fn strings(&self, index: usize) -> Result<Vec<Value>, Reason> {
        self.list(index)?.iter().map(string_of).collect()
    }

    /// An argument as a map or object.
    pub(super) fn map(&self, index: usize) -> Result<&'a BTreeMap<String, Value>, Reason> {
        let value = self.value(index)?;
        value.as_map().ok_or_else(|| refusal(value))
    }

    /// This call, unknown because the function does not do that here.
    pub(super) fn unsupported(&self) -> Reason {
        Reason::Function(self.name.into())
    }

    /// Pays for steps.
    pub(super) fn spend(&self, steps: usize) -> Result<(), Reason> {
        if self.budget.spend(steps) { Ok(()) } else { Err(Reason::Budget) }
    }

    /// Pays for bytes of text, before they are made where a few arguments can make many.
    pub(super) fn spend_bytes(&self, bytes: usize) -> Result<(), Reason> {
        if self.budget.spend_bytes(bytes) { Ok(()) } else { Err(Reason::Budget) }
    }

    /// A new string, made of the value whose origin it takes.
    pub(super) fn made_of(&self, text: impl Into<Arc<str>>, of: &Value) -> Outcome {
        let text = text.into();
        self.spend_bytes(text.len())?;
        Ok(Value { kind: Kind::String(text), origin: of.origin.clone() })
    }

    /// A new list; an element costs what reading and making one costs elsewhere, which bounds the memory.
    pub(super) fn new_list(&self, values: Vec<Value>) -> Outcome {
        self.spend(values.len().saturating_mul(2))?;
        Ok(Value::new(Kind::List(values.into())))
    }

    /// A new map.
    pub(super) fn new_map(&self, entries: BTreeMap<String, Value>) -> Outcome {
        self.spend(entries.len().saturating_mul(2))?;
        Ok(Value::new(Kind::Map(Arc::new(entries))))
    }

    /// What is to be known of a value at any depth.
    pub(super) fn survey(&self, value: &Value) -> Result<Survey, Reason> {
        let mut survey = Survey::default();
        self.look_into(value, &mut survey, MAX_DEPTH)?;
        Ok(survey)
    }

    fn look_into(&self, value: &Value, survey: &mut Survey, depth: u32) -> Result<(), Reason> {
        let depth = depth.checked_sub(1).ok_or(Reason::Budget)?;
        self.spend(1)?;
        survey.sensitive |= value.origin.sensitive;
        match &value.kind {
            Kind::Unknown(reason) => survey.note_unknown(reason.clone()),
            Kind::Partial(parts) => survey.note_unknown(convert::partial_reason(parts)),
            Kind::Either(values) => {
                survey.either = true;
                values.iter().try_for_each(|value| self.look_into(value, survey, depth))?;
            }
            Kind::List(values) => values.iter().try_for_each(|value| self.look_into(value, survey, depth))?,
            Kind::Map(entries) => entries.values().try_for_each(|value| self.look_into(value, survey, depth))?,
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
        Ok(())
    }
}

/// What is known of a value at any depth.
#[derive(Default)]
pub(super) struct Survey {
    /// Alternatives stand somewhere in it.
    pub(super) either: bool,
    /// Why something in it is unknown.
    pub(super) unknown: Option<Reason>,
    /// Something in it would make Terraform refuse it.
    pub(super) refused: bool,
    /// Something in it is marked sensitive.
    pub(super) sensitive: bool,
}

impl Survey {
    fn note_unknown(&mut self, reason: Reason) {
        self.refused |= matches!(reason, Reason::Invalid | Reason::Undeclared(_));
        self.unknown.get_or_insert(reason);
    }
}

/// A value as a string.
pub(super) fn text_of(value: &Value) -> Result<Arc<str>, Reason> {
    match convert::to_string(value).kind {
        Kind::String(text) => Ok(text),
        kind => Err(refusal_of(&kind)),
    }
}

/// A value converted to a string, with its origin; null stays null.
pub(super) fn string_of(value: &Value) -> Outcome {
    let converted = convert::to_string(value);
    match converted.kind {
        Kind::String(_) | Kind::Null => Ok(converted),
        kind => Err(refusal_of(&kind)),
    }
}

/// A value as a number.
pub(super) fn number_of(value: &Value) -> Result<Number, Reason> {
    match convert::to_number(value).kind {
        Kind::Number(number) => Ok(number),
        kind => Err(refusal_of(&kind)),
    }
}

/// A value as a list, tuple or set.
pub(super) fn list_of(value: &Value) -> Result<&[Value], Reason> {
    value.as_list().ok_or_else(|| refusal(value))
}

/// Why a value is not what was asked for: because it is unknown, or because it is of the wrong type.
pub(super) fn refusal(value: &Value) -> Reason {
    refusal_of(&value.kind)
}

fn refusal_of(kind: &Kind) -> Reason {
    match kind {
        Kind::Unknown(reason) => reason.clone(),
        Kind::Partial(parts) => convert::partial_reason(parts),
        Kind::Either(values) => {
            let open = values.iter().map(refusal).find(|one| *one != Reason::Invalid);
            open.unwrap_or_else(|| Reason::Runtime("one of several values".into()))
        }
        _ => Reason::Invalid,
    }
}

/// The origin of a text made of several: that of the longest part that a literal made, the first of equal length.
pub(super) fn longest_origin<'a>(parts: impl IntoIterator<Item = &'a Value>) -> Origin {
    parts
        .into_iter()
        .filter(|part| part.origin.literal.is_some())
        .filter_map(|part| Some((part.as_str()?.len(), part)))
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, part)| part.origin.clone())
        .unwrap_or_default()
}

/// A number without origin.
pub(super) fn number(number: Number) -> Value {
    Value::new(Kind::Number(number))
}

/// A count.
pub(super) fn count(count: usize) -> Value {
    number(Number::Integer(count as i128))
}

/// A boolean without origin.
pub(super) fn flag(flag: bool) -> Value {
    Value::new(Kind::Bool(flag))
}
