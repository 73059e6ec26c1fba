//! JSON web tokens of which nobody knows whom to ask: what they say of themselves.

use crate::finding::{Reason, Secret, Verification};
use crate::verify::{Ask, Candidate, Verifier};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "oidc",
    issuer: "the token itself",
    kinds: &["jwt"],
    // Nothing found in a repository is sent there: these are the issuers whose keys an `--oidc-token` is held against.
    self_hosted: true,
    logs_in: false,
    calls: &[],
    ask: Ask::Offline(tell),
};

/// By how much clocks may differ.
const LEEWAY: SignedDuration = SignedDuration::from_mins(5);
/// Characters of a claim that are shown.
const MOST_SHOWN: usize = 200;

/// What a token says of itself (<https://datatracker.ietf.org/doc/html/rfc7519#section-4.1>). Nobody has vouched for
/// it here: the signature is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::verify) struct Claims {
    /// `iss`.
    pub(in crate::verify) issuer: Option<String>,
    /// `sub`.
    pub(in crate::verify) subject: Option<String>,
    /// `aud`, which may be one or several.
    pub(in crate::verify) audiences: Vec<String>,
    /// `iat`.
    pub(in crate::verify) issued_at: Option<Timestamp>,
    /// `exp`.
    pub(in crate::verify) expires_at: Option<Timestamp>,
    /// `nbf`.
    pub(in crate::verify) not_before: Option<Timestamp>,
}

impl Claims {
    /// Of a token; None if it is none.
    pub(in crate::verify) fn of(token: &Secret) -> Option<Self> {
        let mut parts = token.expose().trim().split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let claims: Value = serde_json::from_slice(&bytes).ok().filter(Value::is_object)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let audiences = match claims.get("aud") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        Some(Self {
            issuer: text("iss"),
            subject: text("sub"),
            audiences,
            issued_at: time(&claims, "iat"),
            expires_at: time(&claims, "exp"),
            not_before: time(&claims, "nbf"),
        })
    }

    /// Whether its time is over, whatever the clocks.
    pub(in crate::verify) fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end.checked_add(LEEWAY).is_ok_and(|end| end < now))
    }

    /// Whether its time has not come, whatever the clocks.
    pub(in crate::verify) fn is_early(&self, now: Timestamp) -> bool {
        self.not_before.is_some_and(|start| start.checked_sub(LEEWAY).is_ok_and(|start| start > now))
    }
}

/// Seconds since 1970, with or without a fraction.
fn time(claims: &Value, name: &str) -> Option<Timestamp> {
    let value = claims.get(name)?;
    #[expect(clippy::cast_possible_truncation, reason = "a float becomes the nearest second there is")]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))?;
    Timestamp::from_second(seconds).ok()
}

fn tell(candidate: &Candidate, now: Timestamp) -> Verification {
    let Some(claims) = Claims::of(&candidate.secret) else {
        return Verification::unknown(Reason::Unsupported, "it is encrypted, or no token of three parts");
    };
    let verdict = if claims.is_over(now) {
        Verification::inactive(Reason::Expired).detail("by its own `exp`")
    } else {
        let whom = claims.issuer.as_deref().map_or("its issuer, which it does not name,".into(), shown);
        let ends = if claims.expires_at.is_none() { " it never expires by itself, and" } else { "" };
        Verification::unknown(
            Reason::Unsupported,
            format!("nobody was asked:{ends} only {whom} tells whether it works"),
        )
    };
    let verdict = verdict.principal(claims.subject.as_deref().map(shown));
    Verification { created_at: claims.issued_at, expires_at: claims.expires_at, ..verdict }
}

fn shown(text: &str) -> String {
    text.chars().take(MOST_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Status;

    fn token(claims: &str) -> Candidate {
        let text = format!("eyJhbGciOiJSUzI1NiJ9.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(claims));
        Candidate { kind: "jwt", secret: Secret::new(text), id: None, beside: Vec::new() }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("a time")
    }

    #[test]
    fn only_its_own_end_is_a_verdict() {
        let ended = tell(&token(r#"{"exp":1000,"iat":10,"sub":"ci"}"#), at(1301));
        assert_eq!((ended.status, ended.reason), (Status::Inactive, Some(Reason::Expired)));
        assert_eq!((ended.principal.as_deref(), ended.created_at), (Some("ci"), Some(at(10))));
        // Clocks differ.
        assert_eq!(tell(&token(r#"{"exp":1000}"#), at(1299)).status, Status::Unknown);
        let endless = tell(&token(r#"{"iss":"https://issuer.example"}"#), at(1301));
        let expected =
            "nobody was asked: it never expires by itself, and only https://issuer.example tells whether it works";
        assert_eq!((endless.status, endless.detail.as_deref()), (Status::Unknown, Some(expected)));
    }

    #[test]
    fn what_is_no_token_is_no_verdict() {
        for odd in ["", "[]", "null", r#"{"exp":"soon"}"#, r#"{"exp":1e300}"#, r#"{"exp":-1e300}"#, "{\"exp\":"] {
            assert_eq!(tell(&token(odd), at(0)).status, Status::Unknown, "{odd}");
        }
    }

    #[test]
    fn audiences_are_one_or_several() {
        let of = |claims: &str| Claims::of(&token(claims).secret).map(|claims| claims.audiences);
        assert_eq!(of(r#"{"aud":"a"}"#), Some(vec!["a".to_owned()]));
        assert_eq!(of(r#"{"aud":["a","b",1]}"#), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(of("{}"), Some(Vec::new()));
    }
}
