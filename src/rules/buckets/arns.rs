//! What the resources of a policy's statements name: a bucket itself, its objects, a table, or everything.

use super::stores::Bucket;
use crate::resolve::{Kind, Reason, Value};
use crate::rules::iam::{self, Match, Target};
use std::collections::BTreeMap;

/// Stands for what is not known of a text.
const HOLE: char = '\u{fffc}';

/// What a configuration calls its buckets and tables: names by the addresses of resources and data sources.
#[derive(Debug, Default)]
pub struct References {
    /// Buckets of S3.
    pub(super) buckets: BTreeMap<String, String>,
    /// Tables of DynamoDB.
    pub(super) tables: BTreeMap<String, String>,
}

/// How a pattern of ARNs meets a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Meets {
    /// The bucket itself, or the table.
    pub(super) itself: bool,
    /// Objects in the bucket, all or some.
    pub(super) inside: bool,
    /// Whether it names the store, and does not merely meet everything or all of a kind.
    pub(super) by_name: bool,
}

impl References {
    /// What the statements of a bucket's policy call the bucket.
    pub(super) fn of_bucket(bucket: &Bucket) -> Self {
        let buckets = BTreeMap::from([(bucket.own.address.clone(), bucket.name.clone())]);
        Self { buckets, tables: BTreeMap::new() }
    }
}

impl Meets {
    /// Adds what another pattern meets.
    pub(super) fn add(&mut self, other: Meets) {
        self.itself |= other.itself;
        self.inside |= other.inside;
        self.by_name |= other.by_name;
    }
}

/// Whether it is not known which bucket or table a pattern names.
pub(super) fn may_name_any(pattern: &str) -> bool {
    let mut fields = pattern.splitn(6, ':');
    match (fields.next(), fields.nth(1), fields.nth(2)) {
        (Some("arn"), Some(service), Some(rest)) => {
            is_open(service) || rest.strip_prefix("table/").unwrap_or(rest).split('/').next().is_some_and(is_open)
        }
        _ => is_open(pattern),
    }
}

/// Whether something of a text is not known.
pub(super) fn is_open(text: &str) -> bool {
    text.contains(HOLE)
}

/// The texts that a pattern may be, one for each alternative; unknown parts are holes.
pub(super) fn texts(value: &Value, references: &References) -> Vec<String> {
    let text = |value: &Value| {
        let mut text = String::new();
        flatten(value, references, 0, &mut text);
        text
    };
    value.alternatives().iter().map(text).collect()
}

/// Texts within texts that are followed.
const MAX_DEPTH: usize = 8;

fn flatten(value: &Value, references: &References, depth: usize, text: &mut String) {
    match &value.kind {
        Kind::String(known) => text.push_str(known),
        Kind::Partial(pieces) if depth < MAX_DEPTH => {
            pieces.iter().for_each(|piece| flatten(piece, references, depth + 1, text));
        }
        Kind::Unknown(Reason::Resource { address, attribute }) => {
            let named = |names: &BTreeMap<String, String>, arn: &str| match (names.get(&**address), &**attribute) {
                (Some(name), "arn") => Some(format!("{arn}{name}")),
                (Some(name), "id" | "bucket" | "name") => Some(name.clone()),
                _ => None,
            };
            let bucket = named(&references.buckets, "arn:aws:s3:::");
            let table = || named(&references.tables, &format!("arn:aws:dynamodb:{HOLE}:{HOLE}:table/"));
            text.push_str(&bucket.or_else(table).unwrap_or_else(|| HOLE.to_string()));
        }
        _ => text.push(HOLE),
    }
}

/// How a pattern meets a bucket of S3. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html>
pub(super) fn meets_bucket(pattern: &str, bucket: &str) -> Meets {
    let rest = match last_field(pattern, "s3") {
        Some(rest) => rest,
        None if is_all(pattern) => "*",
        None => return Meets::default(),
    };
    let (of_bucket, of_object) = rest.split_once('/').map_or((rest, None), |(one, other)| (one, Some(other)));
    let matches = is_like(of_bucket, bucket);
    let itself = matches && of_object.is_none();
    let inside = matches && (of_object.is_some() || rest.ends_with('*'));
    Meets { itself, inside, by_name: of_bucket == bucket || of_bucket.trim_end_matches('*') == bucket }
}

