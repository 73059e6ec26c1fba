//! A module: one directory of configuration, its files merged as Terraform merges them.

use crate::document::Document;
use crate::document::hcl::{Attribute, Block, Body};
use crate::finding::Place;
use crate::text::{RepoPath, Source, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A block and the text it stands in.
#[derive(Clone, Copy)]
pub struct BlockIn<'r> {
    /// The text.
    pub source: &'r Arc<Source>,
    /// The block.
    pub block: &'r Block,
}

/// An attribute and the text it stands in.
#[derive(Clone, Copy)]
pub struct AttributeIn<'r> {
    /// The text.
    pub source: &'r Arc<Source>,
    /// The attribute.
    pub attribute: &'r Attribute,
}

/// One declared thing: its block, and the blocks of override files that change single arguments of it, in the order
/// Terraform applies them (<https://developer.hashicorp.com/terraform/language/files/override>).
#[derive(Clone)]
pub struct Declared<'r> {
    /// The block itself first.
    pub layers: Vec<BlockIn<'r>>,
}

/// A directory of Terraform or OpenTofu configuration.
pub struct Module<'r> {
    /// The directory.
    pub directory: RepoPath,
    /// Its configuration files in the order they are loaded: override files last.
    pub documents: Vec<&'r Document>,
    /// `variable` blocks by name.
    pub variables: BTreeMap<&'r str, Declared<'r>>,
    /// Entries of `locals` blocks by name.
    pub locals: BTreeMap<&'r str, AttributeIn<'r>>,
    /// `output` blocks by name.
    pub outputs: BTreeMap<&'r str, Declared<'r>>,
    /// `module` blocks by name.
    pub calls: BTreeMap<&'r str, Declared<'r>>,
    /// `provider` blocks in order.
    pub providers: Vec<Declared<'r>>,
    /// `resource`, `data` and `ephemeral` blocks by address (`aws_s3_bucket.b`, `data.aws_iam_role.r`).
    pub resources: BTreeMap<String, Declared<'r>>,
    /// `terraform` blocks in order.
    pub terraform: Vec<BlockIn<'r>>,
    /// Blocks declared twice under one name, which Terraform refuses: the later ones. They are still judged.
    pub duplicates: Vec<BlockIn<'r>>,
}

impl<'r> BlockIn<'r> {
    /// The place of the block's header.
    pub fn header(&self) -> Place {
        Place::new(self.source, self.block.header)
    }

    /// A place in the block's text.
    pub fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }
}

impl<'r> AttributeIn<'r> {
    /// The place of the whole attribute.
    pub fn place(&self) -> Place {
        Place::new(self.source, self.attribute.span)
    }
}

impl<'r> Declared<'r> {
    fn new(first: BlockIn<'r>) -> Self {
        Self { layers: vec![first] }
    }

    /// The block itself, without overrides.
    pub fn first(&self) -> BlockIn<'r> {
        self.layers[0]
    }

    /// The attribute that counts: of the last layer that has it.
    pub fn attribute(&self, name: &str) -> Option<AttributeIn<'r>> {
        self.layers.iter().rev().find_map(|layer| {
            let attribute = layer.block.body.attribute(name)?;
            Some(AttributeIn { source: layer.source, attribute })
        })
    }

    /// A boolean argument that takes no references; the default if it is not written so.
    pub fn is(&self, name: &str, default: bool) -> bool {
        self.attribute(name).and_then(|flag| flag.attribute.value.as_bool()).unwrap_or(default)
    }

    /// Whether an argument or a nested block of that name is written.
    pub fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some() || self.blocks(name).next().is_some()
    }

    /// The nested blocks of a type: those of the last layer that has any, as overriding replaces all of them.
    pub fn blocks(&self, kind: &str) -> impl Iterator<Item = BlockIn<'r>> + use<'r> {
        let layer = self.layers.iter().rev().find(|layer| layer.block.body.blocks.iter().any(|b| b.kind == kind));
        let found: Vec<BlockIn<'r>> = layer
            .map(|layer| {
                let nested = layer.block.body.blocks.iter().filter(|block| block.kind == kind);
                nested.map(|block| BlockIn { source: layer.source, block }).collect()
            })
            .unwrap_or_default();
        found.into_iter()
    }

    /// The text of a label.
    pub fn label(&self, index: usize) -> &'r str {
        self.layers[0].block.label(index).unwrap_or("")
    }
}

impl<'r> Module<'r> {
    /// Merges the files of one directory; `documents` are in Terraform's order, override files last.
    pub fn new(directory: RepoPath, documents: Vec<&'r Document>) -> Self {
        let mut module = Module {
            directory,
            documents: Vec::new(),
            variables: BTreeMap::new(),
            locals: BTreeMap::new(),
            outputs: BTreeMap::new(),
            calls: BTreeMap::new(),
            providers: Vec::new(),
            resources: BTreeMap::new(),
            terraform: Vec::new(),
            duplicates: Vec::new(),
        };
        for document in &documents {
            let overrides = document.kind.is_configuration() && crate::document::is_override(document.path().name());
            if let Some(body) = document.body.as_ref().filter(|_| document.kind.is_configuration()) {
                module.add(&document.source, body, overrides);
            }
            for body in &document.generated {
                module.add(&document.source, body, false);
            }
        }
        module.documents = documents;
        module
    }

