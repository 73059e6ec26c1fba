//! Expressions to values.

use super::budget::Budget;
use super::combine::{combinations, combine};
use super::conditional::conditional;
use super::depth::Depth;
use super::elements::{any_element, any_index, elements_of, is_surely_list, undecided};
use super::functions::{self, convert};
use super::host::Caller;
use super::module::{AttributeIn, BlockIn, Declared};
use super::names::Names;
use super::operators;
use super::template;
use super::tree::{InstanceId, Tree};
use super::value::{Kind, MAX_ALTERNATIVES, Reason, Value};
use crate::document::hcl::{BinaryOperator, Call, Expr, ExprKind, For};
use crate::finding::Place;
use crate::text::Source;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Evaluates expressions: in an instance of a module, or without any names (tfvars, backend-config files).
#[derive(Clone)]
pub struct Evaluator<'t, 'r> {
    scope: Scope<'t, 'r>,
    names: Names,
    /// Whether an error in the expression is caught: inside `try` and `can`.
    pub(super) guarded: bool,
    pub(super) depth: &'t Depth,
    pub(super) budget: &'t Budget,
}

/// Where references lead.
#[derive(Clone, Copy)]
enum Scope<'t, 'r> {
    Instance(&'t Tree<'r>, InstanceId),
    Nothing,
}

/// The value of an expression that may refer to nothing: in tfvars and backend-config files.
pub fn constant(source: &Arc<Source>, expr: &Expr) -> Value {
    with_names(source, expr, &Names::default())
}

/// The value of an expression that may refer to the given names only: Terragrunt's files, rendered templates.
pub fn with_names(source: &Arc<Source>, expr: &Expr, names: &Names) -> Value {
    let (depth, budget) = (Depth::default(), Budget::of_text(expr.span.len()));
    Evaluator::alone(names.clone(), &depth, &budget).expr(source, expr)
}

/// The content of a block whose expressions may refer to the given names only: in test files, in what Terragrunt
/// generates.
pub fn block_with_names(block: BlockIn<'_>, address: &str, names: &Names) -> Value {
    let (depth, budget) = (Depth::default(), Budget::of_text(block.block.span.len()));
    Evaluator::alone(names.clone(), &depth, &budget).block(block, address)
}

impl<'t, 'r> Evaluator<'t, 'r> {
    /// An evaluator in an instance.
    pub fn new(tree: &'t Tree<'r>, instance: InstanceId) -> Self {
        let scope = Scope::Instance(tree, instance);
        Self { scope, names: Names::default(), guarded: false, depth: &tree.depth, budget: &tree.budget }
    }

    /// An evaluator that sees these names and nothing of a module.
    pub(super) fn alone(names: Names, depth: &'t Depth, budget: &'t Budget) -> Self {
        Self { scope: Scope::Nothing, names, guarded: false, depth, budget }
    }

    /// The same evaluator with these names in place of its own.
    #[must_use]
    pub fn with(&self, names: &Names) -> Self {
        Self { names: names.clone(), ..self.clone() }
    }

    /// The names it sees.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The value of an attribute.
    pub fn attribute(&self, attribute: &AttributeIn<'_>) -> Value {
        self.expr(attribute.source, &attribute.attribute.value)
    }

    /// `each` and `count` as a repeated block sees them: one of all elements where they are known.
    pub fn repetition(&self, declared: &Declared<'r>) -> Names {
        let Scope::Instance(tree, instance) = self.scope else { return Names::default() };
        let (repetition, height) = self.depth.measure(|| tree.repetition(instance, declared));
        match repetition {
            Some((over, false)) => self.names.and_evaluated("each", any_element(&over, self.budget), height),
            Some((times, true)) => self.names.and("count", any_index(&times)),
            None => self.names.clone(),
        }
    }

    /// The value of an expression that stands in `source`.
    pub fn expr(&self, source: &Arc<Source>, expr: &Expr) -> Value {
        let Some(_deeper) = self.depth.deeper() else { return Value::unknown(Reason::Budget) };
        if !self.budget.spend(1) {
            return Value::unknown(Reason::Budget);
        }
        let literal = |kind: Kind| Value::literal(kind, Place::new(source, expr.span));
        match &expr.kind {
            ExprKind::Null => literal(Kind::Null),
            ExprKind::Bool(value) => literal(Kind::Bool(*value)),
            ExprKind::Number(text) => match convert::parse_number(text) {
                Ok(number) => literal(Kind::Number(number)),
                Err(reason) => Value::unknown(reason),
            },
            ExprKind::String(text) => literal(Kind::String((&**text).into())),
            ExprKind::Template(parts) => template::evaluate(self, source, parts),
            ExprKind::Tuple(items) => literal(Kind::List(items.iter().map(|item| self.expr(source, item)).collect())),
            ExprKind::Object(entries) => self.object(source, expr, entries),
            ExprKind::Variable(_) | ExprKind::Traversal(..) => self.reference(source, expr),
            ExprKind::Call(call) => self.call(source, call),
            ExprKind::Unary(operator, operand) => {
                self.combine(&[self.expr(source, operand)], |operand| operators::unary(*operator, &operand[0]))
            }
            ExprKind::Binary(left, operator, right) => self.binary(source, left, *operator, right),
            ExprKind::Conditional(parts) => {
                let condition = self.expr(source, &parts.0);
                let (yes, no) = (|| self.expr(source, &parts.1), || self.expr(source, &parts.2));
                let value = conditional(&condition, yes, no, self.budget);
                // Where errors are caught, a condition that is not known may be one.
                let open = condition.alternatives().iter().find(|one| self.guarded && one.is_unknown());
                Value::either([value].into_iter().chain(open.cloned()))
            }
            ExprKind::For(parts) => self.for_expr(source, parts),
            ExprKind::Parenthesis(inner) => self.expr(source, inner),
            ExprKind::Unparsed => Value::unknown(Reason::Unparsed),
        }
    }

