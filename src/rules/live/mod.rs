//! Rules about what issuers and clouds answer when they are asked.

pub mod credential_active;
pub mod oidc_signing_key_unknown;
pub mod tfe_signing_key_defect;
mod told;
