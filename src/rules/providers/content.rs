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
    each_leaf(content, |path, value| found.push((path.join("."), value)));
    found
}

/// Calls `each` with every value that is no collection and the names that lead to it.
pub(super) fn each_leaf<'v>(content: &'v Value, each: impl FnMut(&[&'v str], &'v Value)) {
    Walk { path: Vec::new(), left: MAX_LEAVES, each }.value(content, 0);
}

struct Walk<'v, F> {
    path: Vec<&'v str>,
    left: usize,
    each: F,
}

impl<'v, F: FnMut(&[&'v str], &'v Value)> Walk<'v, F> {
    fn value(&mut self, value: &'v Value, depth: usize) {
        if depth > MAX_DEPTH || self.left == 0 {
            return;
        }
        match &value.kind {
            Kind::Map(entries) => {
                for (name, value) in entries.iter() {
                    self.path.push(name);
                    self.value(value, depth + 1);
                    self.path.pop();
                }
            }
            Kind::List(values) | Kind::Either(values) => values.iter().for_each(|value| self.value(value, depth + 1)),
            _ => {
                self.left -= 1;
                (self.each)(&self.path, value);
            }
        }
    }
}

/// The last part of a dotted path.
pub(in crate::rules) fn leaf(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Whether the provider speaks to a service on this machine or in a developer's containers: an emulator, a server
/// started for a test.
pub(super) fn is_local(content: &Value) -> bool {
    let mut local = false;
    each_leaf(content, |path, value| local |= value.as_str().is_some_and(|text| leads_here(path, text)));
    local
}

fn leads_here(path: &[&str], text: &str) -> bool {
    let leaf = path.last().map_or("", |name| leaf(name));
    if let Some(url) = Url::parse(text).filter(|url| !url.host.is_empty()) {
        return !leaf.contains("proxy") && is_here(url.host);
    }
    let named = ["host", "address", "endpoint", "server", "hostname", "url", "host_name"].contains(&leaf);
    let host = if text.contains("::") { text } else { text.split(':').next().unwrap_or(text) };
    (named || path.first().is_some_and(|first| *first == "endpoints")) && is_here(host)
}

/// Whether a host is this machine or an emulator beside it. Any other name without a dot may be a machine of the
/// office.
pub(super) fn is_here(host: &str) -> bool {
    const EMULATORS: [&str; 8] = ["localstack", "minio", "moto", "azurite", "emulator", "dynamodb", "fake", "mock"];
    let host = host.to_ascii_lowercase();
    let told = host == "localhost" || host.contains(['.', ':']) || EMULATORS.iter().any(|name| host.contains(name));
    told && is_local_host(&host)
}
