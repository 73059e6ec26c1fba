//! What an artifact holds that matters: read once, judged by several rules.

use crate::document::artifact::{Format, Owner, Problem};
use crate::finding::{Confidence, CredentialUse, Place};
use crate::text::Source;
use std::sync::Arc;

/// What an artifact holds that matters.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// What it is.
    pub format: Format,
    /// What could not be read of it.
    pub problems: Vec<Problem>,
    /// Its secrets, one for each address and attribute, in the order they stand in.
    pub secrets: Vec<FoundSecret>,
    /// Credentials whose creation date it tells.
    pub births: Vec<Birth>,
}

/// A secret in an artifact.
#[derive(Clone, Debug)]
pub struct FoundSecret {
    /// What it belongs to.
    pub owner: Owner,
    /// The attribute, as [`Leaf::path`](crate::document::artifact::Leaf::path) says it.
    pub attribute: String,
    /// Where it stands; the start of the file inside an archive.
    pub place: Place,
    /// For the inventory.
    pub credential: CredentialUse,
    /// How it is known to be secret.
    pub why: Why,
    /// How sure.
    pub confidence: Confidence,
    /// Of a copy: where the same value stands as a secret by its own right.
    pub original: Option<(Owner, String)>,
}

/// How a value is known to be secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The provider declares the attribute sensitive.
    Provider,
    /// The artifact itself marks it.
    Marked,
    /// It has a known credential's format.
    Format,
    /// It is the secret argument of a backend or provider.
    Argument,
    /// It has the value of another secret.
    Copy,
}

/// A credential whose creation date an artifact tells.
#[derive(Clone, Debug)]
pub struct Birth {
    /// The resource.
    pub owner: Owner,
    /// The attribute that tells the date.
    pub attribute: &'static str,
    /// The day it was made.
    pub date: jiff::civil::Date,
    /// Where the date stands.
    pub place: Place,
    /// The credential, if the artifact holds it.
    pub credential: Option<CredentialUse>,
}

/// Values that are known to be secret from elsewhere in the repository.
#[derive(Debug, Default)]
pub struct Copies {}

impl Copies {
    /// Of the credentials that were found.
    pub fn of<'a>(_known: impl Iterator<Item = &'a CredentialUse>) -> Self {
        Self {}
    }
}

/// Reads an artifact once and says what it holds that matters.
pub fn analyse(_source: &Arc<Source>, _elsewhere: &Copies) -> Analysis {
    Analysis { format: Format::Other, problems: Vec::new(), secrets: Vec::new(), births: Vec::new() }
}
