//! Findings about a credential as its issuer knows it.

use crate::finding::{Finding, Verification};
use crate::rules::LiveCredential;

/// A finding at the first place of a credential, with where else it stands.
pub(super) fn finding(rule: &'static str, credential: &LiveCredential<'_>, message: String) -> Finding {
    let first = credential.findings[0];
    let mut finding = Finding::new(rule, first.place.clone(), message);
    finding.address.clone_from(&first.address);
    finding.attribute.clone_from(&first.attribute);
    finding.module.clone_from(&first.module);
    finding.credential.clone_from(&first.credential);
    // The commands that take it back are those of the finding that met it.
    finding.remedy.commands.clone_from(&first.remedy.commands);
    finding
}

/// ` of PRINCIPAL`, as far as the issuer says whose it is.
pub(super) fn whose(verification: &Verification) -> String {
    match (&verification.principal, &verification.account) {
        (Some(principal), _) => format!(" of {principal}"),
        (None, Some(account)) => format!(" of account {account}"),
        (None, None) => String::new(),
    }
}
