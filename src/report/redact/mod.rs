//! Excerpts that show no secret, neither a recognised one nor one that nobody has recognised.

mod known;
mod line;
mod words;

pub(super) use known::Known;

use super::Excerpt;
use crate::finding::{Finding, Place, Secret};
use crate::text::{Line, RepoPath, Span};
use std::collections::{HashMap, HashSet};

/// A longer line is not shown: minified files would make every excerpt cost the whole file.
const MAX_LINE_BYTES: usize = 300;

/// What every excerpt must hide beyond what [`mod@line`] hides by itself.
#[derive(Default)]
pub(super) struct Hidden {
    /// Spans of known credentials by path, sorted, not overlapping.
    spans: HashMap<RepoPath, Vec<Span>>,
    /// The known values, which are not shown wherever else they stand.
    values: HashSet<String>,
}

impl Hidden {
    /// Gathers the credentials of all findings, whether they are shown or not.
    pub(super) fn of<'a>(findings: impl Iterator<Item = &'a Finding>) -> Self {
        let mut hidden = Self::default();
        let credentials = findings.filter_map(|finding| finding.credential.as_ref());
        for credential in credentials.filter(|credential| credential.is_whole()) {
            hidden.spans.entry(credential.place.path().clone()).or_default().push(credential.place.span);
            hidden.values.insert(credential.secret.expose().to_owned());
        }
        for spans in hidden.spans.values_mut() {
            spans.sort_unstable();
            spans.dedup_by(|next, kept| {
                let touches = next.start <= kept.end;
                if touches {
                    *kept = kept.join(*next);
                }
                touches
            });
        }
        hidden
    }

    /// The known spans that touch `line`, relative to its start.
    fn within(&self, path: &RepoPath, line: Span) -> Vec<Span> {
        let Some(spans) = self.spans.get(path) else { return Vec::new() };
        let first = spans.partition_point(|span| span.end <= line.start);
        let touching = spans[first..].iter().take_while(|span| span.start < line.end);
        touching
            .map(|span| Span {
                start: span.start.max(line.start) - line.start,
                end: span.end.min(line.end) - line.start,
            })
            .collect()
    }

    /// The redacted line on which `place` starts; none for an empty or a very long line.
    pub(super) fn excerpt(&self, place: &Place) -> Option<Excerpt> {
        let Line { number, span } = place.source.line_at(place.span.start);
        if span.is_empty() || span.len() > MAX_LINE_BYTES {
            return None;
        }
        let from = (place.span.start.clamp(span.start, span.end) - span.start) as usize;
        let to = (place.span.end.clamp(span.start, span.end) - span.start) as usize;
        let redacted = line::redact(place.source.slice(span), &self.within(place.path(), span), &self.values);
        let (start, end) = redacted.columns(from, to);
        (!redacted.text.is_empty()).then_some(Excerpt { line: number, text: redacted.text, start, end })
    }
}

/// With more known values than this no reason is searched for them: it is not shown.
const MAX_VALUES: usize = 2000;

impl Hidden {
    /// A reason given by people, without known values and without the words that look generated.
    pub(super) fn reason(&self, text: &str) -> String {
        let long = |value: &&String| value.len() >= 6;
        if self.values.len() > MAX_VALUES || self.values.iter().filter(long).any(|value| text.contains(&**value)) {
            return line::MASK.to_owned();
        }
        let words = text.split(' ').map(|word| if words::is_prose(word) { word } else { line::MASK });
        words.collect::<Vec<_>>().join(" ")
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // Wiped like every other copy of a secret.
        for value in self.values.drain() {
            drop(Secret::new(value));
        }
    }
}

/// What a finding without an address is recognised by besides its path: the name that its line gives to a value, or
/// nothing. Kept apart from the excerpt, so that fingerprints do not change with what excerpts show.
pub(super) fn line_name(place: &Place) -> String {
    let line = place.source.slice(place.source.line_at(place.span.start).span);
    let line = &line[..line.len().min(MAX_LINE_BYTES)];
    line::leading_name(line).filter(|name| words::is_name(name)).unwrap_or_default().to_owned()
}
