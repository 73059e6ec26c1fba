//! The commands of a repository that run Terraform.

use super::invocation::Invocation;
use super::invocations::{SourceKind, find};
use crate::document::{Kind, Repository};
use rayon::prelude::*;

/// All commands in workflows, pipelines, Makefiles and scripts, ordered by place.
pub fn find_invocations(repository: &Repository) -> Vec<Invocation> {
    let found = repository.documents.par_iter().filter_map(|document| {
        let kind = match document.kind {
            Kind::Workflow => SourceKind::Workflow,
            Kind::Pipeline => SourceKind::Pipeline,
            Kind::Makefile => SourceKind::Make,
            Kind::Script => SourceKind::Shell,
            _ => return None,
        };
        Some(find(&document.source, kind))
    });
    found.flatten().collect()
}
