//! Why a report could not be posted somewhere.

use super::{Forge, Publisher};
use std::time::Duration;

/// Longest text of a forge that is repeated, in characters.
const MAX_SAID: usize = 160;

/// Why something could not be posted. Who shows it escapes it: the forge's own words are among it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is none.
    #[error("there is no token")]
    NoToken,
    /// The API's address is not one that a token may be sent to.
    #[error("`{0}` is not an https address (http only for this machine itself)")]
    Address(String),
    /// Something is not known without which nothing can be posted.
    #[error("it is not known {0}")]
    Unknown(&'static str),
    /// 401.
    #[error("the token is wrong or has expired (401)")]
    Token,
    /// 403, 404 and the like.
    #[error("the token may not do it, or it is not there ({status}){said}")]
    Refused {
        /// The status.
        status: u16,
        /// The forge's own words.
        said: Said,
    },
    /// 422 or 400.
    #[error("the API does not take it ({status}){said}")]
    Invalid {
        /// The status.
        status: u16,
        /// The forge's own words.
        said: Said,
    },
    /// 429, or 403 because of a limit.
    #[error("the API's limit of requests is reached, and it asks to wait {} s", .0.as_secs())]
    Limited(Duration),
    /// 5xx.
    #[error("the API is broken or busy ({0})")]
    Broken(u16),
    /// Time is over.
    #[error("the API did not answer in time")]
    TimedOut,
    /// No connection, or a broken one.
    #[error("the API cannot be reached")]
    Unreachable,
    /// No JSON, too long, or not what was asked for.
    #[error("the API's answer is not understood")]
    Odd,
    /// The file of the summary, standard output.
    #[error("it cannot be written: {0}")]
    Write(std::io::ErrorKind),
}

/// A forge's own words, cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said(String);

impl Said {
    /// Of an answer's `message`.
    pub(super) fn of(body: &serde_json::Value) -> Self {
        let message = body.get("message").or_else(|| body.pointer("/error/message"));
        let text = message.and_then(serde_json::Value::as_str).unwrap_or_default();
        Self(text.chars().take(MAX_SAID).collect())
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, ": {}", self.0) }
    }
}

impl Fault {
    /// Whether the same request may succeed in a moment. Whether it has been carried out nobody knows.
    pub(super) fn passes(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::TimedOut | Self::Unreachable)
    }

    /// How to mend what kept these publishers from posting, where that is known.
    pub(super) fn hint(&self, kept: &[&Publisher]) -> Option<String> {
        match (self, kept.first()?.forge) {
            (Self::NoToken | Self::Token, Forge::Github) => {
                Some("set GITHUB_TOKEN to the token of the job: ${{ github.token }}".to_owned())
            }
            (Self::Refused { .. }, Forge::Github) => {
                let mut needed: Vec<&str> = kept.iter().filter_map(|publisher| publisher.permission).collect();
                needed.dedup();
                let needed = needed.join(", ");
                Some(format!("give the job `permissions: {{{needed}}}`; a pull request from a fork never has them"))
            }
            (Self::Token | Self::Refused { .. }, Forge::Bitbucket) => Some(
                "a pipeline needs no BITBUCKET_TOKEN; elsewhere it must be allowed to write to the repository"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}
