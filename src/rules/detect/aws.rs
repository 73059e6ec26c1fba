//! Amazon Web Services: access keys, session tokens, presigned URLs.

use super::assignment::assignment;
use super::detector::{Detector, Found, says_word};
use super::shape::{Class, begins, byte_at};
use super::{Hit, Range};
use crate::finding::Confidence;

/// The kind of an access key id without its secret.
pub const KEY_ID: &str = "aws-access-key-id";
const KEY: &str = "aws-access-key";

const UNIQUE_IDS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids";
const PREFIXES: &[&str] = &["AKIA", "ASIA"];
const BASE64_PADDED: Class = Class::BASE64.and(Class::of(b"="));
/// Length of a secret access key, and of a key id.
const SECRET: usize = 40;
const ID: usize = 20;
/// How far a key id may stand from its secret.
const APART: usize = 512;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::custom(
        KEY,
        &[
            "ecret_access_key",
            "ECRET_ACCESS_KEY",
            "ecretAccessKey",
            "ecret-access-key",
            "ecret access key",
            "ecret_key",
            "ECRET_KEY",
            "ecretKey",
            "ecret-key",
        ],
        secret_by_name,
    )
    .see("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"),
    Detector::custom(KEY, PREFIXES, secret_beside_id)
        .see("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"),
    Detector::custom(KEY_ID, PREFIXES, key_id).sure(Confidence::Low).see(UNIQUE_IDS),
    // Base64 of protocol buffers that begin with the field `origin_ec...`, or with `aws`.
    Detector::prefixed("aws-session-token", &["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz"], BASE64_PADDED, 80, 4096)
        .see("https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html"),
    Detector::prefixed("aws-bedrock-api-key", &["ABSK"], BASE64_PADDED, 100, 280)
        .see("https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html"),
    Detector::custom("aws-presigned-url", &["X-Amz-Signature="], presigned)
        .sure(Confidence::Medium)
        .see("https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"),
];

/// An access key id: `AKIA` or `ASIA` and sixteen more.
fn key_id(text: &str, literal: Range<usize>) -> Vec<Found> {
    let length = Class::UPPER_ALNUM.run(text, literal.end, ID);
    let id = literal.start..literal.end + length;
    let edge = !byte_at(text, id.end).is_ascii_alphanumeric();
    let random = Class::UPPER_ALNUM.run(text, literal.end, ID) == ID - literal.len();
    let varied = super::shape::is_random(&text[literal.end..id.end]);
    if random && edge && varied && begins(text, id.start) { vec![Found::at(id)] } else { Vec::new() }
}

/// The secret in `AKIA...,secret`, `AKIA...:secret`: what the console's CSV and scripts write.
fn secret_beside_id(text: &str, literal: Range<usize>) -> Vec<Found> {
    let Some(id) = key_id(text, literal).pop() else { return Vec::new() };
    let start = id.secret.end + Class::of(b" \t,:;|/\"'\\").run(text, id.secret.end, 8);
    let secret = start..start + BASE64_PADDED.run(text, start, SECRET + 1);
    if start > id.secret.end && is_secret(text, &secret) {
        vec![Found::at(secret.start..secret.end)]
    } else {
        Vec::new()
    }
}

/// The secret that a name tells. `secret_key` is also what others call theirs.
fn secret_by_name(text: &str, literal: Range<usize>) -> Vec<Found> {
    let Some((name, value)) = assignment(text, &literal) else { return Vec::new() };
    let own = ["aws", "accesskey", "s3"].iter().any(|word| says_word(name, word));
    let confidence = if own { Confidence::High } else { Confidence::Medium };
    if is_secret(text, &value) { vec![Found::at(value).sure(confidence)] } else { Vec::new() }
}

/// Whether a range is forty characters of base64 that nobody would take for a hash or a path.
fn is_secret(text: &str, range: &Range<usize>) -> bool {
    let Some(value) = text.get(range.clone()) else { return false };
    let count = |class: Class| value.bytes().filter(|byte| class.has(*byte)).count();
    let mixed = count(Class::UPPER) > 3 && count(Class::LOWER) > 3 && count(Class::DIGITS) > 0;
    value.len() == SECRET && Class::BASE64.all(value) && mixed && super::shape::entropy(value) > 3.5
}

/// The signature of a URL that lets anybody in until it expires, a week at most.
fn presigned(text: &str, literal: Range<usize>) -> Vec<Found> {
    let end = literal.end + Class::HEX.run(text, literal.end, 65);
    if end - literal.end == 64 { vec![Found::at(literal.end..end)] } else { Vec::new() }
}

