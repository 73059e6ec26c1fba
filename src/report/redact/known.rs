//! Takes values that are known to be secret out of all that rules wrote: the last line of defence.

use super::line::MASK;
use crate::finding::Finding;
use aho_corasick::{AhoCorasick, MatchKind};

/// Shorter values are left, as they would tear words apart.
const MIN_BYTES: usize = 6;

/// Shorter values of other findings are left.
const MIN_DISTINCTIVE_BYTES: usize = 8;

/// The values of all credentials that were found.
pub(in crate::report) struct Known {
    /// None where there are no values, or too many to be searched for.
    values: Option<AhoCorasick>,
}

impl Known {
    /// Gathers the values of all findings, whether they are shown or not.
    pub(in crate::report) fn of(findings: &[Finding]) -> Self {
        let credentials = findings.iter().filter_map(|finding| finding.credential.as_ref());
        let mut values: Vec<&str> =
            credentials.map(|credential| credential.secret.expose()).filter(|value| is_distinctive(value)).collect();
        values.sort_unstable();
        values.dedup();
        let build = || AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&values).ok();
        Self { values: (!values.is_empty()).then(build).flatten() }
    }

    /// Takes them out of all texts of a finding, and drops a fix that would write one. A rule writes none by itself, but
    /// a name that it tells, such as the key of an instance in an address, can be one.
    pub(in crate::report) fn clean(&self, finding: &mut Finding) {
        let own = finding.credential.as_ref().map(|credential| credential.secret.clone());
        let own = own.as_ref().map(|secret| secret.expose()).filter(|value| value.len() >= MIN_BYTES);
        // Of `password = "password"` the name is told all the same.
        let own = own.filter(|value| !is_word(value) || !names(finding.attribute.as_deref(), value));
        let found = |text: &str| {
            own.is_some_and(|value| text.contains(value))
                || self.values.as_ref().is_some_and(|known| known.is_match(text))
        };
        for text in finding.texts_mut().filter(|text| found(text)) {
            match own {
                Some(value) if is_word(value) => *text = without_word(text, value),
                Some(value) => *text = text.replace(value, MASK),
                None => {}
            }
            if let Some(known) = &self.values {
                *text = known.replace_all(text, &vec![MASK; known.patterns_len()]);
            }
        }
        if finding.fix.as_ref().is_some_and(|fix| fix.edits.iter().any(|(_, text)| found(text))) {
            finding.fix = None;
        }
    }
}

/// Whether a value is unlike the words that findings are written with.
fn is_distinctive(value: &str) -> bool {
    value.len() >= MIN_DISTINCTIVE_BYTES && !is_word(value)
}

fn is_word(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' ')
}

/// Whether a value is also the name of the argument that it is given to.
fn names(attribute: Option<&str>, value: &str) -> bool {
    attribute.is_some_and(|path| path.split('.').any(|name| name == value))
}

/// The text without a word, which may also be a part of the names in it.
fn without_word(text: &str, word: &str) -> String {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let end = at + word.len();
        let before = rest[..at].chars().next_back().or(out.chars().next_back());
        let part_of_name = before.is_some_and(in_name) || rest[end..].starts_with(in_name);
        out.push_str(&rest[..at]);
        out.push_str(if part_of_name { word } else { MASK });
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{CredentialUse, Occurrence, Place, Secret, Strength};
    use crate::text::{RepoPath, Source, Span};
    use std::sync::Arc;

    fn finding(value: &str) -> Finding {
        let source = Arc::new(Source::new(RepoPath::new("a"), Vec::new()));
        let place = Place::new(&source, Span::at(0));
        let (secret, weak) = (Secret::new(value), Strength::Guessable);
        let credential = CredentialUse::new("password", secret, weak, Occurrence::State, place.clone());
        Finding::new("r", place, format!("a password: {value}")).address("a[\"Rk2dYf7PsUo9\"]").credential(credential)
    }

    #[test]
    fn words_that_are_names_stay() {
        let mut found = finding("grafana").address("grafana_user.grafana[\"grafana\"]").attribute("auth_grafana");
        Known::of(&[]).clean(&mut found);
        assert_eq!(found.address.as_deref(), Some("grafana_user.****[\"****\"]"));
        assert_eq!((&*found.message, found.attribute.as_deref()), ("a password: ****", Some("auth_grafana")));
        let mut found = finding("password").attribute("user.password");
        Known::of(&[]).clean(&mut found);
        assert_eq!((&*found.message, found.attribute.as_deref()), ("a password: password", Some("user.password")));
    }

    #[test]
    fn values_of_all_findings_are_taken_out_of_each() {
        let mut findings = [finding("hunter2"), finding("Rk2dYf7PsUo9"), finding("password")];
        let known = Known::of(&findings);
        findings.iter_mut().for_each(|finding| known.clean(finding));
        let texts: Vec<(&str, &str)> =
            findings.iter().map(|finding| (&*finding.message, finding.address.as_deref().unwrap())).collect();
        let address = "a[\"****\"]";
        // What reads like a word is taken out of its own finding only.
        assert_eq!(texts, [("a password: ****", address), ("a password: ****", address), ("a ****: ****", address)]);
    }
}
