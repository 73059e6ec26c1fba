//! JSON web tokens: three parts, of which the first says in JSON how it is signed.

use super::detector::{Detector, Found};
use super::shape::{Class, begins, byte_at};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::ops::Range;

pub(super) const DETECTORS: &[Detector] =
    &[Detector::custom("jwt", &[".eyJ"], look).see("https://datatracker.ietf.org/doc/html/rfc7519")];

/// Bytes of one part that are looked at.
const MAX_PART: usize = 16 << 10;

/// The token around the full stop before its second part.
fn look(text: &str, literal: Range<usize>) -> Vec<Found> {
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
    let decoded = URL_SAFE_NO_PAD.decode(&text[start..literal.start]).ok();
    let header: Option<serde_json::Value> = decoded.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let names = header.and_then(|header| Some(header.get("alg")?.as_str()? != "none"));
    if signed && names == Some(true) { vec![Found::at(start..end)] } else { Vec::new() }
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[(
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
)];
