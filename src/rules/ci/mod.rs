//! Rules about CI systems: what workflows, pipelines, Makefiles and scripts hold, do and leave behind.

pub mod ci_trace_logging;
