//! Values behind the names of secrets, as headers, dumps of Go's values, JSON, XML, forms and shells write both.

use super::written::{Written, count};
use super::{Named, authorization};
use crate::rules::names::names_a_secret;
use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Words of which one stands in every name of a secret that [`names_a_secret`] knows.
const WORDS: [&str; 10] =
    ["pass", "pwd", "secret", "token", "key", "credential", "psk", "jwt", "connection", "kubeconfig"];

/// Names of tokens that grant nothing: marks of pages, of requests that are sent again, of a machine's own metadata.
///
/// <https://docs.aws.amazon.com/wellarchitected/latest/framework/rel_prevent_interaction_failure_idempotent.html>,
/// <https://google.aip.dev/158>,
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html>
const NOTHING: [&str; 14] = [
    "nexttoken",
    "pagetoken",
    "nextpage",
    "continuationtoken",
    "paginationtoken",
    "clienttoken",
    "requesttoken",
    "idempotencytoken",
    "idempotencykey",
    "synctoken",
    "resumetoken",
    "cursortoken",
    "metadatatoken",
    "tokentype",
];

/// No name is longer.
const MAX_NAME: usize = 120;

/// No part of a name between separators is longer: what is, was generated.
const MAX_PART: usize = 32;

/// What may stand between a name and its value.
const MAX_BETWEEN: usize = 160;

/// Every name of a secret in a text with the value behind it, in the order they stand in. Values may be anything: whether
/// one is a secret is for the caller to say.
pub(super) fn named(text: &str) -> Vec<Named<'_>> {
    static MATCHER: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let words = WORDS.iter().copied().chain([authorization::NAME]);
        let builder = &mut AhoCorasick::builder();
        let built = builder.match_kind(MatchKind::LeftmostFirst).ascii_case_insensitive(true).build(words);
        built.expect("a few short words make a small automaton")
    });
    let (mut found, mut past) = (Vec::new(), 0);
    for word in MATCHER.find_iter(text).filter(|word| word.end() > 0) {
        if word.start() < past {
            continue;
        }
        let range = name_around(text, word.range());
        past = range.end;
        let name = &text[range.clone()];
        if authorization::is_name(name) {
            found.extend(authorization::read(text, range));
        } else if names_a_token(name) {
            values(text, range, &mut found);
        }
    }
    found
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn name_around(text: &str, word: Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let before = bytes[..word.start].iter().rev().take(MAX_NAME).take_while(|byte| is_of_name(**byte)).count();
    let after = bytes[word.end..].iter().take(MAX_NAME).take_while(|byte| is_of_name(**byte)).count();
    let mut start = word.start - before;
    // What belongs to an escape is none of the name: `\npassword`, `\u003cSecretAccessKey`.
    if bytes[..start].ends_with(b"\\") {
        let code = match bytes[start] {
            b'n' | b't' | b'r' => 1,
            b'u' if bytes[start + 1..word.end].iter().take_while(|byte| byte.is_ascii_hexdigit()).count() >= 4 => 5,
            _ => 0,
        };
        start = word.start.min(start + code);
    }
    start..word.end + after
}

fn names_a_token(name: &str) -> bool {
    let short = || name.split(['_', '-', '.']).all(|part| part.len() <= MAX_PART);
    let grants = || {
        let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let letters = letters.to_ascii_lowercase();
        !NOTHING.iter().any(|word| letters.ends_with(word))
    };
    name.len() < MAX_NAME && short() && names_a_secret(name) && grants()
}

/// The values that are given to the name at `range`: two where an old and a new one stand there.
fn values<'t>(text: &'t str, range: Range<usize>, found: &mut Vec<Named<'t>>) {
    let name = text[range.clone()].trim_start_matches(['-', '.']);
    if let Some(written) = element(text, &range) {
        found.push(Named { name, written, certain: false });
        return;
    }
    let Some(mut at) = behind(text, &range) else { return };
    loop {
        let Some(written) = Written::at(text, at).filter(|written| written.layers > 0 || is_value(text, at, written))
        else {
            return;
        };
        let end = written.end;
        found.push(Named { name, written, certain: false });
        match and_then(text, end) {
            Some(next) => at = next,
            None => return,
        }
    }
}

/// Where the value begins that stands behind the name at `range`.
///
/// `name=v`, `"name":"v"`, `name: [v]`, `"name" => "v"`, `--name v`, and Go's own ways: `"name":[]string{"v"}`,
/// `"name":cty.StringVal("v")`, `"name":tftypes.String<"v">`, `Name:(*string)(0xc000010000)("v")`,
/// `"name":*terraform.ResourceAttrDiff{Old:"v", New:"w"}`.
fn behind(text: &str, range: &Range<usize>) -> Option<usize> {
    static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
        let wrapper = r"[&*]|\[\](?:string|any|interface ?\{\})\{|interface ?\{\}\(|cty\.StringVal\(|tftypes\.String<";
        let pointers = r"\[|\(\*string\)\((?:0x[0-9a-f]+)?\)\(?|terraform\.ResourceAttrDiff\{Old:";
        let operator = r"[ \t]{0,20}(?::=|=>|==?|:)[ \t]{0,20}";
        let pattern = format!(r#"^\\{{0,15}}["'`]?\]?{operator}(?:{wrapper}|{pointers}){{0,4}}"#);
        Regex::new(&pattern).expect("the pattern is a literal")
    });
    let mut limit = text.len().min(range.end + MAX_BETWEEN);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let rest = &text[range.end..limit];
    if let Some(between) = BETWEEN.find(rest) {
        return Some(range.end + between.len());
    }
    // Without a sign between them only an option of a command is followed by its value.
    let option = text[range.clone()].starts_with("--") && rest.starts_with(' ');
    option.then_some(range.end + 1)
}

