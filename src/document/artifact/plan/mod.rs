//! Saved plans: what is planned, the states that they are planned from, and the configuration they embed.

mod address;
mod archive;
mod broken;
mod fields;
mod legacy;
mod marks;
mod tfplan;
mod value;
mod variables;

use super::{Format, Leaf, Owner, Problem, Reading, Section, Visitor};
use crate::document::Kind;
use crate::text::{RepoPath, Span};
use archive::{Archive, Limits};
use variables::Variables;

/// Reads a saved plan, or any other archive. None if it is neither.
///
/// Since 0.12 a plan is a zip archive:
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/plans/planfile/writer.go>
pub(super) fn read(path: &RepoPath, bytes: &[u8], visitor: &mut dyn Visitor) -> Option<Reading> {
    if legacy::is_plan(bytes) {
        legacy::read(bytes, visitor);
        return Some(Reading { format: Format::Plan, problems: Vec::new() });
    }
    archive::is_archive(bytes).then(|| read_archive(path, bytes, Limits::of(bytes), visitor))
}

/// Whether it is for this module to read.
fn is_plan(bytes: &[u8]) -> bool {
    legacy::is_plan(bytes) || archive::is_archive(bytes)
}

fn read_archive(path: &RepoPath, bytes: &[u8], limits: Limits, visitor: &mut dyn Visitor) -> Reading {
    let mut archive = match Archive::open(bytes, limits) {
        Ok(archive) => archive,
        Err(message) => return unreadable(path, bytes, message),
    };
    if archive.names().all(|name| name != b"tfplan") {
        return no_plan(path);
    }
    let mut problems = Problems::default();
    if archive.has_duplicates() {
        problems.add("the archive holds several entries of one name; one of each was read");
    }
    let entries = archive.names().enumerate().filter_map(|(index, name)| Some((index, Entry::of(name)?)));
    let mut entries: Vec<_> = entries.collect();
    // The configuration first: it says what else is known of the variables.
    entries.sort_by_key(|(_, entry)| !matches!(entry, Entry::Configuration(_)));
    let mut variables = Variables::new();
    for (index, entry) in entries {
        match archive.unpack(index) {
            Ok(unpacked) => {
                let found = entry.read(&unpacked.bytes, &mut variables, visitor);
                // A part of an entry cannot be right: what is wrong with the whole says it all.
                match unpacked.problem {
                    Some(message) => problems.add_to(&entry, message),
                    None => found.iter().for_each(|message| problems.add_to(&entry, message)),
                }
            }
            Err(archive::Exhausted) => {
                problems.add(&format!(
                    "the archive holds more than {} MB; the rest of it was not read",
                    limits.total >> 20
                ));
                break;
            }
        }
    }
    Reading { format: Format::Plan, problems: problems.0 }
}

/// An archive that cannot be opened: a plan if the first thing in it, or its name, says so.
fn unreadable(path: &RepoPath, bytes: &[u8], message: &'static str) -> Reading {
    if archive::first_name(bytes) != Some(b"tfplan") && Kind::of(path) != Kind::Plan {
        return Reading { format: Format::Other, problems: Vec::new() };
    }
    Reading { format: Format::Plan, problems: vec![Problem { span: None, message: message.to_owned() }] }
}

/// An archive without a plan: as it should be, unless its name promises one.
fn no_plan(path: &RepoPath) -> Reading {
    let mut problems = Problems::default();
    if Kind::of(path) == Kind::Plan {
        problems.add("this is a zip archive and no plan");
    }
    Reading { format: Format::Other, problems: problems.0 }
}

/// An entry of a plan that holds values.
enum Entry {
    /// What is planned.
    Tfplan,
    /// The state it is planned from, before or after it was refreshed.
    State(&'static str),
    /// A file of the configuration; the entry's name as text.
    Configuration(String),
}

impl Entry {
    fn of(name: &[u8]) -> Option<Entry> {
        match name {
            b"tfplan" => Some(Entry::Tfplan),
            b"tfstate" => Some(Entry::State("tfstate")),
            b"tfstate-prev" => Some(Entry::State("tfstate-prev")),
            _ if name.starts_with(b"tfconfig/") && !name.ends_with(b"/") => {
                Some(Entry::Configuration(archive::shown(name)))
            }
            _ => None,
        }
    }

    /// What the entry is called in a message, which holds no text of the artifact.
    fn title(&self) -> &'static str {
        match self {
            Entry::Tfplan => "tfplan",
            Entry::State(name) => name,
            Entry::Configuration(_) => "tfconfig",
        }
    }

    /// Hands its values over; returns what could not be read.
    fn read(&self, bytes: &[u8], variables: &mut Variables, visitor: &mut dyn Visitor) -> Vec<String> {
        match self {
            Entry::Tfplan => tfplan::read(bytes, variables, visitor),
            // One plan inside another would go on for ever.
            Entry::State(_) if is_plan(bytes) => vec!["it is no state".to_owned()],
            Entry::State(name) => {
                let reading = super::read(&RepoPath::new(name), bytes, &mut Unplaced(visitor));
                if !matches!(reading.format, Format::State { .. }) {
                    return vec!["it is no state".to_owned()];
                }
                reading.problems.into_iter().map(|problem| problem.message).collect()
            }
            Entry::Configuration(name) => {
                variables.add(name, bytes);
                let owner = Owner { section: Section::Configuration, address: name.clone(), kind: String::new() };
                value::text(&owner, "", &String::from_utf8_lossy(bytes), visitor);
                Vec::new()
            }
        }
    }
}

/// Passes values on without their places: inside an archive nothing has a line.
struct Unplaced<'a>(&'a mut dyn Visitor);

impl Visitor for Unplaced<'_> {
    fn wants(&mut self, owner: &Owner, attribute: &str, _: Option<Span>, marked: bool) -> bool {
        self.0.wants(owner, attribute, None, marked)
    }

    fn leaf(&mut self, owner: &Owner, leaf: Leaf<'_>) {
        self.0.leaf(owner, Leaf { span: None, ..leaf });
    }
}

/// What could not be read: each thing once, and not thousands.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    const MOST: usize = 20;

    fn add(&mut self, message: &str) {
        if self.0.len() < Self::MOST && self.0.iter().all(|problem| problem.message != message) {
            self.0.push(Problem { span: None, message: message.to_owned() });
        }
    }

    fn add_to(&mut self, entry: &Entry, message: &str) {
        self.add(&format!("in `{}` of the archive: {message}", entry.title()));
    }
}

#[cfg(test)]
mod archive_tests;
#[cfg(test)]
mod tests;
