//! Type constraints of variables, and values converted to them.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions/type-constraints>; what converts to what:
//! <https://github.com/zclconf/go-cty/blob/main/docs/convert.md>.

use super::budget::Budget;
use super::conditional::of_any_type;
use super::elements::undecided;
use super::evaluate::constant;
use super::functions::convert::{self, MAX_DEPTH};
use super::functions::{self, Host};
use super::module::AttributeIn;
use super::value::{Kind, Reason, Value};
use crate::document::hcl::{Expr, ExprKind};
use crate::text::Source;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A type that values are converted to.
pub(super) enum Constraint {
    Any,
    String,
    Number,
    Bool,
    List(Box<Constraint>),
    Set(Box<Constraint>),
    Map(Box<Constraint>),
    Tuple(Vec<Constraint>),
    Object(BTreeMap<String, Attribute>),
}

/// An attribute of an object type.
pub(super) struct Attribute {
    of: Constraint,
    /// Of `optional(type, default)`: the value where there is none; null without a default.
    default: Option<Value>,
}

impl Constraint {
    /// Reads the `type` of a variable; None if it is no type, which Terraform would refuse.
    pub(super) fn read(written: &AttributeIn<'_>) -> Option<Self> {
        Self::of(written.source, &written.attribute.value)
    }

