//! Rules about CI systems: what workflows, pipelines, Makefiles and scripts hold, do and leave behind.

pub mod ci_trace_logging;
pub mod oidc_trust_too_broad;
mod trust;
