//! What a redacted line shows, and that planted secrets are not in it.

use super::*;

fn shown(line: &str) -> String {
    redact(line.as_bytes(), &[], &HashSet::new()).text
}

#[test]
fn structure_is_shown_and_values_are_not() {
    for (line, expected) in [
        ("resource \"aws_iam_access_key\" \"ci\" {", "resource \"aws_iam_access_key\" \"ci\" {"),
        ("  backend \"s3\" {", "  backend \"s3\" {"),
        ("terraform {", "terraform {"),
        ("  access_key = \"AKIAIOSFODNN7EXAMPLE\"", "  access_key = \"****\""),
        ("  encrypt = false", "  encrypt = false"),
        ("  region  = \"eu-west-1\"", "  region  = \"eu-west-1\""),
        ("  bucket = \"org-state\"", "  bucket = \"****\""),
        ("  password = var.db_password", "  password = ****"),
        ("  name = var.name # hunter2", "  name = var.name # ****"),
        ("  tags = { Name = \"x y\" }", "  tags = { Name = \"****\" }"),
        ("  names = [\"a1\", \"b2\"]", "  names = [\"****\", \"****\"]"),
        ("  version = \"~> 5.0\"", "  version = \"~> 5.0\""),
        ("  body = <<EOT", "  body = ****"),
        ("  \"secret\": \"hunter2\",", "  \"secret\": \"****\","),
        ("  - name: deploy to hunter2, now", "  - name: ****"),
        ("export DB_PASSWORD=hunter2", "export DB_PASSWORD=****"),
        ("correct horse battery", "****"),
    ] {
        assert_eq!(shown(line), expected);
    }
}

#[test]
fn a_line_of_any_kind_hides_a_secret_of_any_shape() {
    let secrets = [
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
        "hvs.CAESIJexampleexampleexampleexample",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def_ghi",
        "deadbeefdeadbeefdeadbeefdeadbeef",
        "correct-horse-battery-staple",
        "correct_horse_battery_staple",
        "correct horse battery staple",
        "Tr0ub4dor&3!x,y:z=1{2}[3](4)",
        "QUtJQUlPU0ZPRE5ON0VYQU1QTEU=",
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq==;EndpointSuffix=x",
        "postgres://admin:hunter2hunter2@db.example.com:5432/x",
        "-----BEGIN RSA PRIVATE KEY-----MIIEpAIBAAKCAQEA",
        "123456789012345678",
        "1234567890:AAF-example_example_example_exa",
        "pässwörd-mit-ümlaut-lang",
        "\u{1b}[31mred-secret-red-secret",
        "a,b,c,d,e,f,g,h,i,j,k,l,m",
        "true,false,12345,true,null",
        "12345 67890 12345",
    ];
    let lines = [
        "$",
        "  $",
        "x = $",
        "x = \"$\"",
        "  \"x\": \"$\",",
        "x: $",
        "- $",
        "# $",
        "x = 1 # $",
        "// $",
        "/* $ */",
        "export X=$",
        "x = \"prefix-$-suffix\"",
        "x = \"$",
        "$\"",
        "  $\\n\\",
        "{\"a\":{\"b\":\"$\",\"c\":true}}",
        "x = ['$']",
        "x = f(\"$\", var.y)",
        "resource \"$\" \"a\" {",
        "variable \"$\" {",
        "provider aws { $ }",
        "terraform { x = \"$\" }",
        "$ = 1",
        "\"$\" = 1",
        "$: 1",
        "password = $",
        "password = [\"$\", $]",
        "curl -H 'Authorization: Bearer $' https://x",
        "source = \"git::https://x:$@h/r?token=$\"",
        "version = \"$\"",
        "region = \"$\"",
        "source = \"$\"",
        "x = \"${var.$}\"",
        "x = var.$",
        "a = $, b = $",
        "\t$\t",
        "x=$\r",
        "<$>",
        "'$'",
        "`$`",
        "module.$.x",
        "locals { $ = $ }",
        "\"a\" \"$\" \"b\"",
        "\\\"$\\\"",
    ];
    let names = [
        "resource \"$\" \"a\" {",
        "variable \"$\" {",
        "terraform { $ = 1 }",
        "$ = 1",
        "\"$\" = 1",
        "$: 1",
        "x = \"${var.$}\"",
        "x = var.$",
        "module.$.x",
        "locals { $ = $ }",
    ];
    for secret in secrets {
        for line in lines {
            let text = shown(&line.replace('$', secret));
            let chars: Vec<char> = secret.chars().collect();
            // Names are shown, and a secret in the shape of one, standing where names stand, is one.
            let named = secret.starts_with("correct");
            if named && names.contains(&line) {
                continue;
            }
            for part in chars.windows(12) {
                let part: String = part.iter().collect();
                assert!(!text.contains(&part), "{line}: {part:?} in {text:?}");
            }
            assert!(text.is_ascii() && !text.contains(|c: char| c.is_control()), "{line}: {text:?}");
        }
    }
}

