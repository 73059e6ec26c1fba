//! One entry for each credential of a log, which repeats itself.

use super::Hit;
use crate::document::artifact::{Owner, Problem, Section};
use crate::finding::{CredentialUse, Occurrence, Place, Secret};
use crate::rules::artifacts::FoundSecret;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

/// Credentials of one file that are told: by then it is known what is to be done.
pub(super) const MAX_DISTINCT: usize = 500;

/// The credentials found so far.
#[derive(Default)]
pub(in crate::rules::artifacts) struct Distinct {
    found: Vec<FoundSecret>,
    /// By the value's hash: where it is in `found`.
    known: HashMap<u64, usize>,
    hasher: RandomState,
    /// Whether there are more than are told.
    cut: bool,
}

impl Distinct {
    /// Adds a credential, or counts it if it is known; `new` is asked only of one that is not.
    pub(in crate::rules::artifacts) fn add(
        &mut self,
        secret: &Secret,
        times: usize,
        new: impl FnOnce() -> FoundSecret,
    ) {
        let hash = self.hasher.hash_one(secret.expose());
        match self.known.get(&hash) {
            Some(index) => self.found[*index].times += times,
            None if self.found.len() == MAX_DISTINCT => self.cut = true,
            None => {
                self.known.insert(hash, self.found.len());
                self.found.push(FoundSecret { times, ..new() });
            }
        }
    }

    /// All of them, in the order that they stand in.
    pub(in crate::rules::artifacts) fn finish(mut self, problems: &mut Vec<Problem>) -> Vec<FoundSecret> {
        if self.cut {
            let message = format!("only the first {MAX_DISTINCT} credentials are told");
            problems.push(Problem { span: None, message });
        }
        self.found.sort_by_key(|found| found.place.span.start);
        self.found
    }
}

impl Hit {
    /// Its value.
    pub(in crate::rules::artifacts) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The same as a secret of an artifact.
    pub(in crate::rules::artifacts) fn at(self, place: Place, found_in: Occurrence) -> FoundSecret {
        FoundSecret {
            owner: Owner { section: Section::Other, address: String::new(), kind: String::new() },
            attribute: self.name,
            place: place.clone(),
            credential: CredentialUse::new(self.kind, self.secret, self.strength, found_in, place).id(self.id),
            why: self.why,
            confidence: self.confidence,
            original: None,
            times: 1,
        }
    }
}
