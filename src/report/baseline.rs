//! The baseline: findings that were there before, known by fingerprint. It holds no value.

use super::model::{Report, SuppressedBy};
use super::suppress::UNUSED_IGNORE;
use crate::finding::Place;
use crate::text::{Source, Span};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

const SCHEMA: &str = "credlint/baseline/v1";

/// Findings that do not count because they were there when the baseline was written.
#[derive(Clone, Debug)]
pub struct Baseline {
    source: Arc<Source>,
    entries: Vec<Entry>,
    /// Whether its entries should all still hide something: not where nobody keeps them.
    kept: bool,
}

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// Not JSON of that shape.
    #[error("line {line}, column {column}: this is no baseline")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Written by another version, or something else altogether.
    #[error("its schema is not `{SCHEMA}`")]
    Schema,
}

impl BaselineError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        "write it anew with `--write-baseline FILE`"
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    findings: Vec<Entry>,
}

/// Of a file only the schema: what it needs besides is judged once that is known.
#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    rule: String,
    fingerprint: String,
}

impl Baseline {
    /// As what was there at a revision: an entry that hides nothing any more is a finding mended, not one to remove.
    #[must_use]
    pub fn of_revision(self) -> Self {
        Self { kept: false, ..self }
    }

    /// Whether somebody keeps it, and should remove what hides nothing.
    pub(super) fn is_kept(&self) -> bool {
        self.kept
    }

    /// Reads a baseline file.
    ///
    /// # Errors
    /// [`BaselineError`] if it is not a baseline of this schema. The message holds nothing of the file.
    pub fn read(source: &Arc<Source>) -> Result<Self, BaselineError> {
        let malformed =
            |error: serde_json::Error| BaselineError::Malformed { line: error.line(), column: error.column() };
        let head: Head = serde_json::from_slice(source.bytes()).map_err(malformed)?;
        if head.schema.as_deref() != Some(SCHEMA) {
            return Err(BaselineError::Schema);
        }
        let file: File = serde_json::from_slice(source.bytes()).map_err(malformed)?;
        Ok(Self { source: Arc::clone(source), entries: file.findings, kept: true })
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn rule(&self, at: usize) -> &str {
        &self.entries[at].rule
    }

    /// Index of the entries by fingerprint and rule.
    pub(super) fn index(&self) -> HashMap<(String, String), usize> {
        let keys = self.entries.iter().enumerate();
        keys.map(|(at, entry)| ((entry.fingerprint.clone(), entry.rule.clone()), at)).collect()
    }

    /// Where each entry's fingerprint stands in the file.
    pub(super) fn places(&self) -> HashMap<&str, Place> {
        let wanted: HashMap<&[u8], &str> =
            self.entries.iter().map(|entry| (entry.fingerprint.as_bytes(), &*entry.fingerprint)).collect();
        let bytes = self.source.bytes();
        let mut places = HashMap::new();
        let mut start = 0;
        for quote in memchr::memchr_iter(b'"', bytes) {
            if let Some(fingerprint) = wanted.get(&bytes[start..quote]) {
                places.entry(*fingerprint).or_insert(Place::new(&self.source, Span::new(start, quote)));
            }
            start = quote + 1;
        }
        places
    }

    pub(super) fn fingerprint(&self, at: usize) -> &str {
        &self.entries[at].fingerprint
    }

    pub(super) fn whole(&self) -> Place {
        Place::new(&self.source, Span::at(0))
    }
}

/// The baseline that hides all that counts now, and what the former baseline hides. What an ignore or exception hides
/// is left to it, and a note that something hides nothing is not worth hiding.
pub fn write_baseline(report: &Report, ignorable: &dyn Fn(&str) -> bool) -> String {
    let kept = report.findings.iter().filter(|finding| {
        finding.suppressed.as_ref().is_none_or(|suppressed| suppressed.by == SuppressedBy::Baseline)
            && finding.rule != UNUSED_IGNORE
            && ignorable(&finding.rule)
    });
    let mut findings: Vec<Entry> = kept
        .map(|finding| Entry {
            path: finding.spot.path.as_str().to_owned(),
            rule: finding.rule.clone(),
            fingerprint: finding.fingerprint.clone(),
        })
        .collect();
    findings.sort();
    let file = File { schema: SCHEMA.to_owned(), findings };
    let mut text = serde_json::to_string_pretty(&file).expect("strings always become JSON");
    text.push('\n');
    text
}
