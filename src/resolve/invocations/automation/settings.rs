//! Names and values as pipelines write them: a mapping, `name` and `value`, `NAME=value`.

use super::super::lexer::{Dialect, Lexer};
use super::super::pipelines::{get, scalar};
use super::super::words::Word;
use super::draft::Draft;
use super::{Holder, Site};
use crate::text::yaml::Node;

/// Reads variables in any of these forms; values that are mappings of their own are left out, unless they hold the
/// value and what else is known of it (GitLab's `value` and `description`).
pub(super) fn read(node: &Node, dialect: Dialect, holder: Holder, site: Site, draft: &mut Draft<'_>) {
    for item in node.as_sequence().unwrap_or_default() {
        if item.as_mapping().is_some() {
            named(item, dialect, holder, site, draft);
        } else if let Some(word) = value(draft, item, dialect)
            && let Some((name, pieces, _)) = word.assignment()
        {
            let value = Word { span: word.span_of(&pieces), pieces, array: Vec::new() };
            draft.setting(name, value, holder, site);
        }
    }
    if node.as_mapping().is_some() {
        named(node, dialect, holder, site, draft);
    }
}

/// One mapping: `NAME: value`, or `name: NAME` and `value: value`.
fn named(node: &Node, dialect: Dialect, holder: Holder, site: Site, draft: &mut Draft<'_>) {
    if let Some((name, given)) = get(node, "name").and_then(Node::as_str).zip(get(node, "value")) {
        return one(name, given, dialect, holder, site, draft);
    }
    for (name, given) in node.merged() {
        if let Some(name) = name.as_str() {
            let given = get(given, "value").unwrap_or(given);
            one(name, given, dialect, holder, site, draft);
        }
    }
}

fn one(name: &str, given: &Node, dialect: Dialect, holder: Holder, site: Site, draft: &mut Draft<'_>) {
    if let Some(word) = value(draft, given, dialect) {
        draft.setting(name, word, holder, site);
    }
}

/// The defaults of parameters: `name: {default: value}`, or a list of `name` and `default`.
pub(super) fn defaults(node: &Node, dialect: Dialect, site: Site, draft: &mut Draft<'_>) {
    for item in node.as_sequence().unwrap_or_default() {
        if let Some((name, given)) = get(item, "name").and_then(Node::as_str).zip(get(item, "default")) {
            one(name, given, dialect, Holder::Default, site, draft);
        }
    }
    for (name, parameter) in node.merged() {
        if let Some((name, given)) = name.as_str().zip(get(parameter, "default")) {
            one(name, given, dialect, Holder::Default, site, draft);
        }
    }
}

/// A scalar that may hold a text: no boolean, not null.
fn value(draft: &Draft<'_>, node: &Node, dialect: Dialect) -> Option<Word> {
    if node.is_null() || node.as_bool().is_some() {
        return None;
    }
    scalar::script(draft.source, node).map(|script| Lexer::new(&script, dialect).value())
}
