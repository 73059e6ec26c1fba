//! All modules of a repository, how they call each other, and which of them Terraform is run in.

use super::invocation::Invocation;
use super::module::{Declared, Module};
use super::tree::Tree;
use super::variables::{self, VariableFiles};
use crate::document::hcl::Block;
use crate::document::{self, Document, Kind, Repository};
use crate::text::RepoPath;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Index of a module in [`Program::modules`].
pub type ModuleId = usize;

/// The modules of a repository.
pub struct Program<'r> {
    /// The documents.
    pub repository: &'r Repository,
    /// Sorted by directory. A directory where `.tofu` files shadow `.tf` files stands here twice, once as each program
    /// reads it.
    pub modules: Vec<Module<'r>>,
    /// What each module is, in the order of `modules`.
    pub roles: Vec<Role>,
    /// Modules that evaluation starts from: those that are run, those that nobody calls, and those that no tree under
    /// these reaches: they call each other in a circle, or stand beyond the bounds of a tree. A secret in them counts
    /// all the same.
    pub starts: Vec<ModuleId>,
    by_directory: BTreeMap<RepoPath, Vec<ModuleId>>,
    documents: BTreeMap<RepoPath, Vec<&'r Document>>,
}

/// What a module is used as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Terraform is run in it. The evidence, for people.
    Root(&'static str),
    /// Called by a module at that path, and nothing says that Terraform is run in it.
    Called(RepoPath),
    /// Neither called nor with a sign that Terraform is run in it: a module that others outside call.
    Library,
}

impl<'r> Program<'r> {
    /// Groups the documents into modules, links local calls and tells root modules apart.
    pub fn new(repository: &'r Repository, invocations: &[Invocation]) -> Self {
        let mut documents: BTreeMap<RepoPath, Vec<&'r Document>> = BTreeMap::new();
        let placed: Vec<(RepoPath, &Document)> =
            repository.documents.par_iter().map(|document| (document.path().parent(), document)).collect();
        for (directory, document) in placed {
            documents.entry(directory).or_default().push(document);
        }
        let modules_of = |(directory, beside): (&RepoPath, &Vec<&'r Document>)| {
            let configuration =
                |d: &&&Document| d.kind.is_configuration() && !document::is_ignored_by_loader(d.path().name());
            let configuration: Vec<&'r Document> = beside.iter().filter(configuration).copied().collect();
            views(&configuration).into_iter().map(|view| Module::new(directory.clone(), view)).collect::<Vec<_>>()
        };
        let modules: Vec<Module<'r>> = documents.par_iter().flat_map_iter(modules_of).collect();
        let mut by_directory: BTreeMap<RepoPath, Vec<ModuleId>> = BTreeMap::new();
        for (id, module) in modules.iter().enumerate() {
            by_directory.entry(module.directory.clone()).or_default().push(id);
        }
        let (roles, starts) = (Vec::new(), Vec::new());
        let mut program = Program { repository, modules, roles, starts, by_directory, documents };
        program.roles = program.decide_roles(invocations);
        program.starts = program.find_starts();
        program
    }

    /// All documents of a directory, of whatever kind.
    pub fn beside(&self, directory: &RepoPath) -> &[&'r Document] {
        self.documents.get(directory).map_or(&[], Vec::as_slice)
    }

    /// The modules of a directory: none, one, or one for each of the two programs.
    pub fn modules_in(&self, directory: &RepoPath) -> &[ModuleId] {
        self.by_directory.get(directory).map_or(&[], Vec::as_slice)
    }

    /// The module that a local call leads to, in the same program's view where there are two.
    pub fn callee(&self, caller: &Module<'r>, call: &Declared<'r>) -> Option<ModuleId> {
        let source = call.attribute("source")?.attribute.value.as_str()?;
        let found = self.modules_in(&local_source(&caller.directory, source)?);
        let tofu = caller.is_tofu_only();
        found.iter().copied().find(|id| self.modules[*id].is_tofu_only() == tofu).or(found.first().copied())
    }

    fn find_starts(&self) -> Vec<ModuleId> {
        let mut starts: Vec<ModuleId> =
            (0..self.modules.len()).filter(|id| !matches!(self.roles[*id], Role::Called(_))).collect();
        let mut reached = vec![false; self.modules.len()];
        let below: Vec<Vec<ModuleId>> = starts.par_iter().map(|start| self.reached_from(*start)).collect();
        below.into_iter().flatten().for_each(|id| reached[id] = true);
        for id in 0..self.modules.len() {
            if !reached[id] {
                starts.push(id);
                self.reached_from(id).into_iter().for_each(|id| reached[id] = true);
            }
        }
        starts
    }

    /// The modules of a tree, the start among them.
    fn reached_from(&self, start: ModuleId) -> Vec<ModuleId> {
        let module = &self.modules[start];
        if module.calls.values().all(|call| self.callee(module, call).is_none()) {
            return vec![start];
        }
        Tree::new(self, start, VariableFiles::default()).instances.iter().map(|instance| instance.module).collect()
    }

