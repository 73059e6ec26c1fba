//! Operators. <https://developer.hashicorp.com/terraform/language/expressions/operators>

use super::elements::undecided;
use super::functions::convert::{self, Arithmetic};
use super::value::{Kind, Number, Reason, Value};
use crate::document::hcl::{BinaryOperator, UnaryOperator};

/// `-a`, `!a`, of one value alone.
pub(super) fn unary(operator: UnaryOperator, operand: &Value) -> Value {
    let result = match operator {
        UnaryOperator::Not => operand.as_bool().map(|value| Kind::Bool(!value)).ok_or_else(|| undecided(operand)),
        UnaryOperator::Negate => number(operand).and_then(negate).map(Kind::Number),
    };
    made(result, &[operand])
}

/// `a + b` and the like, of two values of which each is one alone.
pub(super) fn binary(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    use BinaryOperator as Op;
    match operator {
        Op::And | Op::Or => return logic(operator, left, right),
        Op::Equal | Op::NotEqual => return equality(operator, left, right),
        _ => {}
    }
    let (a, b) = match (number(left), number(right)) {
        (Ok(a), Ok(b)) => (a, b),
        // What Terraform refuses it refuses whatever the other side turns out to be.
        (Err(Reason::Invalid), _) | (_, Err(Reason::Invalid)) => return Value::unknown(Reason::Invalid),
        (Err(reason), _) | (_, Err(reason)) => return Value::unknown(reason),
    };
    let order = convert::compare(a, b);
    let result = match operator {
        Op::Add => convert::compute(Arithmetic::Add, a, b).map(Kind::Number),
        Op::Subtract => convert::compute(Arithmetic::Subtract, a, b).map(Kind::Number),
        Op::Multiply => convert::compute(Arithmetic::Multiply, a, b).map(Kind::Number),
        Op::Divide => convert::compute(Arithmetic::Divide, a, b).map(Kind::Number),
        Op::Modulo => convert::compute(Arithmetic::Modulo, a, b).map(Kind::Number),
        Op::Less => Ok(Kind::Bool(order.is_lt())),
        Op::LessOrEqual => Ok(Kind::Bool(order.is_le())),
        Op::Greater => Ok(Kind::Bool(order.is_gt())),
        Op::GreaterOrEqual => Ok(Kind::Bool(order.is_ge())),
        Op::Equal | Op::NotEqual | Op::And | Op::Or => Err(Reason::Invalid),
    };
    made(result, &[left, right])
}

/// `false && x` is false and `true || x` is true whatever `x` turns out to be.
fn logic(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    let decides = operator == BinaryOperator::Or;
    match (left.as_bool(), right.as_bool()) {
        (Some(a), _) if a == decides => made(Ok(Kind::Bool(decides)), &[left]),
        (_, Some(b)) if b == decides => made(Ok(Kind::Bool(decides)), &[right]),
        (Some(_), Some(_)) => made(Ok(Kind::Bool(!decides)), &[left, right]),
        (None, _) => Value::unknown(undecided(left)),
        (_, None) => Value::unknown(undecided(right)),
    }
}

fn equality(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    if let Some(equal) = convert::equal(left, right) {
        return made(Ok(Kind::Bool(equal == (operator == BinaryOperator::Equal))), &[left, right]);
    }
    let reason = [left, right].into_iter().map(undecided).find(|reason| *reason != Reason::Invalid);
    Value::unknown(reason.unwrap_or_else(|| Reason::Runtime("a comparison of collections".into())))
}

fn number(value: &Value) -> Result<Number, Reason> {
    let converted = convert::to_number(value);
    match converted.kind {
        Kind::Number(number) => Ok(number),
        _ => Err(undecided(&converted)),
    }
}

fn negate(number: Number) -> Result<Number, Reason> {
    match number {
        Number::Integer(value) => value.checked_neg().map(Number::Integer).ok_or(Reason::Function("number".into())),
        Number::Float(value) => Ok(Number::Float(-value)),
    }
}

/// A computed value: it has no literal of its own, but keeps whether it is sensitive.
fn made(result: Result<Kind, Reason>, from: &[&Value]) -> Value {
    let mut value = Value::new(result.unwrap_or_else(Kind::Unknown));
    value.origin.sensitive = from.iter().any(|value| value.origin.sensitive);
    value
}
