//! `rules:`, of the policy and of a scope.

use super::{Names, Reader, join, kind};
use crate::finding::Level;
use crate::policy::error::closest;
use crate::policy::model::Setting;
use crate::policy::settings::{OptionKind, OptionSpec, OptionValue};
use crate::text::yaml::Node;

/// What is said of one rule.
pub(in crate::policy) struct Entry {
    /// Its id.
    pub(in crate::policy) id: String,
    /// The level.
    pub(in crate::policy) level: Option<Setting<Level>>,
    /// Whether its findings may be hidden.
    pub(in crate::policy) ignorable: Option<Setting<bool>>,
    /// The options.
    pub(in crate::policy) options: Vec<(&'static OptionSpec, Setting<OptionValue>)>,
}

/// Reads the rules under `key`.
pub(in crate::policy) fn rules(
    reader: &mut Reader<'_>,
    node: &Node,
    key: &str,
    names: &Names<'_>,
    scoped: bool,
) -> Vec<Entry> {
    if node.is_null() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (name, value) in reader.mapping(node, key).unwrap_or_default() {
        let Some(id) = name.as_str() else { continue };
        let key = join(key, id);
        if !names.knows(id) {
            reader.unknown_rule(name, &key, id, names);
            continue;
        }
        out.push(entry(reader, id, value, &key, names, scoped));
    }
    out
}

fn entry(reader: &mut Reader<'_>, id: &str, value: &Node, key: &str, names: &Names<'_>, scoped: bool) -> Entry {
    let mut entry = Entry { id: id.to_owned(), level: None, ignorable: None, options: Vec::new() };
    if value.as_mapping().is_none() {
        entry.level = level(reader, value, key, "a level or a mapping with `level`, `options` or `ignorable`");
        return entry;
    }
    let known = ["level", "options", "ignorable"];
    if reader.fields(value, key, &known).is_none_or(<[_]>::is_empty) {
        reader.error(value.span, key, "says nothing: it has neither `level` nor `options` nor `ignorable`");
    }
    if let Some(node) = value.get("level") {
        entry.level = level(reader, node, &join(key, "level"), "a level");
    }
    if let Some((name, node)) = value.entry("ignorable") {
        let key = join(key, "ignorable");
        match node.as_bool() {
            _ if scoped => reader.error_with(name.span, &key, "cannot be said for some paths only", |error| {
                error.hint("say it under the policy's own `rules`")
            }),
            Some(flag) => entry.ignorable = Some(reader.setting(flag, node)),
            None => reader.error(node.span, &key, format!("expected true or false, found {}", kind(node))),
        }
    }
    if let Some(node) = value.get("options") {
        let specs = names.info(id).map_or(&[][..], |info| info.options);
        entry.options = options(reader, node, &join(key, "options"), specs);
    }
    entry
}

/// Reads a level.
pub(super) fn level(reader: &mut Reader<'_>, node: &Node, key: &str, expected: &str) -> Option<Setting<Level>> {
    let word = node.as_str().unwrap_or_default();
    if node.as_string().is_some()
        && let Some(level) = Level::parse(word)
    {
        return Some(reader.setting(level, node));
    }
    if node.as_str().is_none() {
        reader.error(node.span, key, format!("expected {expected}, found {}", kind(node)));
        return None;
    }
    reader.error_with(node.span, key, "unknown level", |error| match meant(word) {
        Some(level) => error.suggest(Some(level)),
        None => error.hint("levels are error, warning, note and off"),
    });
    None
}

/// The level that is meant by other tools' words.
fn meant(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "false" | "no" | "none" | "never" | "disable" | "disabled" | "ignore" | "skip" | "allow" => Some("off"),
        "info" | "information" | "notice" | "hint" => Some("note"),
        "err" | "fail" | "deny" | "forbid" | "fatal" | "true" => Some("error"),
        word => closest(word, Level::ALL.map(Level::as_str)),
    }
}

fn options(
    reader: &mut Reader<'_>,
    node: &Node,
    key: &str,
    specs: &'static [OptionSpec],
) -> Vec<(&'static OptionSpec, Setting<OptionValue>)> {
    let mut out = Vec::new();
    for (name, value) in reader.mapping(node, key).unwrap_or_default() {
        let Some(text) = name.as_str() else { continue };
        let key = join(key, text);
        let Some(spec) = specs.iter().find(|spec| spec.name == text) else {
            let suggestion = closest(text, specs.iter().map(|spec| spec.name));
            let known: Vec<_> = specs.iter().map(|spec| spec.name).collect();
            reader.error_with(name.span, &key, "unknown option", |error| match (suggestion, known.is_empty()) {
                (Some(word), _) => error.suggest(Some(word)),
                (None, true) => error.hint("this rule takes none"),
                (None, false) => error.hint(format!("this rule takes {}", known.join(", "))),
            });
            continue;
        };
        if let Some(taken) = option(reader, value, &key, &spec.kind) {
            out.push((spec, reader.setting(taken, value)));
        }
    }
    out
}

fn option(reader: &mut Reader<'_>, node: &Node, key: &str, kind: &OptionKind) -> Option<OptionValue> {
    match kind {
        OptionKind::Integer { min, max, .. } => match node.as_int() {
            Some(value) if (*min..=*max).contains(&value) => return Some(OptionValue::Integer(value)),
            Some(_) => reader.error(node.span, key, format!("expected a number from {min} to {max}")),
            None => reader.error(node.span, key, format!("expected a whole number, found {}", super::kind(node))),
        },
        OptionKind::Flag { .. } => match node.as_bool() {
            Some(value) => return Some(OptionValue::Flag(value)),
            None => reader.error(node.span, key, format!("expected true or false, found {}", super::kind(node))),
        },
        OptionKind::Strings { allowed, .. } => return strings(reader, node, key, allowed),
    }
    None
}

fn strings(reader: &mut Reader<'_>, node: &Node, key: &str, allowed: &[&str]) -> Option<OptionValue> {
    let Some(items) = node.as_sequence() else {
        reader.error(node.span, key, format!("expected a list, found {}", kind(node)));
        return None;
    };
    let mut out = Vec::new();
    for (nth, item) in items.iter().enumerate() {
        let key = format!("{key}[{nth}]");
        let Some(text) = reader.string(item, &key) else { continue };
        if allowed.is_empty() || allowed.contains(&text) {
            out.push(text.to_owned());
            continue;
        }
        let suggestion = closest(text, allowed.iter().copied());
        reader.error_with(item.span, &key, "not one of the values taken", |error| {
            error.suggest(suggestion).hint(format!("taken are {}", allowed.join(", ")))
        });
    }
    Some(OptionValue::Strings(out))
}
