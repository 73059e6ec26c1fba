//! What several rules about providers and modules need.

use crate::document::{Document, Kind as FileKind};
use crate::finding::Place;
use crate::resolve::{LockedProvider, Module, ProviderAddress, Role, Tree, locked_providers};
use crate::rules::ModuleContext;
use crate::text::Span;
use std::collections::BTreeMap;

/// Whether the context is a tree's root module, in which Terraform is run.
pub(super) fn is_run_here(context: &ModuleContext<'_>) -> bool {
    context.instance == 0 && matches!(context.role, Role::Root(_))
}

/// The lock file beside a tree's root module, if it is among the documents.
pub(super) fn lock_file<'r>(tree: &Tree<'r>) -> Option<&'r Document> {
    let beside = tree.program.beside(&tree.module(0).directory);
    beside.iter().copied().find(|document| document.kind == FileKind::LockFile)
}

/// What the lock file beside a tree's root module says of each provider.
pub(super) fn locked(tree: &Tree<'_>) -> BTreeMap<ProviderAddress, LockedProvider> {
    let locked = lock_file(tree).map(locked_providers).unwrap_or_default();
    locked.into_iter().map(|locked| (locked.address.clone(), locked)).collect()
}

/// Whether all of a tree is known: nothing was cut, and every file of its modules could be parsed. What is not there
/// may otherwise be where nobody could read it.
pub(super) fn is_whole(tree: &Tree<'_>) -> bool {
    !tree.cut && (0..tree.instances.len()).all(|instance| is_parsed(tree.module(instance)))
}

/// Whether every file of a module could be parsed.
pub(super) fn is_parsed(module: &Module<'_>) -> bool {
    module.documents.iter().all(|document| document.problems.is_empty())
}

/// Whether Terragrunt may write an argument of the `terraform` block into a module: it runs the module, and some file
/// of it generates such an argument.
pub(super) fn may_be_generated(context: &ModuleContext<'_>, argument: &str) -> bool {
    let program = context.tree.program;
    let is_terragrunt = |document: &Document| matches!(document.kind, FileKind::Terragrunt | FileKind::OtherHcl);
    let beside = program.beside(&context.module.directory);
    let run_by_it =
        matches!(context.role, Role::Called(_)) || beside.iter().any(|document| document.kind == FileKind::Terragrunt);
    let generates = |document: &Document| {
        is_terragrunt(document) && memchr::memmem::find(document.source.bytes(), argument.as_bytes()).is_some()
    };
    run_by_it && program.repository.documents.iter().any(generates)
}

/// A constraint as messages show it: no longer than a line.
pub(super) fn shown(constraint: &str) -> &str {
    let end = constraint.char_indices().nth(80).map_or(constraint.len(), |(at, _)| at);
    &constraint[..end]
}

/// Where a finding about a module as a whole stands: at its `terraform` block, else at the start of its first file.
pub(super) fn module_place(module: &Module<'_>) -> Option<Place> {
    if let Some(terraform) = module.terraform.first() {
        return Some(terraform.header());
    }
    let first = module.documents.iter().min_by_key(|document| (document.path().name() != "main.tf", document.path()));
    first.map(|document| Place::new(&document.source, Span::at(0)))
}
