//! The files of a repository and their syntax. Invariant: the only reader of repository files; parsing cannot fail,
//! it yields documents and notifications.

pub mod collect;
pub mod edit;
pub mod git;
pub mod hcl;
mod kind;
mod repository;

pub use kind::{Kind, is_below_data_directory, is_ignored_by_loader, is_override, shadowed_by};
pub use repository::{Counts, Document, ReadOnDemand, Repository};
