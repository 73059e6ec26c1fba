//! The content of a provider block as rules look through it.

use crate::resolve::{Kind, Value};
use crate::rules::url::{Url, is_local_host};

/// Values within values that are followed.
const MAX_DEPTH: usize = 12;
/// Values of one block that are looked at, at most.
const MAX_LEAVES: usize = 10_000;

/// Every value that is no collection, with its dotted path: list elements share their list's, alternatives their
/// value's.
pub(in crate::rules) fn leaves(content: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    collect(content, "", 0, &mut found);
    found
}

fn collect<'v>(value: &'v Value, path: &str, depth: usize, found: &mut Vec<(String, &'v Value)>) {
    if depth > MAX_DEPTH || found.len() >= MAX_LEAVES {
        return;
    }
    match &value.kind {
        Kind::Map(entries) => {
            for (name, value) in entries.iter() {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(value, &path, depth + 1, found);
            }
        }
        Kind::List(values) | Kind::Either(values) => {
            values.iter().for_each(|value| collect(value, path, depth + 1, found));
        }
        _ => found.push((path.to_owned(), value)),
    }
}

/// The last part of a dotted path.
pub(in crate::rules) fn leaf(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Whether the provider speaks to a service on this machine or in a developer's containers: an emulator, a server
/// started for a test.
pub(super) fn is_local(content: &Value) -> bool {
    leaves(content).iter().any(|(path, value)| value.as_str().is_some_and(|text| leads_here(path, text)))
}

fn leads_here(path: &str, text: &str) -> bool {
    if let Some(url) = Url::parse(text).filter(|url| !url.host.is_empty()) {
        return !leaf(path).contains("proxy") && is_here(url.host);
    }
    let named = ["host", "address", "endpoint", "server", "hostname", "url", "host_name"].contains(&leaf(path));
    let host = if text.contains("::") { text } else { text.split(':').next().unwrap_or(text) };
    (named || path.starts_with("endpoints.")) && is_here(host)
}

/// Whether a host is this machine or an emulator beside it. Any other name without a dot may be a machine of the
/// office.
pub(super) fn is_here(host: &str) -> bool {
    const EMULATORS: [&str; 8] = ["localstack", "minio", "moto", "azurite", "emulator", "dynamodb", "fake", "mock"];
    let host = host.to_ascii_lowercase();
    let told = host == "localhost" || host.contains(['.', ':']) || EMULATORS.iter().any(|name| host.contains(name));
    told && is_local_host(&host)
}
