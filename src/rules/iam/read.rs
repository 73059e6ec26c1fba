//! From values to documents: the argument that holds a policy, and the elements of IAM's JSON.

use super::{Condition, Document, Effect, Elements, Principal, Principals, Statement, data, json};
use crate::document::hcl::ExprKind;
use crate::finding::Place;
use crate::resolve::{AttributeIn, Declared, InstanceId, Kind, Origin, Reason, Tree, Value};
use std::sync::Arc;

/// Documents within documents, at most.
const MAX_DEPTH: usize = 8;

/// The documents that an argument of a resource holds, for every instance of the resource: one for each that it may be.
pub fn argument(tree: &Tree<'_>, instance: InstanceId, declared: &Declared<'_>, name: &str) -> Vec<Document> {
    let Some(found) = declared.attribute(name) else { return Vec::new() };
    let first = declared.first().block;
    let prefix = if first.kind == "resource" { String::new() } else { format!("{}.", first.kind) };
    let address = tree.address(instance, &format!("{prefix}{}.{}", declared.label(0), declared.label(1)));
    let mut made = Vec::new();
    for names in tree.rounds(instance, declared) {
        let evaluator = tree.evaluator(instance).with(&names);
        // What is encoded is looked at before it is text: then each part has its own place.
        let value = match &found.attribute.value.kind {
            ExprKind::Call(call) if call.name == "jsonencode" && call.arguments.len() == 1 => {
                evaluator.expr(found.source, &call.arguments[0])
            }
            _ => evaluator.attribute(&found),
        };
        made.extend(documents(tree, &value, &address, &found));
    }
    made
}

/// The documents that a value may be, which an attribute at that address holds.
pub fn documents(tree: &Tree<'_>, value: &Value, address: &str, held: &AttributeIn<'_>) -> Vec<Document> {
    let reader = Reader { tree, address: address.into(), place: Some(held.place()), depth: 0 };
    reader.documents(value)
}

/// Statements of one document, or principals or conditions of one statement, at most; further ones are not known. IAM's
/// own documents are bounded by 20 KB.
const MAX_ITEMS: usize = 1_000;

/// Bytes of JSON that are read for one step of the evaluation's budget.
const BYTES_A_STEP: usize = 16;

/// What the statements of a text are said to stand in, and how deep in documents of documents it is.
pub(super) struct Reader<'t, 'r> {
    pub(super) tree: &'t Tree<'r>,
    pub(super) address: Arc<str>,
    pub(super) place: Option<Place>,
    pub(super) depth: usize,
}

impl Reader<'_, '_> {
    /// The documents that a value may be.
    pub(super) fn documents(&self, value: &Value) -> Vec<Document> {
        let alternatives = value.alternatives();
        let certain = alternatives.len() == 1;
        let made = alternatives.iter().flat_map(|one| self.document(one));
        made.map(|document| Document { certain: certain && document.certain, ..document }).collect()
    }

    fn document(&self, value: &Value) -> Vec<Document> {
        match &value.kind {
            Kind::Map(_) => vec![self.of_json(value)],
            Kind::String(_) | Kind::Partial(_) => {
                let parsed = self.tree.spend(length(value) / BYTES_A_STEP).then(|| json::parse(value)).flatten();
                vec![parsed.map_or_else(unknown, |parsed| self.of_json(&parsed))]
            }
            Kind::Unknown(Reason::Resource { address, attribute })
                if matches!(&**attribute, "json" | "minified_json") && self.depth < MAX_DEPTH =>
            {
                data::documents(self.tree, address, self.depth + 1).unwrap_or_else(|| vec![unknown()])
            }
            _ => vec![unknown()],
        }
    }

    fn of_json(&self, value: &Value) -> Document {
        of_json(value, &self.address, self.place.as_ref())
    }
}

/// The document that AWS itself says a policy of that name is. Nothing is known of what is no JSON.
pub fn answered(text: &str, name: &str) -> Document {
    let text = Value { kind: Kind::String(text.into()), origin: Origin::default() };
    json::parse(&text).map_or_else(unknown, |parsed| of_json(&parsed, &name.into(), None))
}

/// A document of IAM's own JSON.
fn of_json(value: &Value, address: &Arc<str>, place: Option<&Place>) -> Document {
    let (items, open) = items(member(value, "Statement"));
    let statements = items.into_iter().map(|(item, certain)| statement(item, certain, address, place)).collect();
    Document { statements, open, certain: true }
}

fn statement(value: &Value, certain: bool, address: &Arc<str>, place: Option<&Place>) -> Statement {
    let effect = member(value, "Effect").and_then(Value::as_str);
    Statement {
        sid: member(value, "Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty()).map(Into::into),
        effect: effect.and_then(effect_of),
        actions: elements(member(value, "Action"), member(value, "NotAction")).unwrap_or_else(nothing_known),
        resources: elements(member(value, "Resource"), member(value, "NotResource")),
        principals: principals(member(value, "Principal"), member(value, "NotPrincipal")),
        conditions: conditions(member(value, "Condition")),
        certain,
        address: Arc::clone(address),
        place: value.origin.literal.clone().or_else(|| place.cloned()),
    }
}

fn length(text: &Value) -> usize {
    match &text.kind {
        Kind::Partial(pieces) => pieces.iter().filter_map(Value::as_str).map(str::len).sum(),
        _ => text.as_str().map_or(0, str::len),
    }
}

/// A document of which nothing is known.
pub(super) fn unknown() -> Document {
    Document { statements: Vec::new(), open: true, certain: true }
}

pub(super) fn effect_of(text: &str) -> Option<Effect> {
    match text {
        "Allow" => Some(Effect::Allow),
        "Deny" => Some(Effect::Deny),
        _ => None,
    }
}

/// A member of a JSON object; case of the names of elements does not count.
fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let entries = value.as_map()?;
    let found = entries
        .get(name)
        .or_else(|| entries.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value));
    found.filter(|value| !value.is_null())
}

