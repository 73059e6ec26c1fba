//! Findings about a credential as its issuer knows it.

use crate::finding::{Finding, IssuerTrust, StateStore, Verification};
use crate::rules::LiveCredential;

/// A finding at the first place of a credential, with where else it stands.
pub(in crate::rules) fn finding(rule: &'static str, credential: &LiveCredential<'_>, message: String) -> Finding {
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
pub(in crate::rules) fn whose(verification: &Verification) -> String {
    match (&verification.principal, &verification.account) {
        (Some(principal), _) => format!(" of {principal}"),
        (None, Some(account)) => format!(" of account {account}"),
        (None, None) => String::new(),
    }
}

/// The day of a time, and how many days ago that was.
pub(in crate::rules) fn day(at: jiff::Timestamp, today: jiff::civil::Date) -> (jiff::civil::Date, i64) {
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    (day, today.since(day).map_or(0, |span| i64::from(span.get_days())))
}

/// A finding at the place where a backend names what keeps the state.
pub(super) fn of_store(rule: &'static str, store: &StateStore, message: String) -> Finding {
    let finding = Finding::new(rule, store.place.clone(), message);
    finding.address(&store.address).attribute(store.kind.argument()).module(&store.module)
}

/// Most places that a finding names as trusting an issuer.
const MOST_TRUSTS: usize = 5;

/// The same finding, with where the configuration trusts the issuer of that host: what breaks when the issuer does.
pub(super) fn trusted(finding: Finding, host: Option<&str>, trusts: &[IssuerTrust]) -> Finding {
    let of_host = trusts.iter().filter(|trust| host.is_some_and(|host| trust.host.eq_ignore_ascii_case(host)));
    of_host.take(MOST_TRUSTS).fold(finding, |finding, trust| {
        finding.related(trust.place.clone(), format!("`{}` trusts its tokens", trust.address))
    })
}
