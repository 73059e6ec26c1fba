//! Blocks to values: what a provider, backend or resource block finally says.

use super::elements::{any_element, elements_of, is_surely_list};
use super::evaluate::{Evaluator, map};
use super::module::{AttributeIn, BlockIn};
use super::value::{Kind, Value};
use crate::document::hcl::Block;
use crate::finding::Place;
use crate::text::Source;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The content of a block: attributes by name, nested blocks as lists by their type. Every entry's way ends with its
/// sink: `address.name`, at the attribute.
pub(super) fn content(evaluator: &Evaluator<'_, '_>, block: BlockIn<'_>, address: &str) -> Value {
    let mut entries: BTreeMap<String, Value> = BTreeMap::new();
    for attribute in &block.block.body.attributes {
        let found = AttributeIn { source: block.source, attribute };
        entries.insert(attribute.name.to_string(), sink(evaluator, &found, address));
    }
    let mut nested: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for inner in &block.block.body.blocks {
        let made = nested_in(evaluator, block.source, inner, address);
        nested.entry(type_of(inner)).or_default().push(made);
    }
    for (kind, lists) in nested {
        entries.insert(kind.to_owned(), all_of(evaluator, &lists));
    }
    Value::literal(Kind::Map(Arc::new(entries)), Place::new(block.source, block.block.header))
}

/// One entry of a block's [`content`], without what the others would cost.
pub(super) fn part(evaluator: &Evaluator<'_, '_>, block: BlockIn<'_>, address: &str, name: &str) -> Option<Value> {
    let of_type = block.block.body.blocks.iter().filter(|inner| type_of(inner) == name);
    let lists: Vec<Value> = of_type.map(|inner| nested_in(evaluator, block.source, inner, address)).collect();
    if !lists.is_empty() {
        return Some(all_of(evaluator, &lists));
    }
    let attribute = block.block.body.attribute(name)?;
    Some(sink(evaluator, &AttributeIn { source: block.source, attribute }, address))
}

/// What a nested block is one of: a `dynamic` block makes blocks of the type that is its label.
pub(super) fn type_of(nested: &Block) -> &str {
    if nested.kind == "dynamic" { nested.label(0).unwrap_or("") } else { &nested.kind }
}

fn sink(evaluator: &Evaluator<'_, '_>, attribute: &AttributeIn<'_>, address: &str) -> Value {
    let step: Arc<str> = format!("{address}.{}", attribute.attribute.name).into();
    evaluator.attribute(attribute).through(&step, &attribute.place())
}

/// The blocks that one nested block makes, as a list.
fn nested_in(evaluator: &Evaluator<'_, '_>, source: &Arc<Source>, inner: &Block, address: &str) -> Value {
    let address = format!("{address}.{}", type_of(inner));
    if inner.kind == "dynamic" {
        return dynamic(evaluator, source, inner, &address);
    }
    list(vec![content(evaluator, BlockIn { source, block: inner }, &address)])
}

/// The blocks of several lists as one.
fn all_of(evaluator: &Evaluator<'_, '_>, lists: &[Value]) -> Value {
    evaluator
        .combine(lists, |lists| list(lists.iter().filter_map(Value::as_list).flatten().cloned().collect::<Vec<_>>()))
}

fn list(values: Vec<Value>) -> Value {
    Value::new(Kind::List(values.into()))
}

/// The blocks that a `dynamic` block makes, as a list; of a collection that is not known: one with an iterator that is
/// not known, or none. <https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks>
fn dynamic(evaluator: &Evaluator<'_, '_>, source: &Arc<Source>, block: &Block, address: &str) -> Value {
    let iterator = match block.body.attribute("iterator").map(|iterator| &iterator.value.kind) {
        Some(crate::document::hcl::ExprKind::Variable(name)) => name.as_str(),
        _ => block.label(0).unwrap_or(""),
    };
    let for_each = block.body.attribute("for_each").map(|for_each| &for_each.value);
    let surely_list = for_each.is_some_and(is_surely_list);
    let (collection, height) = evaluator.depth.measure(|| match for_each {
        Some(for_each) => evaluator.expr(source, for_each),
        None => Value::unknown(super::value::Reason::Invalid),
    });
    let contents = |round: Value| {
        let evaluator = evaluator.with(&evaluator.names().and_evaluated(iterator, round, height));
        let contents = block.body.blocks.iter().filter(|inner| inner.kind == "content");
        contents.map(|block| content(&evaluator, BlockIn { source, block }, address)).collect::<Vec<_>>()
    };
    evaluator.combine(&[collection], |collection| match elements_of(&collection[0], surely_list, evaluator.budget) {
        Ok(elements) => {
            let rounds = elements.into_iter().map(|(key, value)| map([("key", key), ("value", value)]));
            list(rounds.flat_map(contents).collect())
        }
        Err(_) => {
            let some = list(contents(any_element(&collection[0], evaluator.budget)));
            Value::either([some, list(Vec::new())])
        }
    })
}

impl Value {
    /// All values at a dotted path (`assume_role.role_arn`): through maps by name, through lists and alternatives into
    /// each element. The second part is the path with the names that were passed, for messages.
    pub fn at(&self, path: &str) -> Vec<&Value> {
        let mut found = vec![self];
        for name in path.split('.') {
            let mut next = Vec::new();
            for value in found {
                step_into(value, name, &mut next);
            }
            found = next;
        }
        found
    }
}

fn step_into<'v>(value: &'v Value, name: &str, found: &mut Vec<&'v Value>) {
    match &value.kind {
        Kind::Map(entries) => found.extend(entries.get(name)),
        Kind::List(values) | Kind::Either(values) => values.iter().for_each(|value| step_into(value, name, found)),
        _ => {}
    }
}