/// Puts each secret together with the key id that stands nearest and has no secret yet: first one before it, as nearly
/// all who write both put the id first.
pub(super) fn pair(text: &str, hits: &mut Vec<Hit>) {
    let ids: Vec<usize> = (0..hits.len()).filter(|index| hits[*index].kind == KEY_ID).collect();
    let mut used = vec![false; hits.len()];
    for index in 0..if ids.is_empty() { 0 } else { hits.len() } {
        if hits[index].kind != KEY {
            continue;
        }
        let secret = hits[index].secret.clone();
        let near = |id: &&usize| {
            let range = &hits[**id].secret;
            secret.start.saturating_sub(range.end).max(range.start.saturating_sub(secret.end)) <= APART
        };
        let (before, after) = ids.split_at(ids.partition_point(|id| *id < index));
        let mut nearest = before.iter().rev().take_while(near).chain(after.iter().take_while(near));
        if let Some(&id) = nearest.find(|id| !used[**id]) {
            used[id] = true;
            hits[index].id = Some(text[hits[id].secret.clone()].to_owned());
            hits[index].confidence = Confidence::High;
        }
    }
    let mut paired = used.into_iter();
    hits.retain(|_| !paired.next().unwrap_or_default());
    for hit in hits.iter_mut().filter(|hit| hit.kind == KEY_ID) {
        hit.id = Some(text[hit.secret.clone()].to_owned());
    }
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        KEY,
        &[
            "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»",
            "Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»\n",
            "export AWS_SECRET_ACCESS_KEY='«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»'",
            "secret_key = \"«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»\"\naccess_key = \"AKIAIOSFODNN7EXAMPLE\"",
            "{\"awsSecretKey\":\"«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»\"}",
            "aws configure set aws_secret_access_key «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»",
            "-backend-config=\"secret_key=«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»\"",
        ],
        &[
            "secret_key = \"a94a8fe5ccb19ba61c4c0873d391e987982fbbd3\"",
            "secret_key = \"${data.vault_generic_secret.aws.data.secret_key.value}\"",
            "secret_key_path = \"/run/secrets/AwsSecretAccessKey01/the/value\"",
            "aws_secret_access_key = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    ),
    (
        KEY_ID,
        &["key «AKIAIOSFODNN7EXAMPLE» is old", "access_key = \"«ASIAIOSFODNN7EXAMPLE»\""],
        &[
            "AKIA****************",
            "AKIAXXXXXXXXXXXXXXXX",
            "XAKIAIOSFODNN7EXAMPLE",
            "AKIAIOSFODNN7EXAMPLEX",
            "AIDAIOSFODNN7EXAMPLE",
        ],
    ),
    (
        "aws-session-token",
        &[
            "AWS_SESSION_TOKEN=«IQoJb3Jp·Z2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDexampleExampleExampleExample0123456789exampleExampleExample==»",
        ],
        &[
            "IQoJb3JpZ2luX2Vj",
            "xIQoJb3JpZ2luX2VjEJrexampleExampleExampleExampleexampleExampleExampleExampleexampleExampleExampleExample",
        ],
    ),
    (
        "aws-bedrock-api-key",
        &[
            "AWS_BEARER_TOKEN_BEDROCK=«ABS·KQmVkcm9ja0FQSUtleS1leGFtcGxlLWF0LTExMTEyMjIyMzMzMzpleGFtcGxlRXhhbXBsZUV4YW1wbGVFeGFtcGxlRXhhbXBsZTEyMw==»",
        ],
        &["ABSKextreme"],
    ),
    (
        "aws-presigned-url",
        &[
            "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=604800&X-Amz-Signature=«aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404»",
        ],
        &["X-Amz-Signature=<signature-value>", "X-Amz-Signature=aeeed9bb"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::detect::find;

    #[test]
    fn each_secret_goes_with_its_id() {
        let ids = ["AKIAIOSFODNN7EXAMPLA", "AKIAIOSFODNN7EXAMPLB"];
        let secrets = ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEA", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEB"];
        let id_first = format!(
            r#"[{{"id":"{}","secret_key":"{}"}},{{"id":"{}","secret_key":"{}"}}]"#,
            ids[0], secrets[0], ids[1], secrets[1]
        );
        let secret_first = format!(
            r#"[{{"secret_key":"{}","user":"{}"}},{{"secret_key":"{}","user":"{}"}}]"#,
            secrets[0], ids[0], secrets[1], ids[1]
        );
        for text in [id_first, secret_first] {
            let found: Vec<_> = find(&text).into_iter().map(|hit| (hit.id, text[hit.secret].to_owned())).collect();
            let expected: Vec<_> =
                (0..2).map(|index| (Some(ids[index].to_owned()), secrets[index].to_owned())).collect();
            assert_eq!(found, expected);
        }
        let lone = find("AKIAIOSFODNN7EXAMPLE");
        assert_eq!((lone[0].kind, lone[0].confidence), (KEY_ID, Confidence::Low));
        assert_eq!(lone[0].id.as_deref(), Some("AKIAIOSFODNN7EXAMPLE"));
    }
}
