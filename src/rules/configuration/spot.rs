//! Where in the repository a secret is written that was found in a text put together from several.

use super::free_texts::OPEN;
use crate::finding::Place;
use crate::resolve::{Declared, InstanceId, Seek, Spring, Station, Tree, inflows, written};
use crate::text::Span;
use std::sync::Arc;

/// Where a secret is written.
pub(super) struct Spot {
    /// The literal: of a longer text the secret in it.
    pub(super) place: Place,
    /// What it passes on its way to the sink.
    pub(super) way: Vec<Station>,
}

/// The literals that the value of an argument is made of.
pub(super) struct Literals(Vec<(Arc<str>, Place, Vec<Station>)>);

impl Literals {
    /// Of an argument of a resource or module call, or of the blocks of a type in it.
    pub(super) fn of<'r>(tree: &Tree<'r>, instance: InstanceId, declared: &Declared<'r>, argument: &str) -> Self {
        let within = |path: &str| path.split('.').next() == Some(argument);
        let arguments = written(declared).into_iter().filter(|argument| within(&argument.path));
        let inflows = arguments.flat_map(|argument| inflows(tree, instance, declared, &argument, Seek::Literals));
        let literals = inflows.filter_map(|inflow| match inflow.spring {
            Spring::Literal { text, place, .. } => Some((text, place, inflow.way)),
            Spring::Resource { .. } | Spring::Variable { .. } => None,
        });
        Self(literals.collect())
    }

    /// The places where a secret is written; none where it stands in no literal as it is: in base64, put together by
    /// a function.
    pub(super) fn spots_of(&self, secret: &str) -> Vec<Spot> {
        let mut found: Vec<Spot> = Vec::new();
        let holding = |text: &str| position(text.as_bytes(), secret.as_bytes());
        // Where it is a word of its own it stands; what is only a part of another word is another secret.
        let alone = self.0.iter().any(|(text, ..)| holding(text).is_some_and(|(_, alone)| alone));
        for (text, place, way) in &self.0 {
            if holding(text).is_none_or(|(_, one)| one != alone) {
                continue;
            }
            let place = narrowed(place, secret);
            if found.iter().all(|known| known.place != place) {
                found.push(Spot { place, way: way.clone() });
            }
        }
        found
    }

    /// All of them in a row, with what is not known between them: for a text that a function makes of something open.
    pub(super) fn joined(&self) -> String {
        self.0.iter().map(|(text, ..)| &**text).collect::<Vec<&str>>().join(OPEN)
    }
}

/// The bytes of a secret within a literal; all of the literal where escapes or indentation come between.
fn narrowed(place: &Place, secret: &str) -> Place {
    let bytes = place.source.slice(place.span);
    // A key of several lines is found by its first.
    let first = secret.lines().next().filter(|line| line.len() >= 8).unwrap_or(secret);
    let found = [secret, first].into_iter().find_map(|part| {
        let (at, _) = position(bytes, part.as_bytes())?;
        Some(Span::new(at, at + part.len()).shifted(place.span.start as usize))
    });
    found.map_or_else(|| place.clone(), |span| Place::new(&place.source, span))
}

/// Where a secret stands in a text, and whether as a word of its own; such a place counts before others.
fn position(text: &[u8], secret: &[u8]) -> Option<(usize, bool)> {
    let bound = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let is_alone = |at: &usize| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        bound(before) && bound(text.get(at + secret.len()))
    };
    let mut places = memchr::memmem::find_iter(text, secret).take(MAX_PLACES);
    let first = places.next()?;
    let alone = std::iter::once(first).chain(places).find(is_alone);
    Some((alone.unwrap_or(first), alone.is_some()))
}

/// Places of one secret in one text that are looked at.
const MAX_PLACES: usize = 100;
