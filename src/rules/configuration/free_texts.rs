//! The texts of a resource or module call in which people write secrets: user data, environments, commands, heredocs.

use crate::resolve::schema::Attributes;
use crate::resolve::{Declared, InstanceId, Kind, Number, Resource, Tree, Value, written};
use memchr::memmem;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// A text, or a structure of texts.
pub(super) struct FreeText {
    /// The argument or type of nested block that it stands in.
    pub(super) argument: String,
    /// Where in it, with dots; the argument itself where it is the text.
    pub(super) path: String,
    /// What is known of it.
    pub(super) value: Value,
}

/// What stands for a part of a text that is not known, as a reference that nobody takes for a secret.
pub(super) const OPEN: &str = "${}";

/// Values within values that are followed.
const MAX_DEPTH: usize = 24;

/// Arguments that modules outside the repository take free text by, whatever they make of it.
const INPUTS: [&str; 24] = [
    "app_settings",
    "cloud_init",
    "cloudinit",
    "container_definition",
    "container_definitions",
    "container_environment",
    "custom_data",
    "env",
    "env_vars",
    "environment",
    "environment_variables",
    "environment_vars",
    "envs",
    "extra_env",
    "helm_values",
    "map_environment",
    "metadata_startup_script",
    "set_values",
    "startup_script",
    "task_environment",
    "user_data",
    "user_data_base64",
    "userdata",
    "values",
];

/// The free texts of a resource: what its type carries such text in, provisioners, and every heredoc elsewhere.
pub(super) fn of_resource(resource: &Resource<'_>) -> Vec<FreeText> {
    let mut found = Vec::new();
    let declared = &resource.declared;
    let attributes = resource.attributes();
    // What people name and give a value in one block is one text.
    let group = |listed: &'static str| listed.strip_suffix(".value").unwrap_or(listed);
    let listed: BTreeSet<&str> = attributes.iter().flat_map(Attributes::free_texts).map(group).collect();
    let provisioners = declared.has("provisioner").then_some("provisioner");
    for path in listed.into_iter().chain(provisioners) {
        let (argument, rest) = path.split_once('.').unwrap_or((path, ""));
        if declared.has(argument) || has_dynamic(declared, argument) {
            let value = resource.argument(argument);
            found.extend(
                value.iter().flat_map(|value| below(value, rest)).map(|value| free_text(argument, path, value)),
            );
        }
    }
    let covered = |path: &str| {
        let sensitive = attributes.is_some_and(|known| known.is_sensitive(path) || known.is_unflagged(path));
        sensitive || path.starts_with("provisioner.") || found.iter().any(|text| is_within(path, &text.path))
    };
    let heredocs = heredocs(declared).into_iter().filter(|path| !covered(path)).collect::<Vec<_>>();
    for path in heredocs {
        let (argument, rest) = path.split_once('.').unwrap_or((&path, ""));
        let value = resource.argument(argument);
        found.extend(value.iter().flat_map(|value| below(value, rest)).map(|value| free_text(argument, &path, value)));
    }
    found
}

/// The free texts that a module is called with.
pub(super) fn of_call(tree: &Tree<'_>, instance: InstanceId, address: &str, call: &Declared<'_>) -> Vec<FreeText> {
    let named = INPUTS.iter().filter(|name| call.has(name)).map(|name| (*name).to_owned());
    let names: BTreeSet<String> = named.chain(heredocs(call)).collect();
    let evaluator = tree.evaluator(instance);
    let evaluator = evaluator.with(&evaluator.repetition(call));
    let texts = names.iter().filter_map(|name| {
        let found = call.attribute(name)?;
        let value = evaluator.attribute(&found).through(&format!("{address}.{name}").into(), &found.place());
        Some(free_text(name, name, &value))
    });
    texts.collect()
}

fn free_text(argument: &str, path: &str, value: &Value) -> FreeText {
    FreeText { argument: argument.to_owned(), path: path.to_owned(), value: value.clone() }
}

fn below<'v>(value: &'v Value, rest: &str) -> Vec<&'v Value> {
    if rest.is_empty() { vec![value] } else { value.at(rest) }
}

fn has_dynamic(declared: &Declared<'_>, kind: &str) -> bool {
    let blocks = declared.layers.iter().flat_map(|layer| layer.block.body.blocks_of("dynamic"));
    blocks.into_iter().any(|block| block.label(0) == Some(kind))
}

fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Paths of the arguments that are written as a heredoc and are more than a description.
fn heredocs(declared: &Declared<'_>) -> Vec<String> {
    let heredoc = |source: &[u8]| source.starts_with(b"<<");
    // Hardly a block has any.
    let any = |layer: &crate::resolve::BlockIn<'_>| memmem::find(layer.source.slice(layer.block.span), b"<<").is_some();
    if !declared.layers.iter().any(any) {
        return Vec::new();
    }
    let prose = ["description", "comment", "notes", "message"];
    let arguments = written(declared).into_iter().filter(|one| {
        heredoc(one.attribute.source.slice(one.attribute.attribute.value.span))
            && !prose.iter().any(|word| one.attribute.attribute.name.contains(word))
    });
    arguments.map(|one| one.path).collect()
}

/// What Terraform signs in to a machine with.
/// <https://developer.hashicorp.com/terraform/language/resources/provisioners/connection>
pub(super) const LOGINS: [&str; 5] =
    ["bastion_password", "bastion_private_key", "password", "private_key", "proxy_user_password"];

impl FreeText {
    /// Whether a text is what a provisioner signs in with: a secret whatever it looks like.
    pub(super) fn signs_in_with(&self, secret: &str) -> bool {
        let logins = || LOGINS.iter().flat_map(|name| self.value.at(&format!("connection.{name}")));
        self.argument == "provisioner" && logins().flat_map(Value::alternatives).any(|one| one.as_str() == Some(secret))
    }

    /// What is known of it, each as it may be.
    pub(super) fn known(&self) -> Json {
        json(&self.value, MAX_DEPTH)
    }
}

fn json(value: &Value, depth: usize) -> Json {
    let Some(depth) = depth.checked_sub(1) else { return Json::Null };
    let inner = |value: &Value| json(value, depth);
    match &value.kind {
        Kind::String(text) => Json::String(text.to_string()),
        Kind::Partial(pieces) => {
            Json::String(pieces.iter().map(|piece| piece.as_str().unwrap_or(OPEN)).collect::<String>())
        }
        Kind::Bool(flag) => Json::Bool(*flag),
        Kind::Number(Number::Integer(number)) => Json::String(number.to_string()),
        Kind::List(values) | Kind::Either(values) => Json::Array(values.iter().map(inner).collect()),
        Kind::Map(entries) => Json::Object(entries.iter().map(|(name, value)| (name.clone(), inner(value))).collect()),
        Kind::Number(Number::Float(_)) | Kind::Null | Kind::Unknown(_) => Json::Null,
    }
}
