//! What an AWS access key id tells by itself.

/// The account that an access key id belongs to: twelve digits. None for other texts, and for ids issued before 2019,
/// which do not tell it (they go on with other letters than `Q` to `Z` and `2` to `7`).
///
/// After the prefix of four letters the id is base 32; of its first 48 bits the account is in 40.
/// <https://summitroute.com/blog/2018/06/20/aws_security_credential_formats/>,
/// <https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489>
pub fn account_of_aws_key(id: &str) -> Option<String> {
    let rest = id.strip_prefix("AKIA").or_else(|| id.strip_prefix("ASIA")).filter(|rest| rest.len() == 16)?;
    let mut digits = rest.bytes().map(|byte| match byte {
        b'A'..=b'Z' => Some(u64::from(byte - b'A')),
        b'2'..=b'7' => Some(u64::from(byte - b'2' + 26)),
        _ => None,
    });
    // Ten digits hold the first fifty bits.
    let bits = digits.by_ref().take(10).try_fold(0_u64, |bits, digit| Some(bits << 5 | digit?))? >> 2;
    let account = (bits & 0x7fff_ffff_ff80) >> 7;
    let tells = bits >> 47 == 1 && digits.all(|digit| digit.is_some());
    (tells && account < 1_000_000_000_000).then(|| format!("{account:012}"))
}

#[cfg(test)]
mod tests {
    use super::account_of_aws_key;

    #[test]
    fn ids_since_2019_tell_their_account() {
        // The pair of the second article above.
        assert_eq!(account_of_aws_key("ASIAQNZGKIQY56JQ7WML").as_deref(), Some("029608264753"));
        // The pair of the first, and one from LocalStack's documentation.
        assert_eq!(account_of_aws_key("ASIAY34FZKBOKMUTVV7A").as_deref(), Some("609629065308"));
        assert_eq!(account_of_aws_key("ASIAQAAAAAAAGMKEM7X5").as_deref(), Some("000000000000"));
        for other in ["AKIAIOSFODNN7EXAMPLE", "AKIAQNZGKIQY56JQ7WM", "AROAQNZGKIQY56JQ7WML", "AKIAQNZGKIQY56JQ7WM1", ""]
        {
            assert_eq!(account_of_aws_key(other), None, "{other}");
        }
    }
}
