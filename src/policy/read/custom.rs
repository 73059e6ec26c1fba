//! `custom:`.

use super::rules::level;
use super::{Names, Reader, join, kind};
use crate::finding::{Level, Severity};
use crate::policy::custom::{Check, CustomRule, Requirement, Scalar, Selector};
use crate::policy::error::closest;
use crate::policy::glob::TextGlob;
use crate::policy::model::Setting;
use crate::text::yaml::Node;
use std::collections::BTreeSet;

/// The blocks that Terraform and OpenTofu know at the top of a file: what a selector starts with
/// (<https://github.com/hashicorp/terraform/blob/v1.11.4/internal/configs/parser_config.go>).
pub(in crate::policy) const BLOCKS: [&str; 13] = [
    "terraform",
    "provider",
    "variable",
    "locals",
    "output",
    "module",
    "resource",
    "data",
    "ephemeral",
    "moved",
    "import",
    "removed",
    "check",
];

/// The ids that a file defines: what any other may name, before anything else is read.
pub(in crate::policy) fn custom_ids(root: &Node) -> BTreeSet<String> {
    let items = root.get("custom").and_then(Node::as_sequence).unwrap_or_default();
    items.iter().filter_map(|item| item.get("id")?.as_string()).map(str::to_owned).collect()
}

/// Reads the policy's own rules, each with its level.
pub(in crate::policy) fn custom(
    reader: &mut Reader<'_>,
    node: &Node,
    names: &Names<'_>,
) -> Vec<(CustomRule, Setting<Level>)> {
    let mut out = Vec::new();
    for (nth, item) in reader.list(node, "custom").iter().enumerate() {
        out.extend(rule(reader, item, &format!("custom[{nth}]"), names));
    }
    out
}

fn rule(reader: &mut Reader<'_>, item: &Node, key: &str, names: &Names<'_>) -> Option<(CustomRule, Setting<Level>)> {
    reader.fields(item, key, &["id", "level", "severity", "select", "require", "message"])?;
    let id = reader.required(item, key, "id").and_then(|node| id(reader, node, &join(key, "id"), names));
    let level =
        reader.required(item, key, "level").and_then(|node| level(reader, node, &join(key, "level"), "a level"));
    let severity = match item.get("severity") {
        Some(node) => severity(reader, node, &join(key, "severity")),
        None => Some(Severity::Medium),
    };
    let select = reader.required(item, key, "select").and_then(|node| selector(reader, node, &join(key, "select")));
    let require =
        reader.required(item, key, "require").and_then(|node| requirements(reader, node, &join(key, "require")));
    let message = reader.required_string(item, key, "message").map(|text| text.trim().to_owned());
    let place = reader.place(item.span);
    let rule =
        CustomRule { id: id?, severity: severity?, select: select?, require: require?, message: message?, place };
    Some((rule, level?))
}

fn id(reader: &mut Reader<'_>, node: &Node, key: &str, names: &Names<'_>) -> Option<String> {
    let id = reader.string(node, key)?;
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if id.len() > 64 || !id.split('-').all(is_word) || !id.starts_with(|first: char| first.is_ascii_lowercase()) {
        reader.error_with(node.span, key, "not an id", |error| {
            error.hint("small letters, digits and single hyphens, at most 64, as our-state-bucket")
        });
        return None;
    }
    if names.info(id).is_some() {
        reader.error(node.span, key, "a built-in rule has this name");
        return None;
    }
    Some(id.to_owned())
}

fn severity(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<Severity> {
    const ALL: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
    let word = reader.string(node, key)?;
    let severity = ALL.into_iter().find(|severity| severity.as_str() == word);
    if severity.is_none() {
        reader.error_with(node.span, key, "unknown severity", |error| {
            error
                .suggest(closest(word, ALL.map(Severity::as_str)))
                .hint("severities are low, medium, high and critical")
        });
    }
    severity
}

fn selector(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<Selector> {
    reader.fields(node, key, &["block"])?;
    let text = reader.required_string(node, key, "block")?;
    let (key, span) = (join(key, "block"), node.get("block").map_or(node.span, |block| block.span));
    let segments: Vec<String> = text.split('.').map(str::to_owned).collect();
    let fits = |segment: &String| {
        !segment.is_empty()
            && segment.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '*'))
            && segment.matches('*').count() <= 4
    };
    if segments.len() > 8 || !segments.iter().all(fits) {
        reader.error_with(span, &key, "not a block", |error| {
            error.hint("a block's type and labels with dots between, as terraform.backend.s3 or resource.aws_*")
        });
        return None;
    }
    if !BLOCKS.contains(&segments[0].as_str()) {
        reader.error_with(span, &key, "does not start with a block that Terraform knows", |error| {
            match closest(&segments[0], BLOCKS) {
                Some(word) => error.suggest(Some(word)),
                None => error.hint("resources are written resource.aws_s3_bucket"),
            }
        });
        return None;
    }
    Some(Selector { segments })
}

