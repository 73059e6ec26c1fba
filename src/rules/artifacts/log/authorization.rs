//! The `Authorization` header: a scheme, and what it carries.

use super::Named;
use super::written::Written;
use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{alphabet, engine::DecodePaddingMode};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Stands in the header's name, in lower case.
pub(super) const NAME: &str = "authorization";

/// Bytes of a header that are looked at.
const MAX_HEADER: usize = 16 << 10;

/// Whether a name is the header's: `Authorization`, `Proxy-Authorization`, `http.request.header.authorization`.
pub(super) fn is_name(name: &str) -> bool {
    let start = name.len().saturating_sub(NAME.len());
    name.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(NAME))
}

/// Schemes whose credential is the secret itself. Others sign requests (AWS, Azure's `SharedKey`) or are answers to a
/// challenge, so that the header holds no secret.
///
/// <https://www.iana.org/assignments/http-authschemes/http-authschemes.xhtml>,
/// <https://developer.okta.com/docs/reference/core-okta-api/>, <https://docs.opsgenie.com/docs/api-key-management>,
/// <https://docs.splunk.com/Documentation/Splunk/latest/Data/UsetheHTTPEventCollector>
const SCHEMES: [&str; 8] = ["basic", "bearer", "token", "apikey", "ssws", "geniekey", "splunk", "bot"];

/// The credential of the header whose name stands at `range`.
pub(super) fn read(text: &str, range: Range<usize>) -> Option<Named<'_>> {
    static HEADER: LazyLock<Regex> = LazyLock::new(|| {
        let between = r#"^\\{0,15}["'`]?\]?[ \t]*(?:=|:)[ \t]*(?:\[\](?:string|interface ?\{\})\{|\[)?\\{0,15}["'`]?"#;
        let word = r"[A-Za-z0-9._~+/=:%-]+";
        Regex::new(&format!("{between}(?<first>{word})(?: +(?<second>{word}))?")).expect("the pattern is a literal")
    });
    let mut limit = text.len().min(range.end + MAX_HEADER);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let groups = HEADER.captures(&text[range.end..limit])?;
    let (first, second) = (groups.name("first")?, groups.name("second"));
    let known = SCHEMES.iter().any(|scheme| first.as_str().eq_ignore_ascii_case(scheme));
    // `authorization=v` is a field of a logger's, and ends at a space.
    let field = text[range.end..].starts_with('=') && text[range.end + 1..].starts_with(first.as_str());
    let token = match second {
        Some(second) if known => second,
        Some(_) if !field => return None,
        None if known => return None,
        _ => first,
    };
    let at = range.end + token.start()..range.end + token.end();
    let written = Written { end: at.end, range: at, layers: 0 };
    Some(Named { name: &text[range], written, certain: false })
}

/// The password that the credential of the scheme Basic holds.
pub(super) fn basic_password(credential: &str) -> Option<String> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decoded = GeneralPurpose::new(&alphabet::STANDARD, CONFIG).decode(credential).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (_, password) = decoded.split_once(':')?;
    let readable = !decoded.chars().any(char::is_control);
    readable.then(|| password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> Option<&str> {
        let start = text.to_ascii_lowercase().find(NAME).expect("the header");
        read(text, start..start + NAME.len()).map(|named| &text[named.written.range])
    }

    #[test]
    fn credentials_of_headers() {
        let cases = [
            ("Authorization: Bearer abc.def", "abc.def"),
            ("authorization: token abc\nHost: x", "abc"),
            ("http.request.header.authorization=\"Bearer abc\" a=b", "abc"),
            ("Authorization=abc tf_http_op_type=request", "abc"),
            ("map[Authorization:[Bearer abc] Host:[x]]", "abc"),
            (r#"http.Header{"Authorization":[]string{"Basic dXNlcjpwYXNz"}}"#, "dXNlcjpwYXNz"),
            (r#"{\"Authorization\":[\"SSWS abc\"]}"#, "abc"),
            ("Proxy-Authorization: abc\r\n", "abc"),
        ];
        for (text, expected) in cases {
            assert_eq!(read_all(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn headers_without_a_secret() {
        for text in [
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIA************PFIJ/20261121/us-east-1/sts/aws4_request, X",
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/us-east-1/s3, Signature=fe5f80",
            "Authorization: SharedKey account:c2lnbmF0dXJl",
            "Authorization: ***",
            "Authorization: Bearer ***",
            "authorization failed",
            "Authorization:",
        ] {
            assert_eq!(read_all(text), None, "{text}");
        }
    }

    #[test]
    fn passwords_of_basic_credentials() {
        assert_eq!(basic_password("dXNlcjpodW50ZXIy").as_deref(), Some("hunter2"));
        assert_eq!(basic_password("dXNlcjpwYXNzMQ").as_deref(), Some("pass1"));
        for text in ["", "dXNlcg==", "é", "!!", "AAAAAAAA"] {
            assert_eq!(basic_password(text), None, "{text}");
        }
    }
}
