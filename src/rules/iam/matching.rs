//! Whether a statement applies: surely, perhaps, or not.

use super::wildcard::{Token, may_match, pattern, sought, surely_matches};
use super::{Elements, Statement};
use crate::resolve::{Kind, Reason, Value};

/// How sure it is that something matches; the order is that of sureness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It does not.
    No,
    /// It may: something about it is not known.
    Maybe,
    /// It does.
    Surely,
}

impl Match {
    /// `Surely` or `No`.
    pub fn of(decided: bool) -> Self {
        if decided { Match::Surely } else { Match::No }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Match) -> Match {
        self.min(other)
    }

    /// One of both.
    #[must_use]
    pub fn or(self, other: Match) -> Match {
        self.max(other)
    }

    /// The same, if it is certain that it counts at all.
    #[must_use]
    pub fn if_certain(self, certain: bool) -> Match {
        if certain { self } else { self.min(Match::Maybe) }
    }
}

/// The contrary: what is not known stays so.
impl std::ops::Not for Match {
    type Output = Match;

    fn not(self) -> Match {
        match self {
            Match::No => Match::Surely,
            Match::Maybe => Match::Maybe,
            Match::Surely => Match::No,
        }
    }
}

/// A thing of AWS that policies may name.
#[derive(Clone, Debug)]
pub struct Target<'a> {
    /// Its ARN; a `*` stands for what is not known of it: `arn:aws:dynamodb:*:*:table/lock`.
    pub arn: &'a str,
    /// How configuration refers to it and what is meant: an address, an attribute, the text (`aws_s3_bucket.state`,
    /// `bucket`, `org-state`).
    pub references: &'a [(&'a str, &'a str, &'a str)],
}

impl Statement {
    /// Whether it speaks of an action on a target. Its effect, principals and conditions are not looked at.
    pub fn applies(&self, action: &str, target: &Target<'_>) -> Match {
        let on = self.resources.as_ref().map_or(Match::Surely, |resources| resources.names(target));
        self.speaks_of(action).and(on)
    }

    /// Whether it speaks of an action, on whatever resource.
    pub fn speaks_of(&self, action: &str) -> Match {
        self.actions.matches(|pattern| is_action(pattern, action)).if_certain(self.certain)
    }
}

impl Elements {
    /// Whether a target is among them.
    pub fn names(&self, target: &Target<'_>) -> Match {
        self.matches(|pattern| names(pattern, target))
    }

    /// Whether any of them, or none of those that are excepted, is such.
    pub fn matches(&self, is_such: impl Fn(&Value) -> Match) -> Match {
        let any = self.values.iter().map(is_such).max().unwrap_or(Match::No);
        if self.negated { !any } else { any }
    }
}

/// Whether an action's pattern matches an action's name: case does not count.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>
pub fn is_action(pattern: &Value, action: &str) -> Match {
    let mut name = Vec::new();
    sought(&action.to_ascii_lowercase(), &mut name);
    each(pattern, &mut |value| {
        let mut tokens = Vec::new();
        wildcards(value, None, &mut tokens);
        for token in &mut tokens {
            if let Token::Char(c) = token {
                *c = c.to_ascii_lowercase();
            }
        }
        compare(&tokens, &name)
    })
}

/// Whether a pattern of ARNs matches a target.
pub fn names(pattern: &Value, target: &Target<'_>) -> Match {
    let mut arn = Vec::new();
    sought(target.arn, &mut arn);
    each(pattern, &mut |value| {
        let mut tokens = Vec::new();
        wildcards(value, Some(target), &mut tokens);
        compare(&tokens, &arn)
    })
}

/// The tokens of a string; of one that is not known whole, of which some are holes.
pub fn pattern_of(value: &Value) -> Vec<Token> {
    let mut tokens = Vec::new();
    wildcards(value, None, &mut tokens);
    tokens
}

/// What holds of all alternatives of a value holds; what holds of some may hold.
fn each(value: &Value, judge: &mut dyn FnMut(&Value) -> Match) -> Match {
    let mut judged = value.alternatives().iter().map(judge);
    let first = judged.next().unwrap_or(Match::Maybe);
    if judged.all(|next| next == first) { first } else { Match::Maybe }
}

fn compare(pattern: &[Token], text: &[Token]) -> Match {
    if surely_matches(pattern, text) {
        Match::Surely
    } else if may_match(pattern, text) {
        Match::Maybe
    } else {
        Match::No
    }
}

/// The tokens of a pattern; references to the target are what they mean.
fn wildcards(value: &Value, target: Option<&Target<'_>>, tokens: &mut Vec<Token>) {
    match &value.kind {
        Kind::String(text) => pattern(text, tokens),
        Kind::Partial(parts) => parts.iter().for_each(|part| wildcards(part, target, tokens)),
        Kind::Unknown(Reason::Resource { address, attribute }) => {
            let known = target.and_then(|target| {
                let is_it = |(known, of, _): &&(&str, &str, &str)| *known == &**address && *of == &**attribute;
                target.references.iter().find(is_it)
            });
            match known {
                Some((_, _, text)) => sought(text, tokens),
                None => tokens.push(Token::Hole),
            }
        }
        _ => tokens.push(Token::Hole),
    }
}
