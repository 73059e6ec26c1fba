//! Who may log in to Vault or OpenBao by a role of a JWT auth method.
//!
//! <https://developer.hashicorp.com/vault/api-docs/auth/jwt#create-update-role>

use super::Reach;
use super::claims::{reach, reach_of_subject};
use super::issuers::{Issuer, issuer_of};
use super::report::{Trust as Told, module_of, place_of, report};
use crate::resolve::{Kind, Reason, Resource, Value, resource_at, resources_from};
use crate::rules::Findings;
use crate::rules::iam::{Token, pattern_of};

/// The type of a role.
pub(in crate::rules::ci) const ROLE: &str = "vault_jwt_auth_backend_role";
/// The type of an auth method.
const METHOD: &str = "vault_jwt_auth_backend";

/// Reports a role that lets in more than one repository.
pub(in crate::rules::ci) fn judge(role: &Resource<'_>, findings: &mut Findings) {
    // Roles for people, which is the default, take tokens of their own login.
    if role.argument("role_type").is_none_or(|of_type| of_type.as_str() != Some("jwt")) {
        return;
    }
    let Some(issuer) = role.argument("backend").and_then(|method| issuer_of_method(role, &method)) else { return };
    let (subject, bound) = (role.argument("bound_subject"), role.argument("bound_claims"));
    let met = [
        subject.as_ref().map(|subject| exactly(issuer, subject)),
        bound.as_ref().map(|map| of_claims(issuer, role, map)),
    ];
    let reach = met.into_iter().flatten().min().unwrap_or(Reach::Anyone).min(issuer.everybody());
    let by = bound.as_ref().and_then(|map| map.as_map()?.get("sub")).or(subject.as_ref()).filter(|by| !by.is_null());
    let example = issuer.example;
    report(
        &Told {
            issuer,
            reach,
            by,
            sure: [&subject, &bound].into_iter().flatten().all(|value| value.alternatives().len() == 1),
            place: place_of(role, by),
            address: role.address(),
            attribute: "bound_claims",
            module: module_of(role),
            what: "log in to the role",
            remedy: format!("name one repository: bound_claims = {{ sub = \"{example}\" }}"),
        },
        findings,
    );
}

/// The CI system whose tokens an auth method takes, found by reference or by path.
fn issuer_of_method(role: &Resource<'_>, method: &Value) -> Option<&'static Issuer> {
    let url = |method: &Resource<'_>| {
        let urls = ["oidc_discovery_url", "bound_issuer"].into_iter();
        urls.filter_map(|name| method.argument(name)).find_map(|url| issuer_of(url.as_str()?))
    };
    match &method.kind {
        Kind::Unknown(Reason::Resource { address, .. }) => {
            url(&resource_at(role.tree, address).filter(|found| found.kind == METHOD)?)
        }
        Kind::String(path) => {
            let is_it = |found: &Resource<'_>| {
                let mounted = found.argument("path");
                mounted.is_some_and(|mounted| mounted.as_str().map(trimmed) == Some(trimmed(path)))
            };
            let start = format!("{METHOD}.");
            let mut methods = resources_from(role.tree, role.instance, &start).filter(is_it);
            methods.find_map(|method| url(&method))
        }
        _ => None,
    }
}

fn trimmed(path: &str) -> &str {
    path.trim_matches('/')
}

/// Who has a subject; wildcards are none.
fn exactly(issuer: &Issuer, subject: &Value) -> Reach {
    let one = |subject: &Value| match subject.as_str() {
        Some("") => Reach::Anyone,
        Some(text) => reach_of_subject(issuer, text),
        None if subject.is_null() => Reach::Anyone,
        None => Reach::Unknown,
    };
    subject.alternatives().iter().map(one).max().unwrap_or(Reach::Unknown)
}

/// Who has all of these claims, each with one of its values.
fn of_claims(issuer: &Issuer, role: &Resource<'_>, bound: &Value) -> Reach {
    let globs = match role.argument("bound_claims_type") {
        None => Some(false),
        Some(of_type) => of_type.as_str().map(|of_type| of_type == "glob"),
    };
    let one = |bound: &Value| match (bound.as_map(), globs) {
        (Some(entries), Some(globs)) => {
            let met = entries.iter().map(|(claim, value)| of_claim(issuer, claim, value, globs));
            met.min().unwrap_or(Reach::Anyone)
        }
        _ if bound.is_null() => Reach::Anyone,
        _ => Reach::Unknown,
    };
    bound.alternatives().iter().map(one).max().unwrap_or(Reach::Unknown)
}

/// The provider takes several values with commas between them.
fn of_claim(issuer: &Issuer, claim: &str, value: &Value, globs: bool) -> Reach {
    let one = |value: &Value| {
        let tokens: Vec<Token> = pattern_of(value).into_iter().map(|token| wildcard(token, globs)).collect();
        let values = tokens.split(|token| *token == Token::Char(','));
        let met = values.map(|value| reach(issuer, claim, value).unwrap_or(Reach::Unknown));
        met.max().unwrap_or(Reach::Unknown)
    };
    value.alternatives().iter().map(one).max().unwrap_or(Reach::Unknown)
}

/// Vault knows `*` alone, and only where it is told to.
fn wildcard(token: Token, globs: bool) -> Token {
    match token {
        Token::One => Token::Char('?'),
        Token::Many if !globs => Token::Char('*'),
        other => other,
    }
}
