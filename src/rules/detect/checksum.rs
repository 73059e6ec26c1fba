//! Checksums that issuers build into their tokens, so that a made-up one can be told from a real one.

/// Digits, upper case, lower case: the alphabet of GitHub's and npm's checksums.
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// CRC-32 as in ISO 3309, which Ethernet and zip use.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// A number in six digits of base 62, zeros in front.
fn base62(mut number: u32) -> [u8; 6] {
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(number % 62) as usize];
        number /= 62;
    }
    digits
}

/// Whether the last six characters of a token are the CRC-32 of those between its prefix and them.
///
/// <https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/>
pub(super) fn github(token: &str) -> bool {
    let Some((_, body)) = token.split_once('_') else { return false };
    let Some(at) = body.len().checked_sub(6) else { return false };
    base62(crc32(&body.as_bytes()[..at])) == body.as_bytes()[at..]
}

/// Whether the last part of a token is the CRC-32 of what stands before it, in hexadecimal, lowest byte first.
///
/// <https://github.com/grafana/grafana/blob/main/pkg/components/satokengen/tokengen.go>
pub(super) fn grafana(token: &str) -> bool {
    let Some((key, checksum)) = token.rsplit_once('_') else { return false };
    let bytes = crc32(key.as_bytes()).to_le_bytes();
    checksum.eq_ignore_ascii_case(&bytes.map(|byte| format!("{byte:02x}")).concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuers_own_examples() {
        // The token that GitHub's announcement is illustrated with.
        assert!(github(concat!("ghp", "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17")));
        assert!(!github(concat!("ghp", "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18")));
        // From the tests of Grafana.
        assert!(grafana(concat!("glsa", "_iNValIdinValiDinvalidinvalidinva_5b582697")));
        assert!(!grafana(concat!("glsa", "_iNValIdinValiDinvalidinvalidinva_5b582698")));
        for junk in ["", "_", "ghp_", "ghp_abc", "é_é"] {
            assert!(!github(junk) && !grafana(junk));
        }
    }
}
