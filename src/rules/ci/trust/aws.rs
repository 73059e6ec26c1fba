//! Who may assume a role by `sts:AssumeRoleWithWebIdentity`.
//!
//! Conditions: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>

use super::Reach;
use super::claims::reach;
use super::expression::besides;
use super::issuers::{Issuer, issuer_of, without_scheme};
use super::report::lets_in_pull_requests;
use crate::finding::Place;
use crate::resolve::{Kind, Reason, Tree, Value};
use crate::rules::iam::{Condition, Document, Effect, Match, Principal, Statement, Token, pattern_of};

const ACTION: &str = "sts:AssumeRoleWithWebIdentity";
/// Steps of the evaluation's budget that a value of a condition is worth.
const STEPS_A_VALUE: usize = 8;

/// A statement that lets tokens of a CI system in.
pub(in crate::rules::ci) struct Trust<'d> {
    /// The CI system.
    pub(in crate::rules::ci) issuer: &'static Issuer,
    /// Its issuer's name in condition keys.
    pub(in crate::rules::ci) host: String,
    /// The statement.
    pub(in crate::rules::ci) statement: &'d Statement,
    /// Who is let in.
    pub(in crate::rules::ci) reach: Reach,
    /// What of the statement lets them in, if it is a value of a condition.
    pub(in crate::rules::ci) by: Option<&'d Value>,
    /// Whether the statement is surely there, and nothing else that may be.
    pub(in crate::rules::ci) sure: bool,
}

/// Every statement of a document that lets tokens of a CI system in.
pub(in crate::rules::ci) fn trusts<'d>(tree: &Tree<'_>, document: &'d Document) -> Vec<Trust<'d>> {
    let mut found = Vec::new();
    // Each that allows is held against each that denies.
    let denials: Vec<&Statement> =
        document.statements.iter().filter(|statement| statement.effect != Some(Effect::Allow)).collect();
    for statement in document.statements.iter().filter(|statement| statement.effect == Some(Effect::Allow)) {
        let applies = statement.speaks_of(ACTION);
        let Some(principals) = statement.principals.as_ref().filter(|principals| !principals.negated) else { continue };
        let issuer = principals.list.iter().find_map(|principal| issuer_named(tree, principal, statement));
        let (Some((issuer, host)), true) = (issuer, applies > Match::No) else { continue };
        let values = |statement: &Statement| statement.conditions.iter().map(|one| one.values.len() + 1).sum::<usize>();
        let cost = values(statement) + denials.iter().map(|denial| values(denial) + 1).sum::<usize>();
        if !tree.spend(cost.saturating_mul(STEPS_A_VALUE)) {
            break;
        }
        let asker = Asker { issuer, host: &host };
        let mut reach = asker.allowed(statement);
        for denial in &denials {
            reach = reach.min(asker.not_denied(tree, denial));
        }
        let by = asker.lets_in(statement, reach);
        let whole = statement.certain && document.certain && !document.open;
        let sure = whole && applies == Match::Surely && by.is_none_or(|(_, certain)| certain);
        let by = by.map(|(value, _)| value);
        found.push(Trust { issuer, statement, reach, by, sure, host });
    }
    found
}

/// The issuer that a principal stands for, and its name in condition keys; of a principal that is not known by the keys
/// that only its tokens fill.
fn issuer_named(tree: &Tree<'_>, principal: &Principal, statement: &Statement) -> Option<(&'static Issuer, String)> {
    if principal.of_type.as_deref().is_some_and(|of_type| of_type != "Federated") {
        return None;
    }
    let mut known = false;
    for id in principal.id.alternatives() {
        let host = host_of(tree, id);
        known |= host.is_some();
        if let Some(found) = host.and_then(|host| Some((issuer_of(&host)?, host))) {
            return Some(found);
        }
    }
    if known {
        return None;
    }
    let keys = statement.conditions.iter().filter_map(|condition| condition.key.as_str()?.rsplit_once(':'));
    let mut named = keys.filter_map(|(host, _)| Some((issuer_of(host)?, host.to_ascii_lowercase())));
    named.next()
}

