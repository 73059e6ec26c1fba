//! What a report looks like on its way out. Invariant: bytes to a `Write`, escaped by type; no files, no network.

mod escape;
mod github;
mod inventory;
mod json;
mod text;

pub use escape::{GithubData, GithubProperty, StopToken, TerminalText};

use crate::report::Report;
use std::io;

/// One format a report can be written in.
#[derive(Debug)]
pub struct Format {
    /// The word after `--format`.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub summary: &'static str,
    /// Writes the report.
    ///
    /// # Errors
    /// Only those of the writer.
    pub render: fn(&Report, &Context, &mut dyn io::Write) -> io::Result<()>,
}

/// What the surroundings allow and ask for.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Whether escape sequences for colour are understood.
    pub color: bool,
    /// Also what is suppressed.
    pub verbose: bool,
    /// Findings only, each on one line.
    pub quiet: bool,
    /// Columns of the terminal; 0 if there is none.
    pub width: usize,
    /// In GitHub Actions, whose runner obeys lines that look like commands: text for people is guarded with it.
    pub stop_token: Option<StopToken>,
}

/// Every format.
pub const ALL: &[Format] = &[text::FORMAT, json::FORMAT, github::FORMAT];

/// What `text` is for the command `verify`.
pub const INVENTORY: Format = inventory::FORMAT;

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    ALL.iter().find(|format| format.name == name)
}
