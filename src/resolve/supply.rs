//! What completes a partial backend: backend-config files, commands found in the repository, and the policy.

use super::backend::{Backend, SettingFrom};
use super::evaluate::constant;
use super::invocation::{Argument, Invocation};
use super::value::{Kind, Reason, Value};
use crate::document::{Document, Kind as FileKind, Repository};
use crate::finding::Place;
use crate::text::{RepoPath, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Ways to complete one backend, at most.
const MAX_VARIANTS: usize = 64;

/// How the policy completes partial backends where the repository does not say.
pub struct BackendDefaults {
    /// Whether it speaks for a module directory.
    pub applies: Box<dyn Fn(&RepoPath) -> bool + Send + Sync>,
    /// The backend's name; any if none.
    pub kind: Option<String>,
    /// A map of arguments.
    pub values: Value,
}

/// Everything in a repository that supplies arguments to backends.
pub struct Supplies<'r> {
    /// Commands that run Terraform.
    pub invocations: Vec<Invocation>,
    defaults: Vec<BackendDefaults>,
    files: BTreeMap<&'r RepoPath, &'r Document>,
    module_directories: BTreeSet<RepoPath>,
}

impl<'r> Supplies<'r> {
    /// Gathers the backend-config files among the documents.
    pub fn new(repository: &'r Repository, invocations: Vec<Invocation>, defaults: Vec<BackendDefaults>) -> Self {
        let with_attributes_only = |document: &&Document| {
            let body = document.body.as_ref();
            document.kind != FileKind::LockFile && body.is_some_and(|body| body.blocks.is_empty())
        };
        let files = repository.documents.iter().filter(with_attributes_only).map(|d| (d.path(), d)).collect();
        Self { invocations, defaults, files, module_directories: repository.module_directories() }
    }

    /// Every way in which the repository completes a backend; itself alone if nothing does.
    pub fn complete(&self, backend: &Backend) -> Vec<Backend> {
        let mut variants: Vec<Backend> = Vec::new();
        let inits = self.invocations.iter().filter(|i| i.subcommand == "init" && !i.backend_config.is_empty());
        for init in inits.filter(|init| self.speaks_for(init, backend)) {
            self.add_variants(backend, init, &mut variants);
        }
        if variants.is_empty() {
            variants.extend(self.files_beside(backend).into_iter().map(|document| {
                let mut variant = backend.clone();
                merge_file(&mut variant, document);
                variant.completed_by = Some(Place::new(&document.source, Span::at(0)));
                variant.complete = variant.is_complete_alone();
                variant
            }));
        }
        if variants.is_empty() && !backend.complete {
            let of_kind = |d: &&BackendDefaults| d.kind.as_deref().is_none_or(|kind| kind == backend.kind);
            let applying = self.defaults.iter().filter(of_kind).filter(|d| (d.applies)(&backend.module));
            let mut variant = backend.clone();
            let mut any = false;
            for defaults in applying {
                let block = std::mem::take(&mut variant.settings);
                variant.set_all(&defaults.values, &SettingFrom::Policy);
                variant.settings.extend(block);
                any = true;
            }
            // The policy says how these backends are completed: what it does not name is not there.
            variant.complete |= any;
            variants.extend(any.then_some(variant));
        }
        if variants.is_empty() {
            variants.push(backend.clone());
        }
        variants
    }

    /// Whether a command is meant for the module of a backend: by its directory, or, where that is not known, because
    /// the backend waits for arguments and the files that are named stand beside it.
    fn speaks_for(&self, init: &Invocation, backend: &Backend) -> bool {
        match init.directory.as_known() {
            Some(directory) => RepoPath::new(directory) == backend.module,
            None => {
                let named: Vec<&Argument> = init.backend_config.iter().filter(|a| key_value(a).is_none()).collect();
                let stand_beside = named.iter().any(|file| !self.files_named(file, &backend.module).is_empty());
                init.directory.matches(backend.module.as_str())
                    && !backend.complete
                    && (stand_beside || named.is_empty())
            }
        }
    }

    fn add_variants(&self, backend: &Backend, init: &Invocation, variants: &mut Vec<Backend>) {
        let mut made = vec![backend.clone()];
        let mut all_known = !init.open;
        for argument in &init.backend_config {
            if let Some((key, value)) = key_value(argument) {
                for variant in &mut made {
                    let from = SettingFrom::Argument;
                    variant.set_all(&super::evaluate::map([(key.as_str(), value.clone())]), &from);
                }
                continue;
            }
            let files = self.files_named(argument, &backend.module);
            // A file that is not in the repository supplies what nobody here can know.
            all_known &= !files.is_empty();
            let alternatives = files.into_iter().take(MAX_VARIANTS);
            let each: Vec<Backend> = alternatives
                .flat_map(|file| {
                    made.iter().map(move |variant| {
                        let mut variant = variant.clone();
                        merge_file(&mut variant, file);
                        variant
                    })
                })
                .take(MAX_VARIANTS)
                .collect();
            if !each.is_empty() {
                made = each;
            }
        }
        for mut variant in made {
            variant.completed_by = Some(init.place.clone());
            variant.complete = all_known || variant.is_complete_alone();
            if variants.len() < MAX_VARIANTS {
                variants.push(variant);
            }
        }
    }

