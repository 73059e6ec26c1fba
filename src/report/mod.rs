//! Levels, exceptions, order, fingerprints, outcome. Invariant: the last place where a finding changes; a [`Report`]
//! holds no secret value.

mod baseline;
mod build;
mod fingerprints;
mod inventory;
mod judge;
mod model;
mod read;
mod redact;
mod suppress;
mod weakened;

pub use baseline::{Baseline, BaselineError, write_baseline};
pub use build::{Input, build};
pub use judge::{Judge, RuleMeta};
pub use model::{
    Counts, Credential, CredentialOccurrence, Excerpt, Files, RelatedSpot, Report, ReportedFinding, Spot, Suppressed,
    SuppressedBy,
};
pub use read::{ReadError, read};
pub use suppress::{EXCEPTION_EXPIRED, IGNORE_WITHOUT_REASON, UNUSED_IGNORE};
pub use weakened::{POLICY_WEAKENED, weakenings};
