//! What is our own on a pull request: marked, and written by whom the token belongs to.

use super::super::api::Api;
use super::super::fault::Fault;
use crate::report::Report;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Who the token belongs to.
pub(super) struct Identity(Option<String>);

impl Identity {
    /// # Errors
    /// If the forge cannot be asked, or takes no token.
    pub(super) fn ask(api: &Api) -> Result<Self, Fault> {
        match api.get("/user") {
            Ok(user) => Ok(Self(user.get("login").and_then(Value::as_str).map(str::to_owned))),
            // The token of a job or an App belongs to no user.
            Err(Fault::Refused { .. }) => Ok(Self(None)),
            Err(fault) => Err(fault),
        }
    }

    /// Whether a comment is ours: anybody can paste a marker, and nobody can choose who they are.
    pub(super) fn wrote(&self, comment: &Value) -> bool {
        let user = |key: &str| comment.pointer(&format!("/user/{key}")).and_then(Value::as_str);
        match &self.0 {
            Some(login) => user("login") == Some(login),
            None => user("type") == Some("Bot"),
        }
    }
}

/// The number of a thing.
pub(super) fn id_of(value: &Value) -> Option<u64> {
    value.get("id").and_then(Value::as_u64)
}

/// What names a report, so that the same one is not posted twice: 16 hex digits.
pub(super) fn name_of(report: &Report) -> String {
    let mut hash = Sha256::new();
    for finding in report.counted() {
        hash.update(&finding.fingerprint);
        hash.update(finding.spot.start.line.to_le_bytes());
        hash.update(finding.level.as_str());
        hash.update(finding.message.as_bytes());
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
