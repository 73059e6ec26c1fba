//! The issuers: one file each.

pub(super) mod github;
