//! `data "aws_iam_policy_document"`: statements in blocks, and documents merged into one another.
//!
//! Defaults and the merging are the provider's:
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document>

use super::read::{Reader, effect_of, elements, items, nothing_known, strings, unknown_condition};
use super::{Condition, Document, Effect, Principal, Principals, Statement};
use crate::resolve::{Kind, Tree, Value};
use std::sync::Arc;

/// Alternatives of merged documents, at most.
const MAX_MERGED: usize = 64;

/// The documents of the data source at an address, one for each of its instances; none if there is none.
pub fn of_data(tree: &Tree<'_>, address: &str) -> Vec<Document> {
    documents(tree, address, 0).unwrap_or_default()
}

/// The documents of a data source by its address: one for each of its instances. None if it is no such data source or
/// is not in the repository.
pub(super) fn documents(tree: &Tree<'_>, address: &str, depth: usize) -> Option<Vec<Document>> {
    let (instance, declared) = tree.resource(address)?;
    let first = declared.first().block;
    if first.kind != "data" || declared.label(0) != "aws_iam_policy_document" {
        return None;
    }
    let mut made = Vec::new();
    for names in tree.rounds(instance, declared) {
        let evaluator = tree.evaluator(instance).with(&names);
        let reader = Reader { tree, address: address.into(), place: Some(declared.first().header()), depth };
        let mut layers: Vec<Value> = declared.layers.iter().map(|layer| evaluator.block(*layer, address)).collect();
        let content = layers.remove(0);
        // An override file replaces arguments and all blocks of a type.
        let content = layers.iter().fold(content, |below, above| overridden(&below, above));
        made.extend(reader.merged(&content));
    }
    made.truncate(MAX_MERGED);
    Some(made)
}

fn overridden(below: &Value, above: &Value) -> Value {
    let (Some(base), Some(changes)) = (below.as_map(), above.as_map()) else { return below.clone() };
    let mut entries = base.clone();
    entries.extend(changes.iter().map(|(name, value)| (name.clone(), value.clone())));
    Value { kind: Kind::Map(Arc::new(entries)), origin: below.origin.clone() }
}

impl Reader<'_, '_> {
    /// The document's own statements over those of its sources, and under those that override it.
    fn merged(&self, content: &Value) -> Vec<Document> {
        let argument = |name: &str| content.as_map().and_then(|entries| entries.get(name)).filter(|v| !v.is_null());
        let mut made = vec![Document { certain: true, ..Document::default() }];
        for value in ["source_json", "source_policy_documents"].into_iter().filter_map(argument) {
            self.add_all(&mut made, value);
        }
        let own = self.own(argument("statement"));
        made = made.into_iter().map(|document| merge(document, &own)).collect();
        for value in ["override_policy_documents", "override_json"].into_iter().filter_map(argument) {
            self.add_all(&mut made, value);
        }
        made
    }

    /// Merges a list of documents, or one, in their order.
    fn add_all(&self, made: &mut Vec<Document>, value: &Value) {
        for text in strings(value) {
            let documents = self.documents(&text);
            let statements =
                |documents: &[Document]| documents.iter().map(|one| one.statements.len() + 1).sum::<usize>();
            if !self.tree.spend(statements(made) * statements(&documents)) {
                made.iter_mut().for_each(|document| document.open = true);
                return;
            }
            let pairs = made.iter().flat_map(|below| documents.iter().map(move |above| (below, above)));
            *made = pairs.take(MAX_MERGED).map(|(below, above)| merge(below.clone(), above)).collect();
        }
    }

    fn own(&self, blocks: Option<&Value>) -> Document {
        let (items, open) = items(blocks);
        let statements = items.into_iter().map(|(item, certain)| self.of_block(item, certain)).collect();
        Document { statements, open, certain: true }
    }

    fn of_block(&self, block: &Value, certain: bool) -> Statement {
        let argument = |name: &str| block.as_map().and_then(|entries| entries.get(name)).filter(|v| !v.is_null());
        let effect = match argument("effect") {
            Some(effect) => effect.as_str().and_then(effect_of),
            None => Some(Effect::Allow),
        };
        Statement {
            sid: argument("sid").and_then(Value::as_str).filter(|sid| !sid.is_empty()).map(Into::into),
            effect,
            actions: elements(argument("actions"), argument("not_actions")).unwrap_or_else(nothing_known),
            resources: elements(argument("resources"), argument("not_resources")),
            principals: principals(argument("principals"), argument("not_principals")),
            conditions: conditions(argument("condition")),
            certain,
            address: Arc::clone(&self.address),
            place: block.origin.literal.clone().or_else(|| self.place.clone()),
        }
    }
}

/// A document over another: a statement replaces an earlier one of the same id.
fn merge(mut below: Document, above: &Document) -> Document {
    for statement in &above.statements {
        let same = |earlier: &&mut Statement| earlier.sid.is_some() && earlier.sid == statement.sid;
        match below.statements.iter_mut().find(same) {
            Some(earlier) if statement.certain => *earlier = statement.clone(),
            Some(earlier) => {
                earlier.certain = false;
                below.statements.push(statement.clone());
            }
            None => below.statements.push(statement.clone()),
        }
    }
    below.open |= above.open;
    below.certain &= above.certain;
    below
}

/// `principals` blocks: a type and identifiers each.
fn principals(these: Option<&Value>, not_these: Option<&Value>) -> Option<Principals> {
    let (value, negated) = these.map(|value| (value, false)).or_else(|| Some((not_these?, true)))?;
    let (items, open) = items(Some(value));
    let mut list = Vec::new();
    for (item, certain) in items {
        let Some(entries) = item.as_map() else { continue };
        let of_type: Option<Arc<str>> = entries.get("type").and_then(Value::as_str).map(Into::into);
        let of_type = of_type.filter(|_| certain);
        let ids = entries.get("identifiers").map(strings).unwrap_or_default();
        list.extend(ids.into_iter().map(|id| Principal { of_type: of_type.clone(), id }));
    }
    if open {
        list.push(Principal { of_type: None, id: value.clone() });
    }
    Some(Principals { negated, list })
}

/// `condition` blocks; those of one operator and key are one condition, which any of their values meets.
fn conditions(blocks: Option<&Value>) -> Vec<Condition> {
    let (items, open) = items(blocks);
    let mut made: Vec<Condition> = Vec::new();
    for (item, certain) in items {
        let argument = |name: &str| item.as_map().and_then(|entries| entries.get(name));
        let (Some(operator), Some(key)) = (argument("test"), argument("variable")) else { continue };
        let values = argument("values").map(strings).unwrap_or_default();
        let same = |earlier: &&mut Condition| {
            let is = |one: &Value, other: &Value| one.as_str().is_some() && one.as_str() == other.as_str();
            certain && earlier.certain && is(&earlier.operator, operator) && is(&earlier.key, key)
        };
        match made.iter_mut().find(same) {
            Some(earlier) => earlier.values.extend(values),
            None => made.push(Condition { operator: operator.clone(), key: key.clone(), values, certain }),
        }
    }
    if let Some(blocks) = blocks.filter(|_| open) {
        made.push(unknown_condition(blocks));
    }
    made
}
