//! Templates: strings with interpolations and directives.

use super::conditional::branches;
use super::elements::{elements_of, is_surely_list};
use super::evaluate::Evaluator;
use super::functions::convert;
use super::value::{Kind, Origin, Reason, Value};
use crate::document::hcl::{Expr, If, Part};
use crate::finding::Place;
use crate::text::Source;
use std::sync::Arc;

/// Pieces of one text, at most.
const MAX_PIECES: usize = 20_000;

/// The value of a template. One interpolation alone is its expression's value, whatever its type.
pub(super) fn evaluate(evaluator: &Evaluator<'_, '_>, source: &Arc<Source>, parts: &[Part]) -> Value {
    match parts {
        [Part::Interpolation(inner)] => evaluator.expr(source, inner),
        _ => text(evaluator, source, parts),
    }
}

/// The text of all parts in a row.
fn text(evaluator: &Evaluator<'_, '_>, source: &Arc<Source>, parts: &[Part]) -> Value {
    let mut pieces = Vec::new();
    match collect(evaluator, source, parts, &mut pieces) {
        Ok(()) => concatenate(evaluator, &pieces),
        Err(reason) => Value::unknown(reason),
    }
}

fn collect(
    evaluator: &Evaluator<'_, '_>,
    source: &Arc<Source>,
    parts: &[Part],
    pieces: &mut Vec<Value>,
) -> Result<(), Reason> {
    for part in parts {
        if pieces.len() >= MAX_PIECES {
            evaluator.budget.refuse();
            return Err(Reason::Budget);
        }
        match part {
            Part::Literal(text, span) => {
                pieces.push(Value::literal(Kind::String((&**text).into()), Place::new(source, *span)));
            }
            Part::Interpolation(inner) => pieces.push(string_of(&evaluator.expr(source, inner))),
            Part::If(directive) => pieces.push(if_directive(evaluator, source, directive)),
            Part::For { key, value, collection, body } => {
                let names = (key.as_deref(), value.as_str());
                pieces.push(for_directive(evaluator, source, names, collection, body));
            }
        }
    }
    Ok(())
}

/// Terraform has no text for null.
fn string_of(value: &Value) -> Value {
    let of_one = |value: &Value| if value.is_null() { Value::unknown(Reason::Invalid) } else { value.clone() };
    Value::either(convert::to_string(value).alternatives().iter().map(of_one))
}

fn if_directive(evaluator: &Evaluator<'_, '_>, source: &Arc<Source>, directive: &If) -> Value {
    let (then, otherwise) = match branches(&evaluator.expr(source, &directive.condition)) {
        Ok(both) => both,
        Err(reason) => return Value::unknown(reason),
    };
    let then = then.then(|| text(evaluator, source, &directive.then));
    let otherwise = otherwise.then(|| text(evaluator, source, &directive.otherwise));
    Value::either(then.into_iter().chain(otherwise))
}

fn for_directive(
    evaluator: &Evaluator<'_, '_>,
    source: &Arc<Source>,
    (key, value): (Option<&str>, &str),
    collection: &Expr,
    body: &[Part],
) -> Value {
    let surely_list = is_surely_list(collection);
    let (collection, height) = evaluator.depth.measure(|| evaluator.expr(source, collection));
    let repeat = |collection: &Value| -> Result<Value, Reason> {
        let mut pieces = Vec::new();
        for (element_key, element) in elements_of(collection, surely_list, evaluator.budget)? {
            let mut names = evaluator.names().and_evaluated(value, element, height);
            if let Some(key) = key {
                names = names.and(key, element_key);
            }
            collect(&evaluator.with(&names), source, body, &mut pieces)?;
        }
        Ok(concatenate(evaluator, &pieces))
    };
    evaluator.combine(&[collection], |collection| repeat(&collection[0]).unwrap_or_else(Value::unknown))
}

/// The text of all pieces in a row: known if all are, partly known if one is not.
fn concatenate(evaluator: &Evaluator<'_, '_>, pieces: &[Value]) -> Value {
    evaluator.combine(pieces, |pieces| {
        let known: usize = pieces.iter().filter_map(Value::as_str).map(str::len).sum();
        if !evaluator.budget.spend(pieces.len()) || !evaluator.budget.spend_bytes(known) {
            return Value::unknown(Reason::Budget);
        }
        let kind = if pieces.iter().all(|piece| piece.as_str().is_some()) {
            Kind::String(pieces.iter().filter_map(Value::as_str).collect::<String>().into())
        } else if let [only] = pieces {
            return only.clone();
        } else {
            match flatten(pieces) {
                Some(flat) if evaluator.budget.spend(flat.len()) => Kind::Partial(flat),
                _ => {
                    evaluator.budget.refuse();
                    Kind::Unknown(Reason::Budget)
                }
            }
        };
        Value { kind, origin: origin_of(pieces) }
    })
}

/// All pieces, those of partly known texts each; None of too many.
fn flatten(pieces: &[Value]) -> Option<Arc<[Value]>> {
    let mut flat = Vec::new();
    for piece in pieces {
        match &piece.kind {
            Kind::Partial(inner) => flat.extend(inner.iter().cloned()),
            _ => flat.push(piece.clone()),
        }
        if flat.len() > MAX_PIECES {
            return None;
        }
    }
    Some(flat.into())
}

/// A text made of several is changed at its longest known piece.
fn origin_of(pieces: &[Value]) -> Origin {
    let with_place = pieces.iter().filter(|piece| piece.origin.literal.is_some());
    let longest = with_place.max_by_key(|piece| piece.as_str().map_or(0, str::len));
    let mut origin = longest.map(|piece| piece.origin.clone()).unwrap_or_default();
    origin.sensitive = pieces.iter().any(|piece| piece.origin.sensitive);
    origin
}
