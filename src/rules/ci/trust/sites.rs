//! Where issuers of workload identities are trusted, whatever they are.

use super::azure::{EXACT, EXACT_OF_IDENTITY, FLEXIBLE};
use super::google::PROVIDER;
use super::report::place_of;
use crate::finding::IssuerTrust;
use crate::resolve::{InstanceId, Tree, Value, resources_from};
use crate::rules::url::Url;

/// Types of resources, and the argument that names the issuer.
const TRUSTS: [(&str, &str); 7] = [
    ("aws_iam_openid_connect_provider", "url"),
    ("vault_jwt_auth_backend", "oidc_discovery_url"),
    ("vault_jwt_auth_backend", "jwks_url"),
    (PROVIDER, "oidc.issuer_uri"),
    (EXACT, "issuer"),
    (EXACT_OF_IDENTITY, "issuer"),
    (FLEXIBLE, "issuer"),
];

/// The trusts of a module's own resources.
pub(in crate::rules) fn trusts(tree: &Tree<'_>, instance: InstanceId) -> Vec<IssuerTrust> {
    let mut found = Vec::new();
    for (of_type, argument) in TRUSTS {
        for resource in resources_from(tree, instance, &format!("{of_type}.")).filter(|resource| !resource.is_never()) {
            let content = resource.content();
            for value in content.at(argument).into_iter().flat_map(Value::alternatives) {
                let url = value.as_str().and_then(Url::parse).filter(|url| !url.host.is_empty());
                found.extend(url.map(|url| IssuerTrust {
                    host: url.host.to_ascii_lowercase(),
                    place: place_of(&resource, Some(value)),
                    address: resource.address().to_owned(),
                }));
            }
        }
    }
    found
}