/// The issuer's URL without scheme: what follows `oidc-provider/` in the provider's ARN, or the `url` of the provider
/// that is referred to.
fn host_of(tree: &Tree<'_>, id: &Value) -> Option<String> {
    const MARKER: &str = "oidc-provider/";
    match &id.kind {
        Kind::String(text) => Some(text.split_once(MARKER).map_or("", |(_, host)| host).to_owned()),
        Kind::Partial(parts) => {
            let at = parts.iter().rposition(|part| part.as_str().is_some_and(|text| text.contains(MARKER)))?;
            let (_, first) = parts[at].as_str()?.split_once(MARKER)?;
            let rest = parts[at + 1..].iter().map(Value::as_str).collect::<Option<String>>()?;
            Some(format!("{first}{rest}"))
        }
        Kind::Unknown(Reason::Resource { address, .. }) => {
            let (instance, declared) = tree.resource(address)?;
            let is_provider = declared.label(0) == "aws_iam_openid_connect_provider";
            let found = declared.attribute("url").or_else(|| declared.attribute("arn")).filter(|_| is_provider)?;
            let evaluator = tree.evaluator(instance);
            let value = evaluator.with(&evaluator.repetition(declared)).attribute(&found);
            match found.attribute.name.as_str() {
                "url" => Some(without_scheme(value.as_str()?).to_owned()),
                _ => value.as_str()?.split_once(MARKER).map(|(_, host)| host.to_owned()),
            }
        }
        _ => None,
    }
}

/// Whoever has a token of an issuer.
struct Asker<'a> {
    issuer: &'static Issuer,
    host: &'a str,
}

/// What a condition looks at.
enum Key<'a> {
    /// A claim of the token, which every token has.
    Claim(&'a str),
    /// What no request of this kind has.
    Absent,
    /// What the request says of itself: whatever one likes.
    Chosen,
    /// A claim that the issuer knows and AWS does not: none, as long as that is so.
    Unmapped,
    /// Something else, of which it is not known what it will be.
    Unknown,
}

/// An operator in its parts; case does not count.
struct Operator {
    /// In lower case, without quantifier and `IfExists`.
    base: String,
    negated: bool,
    if_exists: bool,
    for_all: bool,
}

impl Operator {
    fn parse(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        let (quantifier, rest) = text.split_once(':').unwrap_or(("", &text));
        let (base, if_exists) = rest.strip_suffix("ifexists").map_or((rest, false), |rest| (rest, true));
        Self { base: base.to_owned(), negated: base.contains("not"), if_exists, for_all: quantifier == "forallvalues" }
    }

    /// Whether it is met by a request without the key.
    fn is_met_without(&self, values: &[Value]) -> bool {
        match self.base.as_str() {
            "null" => values.iter().any(|value| value.as_bool() == Some(true)),
            _ => self.if_exists || self.for_all || self.negated,
        }
    }
}

