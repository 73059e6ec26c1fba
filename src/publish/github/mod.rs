//! GitHub, by its REST API: <https://docs.github.com/en/rest>.

mod annotation;
pub(super) mod check_run;
pub(super) mod commands;
pub(super) mod comment;
pub(super) mod event;
mod hunks;
mod identity;
pub(super) mod review;
pub(super) mod sarif;
mod state;
pub(super) mod step_summary;
mod suggestion;
mod words;
