//! Whether one value of an artifact is a secret, and why.

use super::analysis::Why;
use super::kinds;
use crate::document::artifact::{Leaf, Owner, Section};
use crate::finding::{Beside, Confidence, Secret, Strength};
use crate::resolve::schema::Attributes;
use crate::rules::inside::harmless::{is_derived, is_harmless, is_plain_url, may_be_a_pin};
use crate::rules::inside::{self, Inside, by_name, is_plausible};
use crate::rules::names::{names_a_secret, names_no_secret};
use crate::rules::providers::kinds::kind_at;
use crate::rules::secret::Judgement;
use crate::rules::secret::{aws_access_key_id, judge_header, strength, without_scheme};
use crate::rules::url::{Url, connection_parameter};
use crate::rules::{backends, providers};

/// A secret that a value holds, or is.
pub(in crate::rules) struct Judged {
    /// The inventory's word for it.
    pub(in crate::rules) kind: &'static str,
    /// Its value.
    pub(in crate::rules) secret: Secret,
    /// The public identifier that stands for it, where it stands in the value as well.
    pub(in crate::rules) id: Option<String>,
    /// What belongs to it, as far as it stands in the value as well.
    pub(in crate::rules) beside: Vec<Beside>,
    /// Whether it can be guessed.
    pub(in crate::rules) strength: Strength,
    /// How it is known to be secret.
    pub(in crate::rules) why: Why,
    /// How sure.
    pub(in crate::rules) confidence: Confidence,
}

impl Judged {
    fn new(kind: &'static str, secret: &str, why: Why, confidence: Confidence) -> Self {
        Self {
            kind,
            secret: Secret::new(secret),
            id: None,
            beside: Vec::new(),
            strength: strength(secret),
            why,
            confidence,
        }
    }

    fn inside(inside: Inside, why: Why) -> Self {
        let Inside { kind, secret, id, beside, strength, confidence, by_name } = inside;
        let why = match why {
            Why::Format if by_name => Why::Named,
            why => why,
        };
        Self { kind, secret, id, beside, strength, why, confidence }
    }
}

/// What a value belongs to, with what is known of it.
pub(in crate::rules) struct Subject<'a> {
    /// What it belongs to.
    pub(in crate::rules) owner: &'a Owner,
    /// Its type's attributes.
    pub(in crate::rules) attributes: Option<Attributes>,
}

