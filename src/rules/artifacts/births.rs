//! Credentials whose creation date stands in the artifact.

use crate::document::artifact::{Leaf, Owner, Section};
use crate::text::Span;

/// A type whose state tells when its credential was made.
struct Dated {
    kind: &'static str,
    /// The attribute that tells the day.
    date: &'static str,
    /// The attribute that tells whether the credential can be used, and what it says where it cannot.
    off: Option<(&'static str, &'static str)>,
}

const fn dated(kind: &'static str, date: &'static str, off: Option<(&'static str, &'static str)>) -> Dated {
    Dated { kind, date, off }
}

/// From the providers' documentation of these resources: <https://registry.terraform.io/browse/providers>.
const DATED: [Dated; 20] = [
    dated("aws_iam_access_key", "create_date", Some(("status", "Inactive"))),
    dated("aws_iam_service_specific_credential", "create_date", Some(("status", "Inactive"))),
    dated("aws_lightsail_bucket_access_key", "created_at", Some(("status", "Inactive"))),
    dated("aws_api_gateway_api_key", "created_date", None),
    dated("google_service_account_key", "valid_after", None),
    dated("google_storage_hmac_key", "time_created", Some(("state", "INACTIVE"))),
    dated("azuread_application_password", "start_date", None),
    dated("azuread_service_principal_password", "start_date", None),
    dated("scaleway_iam_api_key", "created_at", None),
    dated("linode_token", "created", None),
    dated("digitalocean_spaces_key", "created_at", None),
    dated("oci_identity_auth_token", "time_created", Some(("state", "INACTIVE"))),
    dated("oci_identity_customer_secret_key", "time_created", Some(("state", "INACTIVE"))),
    dated("oci_identity_smtp_credential", "time_created", Some(("state", "INACTIVE"))),
    dated("yandex_iam_service_account_key", "created_at", None),
    dated("yandex_iam_service_account_api_key", "created_at", None),
    dated("yandex_iam_service_account_static_access_key", "created_at", None),
    dated("gitlab_personal_access_token", "created_at", None),
    dated("gitlab_project_access_token", "created_at", None),
    dated("gitlab_group_access_token", "created_at", None),
];

/// A creation date as it was read.
pub(super) struct BirthFact {
    pub(super) owner: Owner,
    pub(super) attribute: &'static str,
    pub(super) date: jiff::civil::Date,
    pub(super) span: Option<Span>,
    pub(super) order: usize,
}

fn dated_of(owner: &Owner) -> Option<&'static Dated> {
    // A data source tells of what another state owns.
    let resource = owner.section == Section::Resource;
    DATED.iter().find(|dated| resource && dated.kind == owner.kind)
}

/// Whether an attribute tells when the credential was made.
pub(super) fn is_date(owner: &Owner, attribute: &str) -> bool {
    dated_of(owner).is_some_and(|dated| dated.date == attribute)
}

/// The attribute that tells whether the credential can be used.
pub(super) fn status_attribute(owner: &Owner) -> Option<&'static str> {
    dated_of(owner)?.off.map(|(attribute, _)| attribute)
}

/// Whether a status says that the credential cannot be used.
pub(super) fn is_off(owner: &Owner, status: &str) -> bool {
    dated_of(owner).and_then(|dated| dated.off).is_some_and(|(_, off)| off.eq_ignore_ascii_case(status))
}

/// The creation date in a value, if that is what it is: RFC 3339, of which the day counts.
pub(super) fn read(owner: &Owner, leaf: &Leaf<'_>, order: usize) -> Option<BirthFact> {
    let dated = dated_of(owner).filter(|dated| dated.date == leaf.path)?;
    let (day, rest) = leaf.text.split_at_checked(10)?;
    let whole = rest.is_empty() || rest.starts_with(['T', 't', ' ']);
    let date = day.parse().ok().filter(|_| whole)?;
    Some(BirthFact { owner: owner.clone(), attribute: dated.date, date, span: leaf.span, order })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn birth(kind: &str, path: &str, text: &str) -> Option<String> {
        let owner = Owner { section: Section::Resource, address: format!("{kind}.x"), kind: kind.into() };
        let leaf = Leaf { path, text, number: false, span: None, marked: false };
        read(&owner, &leaf, 0).map(|fact| fact.date.to_string())
    }

    #[test]
    fn dates_are_read() {
        let of = |text: &str| birth("aws_iam_access_key", "create_date", text);
        assert_eq!(of("2020-02-03T04:05:06Z").as_deref(), Some("2020-02-03"));
        assert_eq!(of("2020-02-03").as_deref(), Some("2020-02-03"));
        for text in ["", "2020-02-0é", "2020-02-30T00:00:00Z", "yesterday, noon", "2020-02-031"] {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(birth("time_rotating", "rfc3339", "2020-02-03T04:05:06Z"), None);
    }
}
