//! One finding a literal: where several rules find the same secret at a place, the one speaks that knows most of it.

use crate::finding::{Finding, Level, Place, Strength};
use crate::rules::detect::issuer_of;
use std::collections::HashMap;

/// Rules that speak of a literal only where none before them does, and no other rule at all. Which of them it is follows
/// from where the literal stands, then from what it is given to.
const LAST: [&str; 6] = [
    "tfvars-secret",
    "variable-default-secret",
    "ci-literal-credential",
    "sensitive-attribute-literal",
    "secret-in-free-text",
    "recognized-credential",
];

/// Sinks of one literal that are told, at most.
const MAX_RELATED: usize = 50;

/// Leaves one finding of those about the same literal: of a password that somebody chose, one that knows more than the
/// format; then a surer one before one that is less sure, then by the order above.
pub(super) fn one_a_literal(findings: &mut Vec<Finding>) {
    let mut said = join_sinks(findings);
    let mut placed: Vec<(&Place, usize)> = Vec::new();
    for (at, finding) in findings.iter().enumerate().filter(|(at, _)| !said[*at]) {
        placed.extend(finding.credential.as_ref().map(|credential| (&credential.place, at)));
    }
    placed.sort_unstable();
    for (nth, (place, at)) in placed.iter().enumerate() {
        let meet = |(next, _): &&(&Place, usize)| next.path() == place.path() && next.span.start < place.span.end;
        for (_, next) in placed[nth + 1..].iter().take_while(meet) {
            let (one, other) = (&findings[*at], &findings[*next]);
            let later = if rank(one) <= rank(other) { *next } else { *at };
            said[later] |= is_last(findings[later].rule) && is_same(one, other);
        }
    }
    let mut said = said.into_iter();
    findings.retain(|_| !said.next().unwrap_or(false));
}

/// A literal that reaches many arguments is said once, with all of them. Which findings are said by others then.
fn join_sinks(findings: &mut [Finding]) -> Vec<bool> {
    let mut said = vec![false; findings.len()];
    let mut first: HashMap<_, usize> = HashMap::new();
    for at in 0..findings.len() {
        let finding = &findings[at];
        let place = position(finding.rule).and(finding.credential.as_ref()).map(|credential| &credential.place);
        let Some(place) = place else { continue };
        let known = *first.entry((finding.rule, place.path().clone(), place.span, finding.at_most)).or_insert(at);
        if known == at || !is_same(&findings[known], finding) {
            continue;
        }
        let (confidence, related) = (finding.confidence, std::mem::take(&mut findings[at].related));
        let known = &mut findings[known];
        known.confidence = known.confidence.max(confidence);
        for related in related {
            if known.related.len() < MAX_RELATED && !known.related.contains(&related) {
                known.related.push(related);
            }
        }
        said[at] = true;
    }
    said
}

fn is_last(rule: &str) -> bool {
    position(rule).is_some()
}

fn position(rule: &str) -> Option<usize> {
    LAST.iter().position(|last| *last == rule)
}

fn rank(finding: &Finding) -> (bool, std::cmp::Reverse<Level>, Option<usize>) {
    // The others look at the format, too, and at what it is used for: the password of a service that a job starts. What
    // the repository's own rules call a secret only the format tells.
    let chosen = finding.credential.as_ref().is_some_and(|credential| {
        credential.strength == Strength::Guessable && !issuer_of(credential.kind).is_unknown()
    });
    (chosen && finding.rule == "recognized-credential", std::cmp::Reverse(finding.at_most), position(finding.rule))
}

/// Whether two findings are about the same secret at the same place: one may be a part of the other.
fn is_same(one: &Finding, other: &Finding) -> bool {
    let (Some(one), Some(other)) = (&one.credential, &other.credential) else { return false };
    let (first, second) = (one.secret.expose(), other.secret.expose());
    one.place.span.overlaps(other.place.span) && (first.contains(second) || second.contains(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Confidence, CredentialUse, Occurrence, Secret};
    use crate::text::{RepoPath, Source, Span};
    use std::sync::Arc;

    fn finding(rule: &'static str, start: usize, secret: &str, at_most: Level) -> Finding {
        let source = Arc::new(Source::new(RepoPath::new("a.tf"), vec![b'x'; 400]));
        let place = Place::new(&source, Span::new(start, start + 10));
        let found = Finding::new(rule, place.clone(), "m").related(place.clone(), format!("{rule} {start}"));
        let (secret, strength, found_in) = (Secret::new(secret), Strength::Guessable, Occurrence::Hcl);
        let credential = CredentialUse::new("password", secret, strength, found_in, place);
        found.credential(credential).uncertain(at_most, Confidence::High)
    }

    fn left(mut findings: Vec<Finding>) -> Vec<&'static str> {
        one_a_literal(&mut findings);
        findings.iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn who_knows_most_speaks() {
        let error = |rule, start| finding(rule, start, "s", Level::Error);
        assert_eq!(left(vec![error("tfvars-secret", 5), error("provider-x", 5)]), ["provider-x"]);
        assert_eq!(
            left(vec![error("sensitive-attribute-literal", 5), error("variable-default-secret", 6)]),
            ["variable-default-secret"]
        );
        assert_eq!(left(vec![error("tfvars-secret", 5), error("provider-x", 50)]).len(), 2, "elsewhere");
        let other = finding("provider-x", 5, "t", Level::Error);
        assert_eq!(left(vec![error("tfvars-secret", 5), other]).len(), 2, "another secret on the line");
        assert_eq!(left(vec![error("provider-x", 5), error("backend-x", 5)]).len(), 2, "of equal rank");
    }

    #[test]
    fn a_surer_finding_is_not_hidden() {
        let unsure = finding("variable-default-secret", 5, "s", Level::Warning);
        let sure = finding("sensitive-attribute-literal", 5, "s", Level::Error);
        assert_eq!(left(vec![unsure, sure]), ["sensitive-attribute-literal"]);
        let used = || finding("ci-literal-credential", 5, "s", Level::Note);
        let format = |kind, strength| {
            let mut found = finding("recognized-credential", 5, "s", Level::Error);
            let credential = found.credential.as_mut().unwrap();
            (credential.kind, credential.strength) = (kind, strength);
            found
        };
        let left = |kind, strength| left(vec![used(), format(kind, strength)]);
        assert_eq!(left("url-password", Strength::Guessable), ["ci-literal-credential"], "of a service of the job");
        assert_eq!(left("github-token", Strength::Unguessable), ["recognized-credential"]);
        assert_eq!(left("a-rule-of-their-own", Strength::Guessable), ["recognized-credential"]);
    }

    #[test]
    fn a_literal_with_many_sinks_is_said_once() {
        let mut findings: Vec<Finding> =
            (0..3).map(|n| finding("tfvars-secret", 5, "s", Level::Error).address(format!("r{n}"))).collect();
        findings[1].related[0].message = "another".into();
        one_a_literal(&mut findings);
        let [one] = findings.as_slice() else { panic!("one finding") };
        assert_eq!((one.address.as_deref(), one.related.len()), (Some("r0"), 2));
    }
}