/// The items of a list, or the one item that may stand in its place, each with whether it is surely there; and whether
/// there may be more.
pub(super) fn items(value: Option<&Value>) -> (Vec<(&Value, bool)>, bool) {
    let alternatives = value.map_or(&[][..], Value::alternatives);
    // An item, and in how many of the alternatives it stands.
    let mut found: Vec<(&Value, usize)> = Vec::new();
    let mut open = false;
    for (nth, alternative) in alternatives.iter().enumerate() {
        for item in list_of(alternative).iter().flat_map(Value::alternatives) {
            if item.as_map().is_none() {
                open |= !item.is_null();
                continue;
            }
            // What is written once and stands in every alternative is surely there.
            let place = item.origin.literal.as_ref();
            let same = |(known, times): &&mut (&Value, usize)| {
                *times == nth && place.is_some() && known.origin.literal.as_ref() == place
            };
            if let Some((_, times)) = found.iter_mut().filter(|_| nth > 0).find(same) {
                *times += 1;
            } else if found.len() < MAX_ITEMS {
                found.push((item, 1));
            } else {
                open = true;
            }
        }
    }
    let is_sure = |times: usize| times == alternatives.len();
    (found.into_iter().map(|(item, times)| (item, is_sure(times))).collect(), open)
}

/// `Action` or `NotAction`, `Resource` or `NotResource`; None if there is neither.
pub(super) fn elements(these: Option<&Value>, not_these: Option<&Value>) -> Option<Elements> {
    let (value, negated) = these.map(|value| (value, false)).or_else(|| Some((not_these?, true)))?;
    Some(Elements { negated, values: strings(value) })
}

/// What stands for actions that are not told.
pub(super) fn nothing_known() -> Elements {
    Elements { negated: false, values: Vec::new() }
}

/// The strings of a list, or the one that stands in its place.
pub(super) fn strings(value: &Value) -> Vec<Value> {
    let lists: Vec<&[Value]> = value.alternatives().iter().map(list_of).collect();
    match lists.as_slice() {
        [only] => only.to_vec(),
        // One each: it is one of them.
        many if many.iter().all(|list| list.len() == 1) => vec![Value::either(many.iter().map(|list| list[0].clone()))],
        many => {
            let perhaps = |one: &Value| Value::either([one.clone(), Value::unknown(Reason::Runtime("a list".into()))]);
            many.iter().flat_map(|list| list.iter()).map(perhaps).collect()
        }
    }
}

fn list_of(value: &Value) -> &[Value] {
    match &value.kind {
        Kind::List(values) => values,
        Kind::Null => &[],
        _ => std::slice::from_ref(value),
    }
}

/// `"*"`, or lists by type.
fn principals(these: Option<&Value>, not_these: Option<&Value>) -> Option<Principals> {
    let (value, negated) = these.map(|value| (value, false)).or_else(|| Some((not_these?, true)))?;
    let mut list = Vec::new();
    for one in value.alternatives() {
        match &one.kind {
            Kind::Map(entries) => {
                for (of_type, ids) in entries.iter() {
                    let of_type: Arc<str> = of_type.as_str().into();
                    list.extend(
                        strings(ids).into_iter().map(|id| Principal { of_type: Some(Arc::clone(&of_type)), id }),
                    );
                }
            }
            Kind::String(_) => list.push(Principal { of_type: one.as_str().map(Into::into), id: one.clone() }),
            _ => list.push(Principal { of_type: None, id: one.clone() }),
        }
    }
    Some(Principals { negated, list })
}

/// Operators, each with keys and their values.
fn conditions(value: Option<&Value>) -> Vec<Condition> {
    let mut made = Vec::new();
    let alternatives = value.map_or(&[][..], Value::alternatives);
    for block in alternatives {
        let certain = alternatives.len() == 1;
        let Some(operators) = block.as_map() else {
            made.push(unknown_condition(block));
            continue;
        };
        for (operator, keys) in operators {
            for (key, values, certain) in keys_of(keys, certain) {
                let (operator, key) = (json::key(operator), key.map_or_else(|| keys.clone(), json::key));
                made.push(Condition { operator, key, values, certain });
            }
        }
    }
    made
}

/// Keys with their values; None for a key that is not known.
fn keys_of(keys: &Value, certain: bool) -> Vec<(Option<&str>, Vec<Value>, bool)> {
    let mut found = Vec::new();
    let alternatives = keys.alternatives();
    for block in alternatives {
        let certain = certain && alternatives.len() == 1;
        match block.as_map() {
            Some(entries) => {
                found.extend(entries.iter().map(|(key, values)| (Some(key.as_str()), strings(values), certain)));
            }
            None => found.push((None, Vec::new(), false)),
        }
    }
    found
}

/// A condition of which nothing is known.
pub(super) fn unknown_condition(value: &Value) -> Condition {
    Condition { operator: value.clone(), key: value.clone(), values: Vec::new(), certain: false }
}
