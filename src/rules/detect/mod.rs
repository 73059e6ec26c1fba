//! Credential formats: a catalogue with one file a family, and the search that uses all of them in one pass.

mod assignment;
mod atlassian;
mod automation;
mod aws;
mod azure;
mod checksum;
mod commerce;
mod custom;
mod databases;
mod delivery;
mod detector;
mod github;
mod gitlab;
mod google;
mod hashicorp;
mod hosting;
mod http;
mod identity;
mod issuers;
mod jwt;
mod models;
mod monitoring;
mod networks;
mod packages;
mod private_key;
mod search;
mod services;
mod shape;
mod sieve;
mod slack;
mod urls;
mod workplaces;

pub use aws::KEY_ID as AWS_KEY_ID;
pub use custom::{Allows, CustomDetector, Detectors, Look};
pub use detector::Detector;
pub use issuers::{Issuer, issuer_of};

use crate::finding::{Beside, Confidence, Strength};
use detector::Found;
use std::ops::Range;

/// All formats, a family each. Where two meet in one place, the surer one counts, then the earlier one.
pub const ALL: &[&[Detector]] = &[
    aws::DETECTORS,
    google::DETECTORS,
    azure::DETECTORS,
    hashicorp::DETECTORS,
    github::DETECTORS,
    gitlab::DETECTORS,
    atlassian::DETECTORS,
    slack::DETECTORS,
    monitoring::DETECTORS,
    hosting::DETECTORS,
    databases::DETECTORS,
    packages::DETECTORS,
    services::DETECTORS,
    automation::DETECTORS,
    delivery::DETECTORS,
    networks::DETECTORS,
    workplaces::DETECTORS,
    commerce::DETECTORS,
    models::DETECTORS,
    private_key::DETECTORS,
    jwt::DETECTORS,
    identity::DETECTORS,
    http::DETECTORS,
    urls::DETECTORS,
];

fn detectors() -> impl Iterator<Item = &'static Detector> {
    ALL.iter().flat_map(|family| family.iter())
}

/// A credential that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The inventory's word for it: `aws-access-key`, `github-token`, `private-key`, ...
    pub kind: &'static str,
    /// The bytes of the secret itself: of a URL its password, of a key pair the secret half.
    pub secret: Range<usize>,
    /// The public identifier that stands for it, where the text holds one beside it (an AWS access key id).
    pub id: Option<String>,
    /// What belongs to it in the same object: whose key it is.
    pub beside: Vec<Beside>,
    /// Whether it can be guessed.
    pub strength: Strength,
    /// How sure: high where the format itself, its checksum or its name decides; low where a checksum is wrong or only
    /// the public half stands there.
    pub confidence: Confidence,
}

/// All credentials of known formats in a text, ordered by place, not overlapping.
///
/// An access key id of AWS without its secret is one of low confidence, with kind `aws-access-key-id`.
pub fn find(text: &str) -> Vec<Hit> {
    let mut looked = Vec::new();
    let mut found: Vec<(usize, Hit)> = Vec::new();
    for sighting in search::sightings(text) {
        if looked.is_empty() {
            looked.resize(search::detectors(), 0);
        }
        let hits = sighting.detector.look(text, sighting.literal, &mut looked[sighting.number]);
        found.extend(hits.into_iter().map(|found| (sighting.number, hit(sighting.detector, found))));
    }
    let mut hits = disjoint(found);
    aws::pair(text, &mut hits);
    private_key::name_owners(text, &mut hits);
    hits
}

fn hit(detector: &Detector, found: Found) -> Hit {
    Hit {
        kind: detector.kind,
        secret: found.secret,
        id: None,
        beside: Vec::new(),
        strength: found.strength.unwrap_or(detector.strength),
        confidence: found.confidence.unwrap_or(detector.confidence),
    }
}

/// Of those that overlap the surest, then the earliest of the catalogue; ordered by place.
fn disjoint(mut found: Vec<(usize, Hit)>) -> Vec<Hit> {
    found.sort_by_key(|(number, hit)| (hit.secret.start, *number));
    let mut kept: Vec<(usize, Hit)> = Vec::with_capacity(found.len());
    for (number, hit) in found {
        match kept.last_mut() {
            Some((best, last)) if last.secret.end > hit.secret.start => {
                if (hit.confidence, *best) > (last.confidence, number) {
                    (*best, *last) = (number, hit);
                }
            }
            _ => kept.push((number, hit)),
        }
    }
    kept.into_iter().map(|(_, hit)| hit).collect()
}

/// Whether a credential is one that documentation shows: AWS puts `EXAMPLE` into those of its own, others do likewise; the
/// token that jwt.io opens with stands in any number of tests.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds.html>, <https://jwt.io>
pub fn is_documentation(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.windows(7).any(|part| part.eq_ignore_ascii_case(b"example")) || value.contains(".eyJzdWIiOiIxMjM0NTY3ODkwI")
}

/// The kind of a value that is one credential of a known format as a whole, or a document around a private key.
///
/// An access key id of AWS is none: it is no secret by itself.
pub fn recognise(value: &str) -> Option<&'static str> {
    let value = value.trim();
    let hits = find(value);
    let whole = |hit: &&Hit| hit.secret == (0..value.len()) && hit.kind != aws::KEY_ID;
    let key = |hit: &&Hit| matches!(hit.kind, "private-key" | "google-service-account-key");
    let found = hits.iter().find(key).or_else(|| hits.iter().find(whole)).map(|hit| hit.kind);
    let plain = || detectors().find(|detector| detector.is_whole(value)).map(|detector| detector.kind);
    found.or_else(plain)
}

/// Where in a text a credential of a known format may stand or be spoken of: a quick look that misses none and says too
/// much. What is asked for is searched, by whichever thread asks first.
pub struct Candidates<'b>(search::Offsets<'b>);

impl<'b> Candidates<'b> {
    /// Of a text of any size.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(search::Offsets::new(bytes, search::CHUNK))
    }

    /// Whether there may be one in a range of bytes.
    ///
    /// Whatever [`find`] finds in a decoded JSON string is told for the raw bytes of that string, as long as its writer
    /// escaped only what must be escaped (and `&`, `<`, `>`, as Go does).
    pub fn any_in(&self, range: Range<usize>) -> bool {
        self.0.any_in(range)
    }
}

#[cfg(test)]
mod tests;
