//! The inventory of credentials: uses grouped into credentials, each with a fingerprint.

use super::model::{Credential, CredentialOccurrence, RelatedSpot, Spot};
use crate::finding::{
    CredentialUse, Finding, FingerprintKey, Strength, account_of_aws_key, keyed_fingerprint, plain_fingerprint,
    same_credential,
};

/// Most other places of its credential that a finding names; the inventory has them all.
const MAX_OTHERS: usize = 5;

/// All credentials, and which one each finding speaks of.
pub(super) struct Inventory {
    /// In the order of first occurrence.
    pub(super) credentials: Vec<Credential>,
    of_finding: Vec<Option<usize>>,
}

impl Inventory {
    /// Of findings in report order.
    pub(super) fn of(findings: &[Finding], key: Option<&FingerprintKey>) -> Self {
        let mut of_finding = vec![None; findings.len()];
        let mut groups: Vec<Vec<Use<'_>>> = Vec::new();
        for group in same_credential(findings) {
            group.iter().for_each(|at| of_finding[*at] = Some(groups.len()));
            let uses = group.iter().filter_map(|at| Some((&findings[*at], findings[*at].credential.as_ref()?)));
            groups.push(uses.collect());
        }
        let mut guessed = 0;
        let credentials = groups.iter().map(|uses| credential(uses, key, &mut guessed)).collect();
        Self { credentials, of_finding }
    }

    /// The credential that a finding speaks of.
    pub(super) fn of_finding(&self, index: usize) -> Option<&Credential> {
        self.credentials.get((*self.of_finding.get(index)?)?)
    }

    /// The other places of a finding's credential, as related places: the first few.
    pub(super) fn others(&self, index: usize, own: &Spot, known: &[RelatedSpot]) -> Vec<RelatedSpot> {
        let occurrences = self.of_finding(index).map_or(&[][..], |credential| &credential.occurrences);
        let elsewhere = occurrences.iter().filter(|other| {
            let met = |spot: &Spot| (&spot.path, spot.start.line) == (&other.spot.path, other.spot.start.line);
            !met(own) && !known.iter().any(|related| met(&related.spot))
        });
        let named = elsewhere.take(MAX_OTHERS).map(|other| {
            let at = other.address.as_ref().map(|address| format!(" at {address}")).unwrap_or_default();
            RelatedSpot { spot: other.spot.clone(), message: format!("the same credential{at}"), station: false }
        });
        named.collect()
    }
}

type Use<'f> = (&'f Finding, &'f CredentialUse);

/// What a credential is told apart by: its public identifier, else its value.
fn identity(credential: &CredentialUse) -> &str {
    credential.id.as_deref().unwrap_or_else(|| credential.secret.expose())
}

/// Words that say little of what a credential is: any other use names it better.
const VAGUE: &[&str] = &["secret", "password", "token", "key", "api-key", "secret-key", "access-key", "aws-secret-key"];

