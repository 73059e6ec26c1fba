//! `scopes:` and `exceptions:`.

use super::{Names, Reader, join, rules};
use crate::policy::model::{Exception, Scope, ScopedRule};
use crate::text::yaml::Node;
use jiff::civil::Date;

/// Reads the scopes.
pub(in crate::policy) fn scopes(reader: &mut Reader<'_>, node: &Node, names: &Names<'_>) -> Vec<Scope> {
    let mut out = Vec::new();
    for (nth, item) in reader.list(node, "scopes").iter().enumerate() {
        let key = format!("scopes[{nth}]");
        if reader.fields(item, &key, &["paths", "rules"]).is_none() {
            continue;
        }
        let paths = reader.paths(item, &key);
        let entries = reader.required(item, &key, "rules").map(|node| {
            if node.is_null() || node.as_mapping().is_some_and(<[_]>::is_empty) {
                reader.error(node.span, &join(&key, "rules"), "is empty: the scope says nothing");
            }
            rules(reader, node, &join(&key, "rules"), names, true)
        });
        if let (Some(paths), Some(entries)) = (paths, entries) {
            let scoped = entries.into_iter().map(|entry| ScopedRule {
                id: entry.id,
                level: entry.level,
                options: entry.options,
                settings: None,
            });
            out.push(Scope { paths, rules: scoped.collect(), place: reader.place(item.span) });
        }
    }
    out
}

/// Reads the exceptions.
pub(in crate::policy) fn exceptions(reader: &mut Reader<'_>, node: &Node, names: &Names<'_>) -> Vec<Exception> {
    let mut out = Vec::new();
    for (nth, item) in reader.list(node, "exceptions").iter().enumerate() {
        out.extend(exception(reader, item, &format!("exceptions[{nth}]"), names));
    }
    out
}

fn exception(reader: &mut Reader<'_>, item: &Node, key: &str, names: &Names<'_>) -> Option<Exception> {
    reader.fields(item, key, &["rule", "path", "address", "reason", "expires"])?;
    let rule = reader.required(item, key, "rule").and_then(|node| reader.rule_id(node, &join(key, "rule"), names));
    let path = reader.required(item, key, "path").and_then(|node| reader.path(node, &join(key, "path")));
    let address = match item.get("address") {
        Some(node) => Some(reader.string(node, &join(key, "address"))?.to_owned()),
        None => None,
    };
    let reason = reader.required_string(item, key, "reason").map(|reason| reason.trim().to_owned());
    let expires = reader.required(item, key, "expires").and_then(|node| date(reader, node, &join(key, "expires")));
    let place = reader.place(item.span);
    Some(Exception { rule: rule?, path: path?, address, reason: reason?, expires: expires?, place })
}

fn date(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<Date> {
    let date = node.as_str().and_then(crate::policy::ignore::parse_date);
    if date.is_none() {
        reader.error_with(node.span, key, "not a date", |error| error.hint("a day that exists, as 2027-01-31"));
    }
    date
}
