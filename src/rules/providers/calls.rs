//! Where module sources stand: in `module` blocks, in Terragrunt's files, in test files.

use crate::document::hcl::Attribute;
use crate::document::{Document, Kind as FileKind, Repository};
use crate::finding::{Place, Related};
use crate::resolve::{AttributeIn, InstanceId, Tree, Value, terragrunt_locals, with_names};
use crate::rules::trace_of;
use crate::text::RepoPath;

/// A module source and what stands beside it.
pub(super) struct Call {
    /// `module.vpc`, `terragrunt.terraform`.
    pub(super) address: String,
    /// Directory of the module or file that calls.
    pub(super) directory: RepoPath,
    /// Where the source is written, if its value has no place of its own.
    pub(super) at: Place,
    /// The source; alternatives count each.
    pub(super) source: Value,
    /// The `version` argument.
    pub(super) version: Option<(Value, Place)>,
}

impl Call {
    /// The place of one of the source's values.
    pub(super) fn place(&self, value: &Value) -> Place {
        value.origin.literal.clone().unwrap_or_else(|| self.at.clone())
    }

    /// The steps of one of the source's values.
    pub(super) fn trace(&self, value: &Value) -> Vec<Related> {
        trace_of(value, &self.place(value))
    }
}

/// The calls of a module.
pub(super) fn of_module(tree: &Tree<'_>, instance: InstanceId) -> Vec<Call> {
    let module = tree.module(instance);
    let mut found = Vec::new();
    for (name, call) in &module.calls {
        let Some(source) = call.attribute("source") else { continue };
        let address = tree.address(instance, &format!("module.{name}"));
        let value =
            |attribute: &AttributeIn<'_>, name: &str| tree.sink(instance, attribute, &format!("{address}.{name}"));
        let version = call.attribute("version").map(|version| (value(&version, "version"), version.place()));
        let found_source = value(&source, "source");
        found.push(Call {
            address,
            directory: module.directory.clone(),
            at: source.place(),
            source: found_source,
            version: version.filter(|(value, _)| !value.is_null()),
        });
    }
    found
}

/// The module sources that Terragrunt's files and test files name.
pub(super) fn of_documents(repository: &Repository) -> Vec<Call> {
    repository.documents.iter().flat_map(of_document).collect()
}

fn of_document(document: &Document) -> Vec<Call> {
    let Some(body) = &document.body else { return Vec::new() };
    let names = || terragrunt_locals(&document.source, body);
    let mut found = Vec::new();
    let mut add = |address: String, source: &Attribute, version: Option<&Attribute>| {
        let value = |attribute: &Attribute| with_names(&document.source, &attribute.value, &names());
        found.push(Call {
            address,
            directory: document.path().parent(),
            at: Place::new(&document.source, source.span),
            source: value(source),
            version: version.map(|version| (value(version), Place::new(&document.source, version.span))),
        });
    };
    match document.kind {
        // https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/: `terraform`, and `unit` and `stack` of a stack.
        FileKind::Terragrunt | FileKind::OtherHcl => {
            for block in body.blocks.iter().filter(|b| matches!(b.kind.as_str(), "terraform" | "unit" | "stack")) {
                let Some(source) = block.body.attribute("source") else { continue };
                let name = block.label(0).map(|label| format!(".{label}")).unwrap_or_default();
                add(format!("terragrunt.{}{name}", block.kind), source, None);
            }
        }
        FileKind::TfTest | FileKind::TfTestJson => {
            for run in body.blocks_of("run") {
                for module in run.body.blocks_of("module") {
                    let Some(source) = module.body.attribute("source") else { continue };
                    let address = format!("run.{}.module", run.label(0).unwrap_or(""));
                    add(address, source, module.body.attribute("version"));
                }
            }
        }
        _ => {}
    }
    found
}
