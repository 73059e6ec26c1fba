//! How the rules speak of secrets in configuration.

use super::weigh::Weighed;
use crate::rules::artifacts::Why;

/// Why a value is taken for a secret.
pub(super) fn reason(weighed: &Weighed) -> String {
    match weighed.judged.why {
        Why::Provider => "which the provider declares sensitive".to_owned(),
        Why::Marked => "which is marked as sensitive".to_owned(),
        Why::Format => format!("which has the form of a credential ({})", weighed.judged.kind),
        Why::Named | Why::Argument | Why::Copy => {
            format!("which is named as a secret ({})", weighed.judged.kind)
        }
    }
}
