//! Bytes as text, each byte at its place.

use std::borrow::Cow;

/// Bytes as text of the same length: each byte that is not UTF-8 becomes `?`.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::lossy;

    #[test]
    fn places_are_kept() {
        assert_eq!(lossy("é".as_bytes()), "é");
        assert_eq!(lossy(b"a\xff\xe6\xbcb\xc3\xa9"), "a???bé");
        assert_eq!(lossy(b""), "");
    }
}
