//! The one integration-test binary: each module tests one promise of the whole.

mod action;
mod architecture;
mod artifacts;
#[cfg(feature = "live")]
mod aws;
mod cli;
mod collect;
mod functions;
mod generated;
mod git_repository;
mod hcl_differential;
mod iam;
mod linters;
mod outputs;
mod publish;
mod readme;
mod resolve;
mod rules;
mod support;
mod vault;
#[cfg(feature = "live")]
mod verify;
