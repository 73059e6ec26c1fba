//! The inventory of credentials: uses grouped into credentials, each with a fingerprint.

use super::model::{Credential, CredentialOccurrence, Spot};
use crate::finding::{CredentialUse, Finding, FingerprintKey, Strength, keyed_fingerprint, plain_fingerprint};
use std::collections::HashMap;

/// The inventory in the order of first occurrence, and for each finding the fingerprint of its credential.
pub(super) fn take(findings: &[Finding], key: Option<&FingerprintKey>) -> (Vec<Credential>, Vec<Option<String>>) {
    let mut groups: Vec<Vec<(&Finding, &CredentialUse)>> = Vec::new();
    let mut index: HashMap<(&str, &str), usize> = HashMap::new();
    let mut of_finding = Vec::with_capacity(findings.len());
    for finding in findings {
        let group = finding.credential.as_ref().map(|credential| {
            let at = *index.entry((credential.kind, identity(credential))).or_insert(groups.len());
            if at == groups.len() {
                groups.push(Vec::new());
            }
            groups[at].push((finding, credential));
            at
        });
        of_finding.push(group);
    }
    let mut guessed = 0;
    let credentials: Vec<Credential> = groups.iter().map(|uses| credential(uses, key, &mut guessed)).collect();
    let fingerprints = of_finding.into_iter().map(|group| Some(credentials[group?].fingerprint.clone())).collect();
    (credentials, fingerprints)
}

/// What a credential is told apart by: its public identifier, else its value.
fn identity(credential: &CredentialUse) -> &str {
    credential.id.as_deref().unwrap_or_else(|| credential.secret.expose())
}

fn credential(uses: &[(&Finding, &CredentialUse)], key: Option<&FingerprintKey>, guessed: &mut usize) -> Credential {
    let (_, first) = uses[0];
    // What one rule calls guessable is not given a plain hash because another does not.
    let weakest = uses.iter().map(|(_, credential)| credential.strength).max().unwrap_or(Strength::Guessable);
    let fingerprint = match (weakest, key) {
        (Strength::Unguessable, _) => plain_fingerprint(first.kind, identity(first)),
        (Strength::Guessable, Some(key)) => keyed_fingerprint(key, first.kind, identity(first)),
        (Strength::Guessable, None) => {
            *guessed += 1;
            format!("local:{guessed}")
        }
    };
    let masked = uses.iter().find(|(_, credential)| credential.strength == weakest).unwrap_or(&uses[0]).1.masked();
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
    // Several rules may speak of one place; the occurrence that names the most is kept.
    occurrences.dedup_by(|next, kept| {
        let same = next.spot == kept.spot;
        if same && kept.address.is_none() {
            std::mem::swap(next, kept);
        }
        same
    });
    Credential { fingerprint, kind: first.kind.to_owned(), masked, account: None, occurrences }
}
