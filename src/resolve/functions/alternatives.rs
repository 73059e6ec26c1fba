//! Alternatives among the arguments: the function is called for each combination.

use super::context::{Call, Outcome};
use super::{Function, Knowledge, mark_sensitive};
use crate::resolve::{Kind, MAX_ALTERNATIVES, Reason, Value};
use std::collections::BTreeMap;

/// Combinations, and whether some were left out.
struct Combinations<T> {
    tried: Vec<T>,
    left_out: bool,
}

/// Calls the function for each combination of its arguments' alternatives: of the arguments themselves, or at every
/// depth, as the function asks. Of too many some are tried, and the rest is unknown.
pub(super) fn each(function: &Function, call: &Call<'_>) -> Outcome {
    let Some(combinations) = combinations(call, function.knowledge)? else { return one(function, call) };
    let results = combinations.tried.iter().map(|arguments| {
        let outcome = one(function, &call.with(arguments));
        outcome.unwrap_or_else(Value::unknown)
    });
    let rest = combinations.left_out.then(|| Value::unknown(Reason::Budget));
    Ok(Value::either(results.chain(rest)))
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
fn combinations(call: &Call<'_>, knowledge: Knowledge) -> Result<Option<Combinations<Vec<Value>>>, Reason> {
    let deep = knowledge != Knowledge::Shallow;
    let mut any = false;
    for argument in call.arguments {
        any |= matches!(argument.kind, Kind::Either(_)) || (deep && call.survey(argument)?.either);
    }
    if !any {
        return Ok(None);
    }
    let mut all = Combinations::none();
    for argument in call.arguments {
        let alternatives = match deep {
            true => expand(call, argument)?,
            false => Combinations { tried: argument.alternatives().to_vec(), left_out: false },
        };
        all.add(call, alternatives, Vec::push)?;
    }
    Ok(Some(all))
}

/// A value without alternatives at any depth, in all its forms. The survey before has bounded the depth.
fn expand(call: &Call<'_>, value: &Value) -> Result<Combinations<Value>, Reason> {
    call.spend(1)?;
    let rebuilt = |kind| Value { kind, origin: value.origin.clone() };
    match &value.kind {
        Kind::Either(values) => {
            let mut all = Combinations { tried: Vec::new(), left_out: false };
            for value in values.iter() {
                let more = expand(call, value)?;
                all.left_out |= more.left_out;
                all.tried.extend(more.tried);
            }
            all.cut();
            Ok(all)
        }
        Kind::List(values) if call.survey(value)?.either => {
            let mut all: Combinations<Vec<Value>> = Combinations::none();
            for value in values.iter() {
                all.add(call, expand(call, value)?, Vec::push)?;
            }
            Ok(all.map(|list| rebuilt(Kind::List(list.into()))))
        }
        Kind::Map(entries) if call.survey(value)?.either => {
            let mut all: Combinations<BTreeMap<String, Value>> = Combinations::none();
            for (key, value) in entries.iter() {
                all.add(call, expand(call, value)?, |map, value| {
                    map.insert(key.clone(), value);
                })?;
            }
            Ok(all.map(|map| rebuilt(Kind::Map(map.into()))))
        }
        _ => Ok(Combinations { tried: vec![value.clone()], left_out: false }),
    }
}

impl<T: Clone + Default> Combinations<T> {
    /// The one of nothing.
    fn none() -> Self {
        Self { tried: vec![T::default()], left_out: false }
    }

    /// Each of these with each of the alternatives.
    fn add(
        &mut self,
        call: &Call<'_>,
        alternatives: Combinations<Value>,
        add: impl Fn(&mut T, Value),
    ) -> Result<(), Reason> {
        self.left_out |= alternatives.left_out;
        if let [only] = alternatives.tried.as_slice() {
            self.tried.iter_mut().for_each(|one| add(one, only.clone()));
            return Ok(());
        }
        call.spend(self.tried.len() * alternatives.tried.len())?;
        // The first ones in every form, rather than all forms of the last ones.
        let pairs = alternatives.tried.iter().flat_map(|value| self.tried.iter().map(move |one| (one, value)));
        let extended = pairs.take(MAX_ALTERNATIVES + 1).map(|(one, value)| {
            let mut one = one.clone();
            add(&mut one, value.clone());
            one
        });
        self.tried = extended.collect();
        self.cut();
        Ok(())
    }
}

impl<T> Combinations<T> {
    fn cut(&mut self) {
        self.left_out |= self.tried.len() > MAX_ALTERNATIVES;
        self.tried.truncate(MAX_ALTERNATIVES);
    }

    fn map<U>(self, f: impl FnMut(T) -> U) -> Combinations<U> {
        Combinations { tried: self.tried.into_iter().map(f).collect(), left_out: self.left_out }
    }
}
