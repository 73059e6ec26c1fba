//! Runs the rules over a repository: the trees of its modules in parallel, then state, plans and logs, the repository as
//! a whole, automation and texts; then leaves one finding a literal, and no credential in any text of one.

mod artifacts;
mod automation;
mod formats;
mod live;
mod precedence;
mod providers;
mod resources;
mod texts;

pub use live::{Answers, run_live};

use super::buckets::{Stores, real};
use super::ci::trust::trusts;
use super::detect::Detectors;
use super::rule::{BackendContext, Check, Findings, ModuleContext, ProvidersContext, RepositoryContext, Rule, Verdict};
use crate::document::{Document, Kind as FileKind, Repository};
use crate::finding::{Finding, IssuerTrust, Level, Notification, StateStore};
use crate::policy::settings::RuleSettings;
use crate::resolve::{
    Backend, ConfiguredProvider, InstanceId, ModuleId, Program, Supplies, Tree, VariableFiles, backends_of,
    read_always, terragrunt_states,
};
use crate::text::RepoPath;
use rayon::prelude::*;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

/// Which rules run, and with which options.
pub trait Plan: Sync {
    /// Whether a rule's level is other than `off` anywhere.
    fn runs(&self, rule: &str) -> bool;
    /// The rule's options for a path.
    fn settings(&self, rule: &'static str, path: &RepoPath) -> &RuleSettings;
}

/// What the rules found, and what could not be judged.
#[derive(Debug, Default)]
pub struct Outcome {
    /// In no particular order.
    pub findings: Vec<Finding>,
    /// Trees that were cut, rules that failed, artifacts that could not be read.
    pub notifications: Vec<Notification>,
    /// Number of artifacts of which something could not be read.
    pub unparsable_artifacts: usize,
    /// What keeps state in AWS, as the backends name it.
    pub stores: Vec<StateStore>,
    /// Which issuers of workload identities are trusted, and where.
    pub trusts: Vec<IssuerTrust>,
}

/// Everything that the rules are run on.
pub struct Subject<'r> {
    /// The documents.
    pub repository: &'r Repository,
    /// The modules.
    pub program: &'r Program<'r>,
    /// What completes backends and sets variables.
    pub supplies: &'r Supplies<'r>,
    /// The formats of credentials that are looked for in all texts.
    pub detectors: &'r Detectors,
    /// The day of the run, by which ages are told.
    pub today: jiff::civil::Date,
}

#[derive(Default)]
struct Part<'r> {
    findings: Findings,
    notifications: Vec<Notification>,
    providers: Vec<ConfiguredProvider<'r>>,
    backends: Vec<(Backend, Vec<(&'static str, &'static str)>)>,
    trusts: Vec<IssuerTrust>,
}

/// Runs `rules` as far as the plan says so.
pub fn run(subject: &Subject<'_>, rules: &[&'static Rule], plan: &dyn Plan) -> Outcome {
    let rules: Vec<&'static Rule> = rules.iter().copied().filter(|rule| plan.runs(rule.id)).collect();
    let starts = &subject.program.starts;
    let trees: Vec<Part<'_>> =
        starts.par_iter().with_max_len(1).map(|id| judge_tree(subject, *id, &rules, plan)).collect();
    let terragrunt: Vec<Part<'_>> = subject
        .repository
        .documents
        .par_iter()
        .filter(|document| document.kind == FileKind::Terragrunt)
        .map(|document| judge_terragrunt(subject, document, &rules, plan))
        .collect();
    let mut outcome = Outcome::default();
    let (mut backends, mut providers) = (Vec::new(), Vec::new());
    let mut undecided = Vec::new();
    outcome.findings.reserve(trees.iter().map(|part| part.findings.0.len()).sum());
    for part in trees.into_iter().chain(terragrunt) {
        outcome.findings.extend(part.findings.0);
        outcome.notifications.extend(part.notifications);
        outcome.trusts.extend(part.trusts);
        providers.extend(part.providers);
        for (backend, open) in part.backends {
            undecided.extend(open.into_iter().map(|(rule, argument)| (backends.len(), rule, argument)));
            backends.push(backend);
        }
    }
    // A module that is called is met in the tree of each caller.
    outcome.trusts.sort_by(|one, other| one.place.cmp(&other.place));
    outcome.trusts.dedup();
    outcome.stores = real::stores(&backends);
    artifacts::judge(subject, &rules, plan, &mut outcome);
    let stores = LazyLock::new(|| Stores::find(subject.program, &backends, starts, &|root| tree_of(subject, root)));
    judge_repository(
        subject,
        &Before { backends: &backends, providers: &providers, undecided: &undecided, stores: &stores },
        &rules,
        plan,
        &mut outcome,
    );
    automation::judge(subject, &rules, plan, &mut outcome);
    texts::judge(subject, &rules, plan, &mut outcome);
    precedence::one_a_literal(&mut outcome.findings);
    formats::hide_in(&mut outcome.findings);
    outcome.notifications.iter_mut().for_each(|notification| formats::hide(&mut notification.message));
    // To take apart what only the end of the process follows upon would take longer than most rules.
    std::mem::forget(stores);
    std::mem::forget((backends, providers));
    outcome
}

/// The tree under a root module, with the variable files that its commands name.
fn tree_of<'r>(subject: &Subject<'r>, root: ModuleId) -> Tree<'r> {
    let directory = &subject.program.modules[root].directory;
    let files = VariableFiles {
        always: read_always(subject.program.beside(directory)),
        sometimes: subject.supplies.variable_files(directory),
    };
    Tree::new(subject.program, root, files)
}

