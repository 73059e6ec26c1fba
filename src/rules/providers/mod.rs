//! Rules about providers, modules and their versions.

mod calls;
mod common;
pub(in crate::rules) mod content;
mod edits;
mod elsewhere;
mod held;
pub(in crate::rules) mod kinds;
pub mod lock_file_incomplete;
pub mod lock_file_missing;
pub mod module_loosely_pinned;
pub mod module_mutable_ref;
pub mod module_source_credential;
pub mod module_unpinned;
pub mod provider_insecure_transport;
pub mod provider_loosely_pinned;
pub mod provider_no_account_guard;
pub mod provider_no_assume_role;
pub mod provider_source_missing;
pub mod provider_static_credential;
pub mod provider_unpinned;
pub mod provider_version_in_block;
pub mod terraform_version_unpinned;

pub(in crate::rules) use held::secret_in;
