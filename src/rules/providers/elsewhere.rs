//! Provider blocks that stand outside a module's own: in `state_store`, in test files, in what Terragrunt generates.

use crate::document::hcl::{Block, Body};
use crate::document::{Document, Kind as FileKind};
use crate::resolve::{BlockIn, Kind, Module, Names, Value, block_with_names, terragrunt_locals, with_names};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A provider block of a document, and what it says.
pub(super) struct ProviderElsewhere<'r> {
    /// The block.
    pub(super) block: BlockIn<'r>,
    /// `provider.aws`, `terragrunt.generate.provider.aws`.
    pub(super) address: String,
    /// Its content.
    pub(super) content: Value,
}

/// The provider blocks nested in `state_store` blocks, and their addresses.
pub(super) fn state_store_providers<'r>(module: &Module<'r>) -> Vec<(BlockIn<'r>, String)> {
    let stores = module.all_backends().into_iter().filter(|backend| backend.block.kind == "state_store");
    let nested = stores.flat_map(|store| {
        let address = format!("terraform.state_store.{}", store.block.label(0).unwrap_or(""));
        let providers = store.block.body.blocks.iter().filter(|block| block.kind == "provider");
        providers.map(move |block| {
            let address = format!("{address}.provider.{}", block.label(0).unwrap_or(""));
            (BlockIn { source: store.source, block }, address)
        })
    });
    nested.collect()
}

/// The provider blocks of a test file, and those that Terragrunt generates.
pub(super) fn provider_blocks(document: &Document) -> Vec<ProviderElsewhere<'_>> {
    let Some(body) = &document.body else { return Vec::new() };
    let mut found = Vec::new();
    match document.kind {
        FileKind::TfTest | FileKind::TfTestJson => {
            let names = test_variables(document, body);
            found.extend(body.blocks_of("provider").map(|block| elsewhere(document, block, "", &names)));
        }
        FileKind::Terragrunt | FileKind::OtherHcl => {
            let names = terragrunt_locals(&document.source, body);
            let generated = document.generated.iter().flat_map(|body| body.blocks_of("provider"));
            found.extend(generated.map(|block| elsewhere(document, block, "terragrunt.generate.", &names)));
        }
        _ => {}
    }
    found
}

fn elsewhere<'r>(document: &'r Document, block: &'r Block, prefix: &str, names: &Names) -> ProviderElsewhere<'r> {
    let name = block.label(0).unwrap_or("");
    let address = match block.body.attribute("alias").and_then(|alias| alias.value.as_str()) {
        Some(alias) => format!("{prefix}provider.{name}.{alias}"),
        None => format!("{prefix}provider.{name}"),
    };
    let block = BlockIn { source: &document.source, block };
    let content = block_with_names(block, &address, names);
    ProviderElsewhere { block, address, content }
}

/// What the `variables` blocks of a test file set.
fn test_variables(document: &Document, body: &Body) -> Names {
    let attributes = body.blocks_of("variables").flat_map(|block| &block.body.attributes);
    let values: BTreeMap<String, Value> = attributes
        .map(|one| (one.name.to_string(), with_names(&document.source, &one.value, &Names::default())))
        .collect();
    Names::default().and("var", Value::new(Kind::Map(Arc::new(values))))
}
