//! The backends that a module's instance holds, in every form.

use super::backend::{Backend, Form};
use super::module::BlockIn;
use super::tree::{InstanceId, Tree};
use super::value::Value;
use std::collections::BTreeMap;

/// Backends of an instance: `backend`, `cloud` and `encryption` blocks, and the `config` of remote-state data sources.
pub fn backends_of(tree: &Tree<'_>, instance: InstanceId) -> Vec<Backend> {
    let module = tree.module(instance);
    let evaluator = tree.evaluator(instance);
    let mut found = Vec::new();
    for block in module.all_backends() {
        let kind = if block.block.kind == "cloud" { "cloud" } else { block.block.label(0).unwrap_or("") };
        let address = match block.block.kind.as_str() {
            "cloud" => "terraform.cloud".to_owned(),
            form => format!("terraform.{form}.{kind}"),
        };
        let content = evaluator.block(block, &address);
        found.push(Backend::of_block(Form::Block, kind, &address, block, &content, &module.directory));
    }
    for terraform in &module.terraform {
        for encryption in terraform.block.body.blocks.iter().filter(|block| block.kind == "encryption") {
            for part in &encryption.body.blocks {
                let block = BlockIn { source: terraform.source, block: part };
                let labels: Vec<&str> = part.labels.iter().map(|label| label.text.as_str()).collect();
                let address = format!("terraform.encryption.{}.{}", part.kind, labels.join("."));
                let content = evaluator.block(block, address.trim_end_matches('.'));
                let kind = part.label(0).unwrap_or(&part.kind);
                let mut backend = Backend::of_block(
                    Form::Encryption,
                    kind,
                    address.trim_end_matches('.'),
                    block,
                    &content,
                    &module.directory,
                );
                backend.schema = None;
                found.push(backend);
            }
        }
    }
    found.extend(remote_states(tree, instance));
    found
}

/// `data "terraform_remote_state"`: <https://developer.hashicorp.com/terraform/language/state/remote-state-data>
fn remote_states(tree: &Tree<'_>, instance: InstanceId) -> Vec<Backend> {
    let module = tree.module(instance);
    let of_type = module.resources.range("data.terraform_remote_state.".to_owned()..);
    let of_type = of_type.take_while(|(address, _)| address.starts_with("data.terraform_remote_state."));
    let mut found = Vec::new();
    for (name, declared) in of_type {
        let address = tree.address(instance, name);
        let evaluator = tree.evaluator(instance);
        let evaluator = evaluator.with(&evaluator.repetition(declared));
        let block = declared.first();
        let kind = declared.attribute("backend").map(|kind| evaluator.attribute(&kind));
        let kind = kind.as_ref().and_then(Value::as_str).unwrap_or("").to_owned();
        let Some(config) = declared.attribute("config") else { continue };
        let value = evaluator.attribute(&config);
        for alternative in value.alternatives() {
            let Some(entries) = alternative.as_map() else { continue };
            let entries: BTreeMap<String, Value> = entries
                .iter()
                .map(|(key, value)| {
                    let step = format!("{address}.config.{key}").into();
                    let place = value.origin.literal.clone().filter(|p| p.path() == &config.source.path);
                    (key.clone(), value.clone().through(&step, &place.unwrap_or_else(|| config.place())))
                })
                .collect();
            let content = Value { kind: super::value::Kind::Map(entries.into()), origin: alternative.origin.clone() };
            let mut backend = Backend::of_block(Form::RemoteState, &kind, &address, block, &content, &module.directory);
            backend.inner = None;
            found.push(backend);
        }
    }
    found
}
