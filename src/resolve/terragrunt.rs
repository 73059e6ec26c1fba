//! Terragrunt's files: `remote_state`, and the locals it may refer to.
//!
//! <https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#remote_state>

use super::backend::{Backend, Form, SettingFrom};
use super::evaluate::{map, runtime, with_names};
use super::module::BlockIn;
use super::names::Names;
use super::schema::BackendSchema;
use super::value::Value;
use crate::document::Document;
use crate::document::hcl::{Body, Expr};
use crate::finding::Place;
use crate::text::{Source, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Locals that refer to locals are followed this far.
const MAX_ROUNDS: usize = 8;

/// The `remote_state` of a Terragrunt file, as a block or as an attribute.
pub fn remote_states(document: &Document) -> Vec<Backend> {
    let Some(body) = &document.body else { return Vec::new() };
    let names = locals(&document.source, body);
    let mut found = Vec::new();
    for block in body.blocks_of("remote_state") {
        let at = BlockIn { source: &document.source, block };
        let kind = block.body.attribute("backend").and_then(|backend| backend.value.as_str()).unwrap_or("");
        let config = block.body.attribute("config").map(|config| &config.value);
        found.extend(config.map(|config| state(document, kind, at.header(), config, &names)));
    }
    if let Some(attribute) = body.attribute("remote_state") {
        let whole = with_names(&document.source, &attribute.value, &names);
        let kind = whole.at("backend").first().and_then(|kind| kind.as_str()).unwrap_or("").to_owned();
        let header = Place::new(&document.source, attribute.name_span);
        if let Some(config) = whole.at("config").first() {
            found.push(of_config(document, &kind, header, config));
        }
    }
    found
}

fn state(document: &Document, kind: &str, header: Place, config: &Expr, names: &Names) -> Backend {
    of_config(document, kind, header, &with_names(&document.source, config, names))
}

fn of_config(document: &Document, kind: &str, header: Place, config: &Value) -> Backend {
    let address = format!("terragrunt.remote_state.{kind}");
    let mut backend = Backend {
        form: Form::Terragrunt,
        kind: kind.to_owned(),
        schema: BackendSchema::of(kind),
        module: document.path().parent(),
        address: address.clone(),
        header,
        inner: None::<Span>,
        settings: BTreeMap::new(),
        complete: config.as_map().is_some(),
        completed_by: None,
    };
    let with_sink = config.as_map().into_iter().flatten().map(|(name, value)| {
        let place = value.origin.literal.clone().unwrap_or_else(|| backend.header.clone());
        let step: Arc<str> = format!("{address}.{name}").into();
        (name.as_str(), value.clone().through(&step, &place))
    });
    let settings = map(with_sink.collect::<Vec<_>>());
    backend.set_all(&settings, &SettingFrom::Block);
    backend
}

/// The names that a Terragrunt file's expressions see: its locals; what comes from other files and units is unknown.
pub fn locals(source: &Arc<Source>, body: &Body) -> Names {
    let attributes: Vec<_> = body.blocks_of("locals").flat_map(|block| &block.body.attributes).collect();
    let elsewhere = ["dependency", "feature", "include", "local", "stack", "unit", "values"];
    let others = elsewhere.iter().fold(Names::default(), |names, name| names.and(name, runtime(name)));
    let mut names = others.clone();
    for _ in 0..MAX_ROUNDS.min(attributes.len()) {
        let values = attributes.iter().map(|local| {
            let place = Place::new(source, local.span);
            let step: Arc<str> = format!("local.{}", local.name).into();
            (local.name.as_str(), with_names(source, &local.value, &names).through(&step, &place))
        });
        names = others.and("local", map(values.collect::<Vec<_>>()));
    }
    names
}
