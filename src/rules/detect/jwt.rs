//! JSON web tokens: three parts, of which the first says in JSON how it is signed.

use super::detector::{Detector, Found};
use super::shape::{Class, begins, byte_at};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::ops::Range;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::custom("jwt", &[".eyJ"], |text, literal| look(text, literal, false))
        .see("https://datatracker.ietf.org/doc/html/rfc7519"),
    Detector::custom("kubernetes-token", &[".eyJ"], |text, literal| look(text, literal, true))
        .see("https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/"),
];

/// Bytes of one part that are looked at.
const MAX_PART: usize = 16 << 10;

/// The token around the full stop before its second part: one of Kubernetes, or any other.
fn look(text: &str, literal: Range<usize>, of_kubernetes: bool) -> Vec<Found> {
    let start = literal.start - Class::BASE64_URL.run_before(text, literal.start, 4096);
    // Only what can begin a JSON object is decoded.
    if !text[start..].starts_with("ey") || !begins(text, start) {
        return Vec::new();
    }
    let payload = literal.start + 1 + Class::BASE64_URL.run(text, literal.start + 1, MAX_PART);
    if byte_at(text, payload) != b'.' {
        return Vec::new();
    }
    let end = payload + 1 + Class::BASE64_URL.run(text, payload + 1, MAX_PART);
    let signed = end - payload > 5;
    let names = decoded(&text[start..literal.start]).and_then(|header| Some(header.get("alg")?.as_str()? != "none"));
    let found = signed && names == Some(true) && is_of_kubernetes(&text[literal.start + 1..payload]) == of_kubernetes;
    if found { vec![Found::at(start..end)] } else { Vec::new() }
}

fn decoded(part: &str) -> Option<serde_json::Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Tokens of service accounts have a claim of Kubernetes' own; those that never expire name their issuer so.
fn is_of_kubernetes(payload: &str) -> bool {
    decoded(payload).is_some_and(|claims| {
        claims.get("kubernetes.io").is_some() || claims.get("iss").is_some_and(|iss| iss == "kubernetes/serviceaccount")
    })
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "jwt",
        &[
            "token: «eyJhbGciOiJIUzI1NiJ9·.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-def_ghi»",
            "Authorization: Bearer «eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9·.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c»",
        ],
        &[
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.",
            "eyJ4IjoxfQ.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-def_ghi",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0",
            "eyJhbGciOiJIUzI1NiJ9.eyJ....abc",
        ],
    ),
    (
        "kubernetes-token",
        &[
            "token: «eyJhbGciOiJSUzI1NiJ9·.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0.abc-def_ghi»",
            "token: «eyJhbGciOiJSUzI1NiJ9·.eyJrdWJlcm5ldGVzLmlvIjp7Im5hbWVzcGFjZSI6ImNpIn19.abc-def_ghi»",
        ],
        &["eyJhbGciOiJub25lIn0.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0.abc-def_ghi"],
    ),
];
