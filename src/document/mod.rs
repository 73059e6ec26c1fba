//! The files of a repository and their syntax. Invariant: the only reader of repository files; parsing cannot fail,
//! it yields documents and notifications.

pub mod artifact;
pub mod collect;
pub mod edit;
mod generated;
pub mod git;
pub mod hcl;
mod ignore_rules;
mod ignores;
mod kind;
mod load;
mod repository;

pub use ignore_rules::{Decision, IgnoreRules};
pub use kind::{Kind, is_below_data_directory, is_ignored_by_loader, is_override, shadowed_by};
pub use load::{Look, load, load_near, parse};
pub use repository::{Counts, Document, ReadOnDemand, Repository};