/// Where a second value begins after one that ends at an offset: `"old" => "new"`, `Old:"old", New:"new"`.
fn and_then(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let next = [" => ", " -> ", ", New:"].iter().find_map(|between| rest.strip_prefix(between))?;
    Some(text.len() - next.len())
}

/// The value of an element of XML: `<SecretAccessKey>v</SecretAccessKey>`, also where JSON has escaped its brackets.
fn element(text: &str, name: &Range<usize>) -> Option<Written> {
    let before = &text[..name.start];
    let rest = &text[name.end..];
    let inside = match rest.strip_prefix('>') {
        Some(inside) if before.ends_with('<') => inside,
        Some(_) => return None,
        None => {
            let inside = rest.trim_start_matches('\\').strip_prefix("u003e")?;
            before.ends_with("u003c").then_some(inside)?
        }
    };
    Written::bare(text, text.len() - inside.len(), b"<\\\r\n \t\"")
}

/// Whether a bare text behind a name is a value and not the rest of a sentence, or the name of a type or variable.
fn is_value(text: &str, at: usize, written: &Written) -> bool {
    let value = &text[written.range.clone()];
    let called = text[written.end..].starts_with(['(', '{', '[']);
    let letters = value.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'_' | b'-'));
    let spaced = at > 0 && count(&text.as_bytes()[at - 1..], b" \t") > 0;
    let address = value.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let word = letters && (spaced || value.contains('.'));
    let other = called || address || word || (spaced && is_pair(value));
    !other
}

/// Whether it is a name with a value of its own: loggers write such pairs behind a message that ends with a colon.
///
/// <https://github.com/hashicorp/go-hclog/blob/v1.6.3/intlogger.go>
fn is_pair(value: &str) -> bool {
    let is_name = |name: &str| name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(is_of_name);
    value.split_once('=').is_some_and(|(name, value)| is_name(name) && !value.trim_start_matches('=').is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, String)> {
        named(text).iter().map(|named| (named.name, named.written.value(text))).collect()
    }

    #[test]
    fn values_however_they_are_written() {
        let cases = [
            ("X-Vault-Token: s.abc1", "X-Vault-Token", "s.abc1"),
            ("X-Vault-Token: c2FiYzE==", "X-Vault-Token", "c2FiYzE=="),
            ("http.request.header.x_vault_token=s.abc1 a=b", "http.request.header.x_vault_token", "s.abc1"),
            (r#"{"password":"a b"}"#, "password", "a b"),
            (r#"{\"password\":\"a\\\"b\"}"#, "password", "a\"b"),
            (r#"map[string]interface {}{"password":"a b", "x":1}"#, "password", "a b"),
            ("map[password:hunter2 user:x]", "password", "hunter2"),
            (r#"http.Header{"X-Vault-Token":[]string{"s.abc1"}}"#, "X-Vault-Token", "s.abc1"),
            ("map[X-Vault-Token:[s.abc1]]", "X-Vault-Token", "s.abc1"),
            (r#""password":cty.StringVal("hunter2")"#, "password", "hunter2"),
            (r#"tftypes.Object["a":tftypes.String]<"password":tftypes.String<"hunter2">>"#, "password", "hunter2"),
            (r#"Config{AccessKey:"x", SecretKey:"abc/def"}"#, "SecretKey", "abc/def"),
            (r#"Password:(*string)(0xc000123456)("hunter2")"#, "Password", "hunter2"),
            ("<SecretAccessKey>a/b+c=</SecretAccessKey>", "SecretAccessKey", "a/b+c="),
            (r"\u003cSessionToken\u003ea/b+c=\u003c/SessionToken\u003e", "SessionToken", "a/b+c="),
            ("grant_type=x&client_secret=a~b1&scope=y", "client_secret", "a~b1"),
            ("TF_VAR_db_password=hunter2", "TF_VAR_db_password", "hunter2"),
            ("secret_key = \"abc/def\"", "secret_key", "abc/def"),
            ("tool --api-token abc1", "api-token", "abc1"),
            (r"env:\npassword: hunter2\n", "password", "hunter2"),
        ];
        for (text, name, value) in cases {
            assert!(found(text).contains(&(name, value.to_owned())), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn old_and_new_values() {
        let diff = r#""password":*terraform.ResourceAttrDiff{Old:"hunter2", New:"hunter3", NewComputed:false}"#;
        let expected = vec![("password", "hunter2".to_owned()), ("password", "hunter3".to_owned())];
        assert_eq!(found(diff), expected);
        assert_eq!(found(r#"  password: "hunter2" => "hunter3" (forces new resource)"#), expected);
    }

    #[test]
    fn what_gives_no_value() {
        for text in [
            "the password must be long",
            "password: must be long",
            "password: incorrect",
            "Retrieved credentials: tf_backend.operation=Configure tf_aws.credentials_source=EnvConfigCredentials",
            "\"password\":cty.String",
            "\"password\":schema.Schema{Type:1}",
            "token=hclsyntax.TokenOBrace",
            "\"password\":(*schema.Schema)(0xc000123456)",
            "key=abc",
            "next_token=abc1",
            "NextPageToken: \"abc1\"",
            "public_key=abc1",
            "password",
            "password=",
            "a.token",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
