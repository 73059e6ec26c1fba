//! Artifacts in JSON: state files of all versions, the backend cache, and what `show -json` and `output -json` print.
//!
//! A document is read from the front, once. What its outermost object is a part of is mostly told by its first keys;
//! members that stand before them wait.

mod backend;
mod changes;
mod configuration;
mod cursor;
mod family;
#[cfg(test)]
mod hostile_tests;
mod legacy;
mod lenient;
mod marks;
mod pending;
#[cfg(test)]
mod show_tests;
mod shown;
mod state;
#[cfg(test)]
mod tests;
mod values;

pub use pending::Later;

use super::{Format, Owner, Reading, Section, Visitor};
use crate::text::{RepoPath, Span};
use configuration::Sensitive;
use cursor::{Cursor, Damages, Read};
use family::{Evidence, Family};
use marks::{Marks, UNMARKED};
use pending::Pending;
use values::{Attribute, Form, Reader};

/// Most members of the outermost object that wait until it is known what it is.
const MAX_WAITING: usize = 10_000;

/// Reads an artifact in JSON. None if it is none.
pub(super) fn read(path: &RepoPath, bytes: &[u8], visitor: &mut dyn Visitor) -> Option<Reading> {
    let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    if bytes[start..].iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return None;
    }
    let damages = Damages::default();
    let mut cursor = Cursor::new(bytes, start, &damages);
    let mut document = Document::new(Reader::new(bytes, &damages, visitor));
    let whole = cursor.members(|cursor, key| document.member(cursor, key));
    if whole.is_ok() {
        cursor.finish();
    }
    let format = document.end(path.name().contains(".tfstate"))?;
    Some(Reading { format, problems: damages.problem().into_iter().collect() })
}

/// The outermost object of a document.
struct Document<'a> {
    reader: Reader<'a>,
    evidence: Evidence,
    family: Option<Family>,
    /// Members that stand before what decides.
    waiting: Vec<(String, Span)>,
    /// Variables of a plan.
    variables: Vec<Span>,
    /// The sensitive ones among them.
    sensitive: Sensitive,
    /// Kept for its memory.
    pending: Pending,
    /// Whether a state holds resources or outputs.
    filled: bool,
    /// Whether a state names a backend.
    backend: bool,
}

impl<'a> Document<'a> {
    fn new(reader: Reader<'a>) -> Self {
        Self {
            reader,
            evidence: Evidence::default(),
            family: None,
            waiting: Vec::new(),
            variables: Vec::new(),
            sensitive: Sensitive::new(),
            pending: Pending::default(),
            filled: false,
            backend: false,
        }
    }

    fn member(&mut self, cursor: &mut Cursor<'a>, key: &str) -> Read {
        self.evidence.note(key, cursor.at(cursor.place()));
        if let Some(family) = self.family {
            return self.read(family, cursor, key);
        }
        if let Some(family) = self.evidence.early() {
            self.decide(family);
            return self.read(family, cursor, key);
        }
        let (span, result) = cursor.pass();
        if self.waiting.len() < MAX_WAITING {
            self.waiting.push((key.to_owned(), span));
        }
        result
    }

    /// Reads what waited.
    fn decide(&mut self, family: Family) {
        self.family = Some(family);
        for (key, span) in std::mem::take(&mut self.waiting) {
            let mut cursor = self.reader.cursor(span.start as usize);
            // Each stands for itself: where one cannot be read, the next can.
            let _ = self.read(family, &mut cursor, &key);
        }
    }

    fn read(&mut self, family: Family, cursor: &mut Cursor<'a>, key: &str) -> Read {
        match family {
            Family::State => self.read_state(cursor, key),
            Family::Outputs => state::output(&mut self.reader, cursor, &format!("output.{key}")),
            Family::ShownState | Family::ShownPlan => self.read_shown(cursor, key),
            Family::EncryptedState | Family::EncryptedPlan => cursor.skip(),
        }
    }

    fn read_state(&mut self, cursor: &mut Cursor<'a>, key: &str) -> Read {
        let Self { reader, pending, .. } = self;
        match key {
            "outputs" => self.filled |= state::outputs(reader, cursor, "")?,
            "resources" => self.filled |= state::resources(reader, cursor, pending)?,
            "modules" => self.filled |= legacy::modules(reader, cursor, pending)?,
            "backend" | "remote" | "state_store" => self.backend |= backend::backend(reader, cursor, key)?,
            "version" | "terraform_version" | "serial" | "lineage" => cursor.skip()?,
            _ => self.other(cursor, key)?,
        }
        Ok(())
    }

    fn read_shown(&mut self, cursor: &mut Cursor<'a>, key: &str) -> Read {
        let Self { reader, pending, .. } = self;
        match key {
            "values" | "planned_values" => shown::values(reader, cursor, pending),
            "prior_state" => cursor.members(|cursor, key| match key {
                "values" => shown::values(reader, cursor, pending),
                _ => cursor.skip(),
            }),
            "resource_changes" | "resource_drift" => changes::resources(reader, cursor),
            "deferred_changes" => changes::deferred(reader, cursor),
            "output_changes" => changes::outputs(reader, cursor),
            "configuration" => configuration::configuration(reader, cursor, &mut self.sensitive),
            "variables" => {
                let (span, result) = cursor.pass();
                self.variables.push(span);
                result
            }
            "format_version" | "terraform_version" | "timestamp" | "relevant_attributes" => cursor.skip(),
            _ => self.other(cursor, key),
        }
    }

    /// Values of the root module's variables. Which of them are sensitive is told far behind them.
    fn read_variables(&mut self) {
        for span in std::mem::take(&mut self.variables) {
            let mut cursor = self.reader.cursor(span.start as usize);
            let _ = cursor.members(|cursor, name| {
                let result = cursor.members(|cursor, key| match key {
                    "value" => self.pending.attribute(cursor, "", Form::Plain),
                    _ => cursor.skip(),
                });
                let waiting = self.pending.close_one(Marks::all(self.sensitive.contains(name)));
                waiting.visit(&mut self.reader, Section::Variable, &format!("var.{name}"), "");
                result
            });
        }
    }

    /// A member that belongs to nothing which has an address.
    fn other(&mut self, cursor: &mut Cursor<'a>, key: &str) -> Read {
        let (span, result) = cursor.pass();
        let owner = Owner { section: Section::Other, address: String::new(), kind: String::new() };
        self.reader.visit(&owner, Attribute { name: key, span, form: Form::Plain }, &UNMARKED);
        result
    }

    /// What it was.
    fn end(mut self, named_state: bool) -> Option<Format> {
        if self.family.is_none() {
            self.decide(self.evidence.last(named_state)?);
        }
        self.read_variables();
        let version = self.evidence.version;
        Some(match self.family? {
            Family::State if self.backend && !self.filled && version.is_none_or(|version| version <= 3) => {
                Format::BackendCache
            }
            // Without a version, the shape tells the oldest one that has it.
            Family::State => {
                Format::State { version: version.unwrap_or(if self.evidence.has_modules() { 1 } else { 4 }) }
            }
            Family::ShownState => Format::StateJson,
            Family::ShownPlan => Format::PlanJson,
            Family::Outputs => Format::OutputsJson,
            Family::EncryptedState => Format::EncryptedState,
            Family::EncryptedPlan => Format::EncryptedPlan,
        })
    }
}
