//! Fingerprints: stable names that give nothing away.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Key under which guessable values are fingerprinted across reports (`CREDLINT_FINGERPRINT_KEY`).
#[derive(Clone, Debug)]
pub struct FingerprintKey(pub super::Secret);

fn hex16(bytes: &[u8]) -> String {
    bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// `sha256:` and 16 hex digits, for a credential whose value cannot be guessed.
pub fn plain_fingerprint(kind: &str, value: &str) -> String {
    format!("sha256:{}", hex16(&Sha256::digest(format!("credlint:v1:{kind}:{value}"))))
}

/// `keyed:` and 16 hex digits of HMAC-SHA-256, for a value that could be guessed, under the user's own key.
pub fn keyed_fingerprint(key: &FingerprintKey, kind: &str, value: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.0.expose().as_bytes()).expect("HMAC takes a key of any length (RFC 2104)");
    mac.update(format!("credlint:v1:{kind}:{value}").as_bytes());
    format!("keyed:{}", hex16(&mac.finalize().into_bytes()))
}

/// A finding's own fingerprint, made of what names it and never of a value, a line number or a date: 16 hex digits
/// over the parts (rule, module, address, attribute, or path and redacted line) and `nth`, which tells findings apart
/// that are alike in all of that.
pub fn finding_fingerprint(parts: &[&str], nth: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(b"credlint:v1:finding");
    for part in parts {
        hash.update([0]);
        hash.update(part.as_bytes());
    }
    hash.update([0]);
    hash.update(nth.to_string());
    hex16(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Secret;

    #[test]
    fn the_plain_fingerprint_is_the_documented_formula() {
        // printf %s credlint:v1:aws-access-key:AKIAIOSFODNN7EXAMPLE | sha256sum | cut -c1-16
        assert_eq!(plain_fingerprint("aws-access-key", "AKIAIOSFODNN7EXAMPLE"), "sha256:5bf7e653c987f4c2");
    }

    #[test]
    fn the_keyed_fingerprint_is_an_hmac() {
        // printf %s credlint:v1:password:hunter2 | openssl dgst -sha256 -hmac k | cut -c1-16
        let key = FingerprintKey(Secret::new("k"));
        assert_eq!(keyed_fingerprint(&key, "password", "hunter2"), "keyed:9d205a17ed0f0c37");
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(finding_fingerprint(&["a", "bc"], 0), finding_fingerprint(&["ab", "c"], 0));
        assert_ne!(finding_fingerprint(&["a"], 0), finding_fingerprint(&["a"], 1));
    }
}
