//! Expressions to values.

use super::budget::Budget;
use super::combine::{combine, pick};
use super::depth::Depth;
use super::elements::{MAX_ELEMENTS, any_element, elements_of};
use super::functions;
use super::module::{AttributeIn, BlockIn, Declared};
use super::operators;
use super::template;
use super::tree::{InstanceId, Tree};
use super::value::{Kind, Number, Reason, Value};
use crate::document::hcl::{BinaryOperator, Expr, ExprKind, For, Step};
use crate::finding::Place;
use crate::text::Source;
use compact_str::CompactString;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names that an expression sees beside the module's own: variables of `for`, `each`, `count`, iterators.
#[derive(Clone, Default)]
pub struct Names(Vec<(CompactString, Value)>);

impl Names {
    /// These names and one more, which hides an older one of the same name.
    #[must_use]
    pub fn and(&self, name: &str, value: Value) -> Names {
        let mut names = self.0.clone();
        names.push((name.into(), value));
        Names(names)
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// Evaluates expressions: in an instance of a module, or without any names (tfvars, backend-config files).
#[derive(Clone)]
pub struct Evaluator<'t, 'r> {
    scope: Scope<'t, 'r>,
    names: Names,
    depth: &'t Depth,
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
    let (depth, budget) = (Depth::default(), Budget::default());
    let evaluator = Evaluator { scope: Scope::Nothing, names: Names::default(), depth: &depth, budget: &budget };
    evaluator.expr(source, expr)
}

/// The value of an expression that may refer to the given names only: Terragrunt's files, rendered templates.
pub fn with_names(source: &Arc<Source>, expr: &Expr, names: &Names) -> Value {
    let (depth, budget) = (Depth::default(), Budget::default());
    let evaluator = Evaluator { scope: Scope::Nothing, names: names.clone(), depth: &depth, budget: &budget };
    evaluator.expr(source, expr)
}

/// The content of a block whose expressions may refer to the given names only: in test files, in what Terragrunt
/// generates.
pub fn block_with_names(block: BlockIn<'_>, address: &str, names: &Names) -> Value {
    let (depth, budget) = (Depth::default(), Budget::default());
    let evaluator = Evaluator { scope: Scope::Nothing, names: names.clone(), depth: &depth, budget: &budget };
    evaluator.block(block, address)
}

impl<'t, 'r> Evaluator<'t, 'r> {
    /// An evaluator in an instance.
    pub fn new(tree: &'t Tree<'r>, instance: InstanceId) -> Self {
        let scope = Scope::Instance(tree, instance);
        Self { scope, names: Names::default(), depth: &tree.depth, budget: &tree.budget }
    }

    /// The same evaluator with these names in place of its own.
    #[must_use]
    pub fn with(&self, names: &Names) -> Self {
        Self { names: names.clone(), ..self.clone() }
    }

    /// An evaluator that sees these names and nothing of the module.
    pub(super) fn outside(&self, names: Names) -> Self {
        Self { scope: Scope::Nothing, names, depth: self.depth, budget: self.budget }
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
        if let Some(for_each) = declared.attribute("for_each") {
            let first = declared.first();
            let key = format!("for_each {} {}", first.source.path, first.block.span.start);
            let collection = tree.once(instance, &key, || self.attribute(&for_each));
            return self.names.and("each", any_element(&collection));
        }
        match declared.attribute("count") {
            Some(_) => self.names.and("count", map([("index", runtime("count.index"))])),
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
            ExprKind::Number(text) => match Number::parse(text) {
                Some(number) => literal(Kind::Number(number)),
                None => Value::unknown(Reason::Invalid),
            },
            ExprKind::String(text) => literal(Kind::String((&**text).into())),
            ExprKind::Template(parts) => template::evaluate(self, source, parts),
            ExprKind::Tuple(items) => literal(Kind::List(items.iter().map(|item| self.expr(source, item)).collect())),
            ExprKind::Object(entries) => self.object(source, expr, entries),
            ExprKind::Variable(_) | ExprKind::Traversal(..) => self.reference(source, expr),
            ExprKind::Call(call) => self.call(source, &call.name, &call.arguments, call.expand),
            ExprKind::Unary(operator, operand) => operators::unary(*operator, &self.expr(source, operand)),
            ExprKind::Binary(left, operator, right) => self.binary(source, left, *operator, right),
            ExprKind::Conditional(parts) => self.conditional(source, &parts.0, &parts.1, &parts.2),
            ExprKind::For(parts) => self.for_expr(source, parts),
            ExprKind::Parenthesis(inner) => self.expr(source, inner),
            ExprKind::Unparsed => Value::unknown(Reason::Unparsed),
        }
    }

    fn object(&self, source: &Arc<Source>, expr: &Expr, entries: &[(Expr, Expr)]) -> Value {
        let mut map = BTreeMap::new();
        let mut unknown_key = None;
        for (key, value) in entries {
            let key = match &key.kind {
                ExprKind::Variable(name) => Value::string(name),
                _ => functions::convert::to_string(&self.expr(source, key)),
            };
            let value = self.expr(source, value);
            match key.kind {
                Kind::String(text) => {
                    map.insert(text.to_string(), value);
                }
                Kind::Unknown(reason) => unknown_key = Some(reason),
                _ => unknown_key = Some(Reason::Invalid),
            }
        }
        match unknown_key {
            // The known entries stand whatever the unknown key turns out to be, unless it repeats one of them.
            Some(reason) if map.is_empty() => Value::unknown(reason),
            _ => Value::literal(Kind::Map(Arc::new(map)), Place::new(source, expr.span)),
        }
    }

    fn binary(&self, source: &Arc<Source>, left: &Expr, operator: BinaryOperator, right: &Expr) -> Value {
        let left = self.expr(source, left);
        // Terraform evaluates both sides, but one that is decided decides these two.
        match (operator, left.as_bool()) {
            (BinaryOperator::And, Some(false)) | (BinaryOperator::Or, Some(true)) => return left,
            _ => {}
        }
        combine(&[left, self.expr(source, right)], |sides| operators::binary(operator, &sides[0], &sides[1]))
    }

    fn conditional(&self, source: &Arc<Source>, condition: &Expr, yes: &Expr, no: &Expr) -> Value {
        let condition = self.expr(source, condition);
        let decided: Vec<Option<bool>> = condition.alternatives().iter().map(Value::as_bool).collect();
        let may = |branch: bool| decided.iter().any(|known| known.is_none_or(|known| known == branch));
        let mut branches = Vec::new();
        if may(true) {
            branches.push(self.expr(source, yes));
        }
        if may(false) {
            branches.push(self.expr(source, no));
        }
        Value::either(branches)
    }

    fn call(&self, source: &Arc<Source>, name: &str, arguments: &[Expr], expand: bool) -> Value {
        let mut values: Vec<Value> = arguments.iter().map(|argument| self.expr(source, argument)).collect();
        if expand {
            let Some(last) = values.pop() else { return Value::unknown(Reason::Invalid) };
            match last.as_list() {
                Some(elements) => values.extend(elements.iter().cloned()),
                None if last.is_unknown() => return last,
                None => return Value::unknown(Reason::Invalid),
            }
        }
        functions::call(name, values, self, self.budget)
    }

    fn for_expr(&self, source: &Arc<Source>, parts: &For) -> Value {
        let collection = self.expr(source, &parts.collection);
        combine(&[collection], |collection| self.for_over(source, parts, &collection[0]))
    }

    fn for_over(&self, source: &Arc<Source>, parts: &For, collection: &Value) -> Value {
        let elements = match elements_of(collection) {
            Ok(elements) => elements,
            Err(reason) => return Value::unknown(reason),
        };
        let mut list = Vec::new();
        let mut map: BTreeMap<String, Value> = BTreeMap::new();
        let mut groups: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (key, value) in elements {
            let mut names = self.names.and(&parts.value, value);
            if let Some(name) = &parts.key {
                names = names.and(name, key);
            }
            let inner = self.with(&names);
            if let Some(condition) = &parts.condition {
                let condition = inner.expr(source, condition);
                match (condition.as_bool(), condition.kind) {
                    (Some(false), _) => continue,
                    (Some(true), _) => {}
                    (None, Kind::Unknown(reason)) => return Value::unknown(reason),
                    (None, _) => return Value::unknown(Reason::Invalid),
                }
            }
            let result = inner.expr(source, &parts.result);
            let Some(key) = &parts.result_key else {
                list.push(result);
                continue;
            };
            match functions::convert::to_string(&inner.expr(source, key)).kind {
                Kind::String(key) if parts.grouped => groups.entry(key.to_string()).or_default().push(result),
                Kind::String(key) => {
                    map.insert(key.to_string(), result);
                }
                Kind::Unknown(reason) => return Value::unknown(reason),
                _ => return Value::unknown(Reason::Invalid),
            }
        }
        match (&parts.result_key, parts.grouped) {
            (None, _) => Value::new(Kind::List(list.into())),
            (Some(_), false) => Value::new(Kind::Map(Arc::new(map))),
            (Some(_), true) => {
                let groups = groups.into_iter().map(|(key, list)| (key, Value::new(Kind::List(list.into()))));
                Value::new(Kind::Map(Arc::new(groups.collect())))
            }
        }
    }

    fn reference(&self, source: &Arc<Source>, expr: &Expr) -> Value {
        let mut steps: Vec<&Step> = Vec::new();
        let mut root = expr;
        while let ExprKind::Traversal(traversal) = &root.kind {
            steps.push(&traversal.step);
            root = &traversal.source;
        }
        steps.reverse();
        let ExprKind::Variable(name) = &root.kind else {
            return self.steps(source, self.expr(source, root), &steps);
        };
        if let Some(value) = self.names.get(name) {
            return self.steps(source, value.clone(), &steps);
        }
        let Scope::Instance(tree, instance) = self.scope else {
            return Value::unknown(Reason::Undeclared(name.as_str().into()));
        };
        let attribute = |at: usize| match steps.get(at) {
            Some(Step::Attribute(name)) => Some(name.as_str()),
            _ => None,
        };
        match (name.as_str(), attribute(0)) {
            ("var", Some(variable)) => self.steps(source, tree.variable(instance, variable), &steps[1..]),
            ("local", Some(local)) => self.steps(source, tree.local(instance, local), &steps[1..]),
            ("module", Some(call)) => self.module_reference(source, tree, instance, call, &steps[1..]),
            ("path", Some(which)) => path_value(tree, instance, which),
            ("terraform" | "tofu" | "self" | "each" | "count", which) => {
                runtime(&format!("{name}.{}", which.unwrap_or("*")))
            }
            ("data" | "ephemeral", Some(of_type)) => {
                Value::unknown(Reason::Resource(format!("{name}.{of_type}.{}", attribute(1).unwrap_or("*")).into()))
            }
            (of_type, Some(resource)) => Value::unknown(Reason::Resource(format!("{of_type}.{resource}").into())),
            (other, None) => Value::unknown(Reason::Undeclared(other.into())),
        }
    }

    fn module_reference(
        &self,
        source: &Arc<Source>,
        tree: &Tree<'r>,
        instance: InstanceId,
        call: &str,
        steps: &[&Step],
    ) -> Value {
        // `module.a["key"].out`: every instance of a repeated call means the same module here.
        let steps = match steps.first() {
            Some(Step::Index(_) | Step::Splat) => &steps[1..],
            _ => steps,
        };
        match steps.first() {
            Some(Step::Attribute(output)) => self.steps(source, tree.output(instance, call, output), &steps[1..]),
            _ => match tree.outputs(instance, call) {
                Some(outputs) => map(outputs.into_iter().map(|name| (name, tree.output(instance, call, name)))),
                None => tree.output(instance, call, ""),
            },
        }
    }

    fn steps(&self, source: &Arc<Source>, value: Value, steps: &[&Step]) -> Value {
        let Some((step, rest)) = steps.split_first() else { return value };
        match step {
            Step::Attribute(name) => self.steps(source, pick(&value, &Value::string(name)), rest),
            Step::Index(key) => self.steps(source, pick(&value, &self.expr(source, key)), rest),
            Step::Splat => combine(&[value], |value| match &value[0].kind {
                Kind::Unknown(reason) => Value::unknown(reason.clone()),
                Kind::Null => Value::new(Kind::List(Arc::from([]))),
                Kind::List(elements) => {
                    let elements = elements.iter().take(MAX_ELEMENTS).cloned();
                    Value::new(Kind::List(elements.map(|element| self.steps(source, element, rest)).collect()))
                }
                _ => Value::new(Kind::List(Arc::from([self.steps(source, value[0].clone(), rest)]))),
            }),
        }
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

/// `path.module` and `path.root`, relative to the directory where Terraform is run.
/// <https://developer.hashicorp.com/terraform/language/expressions/references#filesystem-and-workspace-info>
fn path_value(tree: &Tree<'_>, instance: InstanceId, which: &str) -> Value {
    match which {
        "root" => Value::string("."),
        "module" => Value::string(&relative(&tree.module(0).directory, &tree.module(instance).directory)),
        other => runtime(&format!("path.{other}")),
    }
}

/// The way from one directory to another: `.`, `modules/a`, `../../modules/a`.
fn relative(from: &crate::text::RepoPath, to: &crate::text::RepoPath) -> String {
    let parts = |path: &str| -> Vec<String> { path.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect() };
    let (from, to) = (parts(from.as_str()), parts(to.as_str()));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut way = vec!["..".to_owned(); from.len() - common];
    way.extend_from_slice(&to[common..]);
    if way.is_empty() { ".".into() } else { way.join("/") }
}
