//! The issuers: one file each.

pub(super) mod approle;
pub(super) mod github;
pub(super) mod jwt;
pub(super) mod kubernetes;
pub(super) mod tfe;
pub(super) mod vault;
