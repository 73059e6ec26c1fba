//! Private keys in any armour, with real or escaped line ends, and in base64.

use super::Hit;
use super::detector::{Detector, Found};
use super::shape::{Class, begins, is_template, window};
use crate::finding::Confidence;
use crate::rules::beside;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

const PEM: &str = "https://datatracker.ietf.org/doc/html/rfc7468#section-10";

pub(super) const DETECTORS: &[Detector] = &[
    Detector::custom("google-service-account-key", &["PRIVATE KEY-----"], service_account)
        .see("https://docs.cloud.google.com/iam/docs/keys-create-delete"),
    Detector::custom("private-key", &["PRIVATE KEY"], pem).see(PEM),
    Detector::custom("private-key", &["LS0tLS1CRUdJTi"], encoded).see(PEM),
    Detector::custom("private-key", &["Private-Lines:"], putty)
        .see("https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html"),
    Detector::prefixed("age-secret-key", &["AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1"], Class::UPPER_ALNUM, 58, 58)
        .see("https://github.com/FiloSottile/age/blob/main/doc/age-keygen.1.ronn"),
];

/// No key is longer: RSA of 16,384 bits takes 13 kB.
const MAX_KEY: usize = 32 << 10;
/// Characters of base64 below which something only talks of a key, and below which it is hardly one.
const LEAST: usize = 8;
const SURE: usize = 48;

/// A block in armour around `PRIVATE KEY`, from its first dash to its last.
fn pem(text: &str, literal: Range<usize>) -> Vec<Found> {
    let head = window(text, &literal, 40, 0).start;
    let Some(begin) = text[head..literal.start].rfind("-----BEGIN ") else { return Vec::new() };
    let start = head + begin;
    let label = &text[start + "-----BEGIN ".len()..literal.start];
    let after = &text[literal.end..];
    let Some(body) =
        ["-----", " BLOCK-----"].iter().find(|end| after.starts_with(**end)).map(|end| literal.end + end.len())
    else {
        return Vec::new();
    };
    if !label.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ') {
        return Vec::new();
    }
    let limit = window(text, &(body..body), 0, MAX_KEY).end;
    let dashes = text[body..limit].find("-----").map(|at| body + at);
    let close = dashes.filter(|at| text[*at..].starts_with("-----END "));
    // Of a key that is cut off: as far as it goes.
    let content = body..close.unwrap_or_else(|| body + armoured(text, body..limit));
    let end = close.map_or(content.end, |close| closing(text, close));
    judge(text, content).map(|confidence| Found::at(start..end).sure(confidence)).into_iter().collect()
}

/// Where the closing line that begins at an offset ends.
fn closing(text: &str, close: usize) -> usize {
    let name = close + "-----END ".len();
    let line = &text[name..window(text, &(name..name), 0, 60).end];
    line.find("-----").map_or(name, |at| name + at + 5)
}

/// How far what looks like the inside of a block goes.
fn armoured(text: &str, range: Range<usize>) -> usize {
    let class = Class::BASE64.and(Class::of(b"=\\\r\n\t "));
    class.run(text, range.start, range.len())
}

/// How sure it is that a key stands there; None if none does.
fn judge(text: &str, content: Range<usize>) -> Option<Confidence> {
    let content = &text[content];
    // Line ends may be escaped, once or more often.
    let encoded = without_headers(&content.replace("\\r", "").replace("\\n", "\n"));
    let characters = encoded.bytes().filter(|byte| Class::BASE64.has(*byte)).count();
    let empty = characters < LEAST || is_template(content) || content.contains("-----BEGIN");
    let varied = super::shape::is_random(&encoded);
    let sure = if characters >= SURE && varied { Confidence::High } else { Confidence::Low };
    (!empty).then_some(sure)
}

/// What says how a key is encrypted is no part of it: `Proc-Type: 4,ENCRYPTED` (RFC 1421, section 4.6).
fn without_headers(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut rest = String::with_capacity(text.len());
    while let Some(word) = words.next() {
        match word {
            "Proc-Type:" | "DEK-Info:" => _ = words.next(),
            word => rest.push_str(word),
        }
    }
    rest
}

/// The key in Google's credential file.
fn service_account(text: &str, literal: Range<usize>) -> Vec<Found> {
    let key = pem(text, literal.start..literal.start + "PRIVATE KEY".len());
    let named = text[window(text, &literal, 80, 0).start..literal.start].contains("private_key");
    let says = |words: &str| text[window(text, &literal, 4096, 8192)].contains(words);
    if named && !key.is_empty() && (says("gserviceaccount.com") || says("service_account")) { key } else { Vec::new() }
}

/// Gives the keys of service accounts what the object that holds them says of the account. Objects of credential files
/// hold no others: what stands between the braces around a key belongs to it.
pub(super) fn name_owners(text: &str, hits: &mut [Hit]) {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| {
        let field = r#"(client_email|private_key_id|project_id)\\*"?\s*[:=]\s*\\*"([0-9A-Za-z_.@:-]+)\\*""#;
        Regex::new(field).expect("the pattern is a literal")
    });
    let braces = |c: char| matches!(c, '{' | '}');
    for hit in hits.iter_mut().filter(|hit| hit.kind == "google-service-account-key") {
        let around = window(text, &hit.secret, 4096, 4096);
        let (before, after) = (&text[around.start..hit.secret.start], &text[hit.secret.end..around.end]);
        let open = before.rfind(braces).filter(|at| before[*at..].starts_with('{'));
        let close = after.find(braces).filter(|at| after[*at..].starts_with('}'));
        if let (Some(open), Some(close)) = (open, close) {
            let fields = [&before[open..], &after[..close]];
            let found = fields.iter().flat_map(|part| FIELD.captures_iter(part).map(|found| found.extract().1));
            hit.beside = beside::of(found.map(|[name, value]| (name, value)));
        }
    }
}

