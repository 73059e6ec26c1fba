//! State, plans, logs: what must not be in a repository, and what must not be in it.

mod analysis;
mod births;
mod committed;
mod copies;
pub mod gitignore_incomplete;
mod harmless;
mod inside;
mod judge;
mod kinds;
mod large;
pub mod plan_committed;
pub mod state_committed;
mod survey;
pub mod terraform_directory_committed;
mod wanted;

pub use analysis::{Analysis, Birth, FoundSecret, Why, analyse};
pub use copies::Copies;
pub use large::analyse_windows;
