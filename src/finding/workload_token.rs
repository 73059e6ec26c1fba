//! What a workload-identity token is worth, held against the keys that its issuer publishes.

use super::Place;
use jiff::Timestamp;

/// A token that was asked about, and the verdict. It holds no part of the token but what its issuer wrote into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkloadToken {
    /// Where it came from, in words: `the token in token.jwt`.
    pub name: String,
    /// Where it stands; the root of the repository for one that came from elsewhere.
    pub place: Place,
    /// The issuer that it names.
    pub issuer: Option<String>,
    /// The verdict.
    pub verdict: TokenVerdict,
}

/// What is right or wrong with a token. The first thing that is wrong, and the gravest: a token that was signed wrongly
/// is that, whether or not it has expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenVerdict {
    /// It is signed by the key that it names, which the issuer publishes, and its time is now.
    Good {
        /// When its time is over.
        expires_at: Option<Timestamp>,
    },
    /// The issuer does not publish the key that it names.
    KeyMissing {
        /// The key's id, if it names one.
        key: Option<String>,
        /// How many keys the issuer publishes.
        published: usize,
    },
    /// The key that it names has not signed it, and no other published key has.
    SignatureBad {
        /// The key's id, if it names one.
        key: Option<String>,
    },
    /// Another published key than the one it names has signed it.
    OtherKey {
        /// The id of the key that it names.
        key: String,
        /// The id of the key that has signed it, if that has one.
        signer: Option<String>,
    },
    /// It is signed well, or by a key that has been retired since; its time is over.
    Expired {
        /// Since when.
        at: Timestamp,
    },
    /// It is for somebody else.
    WrongAudience {
        /// Whom it should be for.
        wanted: String,
        /// Whom it is for.
        audiences: Vec<String>,
    },
    /// Nobody could tell.
    Unknown {
        /// Why.
        why: String,
    },
}
