//! The secrets that the arguments of resources are given, wherever they are written.

use super::free_texts::LOGINS;
use super::spot::Literals;
use super::stores::{self, Kept};
use super::weigh::{HOLE, Sink, Weighed};
use crate::document::artifact::{Owner, Section};
use crate::finding::{Confidence, Level, Place, Related};
use crate::resolve::schema::stateless::{holds_write_only, is_write_only};
use crate::resolve::{Kind, Mode, Number, Resource, Value};
use crate::rules::artifacts::judge::Subject;
use crate::rules::beside;
use crate::rules::names::names_a_secret;
use crate::rules::providers::content::{leaf, leaves};
use crate::rules::trace_of;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// A secret that an argument is given.
pub(super) struct Held {
    /// The argument, with dots into nested blocks and maps.
    pub(super) path: String,
    /// Where the secret is written.
    pub(super) place: Place,
    /// How it gets from there to the argument.
    pub(super) related: Vec<Related>,
    /// The secret.
    pub(super) weighed: Weighed,
}

/// The secrets that are written at places which are `wanted`.
pub(super) fn held(resource: &Resource<'_>, wanted: impl Fn(&Place) -> bool) -> Vec<Held> {
    let mut found = Vec::new();
    for (at, layer) in resource.declared.layers.iter().enumerate() {
        let body = &layer.block.body;
        let arguments = body.attributes.iter().map(|attribute| attribute.name.as_str());
        let blocks = body.blocks.iter().map(|block| match block.label(0) {
            Some(of_type) if block.kind == "dynamic" => of_type,
            _ => block.kind.as_str(),
        });
        let concerned: BTreeSet<&str> = arguments.chain(blocks).filter(|name| may_hold(resource, name)).collect();
        for name in concerned {
            if let Some(value) = resource.argument_in(at, name) {
                in_argument(resource, name, &value, &wanted, &mut found);
            }
        }
    }
    if !found.is_empty() {
        let content = resource.content();
        found.iter_mut().for_each(|held| held.weighed.add_beside(|| beside::within(&content, &held.path)));
    }
    found
}

/// Whether a secret may stand in an argument, by what its type says; of a type that nobody knows, by its name.
pub(super) fn may_hold(resource: &Resource<'_>, name: &str) -> bool {
    let known = resource.attributes().map_or_else(|| names_a_secret(name), |known| known.holds_secrets(name));
    known || (resource.mode == Mode::Managed && (name == "connection" || holds_write_only(resource.kind, name)))
}

fn in_argument(
    resource: &Resource<'_>,
    name: &str,
    value: &Value,
    wanted: &impl Fn(&Place) -> bool,
    found: &mut Vec<Held>,
) {
    let literals = OnceCell::new();
    for (inner, value) in leaves(value) {
        let path = if inner.is_empty() { name.to_owned() } else { format!("{name}.{inner}") };
        let Some(text) = text_of(value).filter(|text| !text.is_empty()) else { continue };
        let literal = value.origin.literal.as_ref();
        // Most are no business of who asks: they are not looked at any closer.
        if literal.is_some_and(|literal| holds(literal, &text) && !wanted(literal)) {
            continue;
        }
        for weighed in weigh(resource, &path, &text, matches!(value.kind, Kind::Number(_))) {
            let secret = weighed.judged.secret.expose();
            let spots = match literal.filter(|literal| holds(literal, secret)) {
                Some(literal) => vec![(literal.clone(), trace_of(value, literal))],
                None => {
                    let of = || Literals::of(resource.tree, resource.instance, &resource.declared, name);
                    spots(literals.get_or_init(of), secret, value)
                }
            };
            let first = spots.into_iter().find(|(place, _)| wanted(place));
            found.extend(first.map(|(place, related)| Held { path: path.clone(), place, related, weighed }));
        }
    }
}

/// Whether a text stands at a place as it is.
fn holds(place: &Place, text: &str) -> bool {
    memchr::memmem::find(place.source.slice(place.span), text.as_bytes()).is_some()
}

/// Where a secret is written that stands in a text made of several, and how it got into that; where nothing that is
/// written holds it, the place that the text is changed at.
fn spots(literals: &Literals, secret: &str, value: &Value) -> Vec<(Place, Vec<Related>)> {
    let spots = literals.spots_of(secret).into_iter().map(|spot| {
        let related = spot.way.into_iter().map(|one| Related::station(one.place, one.name.to_string()));
        (spot.place, related.collect())
    });
    let spots: Vec<(Place, Vec<Related>)> = spots.collect();
    if !spots.is_empty() {
        return spots;
    }
    let sink = || value.origin.trace.as_ref().map(|sink| sink.place.clone());
    let place = value.origin.literal.clone().or_else(sink);
    place.map(|place| (place.clone(), trace_of(value, &place))).into_iter().collect()
}

/// A known text, a number as Terraform makes a text of it, a partly known text with holes.
fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match &value.kind {
        Kind::String(text) => Some(Cow::Borrowed(text)),
        Kind::Number(Number::Integer(number)) => Some(Cow::Owned(number.to_string())),
        Kind::Partial(pieces) => {
            Some(Cow::Owned(pieces.iter().map(|piece| piece.as_str().unwrap_or(HOLE)).collect::<String>()))
        }
        _ => None,
    }
}

fn weigh(resource: &Resource<'_>, path: &str, text: &str, number: bool) -> Vec<Weighed> {
    let attributes = resource.attributes();
    let marked = is_write_only(resource.kind, path) || is_login(path);
    let secret = attributes.is_none_or(|known| known.is_sensitive(path) || known.is_unflagged(path));
    if !secret && !marked {
        return Vec::new();
    }
    let kept = stores::kept(resource, path);
    if kept.as_ref().is_some_and(|kept| kept.secret == Some(false)) {
        return Vec::new();
    }
    let (section, kind) = (section(resource.mode), resource.kind.to_owned());
    let owner = Owner { section, address: resource.address().to_owned(), kind };
    let listed = marked || attributes.is_some_and(|known| known.lists_sensitive(path));
    let name = match &kept {
        Some(Kept { name, .. }) if !name.is_empty() => name,
        _ => leaf(path),
    };
    let subject = Subject { owner: &owner, attributes };
    let sink = Sink { subject, path, name, general: !listed || kept.is_some(), marked, formats: false };
    let mut weighed = sink.weigh(text, number);
    if kept.is_some_and(|kept| kept.secret.is_none()) {
        for one in &mut weighed {
            (one.at_most, one.confidence) = (one.at_most.min(Level::Warning), one.confidence.min(Confidence::Medium));
        }
    }
    weighed
}

/// Whether it is what Terraform signs in to a machine with.
fn is_login(path: &str) -> bool {
    path.strip_prefix("connection.").is_some_and(|argument| LOGINS.contains(&argument))
}

fn section(mode: Mode) -> Section {
    match mode {
        Mode::Managed => Section::Resource,
        Mode::Data | Mode::Ephemeral => Section::Data,
    }
}