fn requirements(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<Vec<Requirement>> {
    let entries = reader.mapping(node, key)?;
    if entries.is_empty() {
        reader.error(node.span, key, "is empty: the rule requires nothing");
    }
    let mut out = Vec::new();
    for (name, value) in entries {
        let Some(text) = name.as_str() else { continue };
        let key = join(key, text);
        let attribute: Vec<String> = text.split('.').map(str::to_owned).collect();
        let fits = |part: &String| {
            part.starts_with(|first: char| first.is_alphabetic() || first == '_')
                && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        };
        if attribute.len() > 8 || !attribute.iter().all(fits) {
            reader.error_with(name.span, &key, "not an argument's name", |error| {
                error.hint("as bucket, or assume_role.role_arn of a nested block")
            });
            continue;
        }
        let checks = checks(reader, value, &key);
        out.push(Requirement { attribute, checks, place: reader.place(name.span.join(value.span)) });
    }
    Some(out)
}

fn checks(reader: &mut Reader<'_>, node: &Node, key: &str) -> Vec<Check> {
    if node.as_mapping().is_none() && !node.is_null() {
        reader.error_with(node.span, key, format!("expected a mapping, found {}", kind(node)), |error| {
            error.hint("as { equals: true } or { in: [a, b] }")
        });
        return Vec::new();
    }
    if reader.fields(node, key, &Check::WORDS).is_some_and(<[_]>::is_empty) {
        reader.error(node.span, key, "is empty: it requires nothing");
    }
    let mut out = Vec::new();
    for (name, value) in node.as_mapping().unwrap_or_default() {
        let Some(word) = name.as_str() else { continue };
        out.extend(check(reader, word, value, &join(key, word)));
    }
    out
}

fn check(reader: &mut Reader<'_>, word: &str, node: &Node, key: &str) -> Option<Check> {
    Some(match word {
        "exists" => match node.as_bool() {
            Some(flag) => Check::Exists(flag),
            None => {
                reader.error(node.span, key, format!("expected true or false, found {}", kind(node)));
                return None;
            }
        },
        "equals" => Check::Equals(scalar(reader, node, key)?),
        "not_equals" => Check::NotEquals(scalar(reader, node, key)?),
        "in" => Check::In(scalars(reader, node, key)?),
        "not_in" => Check::NotIn(scalars(reader, node, key)?),
        "matches" => {
            let glob = TextGlob::new(reader.string(node, key)?);
            reader.count(node, key, true);
            match glob {
                Ok(glob) => Check::Matches(glob),
                Err(error) => {
                    reader.error(node.span, key, error.to_string());
                    return None;
                }
            }
        }
        // An unknown word has been told.
        _ => return None,
    })
}

fn scalars(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<Vec<Scalar>> {
    let Some(items) = node.as_sequence().filter(|items| !items.is_empty()) else {
        reader.error(node.span, key, "expected a list of at least one value");
        return None;
    };
    Some(items.iter().enumerate().filter_map(|(nth, item)| scalar(reader, item, &format!("{key}[{nth}]"))).collect())
}

fn scalar(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<Scalar> {
    if let Some(value) = node.as_bool() {
        return Some(Scalar::Bool(value));
    }
    if let Some(text) = node.as_string() {
        return Some(Scalar::String(text.to_owned()));
    }
    if let Some(value) = node.as_int() {
        return Some(Scalar::Integer(value));
    }
    if let Some(value) = node.as_float().filter(|value| value.is_finite()) {
        return Some(Scalar::Float(value));
    }
    reader.error(node.span, key, format!("expected a single value, found {}", kind(node)));
    None
}
