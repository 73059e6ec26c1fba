//! Requests to a bucket, and whether a statement of its policy denies or allows them.

use super::arns::{References, is_open, meets_bucket, texts};
use super::stores::Bucket;
use crate::resolve::Value;
use crate::rules::iam::{Condition, Document, Effect, Match, Principals, Statement, Target, answered};

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

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Who<'a> {
    /// Whoever it is.
    Everybody,
    /// A user or role, by its ARN.
    One(&'a str),
}

/// Whether a bucket's policy, as AWS tells it, denies or allows an action on an object to whoever asks by TLS.
pub(in crate::rules) fn says(policy: &str, effect: Effect, who: Who<'_>, action: &'static str, arn: &str) -> Match {
    // Whether it asks for encryption is not known.
    let request = Request { action, secure: true, unencrypted: false };
    let (document, target) = (answered(policy, arn), Target { arn, references: &[] });
    let by = |statement: &Statement| {
        let named = statement.principals.as_ref().map_or(Match::No, |principals| names(principals, who));
        let on = statement.resources.as_ref().map_or(Match::No, |resources| resources.names(&target));
        request.meets_statement(statement, effect, named.and(on))
    };
    let sure = document.statements.iter().map(by).max().unwrap_or(Match::No);
    sure.or(if document.open { Match::Maybe } else { Match::No })
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

/// A request for an object.
struct Request {
    action: &'static str,
    /// Whether it comes by TLS.
    secure: bool,
    /// Whether it is without any header about encryption; else that is not known.
    unencrypted: bool,
}

impl Request {
    /// A put that asks for no encryption.
    const UNENCRYPTED_PUT: Request = Request { action: "s3:PutObject", secure: true, unencrypted: true };

    /// A request by plain HTTP.
    fn plain(action: &'static str) -> Self {
        Self { action, secure: false, unencrypted: false }
    }

    /// Whether a statement of the bucket's policy denies it, whoever asks and for whatever object.
    fn is_denied_by(&self, statement: &Statement, bucket: &Named<'_>) -> Match {
        let everybody = statement.principals.as_ref().map_or(Match::No, |principals| names(principals, Who::Everybody));
        self.meets_statement(statement, Effect::Deny, everybody.and(on_all_objects(statement, bucket)))
    }

    /// Whether a statement has that effect on it, if it is about who asks and what is asked for.
    fn meets_statement(&self, statement: &Statement, effect: Effect, is_about_it: Match) -> Match {
        let has_effect = statement.effect.map_or(Match::Maybe, |of| Match::of(of == effect));
        let conditions = statement.conditions.iter().map(|condition| self.meets(condition));
        let conditions = conditions.min().unwrap_or(Match::Surely);
        has_effect.and(is_about_it).and(statement.speaks_of(self.action)).and(conditions)
    }

    /// Whether it meets a condition.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
    fn meets(&self, condition: &Condition) -> Match {
        let (Some(operator), Some(key)) = (condition.operator.as_str(), condition.key.as_str()) else {
            return Match::Maybe;
        };
        let (operator, key) = (operator.to_ascii_lowercase(), key.to_ascii_lowercase());
        let is_transport = key == "aws:securetransport";
        let is_absent = key.starts_with("s3:x-amz-server-side-encryption") && self.unencrypted;
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

/// Whether a statement is about everybody, or about somebody.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
fn names(principals: &Principals, who: Who<'_>) -> Match {
    let is = |id: &Value, of_type: Option<&str>| match (id.as_str(), of_type) {
        (Some("*"), Some("AWS" | "*")) => Match::Surely,
        (Some(id), Some("AWS")) => match who {
            Who::Everybody => Match::No,
            Who::One(arn) => is_one(id, arn),
        },
        (Some(_), Some(_)) => Match::No,
        _ => Match::Maybe,
    };
    let any = principals.list.iter().map(|one| is(&one.id, one.of_type.as_deref())).max().unwrap_or(Match::No);
    match (principals.negated, who) {
        (false, _) => any,
        // All but some is not everybody.
        (true, Who::Everybody) => Match::No,
        // A session is excepted by another name than its role.
        (true, Who::One(_)) => Match::Maybe,
    }
}

/// Whether a principal of AWS is a user or role, or its account.
fn is_one(id: &str, arn: &str) -> Match {
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    let account = fields.get(4).copied().unwrap_or_default();
    if id == arn
        || id == account
        || id.strip_suffix(":root").is_some_and(|rest| rest.ends_with(&format!("::{account}")))
    {
        return Match::Surely;
    }
    // What is not the ARN of a user or role may be a session of it, or the id that it has besides.
    if id.contains(":iam::") { Match::No } else { Match::Maybe }
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
