//! Hashes.

use super::context::{Call, Outcome};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha512};

pub(super) fn sha256(call: &Call<'_>) -> Outcome {
    hashed::<Sha256>(call, hex)
}

pub(super) fn sha512(call: &Call<'_>) -> Outcome {
    hashed::<Sha512>(call, hex)
}

pub(super) fn base64sha256(call: &Call<'_>) -> Outcome {
    hashed::<Sha256>(call, |bytes| STANDARD.encode(bytes))
}

pub(super) fn base64sha512(call: &Call<'_>) -> Outcome {
    hashed::<Sha512>(call, |bytes| STANDARD.encode(bytes))
}

fn hashed<D: Digest>(call: &Call<'_>, write: fn(&[u8]) -> String) -> Outcome {
    let text = call.text(0)?;
    call.spend(text.len() / 64)?;
    call.made_of(write(D::digest(text.as_bytes()).as_slice()), call.value(0)?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn filesha256(call: &Call<'_>) -> Outcome {
    of_file(call, sha256)
}

pub(super) fn filesha512(call: &Call<'_>) -> Outcome {
    of_file(call, sha512)
}

pub(super) fn filebase64sha256(call: &Call<'_>) -> Outcome {
    of_file(call, base64sha256)
}

pub(super) fn filebase64sha512(call: &Call<'_>) -> Outcome {
    of_file(call, base64sha512)
}

fn of_file(call: &Call<'_>, hash: fn(&Call<'_>) -> Outcome) -> Outcome {
    let text = [super::files::file(call)?];
    hash(&call.with(&text))
}
