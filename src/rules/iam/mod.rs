//! IAM policy documents as far as the repository decides them: `aws_iam_policy_document`, `jsonencode` and JSON alike.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

mod data;
mod json;
mod matching;
mod read;
mod wildcard;

pub use data::of_data;
pub use matching::{Match, Target, is_action, names, pattern_of};
pub use read::{answered, argument, documents};
pub use wildcard::Token;

use crate::finding::Place;
use crate::resolve::Value;
use std::sync::Arc;

/// A policy document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Its statements, in order.
    pub statements: Vec<Statement>,
    /// Whether it may have further statements, which are not known.
    pub open: bool,
    /// Whether it is this document, and not one of several that it may be.
    pub certain: bool,
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its id, if it has one that is known.
    pub sid: Option<Arc<str>>,
    /// Whether it allows or denies; None if that is not known.
    pub effect: Option<Effect>,
    /// `Action` or `NotAction`.
    pub actions: Elements,
    /// `Resource` or `NotResource`; policies of a resource's own, such as a role's trust, may leave it out.
    pub resources: Option<Elements>,
    /// `Principal` or `NotPrincipal`; policies of identities have none.
    pub principals: Option<Principals>,
    /// All of these have to be met.
    pub conditions: Vec<Condition>,
    /// Whether the document surely has it.
    pub certain: bool,
    /// The address of what it is written in: a data source, or the resource whose policy it is.
    pub address: Arc<str>,
    /// Where it is written, as closely as that is known.
    pub place: Option<Place>,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever allows.
    Deny,
}

/// A list of patterns, or all but these.
#[derive(Clone, Debug)]
pub struct Elements {
    /// Whether it is `NotAction` or `NotResource`: all but these.
    pub negated: bool,
    /// Strings, as far as they are known. One that is not known may stand for several, or for none.
    pub values: Vec<Value>,
}

/// Who a statement is about.
#[derive(Clone, Debug)]
pub struct Principals {
    /// Whether it is `NotPrincipal`: all but these.
    pub negated: bool,
    /// Each with its type.
    pub list: Vec<Principal>,
}

/// One principal.
#[derive(Clone, Debug)]
pub struct Principal {
    /// `AWS`, `Federated`, `Service`, `CanonicalUser`, or `*` where the whole element is `*`; None if it is not known.
    pub of_type: Option<Arc<str>>,
    /// An ARN, account, service, ...
    pub id: Value,
}

/// One condition: an operator, a key, and values any of which meets it.
#[derive(Clone, Debug)]
pub struct Condition {
    /// `StringLike`, `ForAnyValue:StringEquals`, ...
    pub operator: Value,
    /// `aws:SourceVpc`, `token.actions.githubusercontent.com:sub`, ...
    pub key: Value,
    /// What the key is compared with.
    pub values: Vec<Value>,
    /// Whether the statement surely has it.
    pub certain: bool,
}