/// How a pattern meets a table of DynamoDB.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html>
pub(super) fn meets_table(pattern: &str, table: &str) -> Meets {
    let rest = match last_field(pattern, "dynamodb") {
        Some(rest) => rest,
        None if is_all(pattern) => "*",
        None => return Meets::default(),
    };
    let name = rest.strip_prefix("table/").unwrap_or(rest);
    Meets { itself: is_like(name, table), inside: false, by_name: name == table || name.trim_end_matches('*') == table }
}

/// What the name of every bucket or table starts with that a pattern of ARNs names.
pub(super) fn start_of_name(pattern: &str) -> &str {
    let rest = pattern.splitn(6, ':').nth(5).unwrap_or("");
    let name = rest.strip_prefix("table/").unwrap_or(rest);
    name.split(['/', '*', '?', '$', HOLE]).next().unwrap_or(name)
}

/// What an ARN of a service names in it: the sixth field.
fn last_field<'p>(pattern: &'p str, service: &str) -> Option<&'p str> {
    let mut fields = pattern.splitn(6, ':');
    let arn = fields.next()? == "arn";
    let of_service = fields.nth(1).is_some_and(|field| is_like(field, service));
    fields.nth(2).filter(|_| arn && of_service)
}

fn is_all(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.chars().all(|c| c == '*')
}

/// Whether a pattern without holes surely matches a name.
fn is_like(pattern: &str, name: &str) -> bool {
    if !pattern.contains(['*', '?', '$']) {
        return pattern == name;
    }
    // What follows the last wildcard is plain text: most patterns differ in it, and that is seen at once.
    if !pattern.rsplit(['*', '?', '}']).next().is_some_and(|end| name.ends_with(end)) {
        return false;
    }
    let target = Target { arn: name, references: &[] };
    !is_open(pattern) && iam::names(&Value::string(pattern), &target) == Match::Surely
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meets(itself: bool, inside: bool, by_name: bool) -> Meets {
        Meets { itself, inside, by_name }
    }

    #[test]
    fn buckets() {
        let cases = [
            ("arn:aws:s3:::org-state", meets(true, false, true)),
            ("arn:aws:s3:::org-state/*", meets(false, true, true)),
            ("arn:aws:s3:::org-state/a/b", meets(false, true, true)),
            ("arn:aws-cn:s3:::org-state/\u{fffc}", meets(false, true, true)),
            ("arn:\u{fffc}:s3:::org-state", meets(true, false, true)),
            ("arn:aws:s3:::org-state*", meets(true, true, true)),
            ("arn:aws:s3:::org-*", meets(true, true, false)),
            ("arn:aws:s3:::*", meets(true, true, false)),
            ("arn:aws:s3:::*/*", meets(false, true, false)),
            ("*", meets(true, true, false)),
            ("arn:aws:s3:::org-state-logs", meets(false, false, false)),
            ("arn:aws:s3:::*-state", meets(true, false, false)),
            ("arn:aws:s3:::*-stat?", meets(true, false, false)),
            ("arn:aws:s3:::*-logs", meets(false, false, false)),
            ("arn:aws:s3:::\u{fffc}", meets(false, false, false)),
            ("arn:aws:dynamodb:*:*:table/org-state", meets(false, false, false)),
            ("", meets(false, false, false)),
        ];
        for (pattern, expected) in cases {
            assert_eq!(meets_bucket(pattern, "org-state"), expected, "{pattern}");
        }
    }

    #[test]
    fn tables() {
        let cases = [
            ("arn:aws:dynamodb:eu-west-1:111122223333:table/locks", meets(true, false, true)),
            ("arn:aws:dynamodb:\u{fffc}:\u{fffc}:table/locks", meets(true, false, true)),
            ("arn:aws:dynamodb:*:*:table/*", meets(true, false, false)),
            ("arn:aws:dynamodb:*:*:*", meets(true, false, false)),
            ("arn:aws:dynamodb:eu-west-1:111122223333:table/locks/index/x", meets(false, false, false)),
            ("arn:aws:s3:::locks", meets(false, false, false)),
        ];
        for (pattern, expected) in cases {
            assert_eq!(meets_table(pattern, "locks"), expected, "{pattern}");
        }
    }
}
