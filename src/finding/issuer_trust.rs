//! Where a configuration trusts an issuer of workload identities.

use super::Place;

/// A resource that lets in whoever has a token of an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerTrust {
    /// The issuer's host, in lower case.
    pub host: String,
    /// Where the resource names it.
    pub place: Place,
    /// The resource's address.
    pub address: String,
}