/// A block in base64, as in a kubeconfig's `client-key-data`.
fn encoded(text: &str, literal: Range<usize>) -> Vec<Found> {
    if !begins(text, literal.start) || Class::of(b"+/").run_before(text, literal.start, 1) > 0 {
        return Vec::new();
    }
    let end = literal.start + Class::BASE64.run(text, literal.start, MAX_KEY);
    let padding = text[end..].bytes().take(2).take_while(|byte| *byte == b'=').count();
    // `-----BEGIN EC PRIVATE KEY-----` takes less than sixty characters.
    let head = (end - literal.start).min(60) / 4 * 4;
    let decoded = STANDARD_NO_PAD.decode(&text[literal.start..literal.start + head]).unwrap_or_default();
    let key = String::from_utf8_lossy(&decoded).contains("PRIVATE KEY");
    if key && end - literal.start > 80 { vec![Found::at(literal.start..end + padding)] } else { Vec::new() }
}

/// The private lines of a PuTTY key.
fn putty(text: &str, literal: Range<usize>) -> Vec<Found> {
    let class = Class::BASE64.and(Class::of(b"=\\\r\n "));
    let end = literal.end + class.run(text, literal.end, MAX_KEY);
    let content = literal.end..end;
    let Some(line) = text[content.clone()].find(['\n', '\\']).map(|at| literal.end + at) else { return Vec::new() };
    let body = text[line..end].trim_end();
    // The class takes the first word of the next line too: `Private-MAC`.
    let body = body.strip_suffix("Private").unwrap_or(body).trim_end_matches(['\\', '\n', '\r', ' ']);
    judge(text, line..line + body.len()).map(|sure| Found::at(line..line + body.len()).sure(sure)).into_iter().collect()
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "google-service-account-key",
        &[
            "{\"type\": \"service_account\", \"private_key_id\": \"x\", \"private_key\": \"«-----BEGIN PRIVATE· KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQexampleExample01\\n-----END PRIVATE KEY-----»\\n\", \"client_email\": \"a@b.iam.gserviceaccount.com\"}",
        ],
        &[
            "{\"type\": \"external_account\", \"audience\": \"//iam.googleapis.com/x\", \"credential_source\": {\"file\": \"/t\"}}",
            "{\"type\": \"service_account\", \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----\\n\"}",
        ],
    ),
    (
        "private-key",
        &[
            "«-----BEGIN RSA PRIVATE· KEY-----\nMIIEpAIBAAKCAQEAexampleExample0123456789exampleExample0123456789\nab+/cd==\n-----END RSA PRIVATE KEY-----»\n",
            "«-----BEGIN OPENSSH PRIVATE· KEY-----\\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAexampleExample01\\n-----END OPENSSH PRIVATE KEY-----»\\n",
            "«-----BEGIN ENCRYPTED PRIVATE· KEY-----\r\nMIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAexampleExample01\r\n-----END ENCRYPTED PRIVATE KEY-----»",
            "«-----BEGIN PGP PRIVATE· KEY BLOCK-----\nVersion: GnuPG v2\n\nlQOYBFexampleExample0123456789exampleExample0123456789exampleExample\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----»",
            "cut: «-----BEGIN EC PRIVATE· KEY-----\nMHcCAQEEIexampleExample0123456789exampleExample0123456789oAoGCCqGSM49»",
            "«-----BEGIN RSA PRIVATE· KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,F23074E02CF47304\n\nMIIEpAIBAAKCAQEAexampleExample0123456789exampleExample0123456789\n-----END RSA PRIVATE KEY-----»",
            "\"«-----BEGIN RSA PRIVATE· KEY----- Proc-Type: 4,ENCRYPTED DEK-Info: AES-256-CBC,F23074E02CF47304 MIIEpAIBAAKCAQEAexampleExample0123456789exampleExample0123456789 -----END RSA PRIVATE KEY-----»\"",
            "«-----BEGIN RSA PRIVATE· KEY-----\nINFO: MIIEpAIBAAKCAQEAexampleExample0123456789exampleExample0123456789\n-----END RSA PRIVATE KEY-----»",
            "client-key-data: «LS0tLS1CRUdJTiBSU0Eg·UFJJVkFURSBLRVktLS0tLQpNSUlFcEFJQkFBS0NBUUVBZXhhbXBsZUV4YW1wbGUwMTIzNDU2Nzg5Cg==»",
            "PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1«\nAAABAQexampleExample0123456789exampleExample0123456789exampleExample»\nPrivate-MAC: 00",
        ],
        &[
            "-----BEGIN PRIVATE KEY-----\n${var.key}\n-----END PRIVATE KEY-----",
            "-----BEGIN PUBLIC KEY-----\nMIIEpAIBAAKCAQEAexampleExample0123456789exampleExample0123456789\n-----END PUBLIC KEY-----",
            "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEAexampleExample0123456789exampleExample0123456789\n-----END CERTIFICATE-----",
            "startswith(\"-----BEGIN PRIVATE KEY-----\")",
            "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
            "client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUVwQUlCQUFLQ0FRRUFleGFtcGxlRXhhbXBsZTAxMjM0NTY3ODkK",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,F23074E02CF47304\n-----END RSA PRIVATE KEY-----",
            "the PRIVATE KEY is not here",
        ],
    ),
    (
        "age-secret-key",
        &["«AGE-SECRET·-KEY-1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE»"],
        &["age1qpzry9x8gf2tvdw0s3jn54khce6mua7lqpzry9x8gf2tvdw0s3jn54khce"],
    ),
];
