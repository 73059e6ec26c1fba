//! Templates: strings with interpolations and directives.

use super::combine::combine;
use super::elements::elements_of;
use super::evaluate::Evaluator;
use super::functions::convert;
use super::value::{Kind, Origin, Reason, Value};
use crate::document::hcl::{Expr, If, Part};
use crate::finding::Place;
use crate::text::Source;
use std::sync::Arc;

/// The value of a template. One interpolation alone is its expression's value, whatever its type.
pub fn evaluate(evaluator: &Evaluator<'_, '_>, source: &Arc<Source>, parts: &[Part]) -> Value {
    if let [Part::Interpolation(inner)] = parts {
        return evaluator.expr(source, inner);
    }
    let mut pieces = Vec::new();
    collect(evaluator, source, parts, &mut pieces);
    concatenate(evaluator, &pieces)
}

fn collect(evaluator: &Evaluator<'_, '_>, source: &Arc<Source>, parts: &[Part], pieces: &mut Vec<Value>) {
    for part in parts {
        match part {
            Part::Literal(text, span) => {
                pieces.push(Value::literal(Kind::String((&**text).into()), Place::new(source, *span)));
            }
            Part::Interpolation(inner) => pieces.push(string_of(&evaluator.expr(source, inner))),
            Part::If(directive) => pieces.push(if_directive(evaluator, source, directive)),
            Part::For { key, value, collection, body } => {
                let names = (key.as_deref(), value.as_str());
                for_directive(evaluator, source, names, collection, body, pieces);
            }
        }
    }
}

fn string_of(value: &Value) -> Value {
    combine(std::slice::from_ref(value), |value| convert::to_string(&value[0]))
}

fn if_directive(evaluator: &Evaluator<'_, '_>, source: &Arc<Source>, directive: &If) -> Value {
    let condition = evaluator.expr(source, &directive.condition);
    let branch = |parts: &[Part]| {
        let mut pieces = Vec::new();
        collect(evaluator, source, parts, &mut pieces);
        concatenate(evaluator, &pieces)
    };
    match condition.as_bool() {
        Some(true) => branch(&directive.then),
        Some(false) => branch(&directive.otherwise),
        None => Value::either([branch(&directive.then), branch(&directive.otherwise)]),
    }
}

fn for_directive(
    evaluator: &Evaluator<'_, '_>,
    source: &Arc<Source>,
    (key, value): (Option<&str>, &str),
    collection: &Expr,
    body: &[Part],
    pieces: &mut Vec<Value>,
) {
    match elements_of(&evaluator.expr(source, collection)) {
        Ok(elements) => {
            for (element_key, element) in elements {
                let mut names = evaluator.names().and(value, element);
                if let Some(key) = key {
                    names = names.and(key, element_key);
                }
                collect(&evaluator.with(&names), source, body, pieces);
            }
        }
        Err(reason) => pieces.push(Value::unknown(reason)),
    }
}

/// The text of all pieces in a row: known if all are, partly known if one is not.
fn concatenate(evaluator: &Evaluator<'_, '_>, pieces: &[Value]) -> Value {
    combine(pieces, |pieces| {
        let known: usize = pieces.iter().filter_map(Value::as_str).map(str::len).sum();
        if !evaluator.budget.spend_bytes(known) {
            return Value::unknown(Reason::Budget);
        }
        let kind = if pieces.iter().all(|piece| piece.as_str().is_some()) {
            Kind::String(pieces.iter().filter_map(Value::as_str).collect::<String>().into())
        } else if let [only] = pieces {
            return only.clone();
        } else {
            Kind::Partial(flatten(pieces))
        };
        Value { kind, origin: origin_of(pieces) }
    })
}

fn flatten(pieces: &[Value]) -> Arc<[Value]> {
    let mut flat = Vec::new();
    for piece in pieces {
        match &piece.kind {
            Kind::Partial(inner) => flat.extend(inner.iter().cloned()),
            _ => flat.push(piece.clone()),
        }
    }
    flat.into()
}

/// A text made of several is changed at its longest known piece.
fn origin_of(pieces: &[Value]) -> Origin {
    let with_place = pieces.iter().filter(|piece| piece.origin.literal.is_some());
    let longest = with_place.max_by_key(|piece| piece.as_str().map_or(0, str::len));
    let mut origin = longest.map(|piece| piece.origin.clone()).unwrap_or_default();
    origin.sensitive = pieces.iter().any(|piece| piece.origin.sensitive);
    origin
}
