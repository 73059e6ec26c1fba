//! States and plans as a whole, which requests and responses carried: read as what they are, with their addresses.

use super::written::unescape;
use crate::document::artifact::{Format, LogText};
use crate::finding::{Occurrence, Place};
use crate::rules::artifacts::analysis::analyse_values;
use crate::rules::artifacts::{Copies, FoundSecret};
use crate::text::{Source, Span};
use memchr::memmem;
use regex::bytes::Regex;
use serde::de::IgnoredAny;
use std::sync::{Arc, LazyLock};

/// A larger document is not read as one; its text is searched like any other.
const MAX_DOCUMENT: usize = 64 << 20;

/// How much is looked at for a document's end at first.
const FIRST_LOOK: usize = 1 << 20;

/// Documents that are read of one log, and beginnings of documents that are tried.
const MAX_DOCUMENTS: usize = 1000;

/// Strings within strings that are looked into.
const MAX_LAYERS: usize = 4;

/// The secrets of the documents in a log.
#[derive(Default)]
pub(super) struct Bodies {
    pub(super) secrets: Vec<FoundSecret>,
    /// Where the documents stand, ascending.
    pub(super) spans: Vec<Span>,
}

/// Reads all documents in a log.
///
/// A backend's requests and responses are logged by aws-sdk-go up to Terraform 1.5
/// (<https://github.com/aws/aws-sdk-go/blob/v1.44.122/aws/client/logger.go>) and by OpenTofu's HTTP backend
/// (<https://github.com/opentofu/opentofu/pull/2120>).
pub(super) fn read(source: &Arc<Source>, elsewhere: &Copies) -> Bodies {
    // `{`, and the first key that Terraform writes into a state or plan.
    static OPENING: LazyLock<Regex> = LazyLock::new(|| {
        let blank = r"(?:\s|\\{1,7}[nrt]){0,40}(?:  \| *|│ *)?";
        let keys = r#"(?:version|format_version)(?P<escape>\\{0,7})""#;
        Regex::new(&format!(r#"\{{{blank}\\{{0,7}}"{keys}\s?:"#)).expect("the pattern is a literal")
    });
    let bytes = source.bytes();
    let budget = (bytes.len() * 4).max(MAX_DOCUMENT);
    let mut reader = Reader { source, elsewhere, budget, bodies: Bodies::default() };
    let mut at = 0;
    for _ in 0..MAX_DOCUMENTS {
        let Some(opening) = OPENING.captures_at(bytes, at) else { break };
        let whole = opening.get(0).map_or(at..at, |found| found.range());
        let escaped = opening.name("escape").is_some_and(|escape| !escape.is_empty());
        let end = if escaped { reader.in_string(whole.start) } else { reader.plain(whole.start) };
        at = end.unwrap_or(0).max(whole.end);
    }
    reader.bodies
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    elsewhere: &'a Copies,
    /// Bytes that may still be looked at: beginnings without an end would otherwise cost the square of the log.
    budget: usize,
    bodies: Bodies,
}

impl Reader<'_> {
    /// Reads a document over one or many lines; says where it ends.
    fn plain(&mut self, start: usize) -> Option<usize> {
        let bytes = self.source.bytes();
        let mut look = FIRST_LOOK;
        let (log, length) = loop {
            let part = &bytes[start..bytes.len().min(start + look)];
            self.budget = self.budget.checked_sub(part.len())?;
            let log = LogText::new(part, start);
            match length_of(log.text()) {
                Ok(length) => break (log, length),
                Err(error) if error.is_eof() && start + look < bytes.len() && look < MAX_DOCUMENT => look *= 4,
                Err(_) => return None,
            }
        };
        let place = |span: Span| log.span(&span.range());
        self.judge(&log.text()[..length], place(Span::new(0, length)), place)
    }

    /// Reads a document that stands in a string, on one line; says where the line ends.
    fn in_string(&mut self, start: usize) -> Option<usize> {
        let bytes = self.source.bytes();
        let limit = bytes.len().min(start + MAX_DOCUMENT);
        let line = start..memchr::memchr(b'\n', &bytes[start..limit]).map_or(limit, |newline| start + newline);
        let mut text = String::from_utf8_lossy(&bytes[line.clone()]).into_owned();
        for _ in 0..MAX_LAYERS {
            self.budget = self.budget.checked_sub(line.len())?;
            text = unescape(&text);
            let Ok(length) = length_of(&text) else { continue };
            let document = &text[..length];
            // Where it is written as it is; else the line says enough.
            let place = |span: Span| {
                let value = document.get(span.range()).unwrap_or_default().trim_matches('"');
                let found = memmem::find(&bytes[line.clone()], value.as_bytes()).map(|at| line.start + at);
                found.map_or(Span::new(line.start, line.end), |at| Span::new(at, at + value.len()))
            };
            return self.judge(document, Span::new(line.start, line.end), place);
        }
        None
    }

    /// Reads a document that was found, if it is Terraform's; says where it ends.
    fn judge(&mut self, document: &str, whole: Span, place: impl Fn(Span) -> Span) -> Option<usize> {
        let inner = Arc::new(Source::new(self.source.path.clone(), document.as_bytes()));
        let analysis = analyse_values(&inner, self.elsewhere);
        if matches!(analysis.format, Format::Other | Format::Log) {
            return None;
        }
        self.bodies.spans.push(whole);
        for mut found in analysis.secrets {
            found.place = Place::new(self.source, place(found.place.span));
            found.credential.place = found.place.clone();
            found.credential.found_in = Occurrence::Log;
            self.bodies.secrets.push(found);
        }
        Some(whole.end as usize)
    }
}

/// Length of the JSON document that a text begins with.
fn length_of(text: &str) -> Result<usize, serde_json::Error> {
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    documents.next().transpose()?;
    Ok(documents.byte_offset())
}