    fn decide_roles(&self, invocations: &[Invocation]) -> Vec<Role> {
        // `init` and `validate` alone try a module that others call, too.
        let works = |command: &&Invocation| {
            matches!(command.subcommand.as_str(), "plan" | "apply" | "destroy" | "refresh" | "import")
                || !command.backend_config.is_empty()
        };
        let run: BTreeSet<RepoPath> = invocations
            .iter()
            .filter(works)
            .filter_map(|command| command.directory.as_known())
            .map(RepoPath::new)
            .collect();
        let mut callers: BTreeMap<ModuleId, RepoPath> = BTreeMap::new();
        let called = |module: &'_ Module<'r>| -> Vec<(ModuleId, RepoPath)> {
            let calls = module.calls.values();
            calls.filter_map(|call| Some((self.callee(module, call)?, call.first().source.path.clone()))).collect()
        };
        let calls: Vec<(ModuleId, RepoPath)> = self.modules.par_iter().flat_map_iter(called).collect();
        for (id, by) in calls {
            callers.entry(id).or_insert(by);
        }
        for (directory, by) in self.outside_callers() {
            for id in self.modules_in(&directory) {
                callers.entry(*id).or_insert_with(|| by.clone());
            }
        }
        let role = |(id, module): (ModuleId, &Module<'r>)| self.role(module, callers.get(&id), &run);
        self.modules.par_iter().enumerate().map(role).collect()
    }

    /// Directories that Terragrunt units and test files name as module sources.
    fn outside_callers(&self) -> Vec<(RepoPath, RepoPath)> {
        let mut found = Vec::new();
        for document in &self.repository.documents {
            if !matches!(document.kind, Kind::Terragrunt | Kind::TfTest | Kind::TfTestJson) {
                continue;
            }
            let Some(body) = &document.body else { continue };
            let beside = document.path().parent();
            // Test files in a directory of their own name modules relative to the configuration above it:
            // https://developer.hashicorp.com/terraform/language/tests#modules
            let is_test = matches!(document.kind, Kind::TfTest | Kind::TfTestJson);
            let above = (is_test && !beside.as_str().is_empty()).then(|| beside.parent());
            let mut add = |block: &Block| {
                let source = block.body.attribute("source").and_then(|source| source.value.as_str());
                for base in above.iter().chain([&beside]) {
                    if let Some(directory) = source.and_then(|source| local_source(base, source)) {
                        found.push((directory, document.path().clone()));
                    }
                }
            };
            match document.kind {
                Kind::Terragrunt => body.blocks_of("terraform").for_each(add),
                Kind::TfTest | Kind::TfTestJson => {
                    let runs = body.blocks_of("run");
                    runs.flat_map(|run| run.body.blocks.iter().filter(|b| b.kind == "module")).for_each(&mut add);
                }
                _ => {}
            }
        }
        found
    }

    fn role(&self, module: &Module<'r>, caller: Option<&RepoPath>, run: &BTreeSet<RepoPath>) -> Role {
        if module.documents.iter().all(|document| !document.kind.is_configuration()) {
            return Role::Library;
        }
        if !module.all_backends().is_empty() {
            return Role::Root("it has a backend or cloud block");
        }
        if run.contains(&module.directory) {
            return Role::Root("a command of this repository runs Terraform in it");
        }
        if let Some(caller) = caller {
            return Role::Called(caller.clone());
        }
        let beside = |name: &str| self.repository.on_demand.exists(&module.directory.join(name));
        if beside(".terraform.lock.hcl") {
            return Role::Root("it has a dependency lock file");
        }
        if self.has_automatic_variables(module) {
            return Role::Root("it has a variable file that is read automatically");
        }
        if beside("terraform.tfstate") || beside(".terraform") {
            return Role::Root("it holds state");
        }
        // Where only a part of the repository was read, its caller may stand in the rest.
        if self.repository.whole
            && module.providers.iter().any(|provider| provider.layers.iter().any(|l| configures(l.block)))
        {
            return Role::Root("it configures a provider and no module calls it");
        }
        Role::Library
    }

    fn has_automatic_variables(&self, module: &Module<'r>) -> bool {
        self.beside(&module.directory).iter().any(|document| variables::is_read_always(document.path().name()))
    }
}

/// Whether a provider block says more than its alias and version.
fn configures(provider: &Block) -> bool {
    !provider.body.blocks.is_empty()
        || provider.body.attributes.iter().any(|a| !matches!(a.name.as_str(), "alias" | "version"))
}

/// The directory of a local module source; None for every other source and for one that leads out of the repository.
/// <https://developer.hashicorp.com/terraform/language/modules/sources#local-paths>
pub fn local_source(directory: &RepoPath, source: &str) -> Option<RepoPath> {
    let source = source.replace('\\', "/");
    let local = source.starts_with("./") || source.starts_with("../") || source == "." || source == "..";
    if !local {
        return None;
    }
    let directory = directory.join(&source);
    (!directory.escapes_root()).then_some(directory)
}

/// The files of a directory as Terraform and as OpenTofu read them; one view where both agree or where `.tofu` files
/// only add to the others. <https://opentofu.org/docs/language/files/#file-extension>
fn views<'r>(documents: &[&'r Document]) -> Vec<Vec<&'r Document>> {
    let names: BTreeSet<&str> = documents.iter().map(|document| document.path().name()).collect();
    let shadowed = |document: &Document| {
        document::shadowed_by(document.path().name()).is_some_and(|tofu| names.contains(tofu.as_str()))
    };
    let in_order = |mut view: Vec<&'r Document>| {
        view.sort_by_key(|document| document::is_override(document.path().name()));
        view
    };
    if documents.is_empty() {
        return Vec::new();
    }
    let tofu: Vec<&'r Document> = documents.iter().copied().filter(|document| !shadowed(document)).collect();
    if tofu.len() == documents.len() {
        return vec![in_order(tofu)];
    }
    let terraform = documents.iter().copied().filter(|document| !document.kind.is_tofu_only()).collect();
    vec![in_order(terraform), in_order(tofu)]
}
