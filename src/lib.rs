//! `credlint` keeps credentials hygienic in Terraform and OpenTofu repositories.
//!
//! Data flows one way: documents are collected and parsed, their meaning is resolved, rules judge it, the report
//! decides levels and exceptions, outputs print it. The layers stand below in reading order; each may import only
//! what the table in `tests/architecture.rs` allows it.

pub mod cli;
pub mod document;
pub mod finding;
pub mod output;
pub mod policy;
#[cfg(feature = "publish")]
pub mod publish;
pub mod report;
pub mod resolve;
pub mod rules;
pub mod text;
#[cfg(feature = "live")]
pub mod verify;
