//! The rules. Invariant: pure and synchronous: no files, environment, clock or network; one rule never calls another.

pub mod backends;
mod rule;
mod run;
pub mod secret;
pub mod url;

pub use rule::{
    BackendContext, Check, Findings, Group, ModuleContext, ProviderContext, RepositoryContext, Rule, Verdict,
    module_name, trace_of,
};
pub use run::{Outcome, Plan, Subject, run};

/// All rules, in the order of the catalogue.
pub const ALL: &[&Rule] = &[&backends::backend_not_encrypted::RULE];

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}
