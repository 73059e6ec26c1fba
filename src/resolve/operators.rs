//! Operators. <https://developer.hashicorp.com/terraform/language/expressions/operators>

use super::functions::convert::{self, Arithmetic};
use super::value::{Kind, Number, Reason, Value};
use crate::document::hcl::{BinaryOperator, UnaryOperator};

/// `-a`, `!a`.
pub fn unary(operator: UnaryOperator, operand: &Value) -> Value {
    super::combine::combine(std::slice::from_ref(operand), |operand| {
        let operand = &operand[0];
        if let Kind::Unknown(reason) = &operand.kind {
            return Value::unknown(reason.clone());
        }
        let result = match operator {
            UnaryOperator::Not => operand.as_bool().map(|value| Kind::Bool(!value)),
            UnaryOperator::Negate => number(operand).and_then(negate).map(Kind::Number),
        };
        made(result, &[operand])
    })
}

/// `a + b` and the like, of two values of which each is one alone.
pub fn binary(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    use BinaryOperator as Op;
    match operator {
        Op::And | Op::Or => return logic(operator, left, right),
        Op::Equal | Op::NotEqual => return equality(operator, left, right),
        _ => {}
    }
    for side in [left, right] {
        match &side.kind {
            Kind::Unknown(reason) => return Value::unknown(reason.clone()),
            Kind::Partial(_) => return Value::unknown(Reason::Invalid),
            _ => {}
        }
    }
    let (Some(a), Some(b)) = (number(left), number(right)) else { return Value::unknown(Reason::Invalid) };
    let arithmetic = match operator {
        Op::Add => Some(Arithmetic::Add),
        Op::Subtract => Some(Arithmetic::Subtract),
        Op::Multiply => Some(Arithmetic::Multiply),
        Op::Divide => Some(Arithmetic::Divide),
        Op::Modulo => Some(Arithmetic::Modulo),
        _ => None,
    };
    if let Some(arithmetic) = arithmetic {
        let kind = convert::compute(arithmetic, a, b).map_or_else(Kind::Unknown, Kind::Number);
        return made(Some(kind), &[left, right]);
    }
    let result = match operator {
        Op::Less => Some(Kind::Bool(a.as_f64() < b.as_f64())),
        Op::LessOrEqual => Some(Kind::Bool(a.as_f64() <= b.as_f64())),
        Op::Greater => Some(Kind::Bool(a.as_f64() > b.as_f64())),
        Op::GreaterOrEqual => Some(Kind::Bool(a.as_f64() >= b.as_f64())),
        _ => None,
    };
    made(result, &[left, right])
}

fn logic(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    let decides = operator == BinaryOperator::Or;
    match (left.as_bool(), right.as_bool()) {
        (Some(a), _) if a == decides => made(Some(Kind::Bool(decides)), &[left]),
        (_, Some(b)) if b == decides => made(Some(Kind::Bool(decides)), &[right]),
        (Some(_), Some(_)) => made(Some(Kind::Bool(!decides)), &[left, right]),
        _ => {
            let reason = [left, right].into_iter().find_map(|side| match &side.kind {
                Kind::Unknown(reason) => Some(reason.clone()),
                _ => None,
            });
            Value::unknown(reason.unwrap_or(Reason::Invalid))
        }
    }
}

fn equality(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    match convert::equal(left, right) {
        Some(equal) => made(Some(Kind::Bool(equal == (operator == BinaryOperator::Equal))), &[left, right]),
        None => {
            let reason = [left, right].into_iter().find_map(|side| match &side.kind {
                Kind::Unknown(reason) => Some(reason.clone()),
                _ => None,
            });
            Value::unknown(reason.unwrap_or_else(|| Reason::Runtime("a value of which parts are unknown".into())))
        }
    }
}

fn number(value: &Value) -> Option<Number> {
    match convert::to_number(value).kind {
        Kind::Number(number) => Some(number),
        _ => None,
    }
}

fn negate(number: Number) -> Option<Number> {
    match number {
        Number::Integer(value) => value.checked_neg().map(Number::Integer),
        Number::Float(value) => Some(Number::Float(-value)),
    }
}

/// A computed value: it has no literal of its own, but keeps whether it is sensitive.
fn made(kind: Option<Kind>, from: &[&Value]) -> Value {
    let mut value = Value::new(kind.unwrap_or(Kind::Unknown(Reason::Invalid)));
    value.origin.sensitive = from.iter().any(|value| value.origin.sensitive);
    value
}
