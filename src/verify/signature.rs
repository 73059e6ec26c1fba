//! Who has signed a token: the key that it names, another one of the set, or nobody.

use crate::finding::Secret;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

/// A published key (<https://datatracker.ietf.org/doc/html/rfc7517>).
pub(super) type Key = Jwk;

/// Who has signed a token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Signer {
    /// The key that it names; any, if it names none.
    Named,
    /// Another one: its id, if it has one.
    Other(Option<String>),
    /// None of them, though the named one is there.
    Nobody,
    /// None of them, and the named one is not there.
    Missing,
}

/// The keys of a set. What is no key, or of a kind that is not known, is left out: others of the set still count.
pub(super) fn keys(set: &Value) -> Option<Vec<Key>> {
    let list = set.get("keys")?.as_array()?;
    Some(list.iter().filter_map(|key| serde_json::from_value(key.clone()).ok()).collect())
}

/// Who has signed a token, and the key that it names.
///
/// # Errors
/// If that cannot be told of this token.
pub(super) fn signer(token: &Secret, keys: &[Key]) -> Result<(Signer, Option<String>), &'static str> {
    let token = token.expose().trim();
    // `none` is no algorithm that the library knows.
    let header = decode_header(token).map_err(|_| "its header names no algorithm that is known")?;
    if !is_asymmetric(header.alg) {
        return Err("it is signed by an algorithm with which no issuer of workload identity signs");
    }
    let verifies = |key: &&Key| verifies(token, header.alg, key);
    let named = |key: &&Key| header.kid.is_none() || key.common.key_id == header.kid;
    let signer = match keys.iter().filter(named).find(verifies) {
        Some(_) => Signer::Named,
        None => match keys.iter().filter(|key| !named(key)).find(verifies) {
            Some(other) => Signer::Other(other.common.key_id.clone()),
            None if keys.iter().any(|key| named(&key)) => Signer::Nobody,
            None => Signer::Missing,
        },
    };
    Ok((signer, header.kid))
}

/// Whether only the issuer can sign so. With a symmetric algorithm, whoever knows the published key could.
fn is_asymmetric(algorithm: Algorithm) -> bool {
    use Algorithm::{ES256, ES384, EdDSA, RS256, RS384, RS512};
    matches!(algorithm, RS256 | RS384 | RS512 | ES256 | ES384 | EdDSA)
}

fn verifies(token: &str, algorithm: Algorithm, key: &Key) -> bool {
    use Algorithm::{ES256, ES384, EdDSA};
    let fits = match &key.algorithm {
        AlgorithmParameters::RSA(_) => !matches!(algorithm, ES256 | ES384 | EdDSA),
        AlgorithmParameters::EllipticCurve(_) => matches!(algorithm, ES256 | ES384),
        AlgorithmParameters::OctetKeyPair(_) => algorithm == EdDSA,
        _ => false,
    };
    let for_signatures = key.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature);
    let its_own = key.common.key_algorithm.is_none_or(|own| Algorithm::try_from(own).is_ok_and(|own| own == algorithm));
    if !(fits && for_signatures && its_own) {
        return false;
    }
    // The signature alone: what the claims say is judged elsewhere, each for itself.
    let mut signature = Validation::new(algorithm);
    (signature.validate_exp, signature.validate_nbf, signature.validate_aud) = (false, false, false);
    signature.required_spec_claims.clear();
    DecodingKey::from_jwk(key).is_ok_and(|key| decode::<Value>(token, &key, &signature).is_ok())
}
