//! Rules about CI systems: what workflows, pipelines, Makefiles and scripts hold, do and leave behind.

mod arguments;
pub mod ci_literal_credential;
pub mod ci_state_exposed;
pub mod ci_static_cloud_credential;
pub mod ci_trace_logging;
mod clouds;
mod exposure;
mod literals;
pub mod oidc_trust_too_broad;
pub mod tfe_static_credential;
pub(in crate::rules) mod trust;
