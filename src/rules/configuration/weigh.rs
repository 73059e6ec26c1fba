//! Whether a value in configuration is a secret, and how sure that is.

use crate::document::artifact::Leaf;
use crate::finding::{Beside, Confidence, CredentialUse, Finding, Level, Place, Strength};
use crate::rules::artifacts::Why;
use crate::rules::artifacts::judge::{Judged, Subject};
use crate::rules::inside::harmless::{is_constant, is_derived, is_email, is_slug, looks_generated};
use crate::rules::inside::{self, from_base64, is_plausible};
use crate::rules::names::{names_a_secret, names_no_secret, repeats_name};
use crate::rules::secret::{occurrence, strength};

/// What a value is given to.
pub(super) struct Sink<'a> {
    /// The resource or variable.
    pub(super) subject: Subject<'a>,
    /// The argument with dots; empty for a variable's own value.
    pub(super) path: &'a str,
    /// What the value is called.
    pub(super) name: &'a str,
    /// Whether any value may stand there, secret or not: an entry of a map that is declared sensitive as a whole, what
    /// a store keeps under a name.
    pub(super) general: bool,
    /// Whether the configuration itself, or Terraform, says that the value is sensitive.
    pub(super) marked: bool,
    /// Whether credentials of known formats count where nothing else says that a secret stands there.
    pub(super) formats: bool,
}

/// A secret that a value is, or holds.
pub(super) struct Weighed {
    /// The secret.
    pub(super) judged: Judged,
    /// The highest level that is justified.
    pub(super) at_most: Level,
    /// How sure.
    pub(super) confidence: Confidence,
}

/// Stands for what is not known in the middle of a text; nothing that holds it is called a secret.
pub(super) const HOLE: &str = "${}";

impl Sink<'_> {
    /// The secrets that a text is or holds.
    pub(super) fn weigh(&self, text: &str, number: bool) -> Vec<Weighed> {
        let leaf = Leaf { path: self.path, text, number, span: None, marked: self.marked };
        let judged = self.subject.judge(&leaf, self.formats).into_iter();
        let known = judged.filter(|judged| !judged.secret.expose().contains(HOLE));
        known
            .filter_map(|judged| {
                let (at_most, confidence) = self.certainty(text, &judged)?;
                Some(Weighed { judged, at_most, confidence })
            })
            .collect()
    }

    fn certainty(&self, text: &str, judged: &Judged) -> Option<(Level, Confidence)> {
        let whole = judged.secret.expose() == text;
        match judged.why {
            Why::Provider | Why::Marked if whole && holds_more(text) => None,
            Why::Provider | Why::Marked if whole && self.general => self.by_company(text),
            Why::Provider | Why::Marked if self.general => Some(chosen(judged.secret.expose())),
            Why::Provider | Why::Marked if whole && self.may_be_no_secret(text) => {
                Some((Level::Warning, Confidence::Medium))
            }
            Why::Provider | Why::Marked => Some((Level::Error, Confidence::High)),
            Why::Format => Some((Level::Error, judged.confidence)),
            Why::Named | Why::Argument | Why::Copy => Some(by_name(text)),
        }
    }

    /// Whether a text that is declared to be secret may be none: providers declare what only speaks of a secret, and a
    /// store keeps an address as well.
    fn may_be_no_secret(&self, text: &str) -> bool {
        let text = text.trim();
        names_no_secret(self.name)
            || is_email(text)
            || is_constant(text)
            || repeats_name(self.path, text)
            || repeats_name(self.name, text)
    }

    /// Of what may stand there and be no secret.
    fn by_company(&self, text: &str) -> Option<(Level, Confidence)> {
        if names_no_secret(self.name) {
            None
        } else if names_a_secret(self.name) {
            let sure = (Level::Error, Confidence::High);
            is_plausible(self.name, text).then(|| if self.marked { sure } else { chosen(text) })
        } else {
            let unlike_a_name = !is_derived(text) && !is_slug(text) && looks_generated(text);
            unlike_a_name.then_some((Level::Warning, Confidence::Medium))
        }
    }
}

/// How sure it is of what stands where secrets belong and is named like one: a word may be something else.
fn chosen(text: &str) -> (Level, Confidence) {
    match strength(text) == Strength::Unguessable || inside::by_name(text) == Confidence::Medium {
        true => (Level::Error, Confidence::High),
        false => (Level::Warning, Confidence::Medium),
    }
}

/// How sure it is that a plausible text behind the name of a secret is one: people give such names to names, too.
pub(super) fn by_name(text: &str) -> (Level, Confidence) {
    match inside::by_name(text) {
        Confidence::Low => (Level::Warning, Confidence::Low),
        sure => (Level::Error, sure),
    }
}

/// Whether a text is a script, a document or the like: a secret may stand in it, and it is none itself.
fn holds_more(text: &str) -> bool {
    // What is read from a file or written as a heredoc ends its line.
    if text.contains('\n') {
        return true;
    }
    let text = text.trim();
    let json = || text.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    json() || from_base64(text).is_some_and(|text| text.trim().contains(['\n', ' ']))
}

impl Weighed {
    /// Adds what stands beside the secret, unless the value itself says what belongs to it.
    pub(super) fn add_beside(&mut self, beside: impl FnOnce() -> Vec<Beside>) {
        if self.judged.beside.is_empty() {
            self.judged.beside = beside();
        }
    }

    /// Adds to a finding what is known of the secret, which is written at a place.
    pub(super) fn tell(self, mut finding: Finding, place: &Place) -> Finding {
        let Judged { kind, secret, id, beside, strength, .. } = self.judged;
        let found_in = occurrence(place.path());
        let found = CredentialUse::new(kind, secret, strength, found_in, place.clone());
        finding.credential = Some(found.id(id).beside(beside));
        finding.uncertain(self.at_most, self.confidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_no_secrets_themselves() {
        assert!(holds_more("#!/bin/sh\necho") && holds_more("{\"a\": 1}"));
        // echo hello, world
        assert!(holds_more("ZWNobyBoZWxsbywgd29ybGQK"));
        assert!(!holds_more("correct horse battery staple") && !holds_more("{x"));
    }
}
