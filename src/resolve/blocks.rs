//! Blocks to values: what a provider, backend or resource block finally says.

use super::elements::{any_element, elements_of};
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
pub fn content(evaluator: &Evaluator<'_, '_>, block: BlockIn<'_>, address: &str) -> Value {
    let mut entries: BTreeMap<String, Value> = BTreeMap::new();
    for attribute in &block.block.body.attributes {
        let found = AttributeIn { source: block.source, attribute };
        let step: Arc<str> = format!("{address}.{}", attribute.name).into();
        let value = evaluator.attribute(&found).through(&step, &found.place());
        entries.insert(attribute.name.to_string(), value);
    }
    let mut nested: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for inner in &block.block.body.blocks {
        if inner.kind == "dynamic" {
            let kind = inner.label(0).unwrap_or("").to_owned();
            let address = format!("{address}.{kind}");
            nested.entry(kind).or_default().extend(dynamic(evaluator, block.source, inner, &address));
        } else {
            let address = format!("{address}.{}", inner.kind);
            let value = content(evaluator, BlockIn { source: block.source, block: inner }, &address);
            nested.entry(inner.kind.to_string()).or_default().push(value);
        }
    }
    for (kind, values) in nested {
        entries.insert(kind, Value::new(Kind::List(values.into())));
    }
    Value::literal(Kind::Map(Arc::new(entries)), Place::new(block.source, block.block.header))
}

/// The blocks that a `dynamic` block makes; of an unknown collection: one, with an unknown iterator.
/// <https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks>
fn dynamic(evaluator: &Evaluator<'_, '_>, source: &Arc<Source>, block: &Block, address: &str) -> Vec<Value> {
    let iterator = match block.body.attribute("iterator").map(|iterator| &iterator.value.kind) {
        Some(crate::document::hcl::ExprKind::Variable(name)) => name.as_str(),
        _ => block.label(0).unwrap_or(""),
    };
    let collection = match block.body.attribute("for_each") {
        Some(for_each) => evaluator.expr(source, &for_each.value),
        None => Value::unknown(super::value::Reason::Invalid),
    };
    let rounds: Vec<Value> = match elements_of(&collection) {
        Ok(elements) => elements.into_iter().map(|(key, value)| map([("key", key), ("value", value)])).collect(),
        Err(_) => vec![any_element(&collection)],
    };
    let contents = || block.body.blocks.iter().filter(|inner| inner.kind == "content");
    let mut made = Vec::new();
    for round in rounds {
        let evaluator = evaluator.with(&evaluator.names().and(iterator, round));
        made.extend(contents().map(|block| content(&evaluator, BlockIn { source, block }, address)));
    }
    made
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
