//! The one pass over an artifact: which values are looked at, and what is remembered of them.

use super::births::{self, BirthFact};
use super::judge::{Judged, PRIVATE, Subject};
use super::kinds;
use crate::document::artifact::{Leaf, Owner, Section, Visitor};
use crate::resolve::schema::Attributes;
use crate::rules::detect::Candidates;
use crate::rules::names::names_a_secret;
use crate::text::Span;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

/// Secrets of one artifact that are told: by then it is known what is to be done.
pub(super) const MAX_SECRETS: usize = 10_000;

/// Names of attributes of one type whose answer is remembered.
const MAX_NAMES: usize = 4096;

/// Arguments of one backend or provider that are remembered.
const MAX_BESIDE: usize = 256;

/// A shorter `private` holds timeouts and versions.
const SHORT_PRIVATE: u32 = 200;

/// A secret, where it stands.
pub(super) struct Found {
    pub(super) owner: Owner,
    pub(super) attribute: String,
    /// None inside an archive.
    pub(super) span: Option<Span>,
    /// Where it stands among the values.
    pub(super) order: usize,
    pub(super) judged: Judged,
    pub(super) original: Option<(Owner, String)>,
}

/// A value beside a secret that says something of it.
pub(super) struct Beside {
    pub(super) attribute: String,
    pub(super) value: String,
    pub(super) order: usize,
}

/// What a pass has found so far.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) secrets: Vec<Found>,
    /// Where secrets stand, also those that are told already.
    pub(super) spans: HashSet<Span>,
    seen: HashSet<u64>,
    hasher: RandomState,
    /// Whether there are more than are told.
    pub(super) cut: bool,
}

impl Findings {
    /// Adds a secret, unless the same value is known of that address and attribute: a plan says everything twice.
    pub(super) fn add(&mut self, new: Found) {
        self.spans.extend(new.span);
        let key = (&new.owner.address, new.owner.section, &new.attribute, new.judged.secret.expose());
        if !self.seen.insert(self.hasher.hash_one(key)) {
            return;
        }
        if self.secrets.len() < MAX_SECRETS {
            self.secrets.push(new);
        } else {
            self.cut = true;
        }
    }
}

/// What is known of a type: looked up once.
struct Type {
    section: Section,
    kind: String,
    attributes: Option<Attributes>,
    /// Names of attributes in the order that they were first met in, and whether they are of interest.
    names: Vec<(String, bool)>,
    /// Where a name stands among these.
    places: HashMap<String, usize>,
    /// The name that is expected next: instances of a type have the same attributes in the same order.
    next: usize,
}

/// The pass.
pub(super) struct Survey<'c> {
    /// Where a credential of a known format may stand.
    candidates: &'c Candidates<'c>,
    types: Vec<Type>,
    current: usize,
    by_kind: HashMap<(Section, String), usize>,
    /// How many values of an archive were heard of: they stand nowhere.
    heard: usize,
    pub(super) findings: Findings,
    /// By address.
    pub(super) beside: HashMap<String, Vec<Beside>>,
    pub(super) births: Vec<BirthFact>,
}

impl<'c> Survey<'c> {
    pub(super) fn new(candidates: &'c Candidates<'c>) -> Self {
        Self {
            candidates,
            types: Vec::new(),
            current: 0,
            by_kind: HashMap::new(),
            heard: 0,
            findings: Findings::default(),
            beside: HashMap::new(),
            births: Vec::new(),
        }
    }

    /// Whether a known format may stand within a span; inside an archive it may everywhere.
    fn may_hold_a_format(&self, span: Option<Span>) -> bool {
        span.is_none_or(|span| self.candidates.any_in(span.range()))
    }

