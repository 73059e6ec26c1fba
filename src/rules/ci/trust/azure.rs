//! Who may sign in as an application or managed identity by a federated credential.
//!
//! Its subject is compared as it is, wildcards are none; flexible ones have an expression:
//! <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations>

use super::Reach;
use super::claims::reach_of_subject;
use super::expression::who_meets;
use super::issuers::{Issuer, issuer_of};
use super::report::{Trust as Told, module_of, place_of, report};
use crate::resolve::{Resource, Value};
use crate::rules::Findings;

/// An application's federated credential with a subject.
pub(in crate::rules::ci) const EXACT: &str = "azuread_application_federated_identity_credential";
/// A managed identity's.
pub(in crate::rules::ci) const EXACT_OF_IDENTITY: &str = "azurerm_federated_identity_credential";
/// An application's with an expression.
pub(in crate::rules::ci) const FLEXIBLE: &str = "azuread_application_flexible_federated_identity_credential";

/// A federated credential for a CI system.
struct Trust {
    /// The CI system.
    issuer: &'static Issuer,
    /// Who may sign in.
    reach: Reach,
    /// The argument that decides it.
    argument: &'static str,
    /// Its value.
    by: Value,
    /// Whether it surely is this one.
    sure: bool,
}

/// Whom a federated credential lets in; None of one for anything but a CI system.
fn trust(credential: &Resource<'_>) -> Option<Trust> {
    let url = credential.argument("issuer")?;
    let issuer = url.alternatives().iter().find_map(|url| issuer_of(url.as_str()?))?;
    let argument = if credential.kind == FLEXIBLE { "claims_matching_expression" } else { "subject" };
    let value = credential.argument(argument)?;
    let meets = |one: &Value| match one.as_str() {
        Some(text) if argument == "subject" => reach_of_subject(issuer, text),
        _ if argument == "subject" => Reach::Unknown,
        _ => who_meets(issuer, one, &|name| name.strip_prefix("claims.").map(str::to_owned)),
    };
    let (reach, by) = value.alternatives().iter().map(|one| (meets(one), one)).max_by_key(|(reach, _)| *reach)?;
    Some(Trust { issuer, reach, argument, by: by.clone(), sure: value.alternatives().len() == 1 })
}

/// Reports a federated credential that lets in more than one repository.
pub(in crate::rules::ci) fn judge(resource: &Resource<'_>, findings: &mut Findings) {
    let Some(found) = trust(resource) else { return };
    let example = found.issuer.example;
    report(
        &Told {
            issuer: found.issuer,
            reach: found.reach,
            by: Some(&found.by),
            sure: found.sure,
            place: place_of(resource, Some(&found.by)),
            address: resource.address(),
            attribute: found.argument,
            module: module_of(resource),
            what: "sign in",
            remedy: match found.argument {
                "subject" => format!("name one repository: subject = \"{example}\""),
                _ => format!("name one repository: claims_matching_expression = \"claims['sub'] eq '{example}'\""),
            },
        },
        findings,
    );
}
