//! Rules that a policy defines itself: what they select and what they require. They are judged elsewhere.

use super::glob::TextGlob;
use crate::finding::{Place, Severity};

/// A rule of the policy's own. Its level is the policy's for its id, as of any other rule.
#[derive(Clone, Debug)]
pub struct CustomRule {
    /// Its id, in kebab case.
    pub id: String,
    /// How bad a violation is.
    pub severity: Severity,
    /// The blocks it speaks of.
    pub select: Selector,
    /// What must hold in each of them.
    pub require: Vec<Requirement>,
    /// What is said where it does not.
    pub message: String,
    /// Where the policy defines it.
    pub place: Place,
}

/// Which blocks: the block's type, its labels, then nested blocks likewise: `terraform.backend.s3`,
/// `resource.aws_s3_bucket`, `provider.aws`. A `*` in a segment stands for any characters of it. Labels that are not
/// named may be any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The segments between the dots, at least one, none empty.
    pub segments: Vec<String>,
}

/// What an argument must be.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// The argument, from the block: `bucket`, or `assume_role.role_arn` in a nested block or map.
    pub attribute: Vec<String>,
    /// All of this must hold.
    pub checks: Vec<Check>,
    /// Where the policy says it.
    pub place: Place,
}

/// One check of an argument. All but [`Check::Exists`] fail where it is absent.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// `exists: true` or `false`: it is there and not null, or not.
    Exists(bool),
    /// `equals: x`.
    Equals(Scalar),
    /// `not_equals: x`.
    NotEquals(Scalar),
    /// `in: [x, y]`.
    In(Vec<Scalar>),
    /// `not_in: [x, y]`.
    NotIn(Vec<Scalar>),
    /// `matches: "x*"`.
    Matches(TextGlob),
}

/// A single value of a check.
#[derive(Clone, PartialEq)]
pub enum Scalar {
    /// A string.
    String(String),
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
}

impl Check {
    /// The words of the checks, in the policy's own spelling.
    pub const WORDS: [&str; 6] = ["exists", "equals", "not_equals", "in", "not_in", "matches"];

    /// Its word.
    pub fn word(&self) -> &'static str {
        match self {
            Check::Exists(_) => "exists",
            Check::Equals(_) => "equals",
            Check::NotEquals(_) => "not_equals",
            Check::In(_) => "in",
            Check::NotIn(_) => "not_in",
            Check::Matches(_) => "matches",
        }
    }

    /// Whether it holds for an argument's value; `None` for one that is absent or null.
    pub fn holds(&self, value: Option<&Scalar>) -> bool {
        match (self, value) {
            (Check::Exists(wanted), value) => value.is_some() == *wanted,
            (_, None) => false,
            (Check::Equals(wanted), Some(value)) => value.is(wanted),
            (Check::NotEquals(refused), Some(value)) => !value.is(refused),
            (Check::In(allowed), Some(value)) => allowed.iter().any(|one| value.is(one)),
            (Check::NotIn(refused), Some(value)) => !refused.iter().any(|one| value.is(one)),
            (Check::Matches(glob), Some(value)) => glob.matches(&value.text()),
        }
    }
}

impl Scalar {
    /// Whether two values are one to Terraform, which converts `"true"` and `true`, `"1"` and `1` into each other
    /// where an argument wants the one or the other
    /// (<https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion>).
    fn is(&self, other: &Scalar) -> bool {
        self == other || self.text() == other.text()
    }

    /// As Terraform writes it into a string.
    fn text(&self) -> String {
        match self {
            Scalar::String(text) => text.clone(),
            Scalar::Bool(value) => value.to_string(),
            Scalar::Integer(value) => value.to_string(),
            Scalar::Float(value) => value.to_string(),
        }
    }
}

/// Values may be secrets: only the kind is formatted.
impl std::fmt::Debug for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Scalar::String(_) => "string",
            Scalar::Bool(_) => "bool",
            Scalar::Integer(_) | Scalar::Float(_) => "number",
        })
    }
}

impl std::fmt::Display for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.segments.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_hold_as_terraform_converts() {
        let text = |text: &str| Scalar::String(text.into());
        assert!(Check::Equals(Scalar::Bool(true)).holds(Some(&text("true"))));
        assert!(Check::Equals(text("3")).holds(Some(&Scalar::Integer(3))));
        assert!(!Check::Equals(text("a")).holds(None));
        assert!(!Check::NotIn(vec![text("a")]).holds(None));
        assert!(Check::NotIn(vec![text("a")]).holds(Some(&text("b"))));
        assert!(Check::Exists(false).holds(None));
        assert!(!Check::Exists(true).holds(None));
        assert!(Check::Matches(TextGlob::new("org-*").unwrap()).holds(Some(&text("org-state/x"))));
    }
}
