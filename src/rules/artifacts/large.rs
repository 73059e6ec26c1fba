//! Artifacts too large to be held: their text is searched, window by window.

use super::Analysis;
use super::analysis::occurrence;
use super::log::{Distinct, Part, Reach, search};
use crate::document::artifact::{self, Format, Leaf, Owner, Problem, Visitor, Windows};
use crate::finding::Place;
use crate::text::{Source, Span};
use std::sync::Arc;

/// What is kept of a line on either side of a secret.
const KEPT_AROUND: usize = 400;

/// How much of a file says what it is.
const HEAD: usize = 64 << 10;

/// What a window leaves to the next one, which sees it as well: what begins there may go on beyond its end.
const LEFT: usize = 32 << 10;

/// Searches a file that is read in windows for credentials of known formats, and a log for all that logs hold. Its values
/// have no addresses: it is never held as a whole.
pub fn analyse_windows(windows: Windows) -> Analysis {
    let mut analysis =
        Analysis { format: Format::Other, problems: Vec::new(), secrets: Vec::new(), births: Vec::new() };
    let mut distinct = Distinct::default();
    let mut windows = windows.peekable();
    let mut start = 0;
    while let Some(window) = windows.next() {
        let window = match window {
            Ok(window) => window,
            Err(error) => {
                analysis.problems.push(Problem { span: None, message: error.to_string() });
                break;
            }
        };
        let offset = window.offset();
        if offset == 0 {
            analysis.format = format_of(&window);
        }
        let reach = if analysis.format == Format::Log { Reach::Log } else { Reach::Formats };
        let offset = offset as usize;
        let end = if windows.peek().is_some() { offset + window.bytes().len() - LEFT } else { usize::MAX };
        let part = Part { bytes: window.bytes(), offset, own: start..end, judged: &[] };
        for (hit, times) in search(&part, reach) {
            distinct.add(&hit.secret().clone(), times, || {
                let fragment = Arc::new(window.fragment_around(hit.span, KEPT_AROUND));
                let place = Place::new(&fragment, hit.span);
                hit.at(place, occurrence(analysis.format))
            });
        }
        start = end;
    }
    analysis.secrets = distinct.finish(&mut analysis.problems);
    let message = "larger than 256 MB: searched as text, not read as state".to_owned();
    analysis.problems.insert(0, Problem { span: None, message });
    analysis
}

/// What a file is by its beginning.
fn format_of(window: &Source) -> Format {
    let head = &window.bytes()[..window.bytes().len().min(HEAD)];
    artifact::read(&window.path, head, &mut Nobody).format
}

/// Wants nothing.
struct Nobody;

impl Visitor for Nobody {
    fn wants(&mut self, _: &Owner, _: &str, _: Option<Span>, _: bool) -> bool {
        false
    }

    fn leaf(&mut self, _: &Owner, _: Leaf<'_>) {}
}
