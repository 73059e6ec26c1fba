//! Resources and data sources that mint credentials: how long those live, how to do without, how they are rotated.
//!
//! The table is `data/attributes/minting.tsv`.

use super::table::Table;

static MINTING: Table = Table::new(include_str!("../../../data/attributes/minting.tsv"), '\t');

/// How a rotation that replaces the resource is written in the table.
const REPLACE: &str = "terraform apply -replace='{addr}'";

/// The argument that encrypts what is minted, by the name that all providers which have it use.
const PGP_KEY: &str = "pgp_key";

/// What a type mints.
#[derive(Clone, Copy, Debug)]
pub struct Minting {
    /// Whether what it mints lives until somebody ends it; else it expires by itself.
    pub long_lived: bool,
    /// What it mints, in words.
    pub mints: &'static str,
    attributes: &'static str,
    /// How to do without, in words; empty where there is no way or none is known.
    pub keyless: &'static str,
    /// How it is rotated, in words, with `{addr}` for the address.
    pub rotation: &'static str,
    /// Whether the resource is a credential that somebody issues and nothing else: no database with a password, no
    /// random text.
    pub is_credential: bool,
    /// Whether there is a way to do without any static credential.
    pub has_keyless_way: bool,
    only_if: &'static str,
}

/// What must be so for a type to mint anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The argument of that name has that value.
    Equals(&'static str, &'static str),
    /// The argument of that name is not set.
    Missing(&'static str),
}

impl Minting {
    /// Of a managed resource's type; None where it mints nothing that is stored.
    pub fn of_resource(kind: &str) -> Option<Self> {
        let mut cells = MINTING.find(kind)?.split('\t');
        let mut next = || cells.next().unwrap_or("");
        let (lifetime, mints, attributes, keyless, rotation) = (next(), next(), next(), next(), next());
        let (class, only_if) = (next(), next());
        let (is_credential, has_keyless_way) = (!class.is_empty(), class == "keyless");
        let long_lived = lifetime == "long";
        let minting =
            Self { long_lived, mints, attributes, keyless, rotation, is_credential, has_keyless_way, only_if };
        (lifetime != "none stored").then_some(minting)
    }

    /// Of a data source's type.
    pub fn of_data_source(kind: &str) -> Option<Self> {
        Self::of_resource(&format!("data.{kind}"))
    }

    /// Whether it is this attribute that holds what is minted.
    pub fn has(&self, path: &str) -> bool {
        self.attributes.split(' ').any(|listed| path == listed)
    }

    /// Whether what is minted stands in this attribute, in a part of it, or in what it is a part of. The resource as a
    /// whole is the empty path.
    pub fn concerns(&self, path: &str) -> bool {
        let within = |path: &str, outer: &str| {
            path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        path.is_empty() || self.attributes.split(' ').any(|listed| within(path, listed) || within(listed, path))
    }

    /// What must be so for it to mint anything; None where it always does.
    pub fn condition(&self) -> Option<Condition> {
        if let Some(name) = self.only_if.strip_prefix('!') {
            return Some(Condition::Missing(name));
        }
        self.only_if.split_once('=').map(|(name, value)| Condition::Equals(name, value))
    }

    /// The argument that takes a key to encrypt the credential to, so that the state holds ciphertext; None where the
    /// type has no such thing.
    pub fn encryption(&self) -> Option<&'static str> {
        [self.keyless, self.rotation].iter().any(|text| text.contains(PGP_KEY)).then_some(PGP_KEY)
    }

    /// Whether replacing the resource makes a new credential and ends the old one, and loses nothing else.
    pub fn is_replaceable(&self) -> bool {
        self.rotation.contains(REPLACE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_unique_and_well_formed() {
        let mut last = "";
        for (key, rest) in MINTING.entries() {
            assert!(last.as_bytes() < key.as_bytes(), "{key} stands behind {last}");
            let cells: Vec<&str> = rest.split('\t').collect();
            assert_eq!(cells.len(), 7, "{key}");
            assert!(matches!(cells[5], "" | "keyless" | "issued"), "{key}: {}", cells[5]);
            assert!(cells[6].is_empty() || cells[6].starts_with('!') || cells[6].contains('='), "{key}: {}", cells[6]);
            assert!(cells[5].is_empty() || cells[0] == "long", "{key}: what expires is of no concern");
            let lifetime = rest.split('\t').next().unwrap_or_default();
            assert!(matches!(lifetime, "long" | "short" | "none stored"), "{key}: {lifetime}");
            assert_eq!(Minting::of_resource(key).is_some(), lifetime != "none stored", "{key}");
            last = key;
        }
    }

    #[test]
    fn credentials_and_how_to_do_without() {
        let of = |kind: &str| Minting::of_resource(kind).expect("the table has it");
        let key = of("aws_iam_access_key");
        assert!(key.is_credential && key.has_keyless_way && key.condition().is_none());
        assert_eq!(key.encryption(), Some("pgp_key"));
        assert!(key.concerns("secret") && key.concerns("") && !key.concerns("id") && !key.concerns("secrets"));
        assert!(of("kubernetes_secret").concerns("data.token"));
        assert!(!of("random_password").is_credential && !of("aws_db_instance").is_credential);
        assert!(of("datadog_api_key").is_credential && !of("datadog_api_key").has_keyless_way);
        assert_eq!(of("google_service_account_key").condition(), Some(Condition::Missing("public_key_data")));
        let client = of("aws_cognito_user_pool_client");
        assert_eq!(client.condition(), Some(Condition::Equals("generate_secret", "true")));
        assert_eq!(of("google_service_account_key").encryption(), None);
    }

    #[test]
    fn what_may_be_replaced() {
        let of = |kind: &str| Minting::of_resource(kind).expect("the table has it");
        assert!(of("random_password").is_replaceable() && of("random_password").has("result"));
        assert!(of("aws_iam_access_key").is_replaceable() && !of("aws_iam_access_key").has("user"));
        assert!(!of("aws_db_instance").is_replaceable(), "that would lose the data");
        assert!(of("aws_iam_access_key").long_lived);
        assert!(Minting::of_data_source("aws_ecr_authorization_token").is_some_and(|minting| !minting.long_lived));
        assert!(Minting::of_resource("aws_key_pair").is_none(), "the private half is not stored");
    }
}