fn judge_tree<'r>(subject: &Subject<'r>, root: ModuleId, rules: &[&'static Rule], plan: &dyn Plan) -> Part<'r> {
    let directory = &subject.program.modules[root].directory;
    let tree = tree_of(subject, root);
    let mut part = Part::default();
    for instance in 0..tree.instances.len() {
        judge_instance(subject, &tree, instance, rules, plan, &mut part);
    }
    if tree.cut {
        let message = "module calls beyond the first 1,000, or more than 24 deep, were not followed";
        part.notifications.push(Notification::warning(directory, message));
    }
    if tree.is_exhausted() {
        let message = "evaluation was cut at its budget; values beyond it count as unknown";
        part.notifications.push(Notification::warning(directory, message));
    }
    part
}

fn judge_instance<'r>(
    subject: &Subject<'r>,
    tree: &Tree<'r>,
    instance: InstanceId,
    rules: &[&'static Rule],
    plan: &dyn Plan,
    part: &mut Part<'r>,
) {
    let module = tree.module(instance);
    let role = &subject.program.roles[tree.instances[instance].module];
    for (rule, check) in checks(rules) {
        if let Check::Module(check) = check {
            let settings = plan.settings(rule.id, &module.directory);
            let context = ModuleContext { tree, instance, module, role, settings };
            guard(rule, &module.directory, part, |findings| check(&context, findings));
        }
    }
    providers::judge(tree, instance, rules, plan, part);
    resources::judge(tree, instance, rules, plan, part);
    part.trusts.extend(trusts(tree, instance));
    for backend in backends_of(tree, instance) {
        for backend in subject.supplies.complete(&backend) {
            let open = judge_backend(subject, &backend, Some((module, role)), rules, plan, part);
            part.backends.push((backend, open));
        }
    }
}

fn judge_backend<'a>(
    subject: &'a Subject<'a>,
    backend: &'a Backend,
    within: Option<(&'a crate::resolve::Module<'a>, &'a crate::resolve::Role)>,
    rules: &[&'static Rule],
    plan: &dyn Plan,
    part: &mut Part,
) -> Vec<(&'static str, &'static str)> {
    let mut open = Vec::new();
    for (rule, check) in checks(rules) {
        let Check::Backend(check) = check else { continue };
        let settings = plan.settings(rule.id, backend.header.path());
        let (module, role) = (within.map(|(module, _)| module), within.map(|(_, role)| role));
        let context = BackendContext { backend, module, role, program: subject.program, settings };
        let mut verdict = Verdict::Decided;
        guard(rule, backend.header.path(), part, |findings| verdict = check(&context, findings));
        if let Verdict::Undecided(argument) = verdict {
            open.push((rule.id, argument));
        }
    }
    open
}

fn judge_terragrunt(
    subject: &Subject<'_>,
    document: &Document,
    rules: &[&'static Rule],
    plan: &dyn Plan,
) -> Part<'static> {
    let mut part = Part::default();
    for backend in terragrunt_states(document) {
        let open = judge_backend(subject, &backend, None, rules, plan, &mut part);
        part.backends.push((backend, open));
    }
    part
}

/// What a rule about the whole repository is given of what was found before.
struct Before<'b> {
    backends: &'b [Backend],
    providers: &'b [ConfiguredProvider<'b>],
    undecided: &'b [(usize, &'static str, &'static str)],
    stores: &'b (dyn Deref<Target = Stores> + Sync),
}

fn judge_repository(
    subject: &Subject<'_>,
    before: &Before<'_>,
    rules: &[&'static Rule],
    plan: &dyn Plan,
    outcome: &mut Outcome,
) {
    let Before { backends, providers, undecided, stores } = *before;
    let mut backend_files = subject.supplies.named_files();
    backend_files.extend(subject.repository.documents.iter().filter(|d| d.kind == FileKind::Tfbackend));
    backend_files.sort_by_key(|document| document.path().clone());
    backend_files.dedup_by_key(|document| document.path().clone());
    let judged = |(rule, check): (&'static Rule, &Check)| {
        let settings = |path: &RepoPath| plan.settings(rule.id, path);
        let context = RepositoryContext {
            repository: subject.repository,
            program: subject.program,
            backends,
            undecided,
            backend_files: &backend_files,
            invocations: &subject.supplies.invocations,
            stores,
            settings: &settings,
        };
        let mut part = Part::default();
        guard(rule, &RepoPath::new(""), &mut part, |findings| match check {
            Check::Repository(check) => check(&context, findings),
            Check::Providers(check) => check(&ProvidersContext { providers, backends }, findings),
            _ => {}
        });
        part
    };
    let checks: Vec<(&'static Rule, &Check)> = checks(rules).collect();
    let parts: Vec<Part<'_>> = checks.into_par_iter().map(judged).collect();
    for part in parts {
        outcome.findings.extend(part.findings.0);
        outcome.notifications.extend(part.notifications);
    }
}

/// Every check of every rule.
fn checks(rules: &[&'static Rule]) -> impl Iterator<Item = (&'static Rule, &'static Check)> {
    rules.iter().flat_map(|rule| rule.check.parts().iter().map(|check| (*rule, check)))
}

/// Runs a check; a panic in it is told as a notification and takes nothing else with it.
fn guard(rule: &Rule, path: &RepoPath, part: &mut Part, check: impl FnOnce(&mut Findings)) {
    let mut found = Findings::default();
    let result = catch_unwind(AssertUnwindSafe(|| check(&mut found)));
    part.findings.0.append(&mut found.0);
    if result.is_err() {
        let message = format!("the rule {} failed on this module: what it would have found is not known", rule.id);
        part.notifications.push(Notification { path: Some(path.clone()), level: Level::Error, message });
    }
}
