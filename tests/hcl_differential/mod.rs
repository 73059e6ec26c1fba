//! The HCL parser against Terraform's own: what Terraform takes must parse, into the same structure and the same text.

mod cases;
mod literals;
mod operators;
mod random;
mod structure;
pub(crate) mod terraform;
