//! Who can have a claim that matches a pattern.

use super::Reach;
use super::issuers::{Claim, Issuer, Tenancy};
use crate::rules::iam::Token;

/// Who gets tokens whose claim matches a pattern. None of a claim that is not known.
pub(super) fn reach(issuer: &Issuer, claim: &str, pattern: &[Token]) -> Option<Reach> {
    let reach = match claim {
        "sub" => subject(issuer, pattern),
        _ => of_claim(issuer.claim(claim)?, pattern),
    };
    // Nobody else gets tokens of an organisation's own issuer.
    Some(reach.min(issuer.everybody()))
}

/// Who gets tokens whose subject is this text, in which nothing is a wildcard.
pub(super) fn reach_of_subject(issuer: &Issuer, text: &str) -> Reach {
    let exact: Vec<Token> = text.chars().map(Token::Char).collect();
    subject(issuer, &exact).min(issuer.everybody())
}

/// Whether a pattern matches every text.
pub(super) fn is_universal(pattern: &[Token]) -> bool {
    !pattern.is_empty() && pattern.iter().all(|token| *token == Token::Many)
}

fn is_wild(token: &Token) -> bool {
    matches!(token, Token::Many | Token::One)
}

fn is_open(token: &Token) -> bool {
    matches!(token, Token::Hole | Token::Open(_))
}

fn of_claim(claim: Claim, pattern: &[Token]) -> Reach {
    let named = |reach: Reach| match () {
        () if pattern.iter().any(is_open) => Reach::Unknown,
        () if pattern.iter().any(is_wild) => Reach::Anyone,
        () => reach,
    };
    match claim {
        Claim::Owner => named(Reach::Organisation),
        Claim::Repository => named(Reach::Narrow),
        Claim::Person if is_universal(pattern) => Reach::Anyone,
        Claim::Person => Reach::Unknown,
        Claim::Inner | Claim::Chosen => Reach::Anyone,
        Claim::Path => {
            let position = |wanted: char| pattern.iter().position(|token| *token == Token::Char(wanted));
            let slash = position('/');
            // Names hold no `@`: what follows is the owner's id, and each of both tells the owner.
            let at = position('@').filter(|at| slash.is_none_or(|slash| *at < slash));
            let (Some(end), rest) = (at.or(slash), slash.map_or(&[][..], |slash| &pattern[slash + 1..])) else {
                // Without wildcards it is no path: nobody has it.
                return named(Reach::Narrow);
            };
            let id = at.map(|at| &pattern[at + 1..slash.unwrap_or(pattern.len())]).filter(|id| !id.is_empty());
            let owner = [Some(&pattern[..end]), id].into_iter().flatten().map(|part| of_claim(Claim::Owner, part));
            match owner.min().unwrap_or(Reach::Anyone) {
                Reach::Organisation if !rest.iter().all(is_wild) => Reach::Narrow,
                owner => owner,
            }
        }
    }
}

/// Subjects are made of claims: `repo:ORG/REPO:environment:NAME`.
fn subject(issuer: &Issuer, pattern: &[Token]) -> Reach {
    let parts = parts_of(issuer, pattern);
    let of = |wanted: fn(Claim) -> bool| {
        let parts = parts.iter().filter(|(claim, _)| wanted(*claim));
        parts.map(|(claim, value)| of_claim(*claim, value)).min()
    };
    let identity = of(|claim| matches!(claim, Claim::Path | Claim::Owner | Claim::Repository));
    let is_pinned = |value: &[Token]| !value.is_empty() && !value.iter().all(is_wild);
    let inner = parts.iter().any(|(claim, value)| *claim == Claim::Inner && is_pinned(value));
    let person = parts.iter().any(|(claim, value)| *claim == Claim::Person && is_pinned(value));
    match identity {
        Some(Reach::Organisation) if inner => return Reach::Narrow,
        Some(found) if found < Reach::Anyone => return found,
        _ => {}
    }
    let (wild, open) = (pattern.iter().any(is_wild), pattern.iter().any(is_open));
    if issuer.tenancy == Tenancy::Own && identity.is_none() {
        // Its other claims are not looked into: any that is named is one of the organisation's.
        let all_wild = pattern.iter().all(|token| is_wild(token) || is_open(token));
        return if !all_wild {
            Reach::Narrow
        } else if open {
            Reach::Unknown
        } else {
            Reach::Organisation
        };
    }
    match (open || person, wild) {
        (true, _) => Reach::Unknown,
        (false, true) if may_be_subject(issuer, pattern) => Reach::Anyone,
        // Which claims make up the subject is for each repository to say.
        (false, false) if parts.first().is_some_and(|(claim, _)| *claim == Claim::Chosen) => Reach::Customised,
        _ => Reach::Narrow,
    }
}

/// The claims that a subject's pattern names, with the patterns of their values.
fn parts_of<'p>(issuer: &Issuer, pattern: &'p [Token]) -> Vec<(Claim, &'p [Token])> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < pattern.len() {
        let named = issuer.claims.iter().find_map(|(name, claim)| Some((after(name, &pattern[at..])?, *claim)));
        // A value that is not known may hold any name, so what follows one is not relied on as a name's beginning.
        let begins = at == 0 || matches!(pattern[at - 1], Token::Char(':') | Token::Many);
        if let Some((length, claim)) = named.filter(|_| begins) {
            let value = &pattern[at + length..];
            let end = value.iter().position(|token| *token == Token::Char(':')).unwrap_or(value.len());
            found.push((claim, &value[..end]));
            at += length + end;
        }
        at += 1;
    }
    found
}

