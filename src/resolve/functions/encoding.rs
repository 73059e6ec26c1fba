//! Encodings of strings.

use super::context::{Call, Outcome};
use crate::resolve::Reason;
use base64::Engine;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

/// Padding is required, the bits that no byte uses are not looked at: as Go's `base64.StdEncoding`.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

pub(super) fn base64encode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    call.made_of(BASE64.encode(text.as_bytes()), call.value(0)?)
}

pub(super) fn base64decode(call: &Call<'_>) -> Outcome {
    let text = String::from_utf8(decode(&call.text(0)?)?).map_err(|_| Reason::Invalid)?;
    call.made_of(text, call.value(0)?)
}

/// Line breaks are passed over.
fn decode(text: &str) -> Result<Vec<u8>, Reason> {
    let joined: String = text.split(['\r', '\n']).collect();
    BASE64.decode(joined).map_err(|_| Reason::Invalid)
}

/// The character encodings that are known here, of the many that Terraform knows.
enum Charset {
    Utf8,
    Utf16Le,
    Utf16Be,
}

fn charset(call: &Call<'_>) -> Result<Charset, Reason> {
    let name = call.text(1)?;
    match () {
        () if name.eq_ignore_ascii_case("utf-8") => Ok(Charset::Utf8),
        () if name.eq_ignore_ascii_case("utf-16le") => Ok(Charset::Utf16Le),
        () if name.eq_ignore_ascii_case("utf-16be") => Ok(Charset::Utf16Be),
        () => Err(call.unsupported()),
    }
}

pub(super) fn textencodebase64(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let bytes: Vec<u8> = match charset(call)? {
        Charset::Utf8 => text.as_bytes().to_vec(),
        Charset::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Charset::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    };
    call.made_of(BASE64.encode(bytes), call.value(0)?)
}

pub(super) fn textdecodebase64(call: &Call<'_>) -> Outcome {
    let charset = charset(call)?;
    let bytes = decode(&call.text(0)?)?;
    let wide = |unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
        String::from_utf16(&units).ok().filter(|_| rest.is_empty())
    };
    let text = match charset {
        Charset::Utf8 => String::from_utf8(bytes).ok(),
        Charset::Utf16Le => wide(u16::from_le_bytes),
        Charset::Utf16Be => wide(u16::from_be_bytes),
    };
    let text = text.filter(|text| !text.contains('\u{fffd}')).ok_or(Reason::Invalid)?;
    call.made_of(text, call.value(0)?)
}

/// As in a query: a space becomes `+`.
pub(super) fn urlencode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    call.made_of(encoded, call.value(0)?)
}