    fn add(&mut self, source: &'r Arc<Source>, body: &'r Body, overrides: bool) {
        for block in &body.blocks {
            let found = BlockIn { source, block };
            match block.kind.as_str() {
                "terraform" => self.terraform.push(found),
                "locals" => {
                    for attribute in &block.body.attributes {
                        self.locals.insert(&attribute.name, AttributeIn { source, attribute });
                    }
                }
                "provider" => self.add_provider(found, overrides),
                "variable" => declare(&mut self.variables, found, overrides, &mut self.duplicates),
                "output" => declare(&mut self.outputs, found, overrides, &mut self.duplicates),
                "module" => declare(&mut self.calls, found, overrides, &mut self.duplicates),
                kind @ ("resource" | "data" | "ephemeral") => {
                    let (of_type, name) = (block.label(0).unwrap_or(""), block.label(1).unwrap_or(""));
                    let address = match kind {
                        "resource" => format!("{of_type}.{name}"),
                        _ => format!("{kind}.{of_type}.{name}"),
                    };
                    declare_as(&mut self.resources, address, found, overrides, &mut self.duplicates);
                }
                _ => {}
            }
        }
    }

    fn add_provider(&mut self, found: BlockIn<'r>, overrides: bool) {
        let alias = |block: &Block| block.body.attribute("alias").and_then(|a| a.value.as_str().map(str::to_owned));
        let is_same = |provider: &&mut Declared<'r>| {
            let first = provider.first().block;
            first.label(0) == found.block.label(0) && alias(first) == alias(found.block)
        };
        // Looked for only where it counts: a file may hold thousands.
        match self.providers.iter_mut().filter(|_| overrides).find(is_same) {
            Some(provider) => provider.layers.push(found),
            None => self.providers.push(Declared::new(found)),
        }
    }

    /// The backend that counts: a later block replaces an earlier one, and `cloud` replaces `backend` in an override
    /// file. A module that wrongly holds several is judged by each of them through [`Module::all_backends`].
    pub fn all_backends(&self) -> Vec<BlockIn<'r>> {
        let mut found: Vec<BlockIn<'r>> = Vec::new();
        for terraform in &self.terraform {
            let is_override = crate::document::is_override(terraform.source.path.name());
            let nested = &terraform.block.body.blocks;
            for block in
                nested.iter().filter(|block| matches!(block.kind.as_str(), "backend" | "cloud" | "state_store"))
            {
                if is_override {
                    found.clear();
                }
                found.push(BlockIn { source: terraform.source, block });
            }
        }
        found
    }

    /// Entries of all `required_providers` blocks: local name and requirement.
    pub fn required_providers(&self) -> Vec<(&'r str, AttributeIn<'r>)> {
        let mut found = Vec::new();
        for terraform in &self.terraform {
            for block in terraform.block.body.blocks.iter().filter(|block| block.kind == "required_providers") {
                let attributes = &block.body.attributes;
                let entry = |attribute| AttributeIn { source: terraform.source, attribute };
                found.extend(attributes.iter().map(|attribute| (attribute.name.as_str(), entry(attribute))));
            }
        }
        found
    }

    /// The `required_version` constraints.
    pub fn required_versions(&self) -> Vec<AttributeIn<'r>> {
        let in_block = |terraform: &BlockIn<'r>| {
            let attribute = terraform.block.body.attribute("required_version")?;
            Some(AttributeIn { source: terraform.source, attribute })
        };
        self.terraform.iter().filter_map(in_block).collect()
    }

    /// Whether any file of it is read by OpenTofu only.
    pub fn is_tofu_only(&self) -> bool {
        self.documents.iter().any(|document| document.kind.is_tofu_only())
    }
}

fn declare<'r>(
    map: &mut BTreeMap<&'r str, Declared<'r>>,
    found: BlockIn<'r>,
    overrides: bool,
    duplicates: &mut Vec<BlockIn<'r>>,
) {
    declare_as(map, found.block.label(0).unwrap_or(""), found, overrides, duplicates);
}

fn declare_as<'r, K: Ord>(
    map: &mut BTreeMap<K, Declared<'r>>,
    key: K,
    found: BlockIn<'r>,
    overrides: bool,
    duplicates: &mut Vec<BlockIn<'r>>,
) {
    match map.entry(key) {
        std::collections::btree_map::Entry::Vacant(entry) => {
            entry.insert(Declared::new(found));
        }
        std::collections::btree_map::Entry::Occupied(mut entry) if overrides => entry.get_mut().layers.push(found),
        std::collections::btree_map::Entry::Occupied(_) => duplicates.push(found),
    }
}
