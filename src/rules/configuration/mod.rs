//! Rules about configuration files themselves and the secrets in them.

mod free_texts;
pub mod long_lived_credential_minted;
mod minted;
pub mod minted_credential_never_rotated;
pub mod minted_credential_spread;
pub mod minted_credential_unencrypted;
pub mod recognized_credential;
mod rotation;
pub mod secret_in_free_text;
pub mod sensitive_attribute_literal;
mod sinks;
mod spot;
mod standing;
mod stores;
pub(in crate::rules) mod surroundings;
pub mod tfvars_secret;
mod told;
pub mod unparsable_file;
pub mod variable_default_secret;
mod variables;
mod weigh;