impl Subject<'_> {
    /// The secrets that a value holds. `formats`: whether credentials of known formats may stand in it.
    pub(in crate::rules) fn judge(&self, leaf: &Leaf<'_>, formats: bool) -> Vec<Judged> {
        if leaf.number {
            return self.number(leaf).into_iter().collect();
        }
        // The public half of a pair is nobody's secret.
        if aws_access_key_id(leaf.text).is_some() {
            return Vec::new();
        }
        match self.owner.section {
            Section::Resource | Section::Data => self.resource(leaf, formats),
            Section::Output | Section::Variable => self.named_value(leaf, formats),
            Section::Backend => self.argument(leaf, formats, backends::secret_in),
            Section::Provider => self.argument(leaf, formats, |kind, path, text| {
                providers::secret_in(kind, path, text).map(|secret| (secret, kind_at(kind, path, secret)))
            }),
            Section::Configuration => inside(leaf.text, false, Why::Format),
            Section::Other => self.other(leaf, formats),
        }
    }

    fn name<'l>(&'l self, leaf: &'l Leaf<'_>) -> &'l str {
        kinds::name_of(self.owner, leaf.path)
    }

    fn number(&self, leaf: &Leaf<'_>) -> Option<Judged> {
        let why = self.declared(leaf)?;
        let pin = may_be_a_pin(self.name(leaf)) && leaf.text.len() >= 4;
        pin.then(|| Judged::new("pin", leaf.text, why, Confidence::High))
    }

    /// Why a value is declared to be secret, if it is.
    fn declared(&self, leaf: &Leaf<'_>) -> Option<Why> {
        let flagged = self.attributes.is_some_and(|attributes| attributes.is_sensitive(leaf.path));
        if flagged { Some(Why::Provider) } else { leaf.marked.then_some(Why::Marked) }
    }

    fn resource(&self, leaf: &Leaf<'_>, formats: bool) -> Vec<Judged> {
        if let Some(why) = self.declared(leaf) {
            return self.whole(leaf, why);
        }
        // Another state's backend: which one stands elsewhere, and its arguments' names tell enough.
        if let Some(argument) =
            leaf.path.strip_prefix("config.").filter(|_| self.owner.kind == "terraform_remote_state")
        {
            let leaf = Leaf { path: argument, ..*leaf };
            return self.argument(&leaf, formats, |_, path, text| backends::secret_in("", path, text));
        }
        if self.attributes.is_some_and(|attributes| attributes.is_unflagged(leaf.path)) {
            let name = self.name(leaf);
            let expected = !self.is_low_value(leaf.path) && is_plausible(name, leaf.text) && !names_no_secret(name);
            return self.part_or_whole(leaf, Why::Named, expected.then_some(Confidence::Medium));
        }
        let text = leaf.path == PRIVATE || self.attributes.is_some_and(|attributes| attributes.is_free_text(leaf.path));
        // Of a type that no table has, what is plainly named so is taken for a secret.
        let unknown = self.attributes.is_none() && !leaf.path.contains('.');
        if text || unknown {
            let name = self.name(leaf);
            let expected = names_a_secret(name) && is_plausible(name, leaf.text);
            if expected || text {
                return self.part_or_whole(leaf, Why::Named, expected.then(|| by_name(leaf.text)));
            }
        }
        if formats { inside(leaf.text, false, Why::Format) } else { Vec::new() }
    }

    /// A value that is declared to be secret: the credentials in it, or else all of it.
    fn whole(&self, leaf: &Leaf<'_>, why: Why) -> Vec<Judged> {
        let name = self.name(leaf);
        let parts = inside(leaf.text, true, why);
        if !parts.is_empty() {
            let confidence = Confidence::High;
            let known = |part: Judged| Judged { kind: self.kind_of_part(leaf, part.kind), confidence, ..part };
            return parts.into_iter().map(known).collect();
        }
        if names_a_header(leaf.path) {
            let secret = judge_header(name, leaf.text) == Judgement::Secret;
            return secret
                .then(|| self.judged(leaf, without_scheme(leaf.text), why, Confidence::High))
                .into_iter()
                .collect();
        }
        if self.is_low_value(leaf.path) || is_harmless(leaf.text) || is_plain_url(leaf.text) {
            return Vec::new();
        }
        // What is marked because it was computed from a secret, and an entry of a map that is flagged as a whole, may be
        // anything: its name has a say.
        let listed = self.attributes.is_some_and(|attributes| attributes.lists_sensitive(leaf.path));
        if !listed && (names_no_secret(name) || (!names_a_secret(name) && is_derived(leaf.text))) {
            return Vec::new();
        }
        vec![self.judged(leaf, password_part(leaf.text), why, Confidence::High)]
    }

    /// The credentials in a value; without any, all of it, if there is a confidence with which it is one.
    fn part_or_whole(&self, leaf: &Leaf<'_>, why: Why, whole: Option<Confidence>) -> Vec<Judged> {
        let parts = inside(leaf.text, true, Why::Format);
        match whole.filter(|_| parts.is_empty()) {
            Some(confidence) => vec![self.judged(leaf, password_part(leaf.text), why, confidence)],
            None => parts,
        }
    }

    fn judged(&self, leaf: &Leaf<'_>, secret: &str, why: Why, confidence: Confidence) -> Judged {
        Judged::new(kinds::of(self.owner, leaf.path, secret), secret, why, confidence)
    }

    /// A type's own word says more than the format's.
    fn kind_of_part(&self, leaf: &Leaf<'_>, kind: &'static str) -> &'static str {
        kinds::known(self.owner, leaf.path).filter(|_| kind != "aws-access-key").unwrap_or(kind)
    }

    fn is_low_value(&self, path: &str) -> bool {
        let resource = matches!(self.owner.section, Section::Resource | Section::Data);
        resource && Attributes::low_value(&self.owner.kind, path).is_some()
    }

    /// An output or a variable.
    fn named_value(&self, leaf: &Leaf<'_>, formats: bool) -> Vec<Judged> {
        if let Some(why) = self.declared(leaf) {
            return self.whole(leaf, why);
        }
        // `{ password = ... }` as well as `passwords = { x = ... }`.
        let own = kinds::name_of(self.owner, "");
        let name = if names_a_secret(own) && !names_no_secret(self.name(leaf)) { own } else { self.name(leaf) };
        if names_a_secret(name) && is_plausible(name, leaf.text) {
            return self.part_or_whole(leaf, Why::Named, Some(by_name(leaf.text)));
        }
        if formats { inside(leaf.text, false, Why::Format) } else { Vec::new() }
    }

    /// An argument of a backend or provider.
    fn argument(
        &self,
        leaf: &Leaf<'_>,
        formats: bool,
        secret_in: impl for<'t> Fn(&str, &str, &'t str) -> Option<(&'t str, &'static str)>,
    ) -> Vec<Judged> {
        match secret_in(&self.owner.kind, leaf.path, leaf.text) {
            Some((secret, kind)) => vec![Judged::new(kind, secret, Why::Argument, Confidence::High)],
            None if formats => inside(leaf.text, false, Why::Format),
            None => Vec::new(),
        }
    }

    /// A line of a log, or what no other section has.
    fn other(&self, leaf: &Leaf<'_>, formats: bool) -> Vec<Judged> {
        let name = self.name(leaf);
        let named = leaf.marked || names_a_secret(name);
        if named && is_plausible(name, leaf.text) {
            let (why, confidence) = match leaf.marked {
                true => (Why::Marked, Confidence::Medium),
                false => (Why::Named, by_name(leaf.text)),
            };
            return self.part_or_whole(leaf, why, Some(confidence));
        }
        if formats { inside(leaf.text, false, Why::Format) } else { Vec::new() }
    }
}

/// What providers keep for themselves: JSON in base64.
pub(super) const PRIVATE: &str = "private";

fn inside(text: &str, names: bool, why: Why) -> Vec<Judged> {
    inside::find(text, names).into_iter().map(|inside| Judged::inside(inside, why)).collect()
}

fn names_a_header(path: &str) -> bool {
    let mut parts = path.rsplit('.').skip(1);
    parts.any(|part| part.ends_with("headers"))
}

/// Of a connection string its password, else all of it.
fn password_part(text: &str) -> &str {
    let url = Url::parse(text).and_then(|url| url.password());
    url.or_else(|| text.contains('=').then(|| connection_parameter(text, "password")).flatten()).unwrap_or(text)
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
