//! Values in files of logins: Terraform's own, `.netrc`, AWS's shared credentials.

use crate::document::hcl::Body;
use crate::document::{Document, Kind as FileKind};
use crate::finding::{Beside, CredentialUse, Place, Secret};
use crate::resolve::{Kind, Value, constant};
use crate::rules::secret::{Judgement, aws_access_key_id, credential_use, judge_secret, kind_of, recognise};
use crate::rules::url::Url;
use crate::text::{Span, ini, json, netrc};
use std::collections::HashMap;

/// A secret in a file of logins.
pub(super) struct Login {
    /// What it belongs to: `credentials.app.terraform.io`, `machine.example.com`, `profile.default`.
    pub(super) address: String,
    /// The name of the value.
    pub(super) attribute: String,
    /// Where the value stands.
    pub(super) place: Place,
    /// For the inventory.
    pub(super) credential: CredentialUse,
}

/// The secrets of a file of logins, in the order they stand in.
pub(super) fn of(document: &Document) -> Vec<Login> {
    let mut found = Vec::new();
    match document.kind {
        FileKind::CliConfig => match (&document.body, json::parse(document.source.bytes())) {
            (Some(body), _) => in_body(document, body, "", &mut found),
            (None, Ok(root)) => in_json(document, &root, ("", ""), 0, &mut found),
            (None, Err(_)) => {}
        },
        FileKind::Netrc => in_netrc(document, &mut found),
        FileKind::AwsCredentials => in_aws(document, &mut found),
        _ => {}
    }
    found
}

/// Values within values that are followed; these files have three levels.
const MAX_DEPTH: usize = 16;

/// Blocks by their type and labels, attributes by their name: `credentials`, OpenTofu's `oci_credentials`, and
/// addresses of mirrors.
///
/// <https://developer.hashicorp.com/terraform/cli/config/config-file#credentials>,
/// <https://opentofu.org/docs/cli/oci_registries/credentials/>
fn in_body(document: &Document, body: &Body, address: &str, found: &mut Vec<Login>) {
    for attribute in &body.attributes {
        let value = constant(&document.source, &attribute.value);
        in_value(address, &attribute.name, &value, 0, found);
    }
    // Terraform itself refuses blocks nested deeper than that.
    for block in body.blocks.iter().filter(|_| address.matches('.').count() < MAX_DEPTH) {
        let labels = block.labels.iter().map(|label| label.text.as_str());
        let name = std::iter::once(block.kind.as_str()).chain(labels).collect::<Vec<_>>().join(".");
        in_body(document, &block.body, &below(address, &name), found);
    }
}

fn in_value(address: &str, name: &str, value: &Value, depth: usize, found: &mut Vec<Login>) {
    match &value.kind {
        Kind::String(_) => add(address, name, value, found),
        Kind::List(values) | Kind::Either(values) if depth < MAX_DEPTH => {
            values.iter().for_each(|value| in_value(address, name, value, depth + 1, found));
        }
        Kind::Map(entries) if depth < MAX_DEPTH => {
            let address = below(address, name);
            entries.iter().for_each(|(name, value)| in_value(&address, name, value, depth + 1, found));
        }
        _ => {}
    }
}

fn in_json(
    document: &Document,
    node: &json::Node,
    (address, name): (&str, &str),
    depth: usize,
    found: &mut Vec<Login>,
) {
    if depth > MAX_DEPTH {
        return;
    }
    if let Some(text) = node.as_str() {
        let value = Value::literal(Kind::String(text.into()), Place::new(&document.source, node.span));
        add(address, name, &value, found);
    }
    node.elements().iter().for_each(|node| in_json(document, node, (address, name), depth + 1, found));
    let address = below(address, name);
    for (key, node) in node.members() {
        in_json(document, node, (&address, &key.text), depth + 1, found);
    }
}

fn below(address: &str, name: &str) -> String {
    if address.is_empty() { name.to_owned() } else { format!("{address}.{name}") }
}

