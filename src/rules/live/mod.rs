//! Rules about what issuers and clouds answer when they are asked.

pub mod credential_active;
pub mod credential_of_root;
pub mod credential_unused;
pub mod live_kms_rotation;
pub mod live_lock_table;
pub mod live_state_bucket;
pub mod oidc_signing_key_unknown;
pub mod tfe_signing_key_defect;
pub(in crate::rules) mod told;
