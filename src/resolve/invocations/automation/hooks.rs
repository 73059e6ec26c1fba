//! Terragrunt's [hooks](https://terragrunt.gruntwork.io/docs/features/hooks/) and the environment it gives Terraform.

use super::super::words::{Piece, What, Word};
use super::draft::Draft;
use super::{Holder, Site, System, commands};
use crate::document::Document;
use crate::document::hcl::Block;
use crate::resolve::terragrunt::locals;
use crate::resolve::{Names, Value, with_names};
use crate::text::Source;
use std::sync::Arc;

/// Reads the `terraform` blocks; None for a file without any.
pub(super) fn read(document: &Document, draft: &mut Draft<'_>) -> Option<System> {
    let body = document.body.as_ref()?;
    let inner = || body.blocks_of("terraform").flat_map(|block| &block.body.blocks);
    inner().next()?;
    let names = locals(&document.source, body);
    for block in inner() {
        let site = Site { job: 0, group: draft.group(), on_demand: false };
        match block.kind.as_str() {
            "before_hook" | "after_hook" | "error_hook" => hook(&document.source, block, &names, site, draft),
            "extra_arguments" => arguments(&document.source, block, &names, site, draft),
            _ => {}
        }
    }
    Some(System::Terragrunt)
}

fn hook(source: &Arc<Source>, block: &Block, names: &Names, site: Site, draft: &mut Draft<'_>) {
    let Some(execute) = block.body.attribute("execute") else { return };
    let command = with_names(source, &execute.value, names);
    let words: Vec<Word> = command.as_list().unwrap_or_default().iter().map(|value| word(source, value)).collect();
    commands::read_words(words, site, draft);
}

fn arguments(source: &Arc<Source>, block: &Block, names: &Names, site: Site, draft: &mut Draft<'_>) {
    if let Some(variables) = block.body.attribute("env_vars") {
        let variables = with_names(source, &variables.value, names);
        for (name, value) in variables.as_map().into_iter().flatten() {
            draft.setting(name, word(source, value), Holder::Environment, site);
        }
    }
    if let Some(arguments) = block.body.attribute("arguments") {
        let arguments = with_names(source, &arguments.value, names);
        let words = arguments.as_list().unwrap_or_default().iter().map(|value| word(source, value)).collect();
        commands::read_words(words, site, draft);
    }
}

/// A value as a word; what is not known, or stands in another file, is a hole.
fn word(source: &Arc<Source>, value: &Value) -> Word {
    let literal = value.origin.literal.as_ref().filter(|place| place.path() == &source.path);
    match (value.as_str(), literal) {
        (Some(text), Some(place)) => Word::text(text, place.span),
        _ => Word {
            pieces: vec![Piece { what: What::Hole(String::new()), span: Default::default(), exact: false }],
            ..Word::default()
        },
    }
}