/// Adds what is a secret by its name, by its format, or as the password of an address.
fn add(address: &str, name: &str, value: &Value, found: &mut Vec<Login>) {
    let Some(text) = value.as_str() else { return };
    let named = matches!(name, "token" | "password" | "access_token" | "refresh_token" | "atlas_token");
    let secret = match Url::parse(text).and_then(|url| url.password()) {
        Some(password) => password,
        None if named || recognise(text).is_some() => text,
        None => return,
    };
    push((address, name), value, secret, (kind_of(name, secret), None), found);
}

fn push(
    (address, name): (&str, &str),
    value: &Value,
    secret: &str,
    (kind, id): (&'static str, Option<&str>),
    found: &mut Vec<Login>,
) {
    if judge_secret(secret) != Judgement::Secret {
        return;
    }
    if let Some(credential) = credential_use(kind, value, secret, id) {
        let credential = credential.beside(host_of(address).into_iter().collect());
        let (address, attribute) = (address.to_owned(), name.to_owned());
        found.push(Login { address, attribute, place: credential.place.clone(), credential });
    }
}

/// The host that a block of `credentials` is for.
fn host_of(address: &str) -> Option<Beside> {
    let host = address.strip_prefix("credentials.").or_else(|| address.strip_prefix("machine."))?;
    Some(Beside { name: "hostname".into(), value: Secret::new(host) })
}

fn in_netrc(document: &Document, found: &mut Vec<Login>) {
    let Ok(text) = std::str::from_utf8(document.source.bytes()) else { return };
    for machine in netrc::machines(text) {
        // What a file transfer without an account sends as its password.
        if machine.login.eq_ignore_ascii_case("anonymous") {
            continue;
        }
        let address = if machine.name.is_empty() { "default".to_owned() } else { format!("machine.{}", machine.name) };
        for span in machine.passwords {
            let (secret, value) = literal(document, text, span);
            push((&address, "password"), &value, secret, (kind_of("password", secret), None), found);
        }
    }
}

/// Entries of a profile that are told beside its key.
const MAX_BESIDE: usize = 8;

/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html>
fn in_aws(document: &Document, found: &mut Vec<Login>) {
    let Ok(text) = std::str::from_utf8(document.source.bytes()) else { return };
    let entries = ini::entries(text);
    let ids = entries.iter().filter(|entry| entry.name == "aws_access_key_id");
    let ids: HashMap<&str, &str> =
        ids.filter_map(|entry| Some((entry.section, aws_access_key_id(&text[entry.value.range()])?))).collect();
    // The token of a session and the region are the same profile's. Of several the first few suffice to tell them apart.
    let mut session: HashMap<&str, Vec<Beside>> = HashMap::new();
    for entry in entries.iter().filter(|entry| matches!(entry.name, "aws_session_token" | "region")) {
        let known = session.entry(entry.section).or_default();
        if known.len() < MAX_BESIDE {
            known.push(Beside { name: entry.name.to_owned(), value: Secret::new(&text[entry.value.range()]) });
        }
    }
    for entry in &entries {
        let id = ids.get(entry.section).copied();
        let kind = match (entry.name, id) {
            ("aws_secret_access_key", Some(_)) => "aws-access-key",
            ("aws_secret_access_key", None) => "aws-secret-key",
            ("aws_session_token", _) => "aws-session-token",
            _ => continue,
        };
        let id = id.filter(|_| kind == "aws-access-key");
        let profile = entry.section.strip_prefix("profile ").unwrap_or(entry.section).trim();
        let (secret, value) = literal(document, text, entry.value);
        let before = found.len();
        push((&format!("profile.{profile}"), entry.name), &value, secret, (kind, id), found);
        let beside = session.get(entry.section).cloned().unwrap_or_default();
        found[before..].iter_mut().for_each(|login| login.credential.beside.clone_from(&beside));
    }
}

fn literal<'t>(document: &Document, text: &'t str, span: Span) -> (&'t str, Value) {
    let secret = &text[span.range()];
    (secret, Value::literal(Kind::String(secret.into()), Place::new(&document.source, span)))
}
