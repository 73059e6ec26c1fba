//! What a credential's own issuer says of it.

use super::Secret;
use jiff::Timestamp;

/// Stands for a secret that an issuer has sent back.
const HIDDEN: &str = "********";

/// Most characters of one text of an issuer: names are shorter.
const MAX_CHARS: usize = 300;

/// Whether a credential works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Its issuer accepted it.
    Active,
    /// Its issuer itself said that it does not work, in words that mean nothing else.
    Inactive,
    /// Nobody could tell: what is no answer of the issuer is no verdict.
    Unknown,
}

impl Status {
    /// The report's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Inactive => "inactive",
            Status::Unknown => "unknown",
        }
    }
}

/// Why a credential does not work, or why nobody could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
    /// It is there, and switched off.
    Disabled,
    /// The issuer does not know it.
    NotFound,
    /// The public half is known, and the secret is not its own.
    WrongSecret,
    /// No answer that counts: refused, timed out, busy, broken, not the issuer's.
    Unreachable,
    /// Nobody here knows how to ask.
    Unsupported,
    /// A part is missing without which nobody can ask: the other half, the tenant, the host.
    Incomplete,
    /// A trap that its owner has laid: to ask would raise the alarm.
    Canary,
    /// It was decided not to ask.
    Skipped,
}

impl Reason {
    /// The report's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Expired => "expired",
            Reason::Revoked => "revoked",
            Reason::Disabled => "disabled",
            Reason::NotFound => "not-found",
            Reason::WrongSecret => "wrong-secret",
            Reason::Unreachable => "unreachable",
            Reason::Unsupported => "unsupported",
            Reason::Incomplete => "incomplete",
            Reason::Canary => "canary",
            Reason::Skipped => "skipped",
        }
    }
}

/// The verdict on one credential. All texts are the program's own or an issuer's names of things, never a secret; who
/// shows them escapes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Whether it works.
    pub status: Status,
    /// Why not, or why nobody could tell; None for what is active.
    pub reason: Option<Reason>,
    /// When the issuer was asked; None where nobody was.
    pub checked_at: Option<Timestamp>,
    /// Whose it is, in the issuer's words: an ARN, a login, an e-mail address.
    pub principal: Option<String>,
    /// The account, organization or tenant it belongs to.
    pub account: Option<String>,
    /// When it was made, by the issuer's word.
    pub created_at: Option<Timestamp>,
    /// When it was last used, by the issuer's word.
    pub last_used_at: Option<Timestamp>,
    /// When its time is over.
    pub expires_at: Option<Timestamp>,
    /// Whether it is the root of all: an account's root user, a root token. It can do everything.
    pub root: bool,
    /// The host that was asked.
    pub issuer_host: Option<String>,
    /// The release of its issuer's own software, where people run that themselves and it tells.
    pub issuer_version: Option<String>,
    /// What else there is to know, in one sentence.
    pub detail: Option<String>,
}

impl Verification {
    /// Of a credential that works.
    pub fn active() -> Self {
        Self::new(Status::Active, None)
    }

    /// Of a credential that does not work, by its issuer's word.
    pub fn inactive(reason: Reason) -> Self {
        Self::new(Status::Inactive, Some(reason))
    }

    /// Of a credential of which nobody could tell.
    pub fn unknown(reason: Reason, detail: impl Into<String>) -> Self {
        Self::new(Status::Unknown, Some(reason)).detail(detail)
    }

    fn new(status: Status, reason: Option<Reason>) -> Self {
        Self {
            status,
            reason,
            checked_at: None,
            principal: None,
            account: None,
            created_at: None,
            last_used_at: None,
            expires_at: None,
            root: false,
            issuer_host: None,
            issuer_version: None,
            detail: None,
        }
    }

    /// The same, with what else there is to know.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same without what an issuer must not make the program say: the secret itself, and texts without end. An
    /// issuer's names are a stranger's words, which may hold what was sent to it.
    #[must_use]
    pub fn without(mut self, secret: &Secret) -> Self {
        let texts = [&mut self.principal, &mut self.account, &mut self.issuer_version, &mut self.detail];
        for text in texts.into_iter().flatten() {
            if !secret.expose().is_empty() {
                *text = text.replace(secret.expose(), HIDDEN);
            }
            if let Some((end, _)) = text.char_indices().nth(MAX_CHARS) {
                text.truncate(end);
                text.push('…');
            }
        }
        self
    }

    /// The same, with whose it is.
    #[must_use]
    pub fn principal(mut self, principal: impl Into<Option<String>>) -> Self {
        self.principal = principal.into().filter(|principal| !principal.is_empty());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_issuer_sends_back_is_not_said() {
        let lying = Verification::active().principal("you are hunter2-hunter2".to_owned()).detail("x".repeat(5_000));
        let said = lying.without(&Secret::new("hunter2-hunter2"));
        assert_eq!(said.principal.as_deref(), Some("you are ********"));
        assert_eq!(said.detail.map(|detail| detail.chars().count()), Some(MAX_CHARS + 1));
    }
}
