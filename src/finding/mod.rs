//! What the program says about a repository. Invariant: plain data; a secret can be printed by nobody.

mod aws;
mod credential;
mod fingerprint;
mod fix;
mod groups;
mod ignore_site;
mod issuer_trust;
mod item;
mod level;
mod notification;
mod place;
mod secret;
mod state_store;
mod verification;
mod workload_token;

pub use aws::account_of_aws_key;
pub use credential::{Beside, CredentialUse, Occurrence, Strength};
pub use fingerprint::{FingerprintKey, finding_fingerprint, keyed_fingerprint, plain_fingerprint};
pub use fix::{Fix, FixAvailability};
pub use groups::same_credential;
pub use ignore_site::IgnoreSite;
pub use issuer_trust::IssuerTrust;
pub use item::{Finding, Related, Remedy, Words};
pub use level::{Confidence, Level, Severity};
pub use notification::Notification;
pub use place::Place;
pub use secret::Secret;
pub use state_store::{BucketAnswer, KeyAnswer, LockAnswer, StateStore, StoreAnswer, StoreKind, TableAnswer};
pub use verification::{Reason, Status, Verification};
pub use workload_token::{TokenVerdict, WorkloadToken};