#[test]
fn known_credentials_are_hidden_by_place_and_by_value() {
    let line = b"region = \"eu-west-1\"";
    assert_eq!(redact(line, &[Span::new(12, 14)], &HashSet::new()).text, "region = \"****\"");
    let values = HashSet::from(["eu-west-1".to_owned()]);
    assert_eq!(redact(line, &[], &values).text, "region = \"****\"");
}

#[test]
fn columns_point_into_the_redacted_text() {
    let line = b"  access_key = \"AKIAIOSFODNN7EXAMPLE\" # x";
    let redacted = redact(line, &[], &HashSet::new());
    assert_eq!(redacted.text, "  access_key = \"****\" # ****");
    assert_eq!(redacted.columns(2, 12), (2, 12));
    assert_eq!(redacted.columns(15, 37), (15, 21));
    assert_eq!(redacted.columns(2, 37), (2, 21));
    assert_eq!(redacted.columns(999, 999), (27, 28));
    assert_eq!(redact(b"", &[], &HashSet::new()).columns(0, 0), (0, 0));
}

#[test]
fn the_leading_name_is_found_in_every_syntax() {
    for (line, name) in [
        ("  a_b = 1", Some("a_b")),
        ("\"a\": {", Some("a")),
        ("- run: x", Some("run")),
        ("export A=b", Some("A")),
        ("just words", None),
        ("", None),
    ] {
        assert_eq!(leading_name(line.as_bytes()), name, "{line}");
    }
}

/// Small and fast, and the same in every run (xorshift, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

#[test]
fn generated_secrets_are_hidden_on_generated_lines() {
    let alphabets = [
        "0123456789abcdef",
        "abcdefghijklmnopqrstuvwxyz",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.",
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "0123456789",
        "abcABC019!#$%&()*+,-./:;<=>?@[]^_{|}~ \"'\\`",
    ];
    let pieces = [
        "x",
        " = ",
        ": ",
        "\"",
        " ",
        ",",
        "{",
        "}",
        "[",
        "]",
        "(",
        "var.",
        "source",
        "version",
        "region",
        "-",
        "#",
        "//",
        "$",
        "'",
        "resource ",
        "data ",
        "true",
        "12",
        "export ",
        "\\",
        "name",
        "file",
        "${",
        "=",
        "\t",
        "module.",
    ];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..30_000 {
        let alphabet: Vec<char> = alphabets[random.below(alphabets.len())].chars().collect();
        let secret: String = (0..16 + random.below(33)).map(|_| alphabet[random.below(alphabet.len())]).collect();
        let mut line = String::new();
        for _ in 0..random.below(7) {
            line.push_str(pieces[random.below(pieces.len())]);
        }
        line.push_str(&secret);
        for _ in 0..random.below(5) {
            line.push_str(pieces[random.below(pieces.len())]);
        }
        let redacted = redact(line.as_bytes(), &[], &HashSet::new());
        for at in 0..=secret.len() - 12 {
            assert!(!redacted.text.contains(&secret[at..at + 12]), "{line:?}: {:?}", redacted.text);
        }
        let (start, end) = (random.below(line.len() + 2), random.below(line.len() + 2));
        let (from, to) = redacted.columns(start, end);
        assert!(from <= to && to <= redacted.text.len() && (from < to || redacted.text.is_empty()));
    }
}