impl Asker<'_> {
    /// Who is let in by a statement that allows.
    fn allowed(&self, statement: &Statement) -> Reach {
        let met = statement.conditions.iter().map(|condition| self.meets(condition, &condition.values, false));
        met.min().unwrap_or(Reach::Anyone).min(self.issuer.everybody())
    }

    /// Who is left by a statement that denies.
    fn not_denied(&self, tree: &Tree<'_>, statement: &Statement) -> Reach {
        let about = match &statement.principals {
            Some(principals) if principals.negated => Match::Maybe,
            Some(principals) => {
                principals.list.iter().map(|principal| self.is_meant(tree, principal)).max().unwrap_or(Match::No)
            }
            None => Match::Maybe,
        };
        match statement.speaks_of(ACTION).and(about) {
            Match::No => Reach::Anyone,
            applies => {
                let escaped = statement.conditions.iter().map(|one| self.meets(one, &one.values, true));
                let left = escaped.max().unwrap_or(Reach::Narrow);
                left.if_certain(applies == Match::Surely && statement.effect == Some(Effect::Deny))
            }
        }
    }

    fn is_meant(&self, tree: &Tree<'_>, principal: &Principal) -> Match {
        match principal.of_type.as_deref() {
            Some("*") => Match::Surely,
            Some("AWS") => Match::of(principal.id.as_str() == Some("*")),
            Some("Federated") => match host_of(tree, &principal.id) {
                Some(host) => Match::of(host.eq_ignore_ascii_case(self.host)),
                None => Match::Maybe,
            },
            Some(_) => Match::No,
            None => Match::Maybe,
        }
    }

    /// Who meets a condition with these values, or, `negated`, who does not.
    fn meets(&self, condition: &Condition, values: &[Value], negated: bool) -> Reach {
        let Some(operator) = condition.operator.as_str().map(Operator::parse) else { return Reach::Unknown };
        let decided = |met: bool| if met != negated { Reach::Anyone } else { Reach::Narrow };
        let met = match self.key(&condition.key) {
            Key::Unmapped if operator.is_met_without(values) && !negated => Reach::Vacuous,
            Key::Unknown | Key::Unmapped => Reach::Unknown,
            Key::Chosen => Reach::Anyone,
            Key::Absent => decided(operator.is_met_without(values)),
            Key::Claim(_) if operator.base == "null" => decided(!operator.is_met_without(values)),
            Key::Claim(claim) => self.compares(&operator, claim, values, negated),
        };
        met.if_certain(condition.certain)
    }

    fn compares(&self, operator: &Operator, claim: &str, values: &[Value], negated: bool) -> Reach {
        let Some(patterns) = patterns(&operator.base, values) else { return Reach::Unknown };
        if operator.negated != negated {
            return besides(&patterns);
        }
        let met = patterns.iter().map(|pattern| reach(self.issuer, claim, pattern).unwrap_or(Reach::Unknown));
        let met = met.max().unwrap_or(Reach::Narrow);
        // A token without the claim would meet it.
        if operator.for_all && !negated { met.max(Reach::Vacuous) } else { met }
    }

    /// What a key stands for in a request with a token of the issuer. Case of keys does not count.
    fn key<'k>(&self, key: &'k Value) -> Key<'k> {
        let (host, claim) = match &key.kind {
            Kind::String(text) => match text.rsplit_once(':') {
                Some((host, claim)) => (Some(host), claim),
                None => return Key::Unknown,
            },
            // The issuer's URL is not known, the claim is.
            Kind::Partial(parts) => match parts.last().and_then(Value::as_str).and_then(|end| end.rsplit_once(':')) {
                Some(("", claim)) => (None, claim),
                _ => return Key::Unknown,
            },
            _ => return Key::Unknown,
        };
        match host {
            Some(host) if host.eq_ignore_ascii_case("sts") && claim.eq_ignore_ascii_case("RoleSessionName") => {
                return Key::Chosen;
            }
            Some(host) if ["aws", "sts"].iter().any(|own| host.eq_ignore_ascii_case(own)) => return Key::Unknown,
            Some(host) if !without_scheme(host).eq_ignore_ascii_case(self.host) => return Key::Absent,
            _ => {}
        }
        match claim.to_ascii_lowercase().as_str() {
            "sub" => Key::Claim("sub"),
            "aud" | "azp" => Key::Chosen,
            "amr" => Key::Absent,
            _ if self.issuer.known_to_aws.contains(&claim) => Key::Claim(claim),
            _ if self.issuer.claim(claim).is_some() => Key::Unmapped,
            _ => Key::Absent,
        }
    }

    /// The value that lets in whom the statement lets in, and whether it surely stands there.
    fn lets_in<'d>(&self, statement: &'d Statement, reach: Reach) -> Option<(&'d Value, bool)> {
        let of_claims = |condition: &&Condition| matches!(self.key(&condition.key), Key::Claim(_));
        for condition in statement.conditions.iter().filter(of_claims) {
            for values in condition.values.iter().map(Value::alternatives) {
                let alone = |value: &&Value| {
                    let told = reach != Reach::Narrow || lets_in_pull_requests(value);
                    told && self.meets(condition, std::slice::from_ref(*value), false) == reach
                };
                if let Some(value) = values.iter().find(alone) {
                    return Some((value, values.len() == 1));
                }
            }
        }
        None
    }
}

impl Trust<'_> {
    /// Where to change it.
    pub(in crate::rules::ci) fn place(&self) -> Option<Place> {
        let literal = self.by.and_then(|value| value.origin.literal.clone());
        literal.or_else(|| self.statement.place.clone())
    }
}

/// The patterns of an operator on texts; None of an operator on anything else.
fn patterns(operator: &str, values: &[Value]) -> Option<Vec<Vec<Token>>> {
    let like = match operator {
        "stringequals" | "stringnotequals" | "stringequalsignorecase" | "stringnotequalsignorecase" => false,
        "stringlike" | "stringnotlike" => true,
        _ => return None,
    };
    let plain = |token: Token| match token {
        Token::Many => Token::Char('*'),
        Token::One => Token::Char('?'),
        other => other,
    };
    let pattern = |value: &Value| -> Vec<Token> {
        let tokens = pattern_of(value);
        if like { tokens } else { tokens.into_iter().map(plain).collect() }
    };
    Some(values.iter().flat_map(Value::alternatives).map(pattern).collect())
}
