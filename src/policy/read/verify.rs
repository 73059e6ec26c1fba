//! `verify:`.

use super::{Reader, join};
use crate::policy::model::{Origin, Setting, VerifyPolicy};
use crate::text::yaml::Node;

/// The keys below `verify`.
const KEYS: [&str; 3] = ["hosts", "accounts", "canary_accounts"];

/// Reads whom credentials may be sent to.
pub(in crate::policy) fn verify(reader: &mut Reader<'_>, node: &Node) -> VerifyPolicy {
    let mut read = VerifyPolicy::default();
    if node.is_null() || reader.fields(node, "verify", &KEYS).is_none() {
        return read;
    }
    let kind_and_url = |text: &str| text.split_once('=').is_some_and(|(kind, url)| !kind.is_empty() && !url.is_empty());
    let account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    read.hosts = texts(reader, node, KEYS[0], "KIND=URL, for example vault=https://vault.example.com", &kind_and_url);
    read.accounts = texts(reader, node, KEYS[1], "the twelve digits of an AWS account", &account);
    read.canary_accounts = texts(reader, node, KEYS[2], "the twelve digits of an AWS account", &account);
    read
}

fn texts(
    reader: &mut Reader<'_>,
    node: &Node,
    name: &str,
    expected: &str,
    fits: &dyn Fn(&str) -> bool,
) -> Vec<Setting<String>> {
    let key = join("verify", name);
    let mut found = Vec::new();
    for (nth, item) in node.get(name).map_or(&[][..], |list| reader.list(list, &key)).iter().enumerate() {
        let key = format!("{key}[{nth}]");
        match reader.string(item, &key) {
            Some(text) if fits(text) => {
                let from = Origin::File(reader.place(item.span));
                found.push(Setting { value: text.to_owned(), from });
            }
            Some(_) => reader.error(item.span, &key, format!("expected {expected}")),
            None => {}
        }
    }
    found
}
