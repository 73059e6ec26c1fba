//! State, plans, logs: what must not be in a repository, and what must not be in it.

mod analysis;
mod large;

pub use analysis::{Analysis, Birth, Copies, FoundSecret, Why, analyse};
pub use large::analyse_windows;
