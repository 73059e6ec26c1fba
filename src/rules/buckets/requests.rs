//! Requests to a bucket that its policy is to deny, and whether a statement does.

use super::arns::{References, is_open, meets_bucket, texts};
use super::stores::Bucket;
use crate::resolve::Value;
use crate::rules::iam::{Condition, Document, Effect, Match, Principals, Statement, answered};

/// A bucket as statements of policies call it.
struct Named<'b> {
    name: &'b str,
    references: References,
}

/// What the policy of a bucket of the configuration does not deny, in words; None if it denies all that it is to.
pub(super) fn undenied(documents: &[Document], bucket: &Bucket) -> Option<&'static str> {
    lacks(documents, &Named { name: &bucket.name, references: References::of_bucket(bucket) })
}

/// The same of a bucket's policy as AWS tells it.
pub(in crate::rules) fn undenied_by(policy: &str, bucket: &str) -> Option<&'static str> {
    lacks(&[answered(policy, bucket)], &Named { name: bucket, references: References::default() })
}

fn lacks(documents: &[Document], bucket: &Named<'_>) -> Option<&'static str> {
    // Of several documents that it may be, and of what may stand in them, the best is taken.
    let denies = |request: &Request| {
        let by = |document: &Document| {
            let sure = document.statements.iter().map(|one| request.is_denied_by(one, bucket)).max();
            sure.unwrap_or(Match::No).max(if document.open { Match::Maybe } else { Match::No })
        };
        documents.iter().map(by).max().unwrap_or(Match::No)
    };
    let plain = [Request::plain("s3:GetObject"), Request::plain("s3:PutObject")];
    let plain = plain.iter().map(denies).min().unwrap_or(Match::No);
    match (denies(&Request::UNENCRYPTED_PUT), plain) {
        (Match::No, Match::No) => Some("neither unencrypted puts nor plain HTTP"),
        (Match::No, _) => Some("no unencrypted puts"),
        (_, Match::No) => Some("no plain HTTP"),
        _ => None,
    }
}

/// A request for an object, by anybody, without any header about encryption.
struct Request {
    action: &'static str,
    /// Whether it comes by TLS.
    secure: bool,
}

impl Request {
    /// A put that asks for no encryption.
    const UNENCRYPTED_PUT: Request = Request { action: "s3:PutObject", secure: true };

    /// A request by plain HTTP.
    fn plain(action: &'static str) -> Self {
        Self { action, secure: false }
    }

    /// Whether a statement of the bucket's policy denies it, whoever asks and for whatever object.
    fn is_denied_by(&self, statement: &Statement, bucket: &Named<'_>) -> Match {
        let denies = match statement.effect {
            Some(effect) => Match::of(effect == Effect::Deny),
            None => Match::Maybe,
        };
        let everybody = statement.principals.as_ref().map_or(Match::No, is_everybody);
        let conditions = statement.conditions.iter().map(|condition| self.meets(condition));
        let conditions = conditions.min().unwrap_or(Match::Surely);
        let on_objects = on_all_objects(statement, bucket);
        denies.and(everybody).and(statement.speaks_of(self.action)).and(on_objects).and(conditions)
    }

    /// Whether it meets a condition.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
    fn meets(&self, condition: &Condition) -> Match {
        let (Some(operator), Some(key)) = (condition.operator.as_str(), condition.key.as_str()) else {
            return Match::Maybe;
        };
        let (operator, key) = (operator.to_ascii_lowercase(), key.to_ascii_lowercase());
        let is_transport = key == "aws:securetransport";
        // A plain request may ask for encryption or not.
        let is_absent = key.starts_with("s3:x-amz-server-side-encryption") && self.secure;
        let known: Option<Vec<&str>> = condition.values.iter().map(Value::as_str).collect();
        let met = match (operator.as_str(), known) {
            ("bool" | "boolifexists" | "stringequals" | "stringequalsignorecase", Some(values)) if is_transport => {
                let actual = if self.secure { "true" } else { "false" };
                Match::of(values.iter().any(|value| value.eq_ignore_ascii_case(actual)))
            }
            ("null", Some(values)) if is_absent => {
                Match::of(values.iter().any(|value| value.eq_ignore_ascii_case("true")))
            }
            ("null", Some(values)) if is_transport => {
                Match::of(values.iter().any(|value| value.eq_ignore_ascii_case("false")))
            }
            // What is not there differs from everything, and is nothing; "if exists" is met by what is not there.
            (other, _) if is_absent => {
                Match::of(other.ends_with("ifexists") || (other.contains("not") && !other.starts_with("forany")))
            }
            _ => Match::Maybe,
        };
        met.if_certain(condition.certain)
    }
}

/// Whether a statement is about everybody.
fn is_everybody(principals: &Principals) -> Match {
    let is = |id: &Value, of_type: Option<&str>| match (id.as_str(), of_type) {
        (Some("*"), Some("AWS" | "*")) => Match::Surely,
        (Some(_), Some(_)) => Match::No,
        _ => Match::Maybe,
    };
    let any = principals.list.iter().map(|one| is(&one.id, one.of_type.as_deref())).max().unwrap_or(Match::No);
    // All but some is not everybody.
    if principals.negated { Match::No } else { any }
}

/// Whether a statement is about every object of the bucket.
fn on_all_objects(statement: &Statement, bucket: &Named<'_>) -> Match {
    let Some(resources) = &statement.resources else { return Match::No };
    let on = |value: &Value| {
        let texts = texts(value, &bucket.references);
        let all = |text: &String| text.ends_with('*') && meets_bucket(text, bucket.name).inside;
        match (texts.iter().all(all), texts.iter().any(|text| is_open(text) || all(text))) {
            (true, _) => Match::Surely,
            (false, true) => Match::Maybe,
            (false, false) => Match::No,
        }
    };
    if resources.negated {
        return Match::Maybe;
    }
    resources.values.iter().map(on).max().unwrap_or(Match::Maybe)
}