/// The length of `name:` if the pattern begins with it.
fn after(name: &str, pattern: &[Token]) -> Option<usize> {
    let marker = name.chars().chain([':']);
    let length = name.chars().count() + 1;
    (pattern.len() >= length && marker.zip(pattern).all(|(c, token)| *token == Token::Char(c))).then_some(length)
}

/// Whether any subject begins as the pattern does before its first wildcard.
fn may_be_subject(issuer: &Issuer, pattern: &[Token]) -> bool {
    let known: String =
        pattern.iter().map_while(|token| if let Token::Char(c) = token { Some(*c) } else { None }).collect();
    issuer.claims.iter().any(|(name, _)| {
        let marker = format!("{name}:");
        marker.starts_with(&known) || known.starts_with(&marker)
    })
}

#[cfg(test)]
mod tests {
    use super::super::issuer_of;
    use super::*;
    use crate::resolve::Value;
    use crate::rules::iam::pattern_of;

    fn of(url: &str, claim: &str, pattern: &str) -> Reach {
        // `${x}` is what is not known.
        reach(issuer_of(url).expect("an issuer"), claim, &pattern_of(&Value::string(pattern))).expect("a claim")
    }

    fn github(pattern: &str) -> Reach {
        of("token.actions.githubusercontent.com", "sub", pattern)
    }

    #[test]
    fn subjects_of_github() {
        for pattern in
            ["*", "repo:*", "repo:org*", "repo:org*/repo:*", "repo:*/infra:*", "repo:?rg/infra:*", "repo:*@*/x@*", "r*"]
        {
            assert_eq!(github(pattern), Reach::Anyone, "{pattern}");
        }
        for pattern in ["*:ref:refs/heads/main", "ref:*", "environment:*"] {
            assert_eq!(github(pattern), Reach::Anyone, "{pattern}");
        }
        for pattern in ["repo:org/*", "repo:org/*:environment:prod", "repository_owner:org:*", "*:repository_owner:org"]
        {
            assert_eq!(github(pattern), Reach::Organisation, "{pattern}");
        }
        for pattern in [
            "repo:org/repo:*",
            "repo:org/repo",
            "repo:org/repo*",
            "repo:org/repo:ref:refs/heads/main",
            "repository_id:123:*",
            "repo:org@123/repo@456:*",
            "repo:*@123/repo@456:*",
            "repo:org@*/repo@*:environment:prod",
            "repo:org/*:job_workflow_ref:org/infra/.github/workflows/x.yml@*",
            // Nobody's: no claim begins so, or it is no claim.
            "invalid",
            "org/repo:*",
            "myorg/*",
        ] {
            assert_eq!(github(pattern), Reach::Narrow, "{pattern}");
        }
        for pattern in ["${x}", "${x}*", "repo:${x}", "repo:${x}/*", "repo:${x}:*", "*${x}"] {
            assert_eq!(github(pattern), Reach::Unknown, "{pattern}");
        }
        assert_eq!(github("repo:org/${x}:*"), Reach::Narrow);
        assert_eq!(github("environment:production"), Reach::Customised);
    }

    #[test]
    fn subjects_of_others() {
        let hcp = |pattern: &str| of("app.terraform.io", "sub", pattern);
        assert_eq!(hcp("organization:*"), Reach::Anyone);
        assert_eq!(hcp("organization:*:project:p:workspace:w:run_phase:*"), Reach::Anyone);
        assert_eq!(hcp("organization:acme:*"), Reach::Organisation);
        assert_eq!(hcp("organization:acme:project:*:workspace:*:run_phase:apply"), Reach::Organisation);
        assert_eq!(hcp("organization:acme:project:*:workspace:prod:run_phase:*"), Reach::Narrow);
        let gitlab = |pattern: &str| of("gitlab.com", "sub", pattern);
        assert_eq!(gitlab("project_path:*:ref_type:branch:ref:main"), Reach::Anyone);
        assert_eq!(gitlab("project_path:group*"), Reach::Anyone);
        assert_eq!(gitlab("project_path:group/*"), Reach::Organisation);
        assert_eq!(gitlab("project_path:group/project:*"), Reach::Narrow);
        assert_eq!(of("gitlab.example.com", "sub", "project_path:*"), Reach::Organisation);
        let circle = |pattern: &str| of("oidc.circleci.com/org/1", "sub", pattern);
        assert_eq!((circle("*"), circle("org/1/project/2/user/*")), (Reach::Organisation, Reach::Narrow));
    }

    #[test]
    fn other_claims() {
        let github = |claim: &str, pattern: &str| of("token.actions.githubusercontent.com", claim, pattern);
        assert_eq!(github("repository", "org/repo"), Reach::Narrow);
        assert_eq!(github("repository", "org/*"), Reach::Organisation);
        assert_eq!(github("repository", "*/repo"), Reach::Anyone);
        assert_eq!(github("repository_owner", "org"), Reach::Organisation);
        assert_eq!(github("repository_owner", "org*"), Reach::Anyone);
        assert_eq!(github("job_workflow_ref", "org/infra/.github/workflows/x.yml@refs/heads/main"), Reach::Narrow);
        assert_eq!(github("ref", "refs/heads/main"), Reach::Anyone);
        assert_eq!(github("actor", "octocat"), Reach::Unknown);
    }
}
