//! Secrets in logs: credentials of known formats, values behind the names of secrets, arguments, whole states.

mod arguments;
mod authorization;
mod bodies;
mod merge;
mod names;
mod search;
mod written;

pub(super) use merge::Distinct;
pub(super) use search::{Part, Reach, search};

use search::Hit;

use super::analysis::FoundSecret;
use super::copies::Copies;
use crate::document::artifact::Problem;
use crate::finding::{Occurrence, Place};
use crate::text::Source;
use std::sync::Arc;
use written::Written;

/// A name, and the value that stands behind it.
#[derive(Debug, PartialEq, Eq)]
struct Named<'t> {
    name: &'t str,
    written: Written,
    /// Whether the place says that it is a secret, whatever it looks like.
    certain: bool,
}

/// The secrets in a log, each once, in the order that they stand in.
pub(super) fn secrets(source: &Arc<Source>, elsewhere: &Copies, problems: &mut Vec<Problem>) -> Vec<FoundSecret> {
    let bodies = bodies::read(source, elsewhere);
    let mut distinct = Distinct::default();
    for found in bodies.secrets {
        distinct.add(&found.credential.secret.clone(), 1, || found);
    }
    // What stands in a state was judged as a part of it.
    let part = Part { bytes: source.bytes(), offset: 0, own: 0..usize::MAX, judged: &bodies.spans };
    for (hit, times) in search(&part, Reach::Log) {
        distinct.add(&hit.secret().clone(), times, || {
            let place = Place::new(source, hit.span);
            hit.at(place, Occurrence::Log)
        });
    }
    distinct.finish(problems)
}
