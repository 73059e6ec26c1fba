//! Resources and data sources that mint credentials: how long those live, how to do without, how they are rotated.
//!
//! The table is `data/attributes/minting.tsv`.

use super::table::Table;

static MINTING: Table = Table::new(include_str!("../../../data/attributes/minting.tsv"), b'\t');

/// How a rotation that replaces the resource is written in the table.
const REPLACE: &str = "terraform apply -replace='{addr}'";

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
}

impl Minting {
    /// Of a managed resource's type; None where it mints nothing that is stored.
    pub fn of_resource(kind: &str) -> Option<Self> {
        let mut cells = MINTING.find(kind)?.split('\t');
        let mut next = || cells.next().unwrap_or("");
        let (lifetime, mints, attributes, keyless, rotation) = (next(), next(), next(), next(), next());
        let stored = lifetime != "none stored";
        stored.then_some(Self { long_lived: lifetime == "long", mints, attributes, keyless, rotation })
    }

    /// Of a data source's type.
    pub fn of_data_source(kind: &str) -> Option<Self> {
        Self::of_resource(&format!("data.{kind}"))
    }

    /// Whether it is this attribute that holds what is minted.
    pub fn has(&self, path: &str) -> bool {
        self.attributes.split(' ').any(|listed| path == listed)
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
            assert_eq!(rest.split('\t').count(), 5, "{key}");
            let lifetime = rest.split('\t').next().unwrap_or_default();
            assert!(matches!(lifetime, "long" | "short" | "none stored"), "{key}: {lifetime}");
            assert_eq!(Minting::of_resource(key).is_some(), lifetime != "none stored", "{key}");
            last = key;
        }
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