    fn object(&self, source: &Arc<Source>, expr: &Expr, entries: &[(Expr, Expr)]) -> Value {
        let key = |key: &Expr| match &key.kind {
            ExprKind::Variable(name) => Value::string(name),
            _ => convert::to_string(&self.expr(source, key)),
        };
        let (keys, values): (Vec<Value>, Vec<Value>) =
            entries.iter().map(|(k, value)| (key(k), self.expr(source, value))).unzip();
        self.combine(&keys, |keys| {
            let mut map = BTreeMap::new();
            let mut open = None;
            for (key, value) in keys.iter().zip(&values) {
                match key.as_str() {
                    Some(text) => _ = map.insert(text.to_owned(), value.clone()),
                    None => open = Some(undecided(key)),
                }
            }
            let made = Value::literal(Kind::Map(Arc::new(map)), Place::new(source, expr.span));
            // What is known of it is worth knowing, but it is not all.
            Value::either([made].into_iter().chain(open.map(Value::unknown)))
        })
    }

    fn binary(&self, source: &Arc<Source>, left: &Expr, operator: BinaryOperator, right: &Expr) -> Value {
        let sides = [self.expr(source, left), self.expr(source, right)];
        self.combine(&sides, |sides| operators::binary(operator, &sides[0], &sides[1]))
    }

    fn call(&self, source: &Arc<Source>, call: &Call) -> Value {
        let guards = matches!(call.name.trim_start_matches("core::"), "try" | "can");
        if guards && !self.guarded {
            return Self { guarded: true, ..self.clone() }.call(source, call);
        }
        let evaluate = || call.arguments.iter().map(|argument| self.expr(source, argument)).collect::<Vec<Value>>();
        let (mut values, height) = self.depth.measure(evaluate);
        let caller = Caller { evaluator: self, height };
        if !call.expand {
            return functions::call(&call.name, values, &caller, self.budget);
        }
        let Some(last) = values.pop() else { return Value::unknown(Reason::Invalid) };
        self.combine(&[last], |last| match last[0].as_list() {
            Some(elements) => {
                let values = values.iter().chain(elements).cloned().collect();
                functions::call(&call.name, values, &caller, self.budget)
            }
            None => Value::unknown(undecided(&last[0])),
        })
    }

    fn for_expr(&self, source: &Arc<Source>, parts: &For) -> Value {
        let (collection, height) = self.depth.measure(|| self.expr(source, &parts.collection));
        self.combine(&[collection], |collection| {
            self.for_over(source, parts, &collection[0], height).unwrap_or_else(Value::unknown)
        })
    }

    fn for_over(&self, source: &Arc<Source>, parts: &For, over: &Value, height: u32) -> Result<Value, Reason> {
        let mut list = Vec::new();
        let mut groups: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (key, value) in elements_of(over, is_surely_list(&parts.collection), self.budget)? {
            let mut names = self.names.and_evaluated(&parts.value, value, height);
            if let Some(name) = &parts.key {
                names = names.and(name, key);
            }
            let inner = self.with(&names);
            if let Some(condition) = &parts.condition {
                let condition = inner.expr(source, condition);
                match condition.as_bool() {
                    Some(true) => {}
                    Some(false) => continue,
                    None => return Err(undecided(&condition)),
                }
            }
            let result = inner.expr(source, &parts.result);
            let Some(key) = &parts.result_key else {
                list.push(result);
                continue;
            };
            let key = convert::to_string(&inner.expr(source, key));
            let group = groups.entry(key.as_str().ok_or_else(|| undecided(&key))?.to_owned()).or_default();
            group.push(result);
            if group.len() > 1 && !parts.grouped {
                // Two elements make the same key.
                return Err(Reason::Invalid);
            }
        }
        if parts.result_key.is_none() {
            return Ok(Value::new(Kind::List(list.into())));
        }
        let entry = |(key, mut group): (String, Vec<Value>)| match parts.grouped {
            true => Some((key, Value::new(Kind::List(group.into())))),
            false => group.pop().map(|value| (key, value)),
        };
        Ok(Value::new(Kind::Map(Arc::new(groups.into_iter().filter_map(entry).collect()))))
    }

    /// As [`combine`], paid for.
    pub(super) fn combine(&self, values: &[Value], f: impl FnMut(&[Value]) -> Value) -> Value {
        let rounds = combinations(values).min(MAX_ALTERNATIVES);
        if rounds > 1 && !self.budget.spend(rounds * values.len()) {
            return Value::unknown(Reason::Budget);
        }
        combine(values, f)
    }

    /// The module's tree and instance, where there is one.
    pub(super) fn instance(&self) -> Option<(&'t Tree<'r>, InstanceId)> {
        match self.scope {
            Scope::Instance(tree, instance) => Some((tree, instance)),
            Scope::Nothing => None,
        }
    }

    /// The content of a block as a map: attributes, and nested blocks as lists of maps, `dynamic` ones included. Each
    /// entry's way ends with its sink, `address.name`.
    pub fn block(&self, block: BlockIn<'_>, address: &str) -> Value {
        super::blocks::content(self, block, address)
    }
}

/// A value that only a run knows.
pub(super) fn runtime(what: &str) -> Value {
    Value::unknown(Reason::Runtime(what.into()))
}

pub(super) fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::new(Kind::Map(Arc::new(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())))
}