    fn of(source: &Arc<Source>, expr: &Expr) -> Option<Self> {
        let (name, arguments): (&str, &[Expr]) = match &expr.kind {
            ExprKind::Variable(name) => (name, &[]),
            // Before 0.12 types stood in quotes; in the JSON syntax they always do.
            ExprKind::String(name) if !name.contains('(') => (name, &[]),
            ExprKind::String(text) => {
                let inner = crate::document::hcl::parse_expression(text).ok()?;
                return Self::of(source, &inner);
            }
            ExprKind::Call(call) => (&call.name, &call.arguments),
            ExprKind::Parenthesis(inner) => return Self::of(source, inner),
            _ => return None,
        };
        let element = || match arguments {
            [] => Some(Box::new(Constraint::Any)),
            [element] => Self::of(source, element).map(Box::new),
            _ => None,
        };
        Some(match (name, arguments) {
            ("any", []) => Constraint::Any,
            ("string", []) => Constraint::String,
            ("number", []) => Constraint::Number,
            ("bool", []) => Constraint::Bool,
            ("list", _) => Constraint::List(element()?),
            ("set", _) => Constraint::Set(element()?),
            ("map", _) => Constraint::Map(element()?),
            ("tuple", [Expr { kind: ExprKind::Tuple(types), .. }]) => {
                Constraint::Tuple(types.iter().map(|of| Self::of(source, of)).collect::<Option<_>>()?)
            }
            ("object", [Expr { kind: ExprKind::Object(entries), .. }]) => {
                let attribute = |(key, of): &(Expr, Expr)| Some((name_of(key)?, Attribute::of(source, of)?));
                Constraint::Object(entries.iter().map(attribute).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }

    /// A value converted to this type. Its origin stays.
    pub(super) fn convert(&self, value: &Value, budget: &Budget) -> Value {
        self.convert_at(value, budget, MAX_DEPTH)
    }

    fn convert_at(&self, value: &Value, budget: &Budget, depth: u32) -> Value {
        let Some(depth) = depth.checked_sub(1).filter(|_| budget.spend(1)) else {
            return Value::unknown(Reason::Budget);
        };
        match (&value.kind, self) {
            (_, Constraint::Any) | (Kind::Null | Kind::Unknown(_), _) => return value.clone(),
            (Kind::Either(values), _) => {
                return Value::either(values.iter().map(|value| self.convert_at(value, budget, depth)));
            }
            _ => {}
        }
        let kind = match self {
            Constraint::String => return convert::to_string(value),
            Constraint::Number => return convert::to_number(value),
            Constraint::Bool => return convert::to_bool(value),
            Constraint::Any => Ok(value.kind.clone()),
            Constraint::List(of) => elements(value, of, budget, depth).map(|list| Kind::List(list.into())),
            Constraint::Set(of) => elements(value, of, budget, depth).and_then(|list| set(list, budget)),
            Constraint::Map(of) => entries(value, of, budget, depth),
            Constraint::Tuple(types) => match value.as_list() {
                Some(list) if list.len() == types.len() => {
                    let converted = list.iter().zip(types).map(|(one, of)| of.convert_at(one, budget, depth));
                    Ok(Kind::List(converted.collect()))
                }
                _ => Err(undecided(value)),
            },
            Constraint::Object(attributes) => object(value, attributes, budget, depth),
        };
        Value { kind: kind.unwrap_or_else(Kind::Unknown), origin: value.origin.clone() }
    }
}

impl Attribute {
    fn of(source: &Arc<Source>, expr: &Expr) -> Option<Self> {
        match &expr.kind {
            ExprKind::Call(call) if call.name == "optional" => {
                let default = match call.arguments.get(1) {
                    Some(default) => constant(source, default),
                    None => Value::new(Kind::Null),
                };
                Some(Self { of: Constraint::of(source, call.arguments.first()?)?, default: Some(default) })
            }
            _ => Some(Self { of: Constraint::of(source, expr)?, default: None }),
        }
    }
}

fn name_of(key: &Expr) -> Option<String> {
    match &key.kind {
        ExprKind::Variable(name) => Some(name.to_string()),
        ExprKind::String(name) => Some(name.to_string()),
        _ => None,
    }
}

/// The elements of a list, set or tuple in the element type.
fn elements(value: &Value, of: &Constraint, budget: &Budget, depth: u32) -> Result<Vec<Value>, Reason> {
    let list = value.as_list().ok_or_else(|| undecided(value))?;
    let converted: Vec<Value> = list.iter().map(|one| of.convert_at(one, budget, depth)).collect();
    same_type(converted, of, budget)
}

fn entries(value: &Value, of: &Constraint, budget: &Budget, depth: u32) -> Result<Kind, Reason> {
    let map = value.as_map().ok_or_else(|| undecided(value))?;
    let values: Vec<Value> = map.values().map(|one| of.convert_at(one, budget, depth)).collect();
    let values = same_type(values, of, budget)?;
    Ok(Kind::Map(Arc::new(map.keys().cloned().zip(values).collect())))
}

/// The elements of a collection have one type, also where the constraint leaves open which.
fn same_type(values: Vec<Value>, of: &Constraint, budget: &Budget) -> Result<Vec<Value>, Reason> {
    if !matches!(of, Constraint::Any) {
        return Ok(values);
    }
    match convert::unify(&values, budget) {
        Ok(unified) => Ok(unified),
        Err(Reason::Invalid) => Err(Reason::Invalid),
        // One that is not known decides: the others may become strings.
        Err(_) => Ok(values.iter().map(|value| of_any_type(value, budget, MAX_DEPTH)).collect()),
    }
}

fn set(list: Vec<Value>, budget: &Budget) -> Result<Kind, Reason> {
    struct NoFiles;
    impl Host for NoFiles {}
    let list = Value::new(Kind::List(list.into()));
    match functions::call("toset", vec![list], &NoFiles, budget).kind {
        Kind::Unknown(reason) => Err(reason),
        kind => Ok(kind),
    }
}

fn object(
    value: &Value,
    attributes: &BTreeMap<String, Attribute>,
    budget: &Budget,
    depth: u32,
) -> Result<Kind, Reason> {
    let map = value.as_map().ok_or_else(|| undecided(value))?;
    let mut made = BTreeMap::new();
    for (name, attribute) in attributes {
        let value = match (map.get(name), &attribute.default) {
            (None, None) => return Err(Reason::Invalid),
            (Some(given), None) => given.clone(),
            (None, Some(default)) => default.clone(),
            // A null is replaced by the default, too.
            (Some(given), Some(default)) => Value::either(
                given.alternatives().iter().map(|one| if one.is_null() { default.clone() } else { one.clone() }),
            ),
        };
        made.insert(name.clone(), attribute.of.convert_at(&value, budget, depth));
    }
    Ok(Kind::Map(Arc::new(made)))
}
