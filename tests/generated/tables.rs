//! The tables in `src/resolve/schema`, made from `data/`.

use serde_json::Value;
use std::fmt::Write as _;

/// Text of `src/resolve/schema/backends.rs`.
pub(super) fn backends() -> String {
    let mut out = header("State backends", "backends.json", "BackendSchema");
    out.push_str("pub(super) const BACKENDS: &[BackendSchema] = &[\n");
    for entry in entries(include_str!("../../data/backends.json")) {
        let (name, removed) = (text(&entry, "name"), option(&entry, "removed_after"));
        let (tofu, locks) = (flag(&entry, "opentofu"), flag(&entry, "locks_always"));
        let _ = writeln!(
            out,
            "    BackendSchema {{ name: {name}, removed_after: {removed}, opentofu: {tofu}, locks_always: {locks}, arguments: &["
        );
        arguments(&mut out, &entry);
    }
    out + "];\n"
}

/// Text of `src/resolve/schema/providers.rs`.
pub(super) fn providers() -> String {
    let mut out = header("Provider blocks", "providers.json", "ProviderSchema");
    out.push_str("pub(super) const PROVIDERS: &[ProviderSchema] = &[\n");
    for entry in entries(include_str!("../../data/providers.json")) {
        let (name, source, keyless) = (text(&entry, "name"), text(&entry, "source"), text(&entry, "keyless"));
        let _ =
            writeln!(out, "    ProviderSchema {{ name: {name}, source: {source}, keyless: {keyless}, arguments: &[");
        arguments(&mut out, &entry);
    }
    out + "];\n"
}

fn header(what: &str, file: &str, of_type: &str) -> String {
    format!(
        "//! {what}. Generated from `data/{file}`; `UPDATE=1 cargo test generated` writes it anew.\n\n\
         use super::{{Argument, ArgumentKind, {of_type}}};\n\n"
    )
}

fn entries(json: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(json).expect("data/ holds JSON");
    document["entries"].as_array().expect("data/ holds entries").clone()
}

fn arguments(out: &mut String, entry: &Value) {
    for argument in entry["arguments"].as_array().expect("an entry has arguments") {
        let kind: String = argument["kind"].as_str().unwrap_or("").split('_').map(capital).collect();
        let env: Vec<String> = argument["env"].as_array().into_iter().flatten().map(|name| name.to_string()).collect();
        let _ = writeln!(
            out,
            "        Argument {{ path: {}, kind: ArgumentKind::{kind}, secret: {}, required: {}, env: &[{}], deprecated_since: {}, removed_after: {} }},",
            text(argument, "path"),
            flag(argument, "secret"),
            flag(argument, "required"),
            env.join(", "),
            option(argument, "deprecated_since"),
            option(argument, "removed_after"),
        );
    }
    out.push_str("    ] },\n");
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

fn text(entry: &Value, key: &str) -> String {
    format!("{:?}", entry[key].as_str().unwrap_or(""))
}

fn option(entry: &Value, key: &str) -> String {
    entry[key].as_str().map_or("None".into(), |text| format!("Some({text:?})"))
}

fn flag(entry: &Value, key: &str) -> bool {
    entry[key].as_bool().unwrap_or(false)
}
