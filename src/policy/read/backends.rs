//! `backends:`.

use super::{Reader, join, kind};
use crate::policy::error::closest;
use crate::policy::model::{BackendValues, Supplied, SuppliedKind};
use crate::text::yaml::Node;
use std::collections::BTreeMap;

/// Terraform's backends, past and present, and the `cloud` block: the packages of
/// <https://github.com/hashicorp/terraform/tree/v1.11.4/internal/backend/remote-state>, and those removed in 1.3
/// (<https://github.com/hashicorp/terraform/blob/v1.3.0/internal/backend/init/init.go>).
pub(in crate::policy) const BACKENDS: [&str; 21] = [
    "artifactory",
    "atlas",
    "azure",
    "azurerm",
    "cloud",
    "consul",
    "cos",
    "etcd",
    "etcdv3",
    "gcs",
    "http",
    "inmem",
    "kubernetes",
    "local",
    "manta",
    "oci",
    "oss",
    "pg",
    "remote",
    "s3",
    "swift",
];

/// Arguments of backends that hold a secret, or a part of one; none of them says where or how state is kept.
const SECRET: [&str; 25] = [
    "access_key",
    "access_token",
    "application_credential_secret",
    "client_certificate_password",
    "client_key",
    "client_private_key_pem",
    "client_secret",
    "conn_str",
    "credentials",
    "customer_provided_key",
    "encryption_key",
    "http_auth",
    "key_material",
    "oidc_token",
    "oidc_request_token",
    "password",
    "private_key",
    "private_key_password",
    "sas_token",
    "secret_id",
    "secret_key",
    "security_token",
    "sse_customer_key",
    "token",
    "web_identity_token",
];

/// Reads the values of partial backends.
pub(in crate::policy) fn backends(reader: &mut Reader<'_>, node: &Node) -> Vec<BackendValues> {
    let mut out = Vec::new();
    for (nth, item) in reader.list(node, "backends").iter().enumerate() {
        out.extend(entry(reader, item, &format!("backends[{nth}]")));
    }
    out
}

fn entry(reader: &mut Reader<'_>, item: &Node, key: &str) -> Option<BackendValues> {
    reader.fields(item, key, &["paths", "type", "values"])?;
    let paths = reader.paths(item, key);
    let backend = reader.required(item, key, "type").and_then(|node| backend_type(reader, node, &join(key, "type")));
    let values = reader.required(item, key, "values").and_then(|node| map(reader, node, &join(key, "values")));
    let place = reader.place(item.span);
    Some(BackendValues { paths: paths?, backend: backend?, values: values?, place })
}

fn backend_type(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<String> {
    let name = reader.string(node, key)?;
    if BACKENDS.contains(&name) {
        return Some(name.to_owned());
    }
    reader.error_with(node.span, key, "not a backend of Terraform", |error| match closest(name, BACKENDS) {
        Some(word) => error.suggest(Some(word)),
        None => error.hint(format!("its backends are {}", BACKENDS.join(", "))),
    });
    None
}

fn map(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<BTreeMap<String, Supplied>> {
    let mut out = BTreeMap::new();
    for (name, value) in reader.mapping(node, key)? {
        let Some(text) = name.as_str() else { continue };
        let key = join(key, text);
        if SECRET.contains(&text) {
            reader.error_with(name.span, &key, "a policy holds no credentials", |error| {
                error.hint("the backend takes them from the environment")
            });
            continue;
        }
        if let Some(value) = supplied(reader, value, &key) {
            out.insert(text.to_owned(), value);
        }
    }
    Some(out)
}

fn supplied(reader: &mut Reader<'_>, node: &Node, key: &str) -> Option<Supplied> {
    let kind = if node.as_mapping().is_some() {
        SuppliedKind::Map(map(reader, node, key)?)
    } else if let Some(items) = node.as_sequence() {
        let items = items.iter().enumerate();
        SuppliedKind::List(items.filter_map(|(nth, item)| supplied(reader, item, &format!("{key}[{nth}]"))).collect())
    } else if let Some(value) = node.as_bool() {
        SuppliedKind::Bool(value)
    } else if let Some(text) = node.as_string() {
        SuppliedKind::String(text.to_owned())
    } else if let Some(value) = node.as_int() {
        SuppliedKind::Integer(value)
    } else if let Some(value) = node.as_float().filter(|value| value.is_finite()) {
        SuppliedKind::Float(value)
    } else {
        reader.error(node.span, key, format!("expected a value, found {}", kind(node)));
        return None;
    };
    Some(Supplied { kind, place: reader.place(node.span) })
}
