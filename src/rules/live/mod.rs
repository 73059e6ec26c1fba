//! Rules about what issuers and clouds answer when they are asked.

pub mod credential_active;
mod told;
