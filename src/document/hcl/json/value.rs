//! JSON values as expressions.

use super::schema::Text;
use super::span;
use crate::document::hcl::ast::{Expr, ExprKind, UnaryOperator};
use crate::document::hcl::convert::{MAX_DEPTH, Place};
use crate::document::hcl::native;
use crate::document::hcl::problem::Problem;
use crate::text::Span;
use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;

pub(super) struct Reader<'a> {
    pub text: &'a str,
}

impl Reader<'_> {
    /// The expression that a value stands for; `note` takes what could not be parsed.
    pub(super) fn value(&self, value: &Value<'_>, text: Text, depth: usize, note: &mut impl FnMut(Problem)) -> Expr {
        let place = span(value.range());
        if depth >= MAX_DEPTH {
            note(Problem::attribute(place, "the value is nested too deeply"));
            return Expr { kind: ExprKind::Unparsed, span: place };
        }
        let kind = match value {
            Value::NullKeyword(_) => ExprKind::Null,
            Value::BooleanLit(literal) => ExprKind::Bool(literal.value),
            Value::NumberLit(literal) => number(literal.value, place),
            Value::StringLit(literal) => return self.string(&literal.value, place, text, note),
            Value::Array(array) => {
                ExprKind::Tuple(array.elements.iter().map(|item| self.value(item, text, depth + 1, note)).collect())
            }
            Value::Object(object) => ExprKind::Object(
                object.properties.iter().map(|property| self.property(property, text, depth + 1, note)).collect(),
            ),
        };
        Expr { kind, span: place }
    }

    fn property(
        &self,
        property: &ObjectProp<'_>,
        text: Text,
        depth: usize,
        note: &mut impl FnMut(Problem),
    ) -> (Expr, Expr) {
        // Keys are templates as values are, but never references.
        let keys = if text == Text::Reference { Text::Literal } else { text };
        let key = self.string(property.name.as_str(), span(property.name.range()), keys, note);
        (key, self.value(&property.value, text, depth, note))
    }

    fn string(&self, content: &str, place: Span, text: Text, note: &mut impl FnMut(Problem)) -> Expr {
        let literal = || Expr { kind: ExprKind::String(content.into()), span: place };
        let inner = place.start as usize + 1..(place.end as usize).saturating_sub(1);
        // Where the string has escapes, its text is not that of the file.
        let stands_as_it_is = self.text.get(inner.clone()) == Some(content);
        let source = if stands_as_it_is { Place::Shifted(inner.start) } else { Place::Fixed(place) };
        match text {
            Text::Reference => match native::expression(content, source) {
                Ok(reference) if is_reference(&reference.kind) => Expr { kind: reference.kind, span: place },
                _ => literal(),
            },
            Text::Template if content.contains("${") || content.contains("%{") => {
                let kind = native::template(content, source).map(|expr| expr.kind).unwrap_or_else(|problem| {
                    note(problem);
                    ExprKind::Unparsed
                });
                Expr { kind, span: place }
            }
            Text::Literal | Text::Template => literal(),
        }
    }
}

/// References, and the type expressions of variables.
fn is_reference(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Variable(_) | ExprKind::Traversal(..) | ExprKind::Call(..))
}

fn number(written: &str, place: Span) -> ExprKind {
    match written.strip_prefix('-') {
        None => ExprKind::Number(written.into()),
        Some(digits) => {
            let number = Expr { kind: ExprKind::Number(digits.into()), span: Span { start: place.start + 1, ..place } };
            ExprKind::Unary(UnaryOperator::Negate, Box::new(number))
        }
    }
}
