//! Rules about where state lives.

pub mod backend_cache_credential;
pub mod backend_checks_skipped;
pub mod backend_config_credential;
pub mod backend_deprecated_locking;
pub mod backend_insecure_transport;
pub mod backend_key_reused;
pub mod backend_kms_key_not_arn;
pub mod backend_local;
pub mod backend_no_kms_key;
pub mod backend_no_locking;
pub mod backend_not_encrypted;
pub mod backend_partial;
pub mod backend_shared_credential;
pub mod backend_static_credential;
mod credentials;
mod purpose;
pub(super) mod site;

pub(in crate::rules) use credentials::secret_in;
