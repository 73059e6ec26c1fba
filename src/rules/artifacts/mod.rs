//! State, plans, logs: what must not be in a repository, and what must not be in it.

mod analysis;
mod births;
pub mod cli_config_credential;
mod committed;
mod copies;
pub mod credential_overdue;
pub mod gitignore_incomplete;
pub(in crate::rules) mod judge;
mod kinds;
mod large;
mod log;
mod logins;
mod needles;
pub mod plan_committed;
pub mod plan_secret;
mod spread;
pub mod state_committed;
pub mod state_secret;
mod survey;
pub mod terraform_directory_committed;
mod told;
pub mod trace_log_credential;
mod wanted;

pub use analysis::{Analysis, Birth, FoundSecret, Why, analyse};
pub use copies::{Copies, Seeker};
pub use large::analyse_windows;
pub(in crate::rules) use told::{directory_option, module_of, out_of_git};