fn credential(uses: &[Use<'_>], key: Option<&FingerprintKey>, guessed: &mut usize) -> Credential {
    let best = uses.iter().map(|(_, credential)| *credential);
    let best = best.min_by_key(|one| (one.id.is_none(), VAGUE.contains(&one.kind), one.strength));
    let best = best.unwrap_or(uses[0].1);
    // What one rule calls guessable is not given a plain hash because another does not.
    let weakest = uses.iter().map(|(_, credential)| credential.strength).max().unwrap_or(Strength::Guessable);
    let fingerprint = match (weakest, key) {
        (Strength::Unguessable, _) => plain_fingerprint(best.kind, identity(best)),
        (Strength::Guessable, Some(key)) => keyed_fingerprint(key, best.kind, identity(best)),
        (Strength::Guessable, None) => {
            *guessed += 1;
            format!("local:{guessed}")
        }
    };
    let masked = CredentialUse { strength: weakest, ..best.clone() }.masked();
    let account = best.id.as_deref().and_then(account_of_aws_key);
    let verification = uses.iter().find_map(|(_, credential)| credential.verification.as_deref().cloned());
    let made_on = uses.iter().filter_map(|(_, credential)| credential.made_on).min();
    let (kind, occurrences) = (best.kind.to_owned(), occurrences(uses));
    Credential { fingerprint, kind, masked, account, occurrences, made_on, verification }
}

fn occurrences(uses: &[Use<'_>]) -> Vec<CredentialOccurrence> {
    let mut occurrences: Vec<CredentialOccurrence> = uses
        .iter()
        .map(|(finding, credential)| CredentialOccurrence {
            spot: Spot::of(&credential.place),
            address: finding.address.clone(),
            attribute: finding.attribute.clone(),
            source: credential.found_in,
            commit: None,
        })
        .collect();
    occurrences.sort();
    // Several rules may speak of one place; the occurrence that names the most is kept. Inside an archive nothing has
    // a place of its own, so that addresses tell them apart.
    occurrences.dedup_by(|next, kept| {
        let alike = next.address.is_none() || kept.address.is_none();
        let same =
            next.spot == kept.spot && (alike || (&next.address, &next.attribute) == (&kept.address, &kept.attribute));
        if same && kept.address.is_none() {
            std::mem::swap(next, kept);
        }
        same
    });
    occurrences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Occurrence, Place, Secret};
    use crate::text::{RepoPath, Source, Span};
    use std::sync::Arc;

    const KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn using(path: &str, kind: &'static str, value: &str, id: Option<&str>, strength: Strength) -> Finding {
        let source = Arc::new(Source::new(RepoPath::new(path), value.as_bytes()));
        let place = Place::new(&source, Span::new(0, value.len()));
        let (secret, id, found_in) = (Secret::new(value), id.map(str::to_owned), Occurrence::State);
        Finding::new("x", place.clone(), "m")
            .address(format!("of.{path}"))
            .credential(CredentialUse::new(kind, secret, strength, found_in, place).id(id))
    }

    #[test]
    fn one_secret_is_one_credential_by_whatever_name() {
        let strong = Strength::Unguessable;
        let findings = [
            using("a", "secret", KEY, None, strong),
            using("b", "password", "hunter2", None, Strength::Guessable),
            using("c", "aws-access-key", KEY, Some("AKIAQNZGKIQY56JQ7WML"), strong),
            using("d", "aws-session-token", "other-half", Some("AKIAQNZGKIQY56JQ7WML"), strong),
            using("e", "database-password", "hunter2", None, strong),
        ];
        let inventory = Inventory::of(&findings, None);
        let shown: Vec<_> = inventory.credentials.iter().map(|one| (&*one.kind, one.occurrences.len())).collect();
        assert_eq!(shown, [("aws-access-key", 3), ("database-password", 2)]);
        assert_eq!(inventory.credentials[0].account.as_deref(), Some("029608264753"));
        assert_eq!(inventory.credentials[0].fingerprint, plain_fingerprint("aws-access-key", "AKIAQNZGKIQY56JQ7WML"));
        // What may be guessed by one account has no hash by another.
        assert_eq!(
            (&*inventory.credentials[1].fingerprint, &*inventory.credentials[1].masked),
            ("local:1", "********")
        );
        assert_eq!(inventory.of_finding(4).map(|one| &*one.fingerprint), Some("local:1"));
        let others = inventory.others(1, &Spot::of(&findings[1].place), &[]);
        assert_eq!(others.iter().map(|other| &*other.message).collect::<Vec<_>>(), ["the same credential at of.e"]);
    }

    #[test]
    fn inside_an_archive_addresses_tell_places_apart() {
        let one = using("a.tfplan", "password", "hunter2", None, Strength::Guessable);
        let other = Finding { address: Some("of.other".into()), ..one.clone() };
        let nameless = Finding { address: None, ..one.clone() };
        let inventory = Inventory::of(&[one, other, nameless], None);
        let addresses: Vec<_> = inventory.credentials[0].occurrences.iter().map(|one| one.address.as_deref()).collect();
        assert_eq!(addresses, [Some("of.a.tfplan"), Some("of.other")]);
    }
}
