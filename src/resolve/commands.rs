//! The commands of a repository that run Terraform.

use super::invocation::{Argument, Invocation};
use super::invocations::{SourceKind, find};
use crate::document::{Kind, Repository};
use crate::text::RepoPath;
use rayon::prelude::*;
use std::collections::BTreeSet;

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

/// Where the files may stand that commands name as backend-config and variable files, which have any name: beside the
/// modules that the command may run in, or where the command itself is read to run.
pub fn named_files(repository: &Repository, invocations: &[Invocation]) -> BTreeSet<(RepoPath, Kind)> {
    let modules = repository.module_directories();
    let mut found = BTreeSet::new();
    for invocation in invocations {
        let configs = invocation.backend_config.iter().map(|argument| (argument, Kind::Tfbackend));
        let variables = invocation.var_files.iter().map(|argument| (argument, Kind::Tfvars));
        let known = invocation.directory.as_known().map(RepoPath::new);
        for (argument, kind) in configs.chain(variables) {
            let Some(name) = name_of(argument) else { continue };
            let mut add = |path: RepoPath| {
                if !path.escapes_root() && repository.on_demand.exists(&path) {
                    found.insert((path, kind));
                }
            };
            add(RepoPath::new(name));
            match &known {
                Some(directory) => add(directory.join(name)),
                None => {
                    let may = modules.iter().filter(|module| invocation.directory.matches(module.as_str()));
                    may.for_each(|module| add(module.join(name)));
                }
            }
        }
    }
    found
}

/// The file that an argument names; None for `key=value` and for names that only a run knows.
fn name_of(argument: &Argument) -> Option<&str> {
    argument.text.as_known().filter(|name| !name.is_empty() && !name.contains('='))
}