    /// Takes in what other passes over parts of the same artifact have found.
    pub(super) fn absorb(&mut self, others: impl Iterator<Item = Self>) {
        let mut found = std::mem::take(&mut self.findings);
        let mut secrets = std::mem::take(&mut found.secrets);
        for other in others {
            found.cut |= other.findings.cut;
            found.spans.extend(other.findings.spans);
            secrets.extend(other.findings.secrets);
            self.births.extend(other.births);
            for (address, beside) in other.beside {
                self.beside.entry(address).or_default().extend(beside);
            }
        }
        // As one pass would have found them, whoever was first.
        secrets.sort_by_key(|found| found.order);
        self.births.sort_by_key(|birth| birth.order);
        self.beside.values_mut().for_each(|beside| beside.sort_by_key(|beside| beside.order));
        self.findings = Findings { cut: found.cut, spans: found.spans, ..Findings::default() };
        secrets.into_iter().for_each(|found| self.findings.add(found));
    }

    fn type_of(&mut self, owner: &Owner) -> &mut Type {
        let is_current = |found: &Type| found.section == owner.section && found.kind == owner.kind;
        if !self.types.get(self.current).is_some_and(is_current) {
            let key = (owner.section, owner.kind.clone());
            self.current = *self.by_kind.entry(key).or_insert_with(|| {
                let attributes = match owner.section {
                    Section::Data => Attributes::of_data_source(&owner.kind),
                    Section::Resource => Attributes::of_resource(&owner.kind),
                    _ => None,
                };
                let (section, kind) = (owner.section, owner.kind.clone());
                let (names, places) = (Vec::new(), HashMap::new());
                self.types.push(Type { section, kind, attributes, names, places, next: 0 });
                self.types.len() - 1
            });
        }
        &mut self.types[self.current]
    }
}

impl Type {
    /// Whether an attribute is of interest whatever its value.
    fn wants(&mut self, owner: &Owner, attribute: &str) -> bool {
        let is_next = self.names.get(self.next).is_some_and(|(name, _)| name == attribute);
        let place = if is_next { Some(self.next) } else { self.places.get(attribute).copied() };
        if let Some(place) = place {
            self.next = place + 1;
            return self.names[place].1;
        }
        let listed = match self.attributes {
            Some(attributes) => attributes.concerns(attribute),
            None => names_a_secret(attribute),
        };
        let wanted = listed || is_kept(owner, attribute) || births::is_date(owner, attribute);
        if self.names.len() < MAX_NAMES {
            self.places.insert(attribute.to_owned(), self.names.len());
            self.names.push((attribute.to_owned(), wanted));
        }
        self.next = self.names.len();
        wanted
    }
}

/// Whether it is a backend or a provider, of which every argument may say something of a secret.
pub(super) fn is_block(owner: &Owner) -> bool {
    matches!(owner.section, Section::Backend | Section::Provider)
}

/// Whether an attribute says something of the secret beside it.
fn is_kept(owner: &Owner, attribute: &str) -> bool {
    is_block(owner)
        || kinds::is_id(owner, attribute)
        || births::status_attribute(owner) == Some(attribute)
        || (owner.kind == "aws_ssm_parameter" && attribute == "type")
}

impl Visitor for Survey<'_> {
    fn wants(&mut self, owner: &Owner, attribute: &str, span: Option<Span>, marked: bool) -> bool {
        if marked || span.is_none() || !matches!(owner.section, Section::Resource | Section::Data) {
            return true;
        }
        if attribute == PRIVATE {
            return span.is_some_and(|span| span.end - span.start > SHORT_PRIVATE);
        }
        self.type_of(owner).wants(owner, attribute) || self.may_hold_a_format(span)
    }

    fn leaf(&mut self, owner: &Owner, leaf: Leaf<'_>) {
        self.heard += 1;
        let order = leaf.span.map_or(self.heard, |span| span.start as usize);
        if is_kept(owner, leaf.path) {
            let kept = self.beside.entry(owner.address.clone()).or_default();
            if kept.len() < MAX_BESIDE || !is_block(owner) {
                kept.push(Beside { attribute: leaf.path.to_owned(), value: leaf.text.to_owned(), order });
            }
        }
        self.births.extend(births::read(owner, &leaf, order));
        let formats = self.may_hold_a_format(leaf.span);
        let attributes = self.type_of(owner).attributes;
        for judged in (Subject { owner, attributes }).judge(&leaf, formats) {
            let (owner, attribute) = (owner.clone(), leaf.path.to_owned());
            self.findings.add(Found { owner, attribute, span: leaf.span, order, judged, original: None });
        }
    }
}
