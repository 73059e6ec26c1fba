//! State, plans, logs: what must not be in a repository, and what must not be in it.

mod analysis;
mod births;
mod copies;
mod harmless;
mod inside;
mod judge;
mod kinds;
mod large;
mod survey;

pub use analysis::{Analysis, Birth, FoundSecret, Why, analyse};
pub use copies::Copies;
pub use large::analyse_windows;