    /// The files that an argument may name, relative to the module or to the repository's root.
    fn files_named(&self, argument: &Argument, module: &RepoPath) -> Vec<&'r Document> {
        if let Some(name) = argument.text.as_known() {
            let beside = module.join(name.trim_start_matches("./"));
            let found = self.files.get(&beside).or_else(|| self.files.get(&RepoPath::new(name)));
            return found.copied().into_iter().collect();
        }
        let holes_only = argument.text.0.iter().all(String::is_empty);
        let matching = self.below(module).filter(|document| {
            let path = document.path();
            let relative = path.as_str()[module.as_str().len()..].trim_start_matches('/');
            let like_a_backend = document.kind == FileKind::Tfbackend || !holes_only;
            like_a_backend && (argument.text.matches(relative) || argument.text.matches(&format!("./{relative}")))
        });
        matching.collect()
    }

    /// The files in a directory and below it.
    fn below<'s>(&'s self, directory: &'s RepoPath) -> impl Iterator<Item = &'r Document> + use<'s, 'r> {
        // `0` follows `/`: nothing that starts with the directory's path and a slash lies outside the range.
        let end = RepoPath::new(&format!("{}0", directory.as_str()));
        let range = match directory.as_str() {
            "" => self.files.range::<RepoPath, _>(..),
            _ => self.files.range::<RepoPath, _>(directory..&end),
        };
        range.map(|(_, document)| *document).filter(|document| document.path().is_inside(directory))
    }

    /// `*.tfbackend` files in the module's directory or below it, up to the next module: ready to be named.
    fn files_beside(&self, backend: &Backend) -> Vec<&'r Document> {
        if backend.complete {
            return Vec::new();
        }
        let by_name = self.below(&backend.module).filter(|document| document.kind == FileKind::Tfbackend);
        let own = by_name.filter(|document| !self.has_module_between(&document.path().parent(), &backend.module));
        own.take(MAX_VARIANTS).collect()
    }

    fn has_module_between(&self, directory: &RepoPath, module: &RepoPath) -> bool {
        let mut at = directory.clone();
        while at != *module && !at.as_str().is_empty() {
            if self.module_directories.contains(&at) {
                return true;
            }
            at = at.parent();
        }
        false
    }

    /// Files that a command names with `-backend-config=`, wherever it runs.
    pub fn named_files(&self) -> Vec<&'r Document> {
        let mut found: Vec<&'r Document> = Vec::new();
        for argument in self.invocations.iter().flat_map(|invocation| &invocation.backend_config) {
            if key_value(argument).is_some() {
                continue;
            }
            let Some(name) = argument.text.as_known() else { continue };
            let name = RepoPath::new(name);
            let same = |path: &RepoPath| *path == name || path.as_str().ends_with(&format!("/{}", name.as_str()));
            found.extend(self.files.iter().filter(|(path, _)| same(path)).map(|(_, document)| *document));
        }
        found.sort_by_key(|document| document.path().clone());
        found.dedup_by_key(|document| document.path().clone());
        found
    }

    /// Variable files that some command names with `-var-file` for a module, each command one case; and files named
    /// `*.tfvars` in the module's directory or below it that stand ready to be named, each a case of its own.
    pub fn variable_files(&self, module: &RepoPath) -> Vec<Vec<&'r Document>> {
        let mut cases: Vec<Vec<&'r Document>> = Vec::new();
        for invocation in self.invocations.iter().filter(|i| !i.var_files.is_empty()) {
            let known = invocation.directory.as_known().map(RepoPath::new);
            if known.is_some_and(|directory| directory != *module) {
                continue;
            }
            let files: Vec<&'r Document> =
                invocation.var_files.iter().flat_map(|file| self.files_named(file, module)).collect();
            if !files.is_empty() && !cases.contains(&files) {
                cases.push(files);
            }
        }
        let ready = self.below(module).filter(|document| {
            matches!(document.kind, FileKind::Tfvars | FileKind::TfvarsJson)
                && !super::variables::is_read_always(document.path().name())
                && !self.has_module_between(&document.path().parent(), module)
        });
        for document in ready {
            if !cases.iter().any(|case| case.contains(&document)) && cases.len() < MAX_VARIANTS {
                cases.push(vec![document]);
            }
        }
        cases
    }
}

/// `key=value` of a `-backend-config` argument; None if it names a file.
pub fn key_value(argument: &Argument) -> Option<(String, Value)> {
    let first = argument.text.0.first()?;
    let (key, start) = first.split_once('=')?;
    let key = key.trim();
    if key.is_empty() || !key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
        return None;
    }
    let at = argument.place.span.start as usize + first.len() - start.len();
    let place = Place { span: Span::new(at, argument.place.span.end as usize), ..argument.place.clone() };
    let value = match argument.text.as_known() {
        Some(_) => Value::literal(Kind::String(start.into()), place.clone()),
        None => Value::unknown(Reason::Runtime("a variable of the command line".into())),
    };
    let step: Arc<str> = format!("-backend-config={key}").into();
    Some((key.to_owned(), value.through(&step, &argument.place)))
}

/// Merges the attributes of a backend-config file.
fn merge_file(backend: &mut Backend, document: &Document) {
    let from = SettingFrom::File(document.path().clone());
    for attribute in document.body.iter().flat_map(|body| &body.attributes) {
        let place = Place::new(&document.source, attribute.span);
        let step: Arc<str> = format!("-backend-config={}", document.path().name()).into();
        let value = constant(&document.source, &attribute.value).through(&step, &place);
        backend.set_all(&super::evaluate::map([(attribute.name.as_str(), value)]), &from);
    }
}
