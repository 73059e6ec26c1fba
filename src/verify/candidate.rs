//! A credential that can be asked about, with what belongs to it.

use crate::finding::{Beside, CredentialUse, Secret};

/// One secret of one credential. Two secrets of one public identifier are two candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The inventory's word for what it is.
    pub kind: &'static str,
    /// The value; empty where only the public identifier is known.
    pub secret: Secret,
    /// The public identifier.
    pub id: Option<String>,
    /// What belongs to it in the same block, resource or map.
    pub beside: Vec<Beside>,
}

impl Candidate {
    /// Of a use.
    pub fn of(found: &CredentialUse) -> Self {
        Self { kind: found.kind, secret: found.secret.clone(), id: found.id.clone(), beside: found.beside.clone() }
    }

    /// Whether more of it is known than a public identifier.
    pub fn is_whole(&self) -> bool {
        !self.secret.expose().is_empty()
    }

    /// What stands beside it under one of the names, whatever prefix and case the name has there: `tenant_id` is found
    /// as `ARM_TENANT_ID`. A name after a full stop has no prefix: `.region` is the argument of a block, and not found
    /// as `AWS_REGION`. None if nothing does, or if two different values do: a guess would be a cross product.
    pub fn beside(&self, names: &[&str]) -> Option<&str> {
        let first = self.all_beside(names).next()?;
        self.all_beside(names).all(|other| other == first).then_some(first)
    }

    /// Whether different values stand beside it under these names.
    pub fn contradicts(&self, names: &[&str]) -> bool {
        self.beside(names).is_none() && self.all_beside(names).next().is_some()
    }

    fn all_beside(&self, names: &[&str]) -> impl Iterator<Item = &str> {
        let named = self.beside.iter().filter(|beside| names.iter().any(|name| is_named(&beside.name, name)));
        named.map(|beside| beside.value.expose())
    }
}

fn is_named(written: &str, name: &str) -> bool {
    let written = format!(".{}", written.to_ascii_lowercase().replace('-', "_"));
    if name.starts_with('.') {
        return written.ends_with(name);
    }
    written.strip_suffix(name).is_some_and(|prefix| prefix.ends_with(['_', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(beside: &[(&str, &str)]) -> Candidate {
        let beside = beside.iter().map(|(name, value)| Beside { name: (*name).into(), value: Secret::new(*value) });
        Candidate { kind: "x", secret: Secret::new("s"), id: None, beside: beside.collect() }
    }

    #[test]
    fn what_belongs_to_it_is_found_by_any_form_of_its_name() {
        let one = candidate(&[("ARM_TENANT_ID", "t"), ("subtenant_id2", "u"), ("client-id", "c")]);
        assert_eq!((one.beside(&["tenant_id"]), one.beside(&["client_id"])), (Some("t"), Some("c")));
        assert_eq!(one.beside(&["host", "address"]), None);
        assert_eq!(candidate(&[("mytenant_id", "t")]).beside(&["tenant_id"]), None);
        assert_eq!(candidate(&[("AWS_REGION", "eu-west-1"), ("region", "EU")]).beside(&[".region"]), Some("EU"));
        assert_eq!(candidate(&[("login.region", "EU")]).beside(&[".region"]), Some("EU"));
    }

    #[test]
    fn two_different_ones_are_none() {
        assert!(candidate(&[("a_id", "1"), ("b_id", "2")]).contradicts(&["id"]));
        assert!(!candidate(&[("a_id", "1")]).contradicts(&["id"]) && !candidate(&[]).contradicts(&["id"]));
        assert_eq!(candidate(&[("a_id", "1"), ("b_id", "2")]).beside(&["id"]), None);
        assert_eq!(candidate(&[("a_id", "1"), ("b_id", "1")]).beside(&["id"]), Some("1"));
    }
}
