//! What a report looks like on its way out. Invariant: bytes to a `Write`, escaped by type; no files, no network.

mod azure;
mod buildkite;
mod checkstyle;
mod escape;
mod github;
mod gitlab;
mod gitlab_sast;
mod html;
mod inventory;
mod json;
mod junit;
mod markdown;
mod rdjsonl;
mod sarif;
mod teamcity;
mod text;

pub use escape::{
    AzureData, AzureProperty, GithubData, GithubProperty, MarkdownCode, MarkdownText, MermaidLabel, StopToken,
    TeamcityValue, TerminalText, XmlText,
};
pub use markdown::{Summary, linked, summary};
pub use sarif::write_upload as write_sarif_upload;

use crate::finding::Level;
use crate::report::{Report, ReportedFinding};
use std::cmp::Reverse;
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
#[derive(Clone, Debug)]
pub struct Context {
    /// Whether escape sequences for colour are understood.
    pub color: bool,
    /// Also what is suppressed.
    pub verbose: bool,
    /// Findings only, each on one line.
    pub quiet: bool,
    /// Columns of the terminal; 0 if there is none.
    pub width: usize,
    /// From which level on a finding fails the run; `Off` for never.
    pub fail_on: Level,
    /// In GitHub Actions, whose runner obeys lines that look like commands: text for people is guarded with it.
    pub stop_token: Option<StopToken>,
}

impl Default for Context {
    fn default() -> Self {
        Self { color: false, verbose: false, quiet: false, width: 0, fail_on: Level::Error, stop_token: None }
    }
}

/// Every format.
pub const ALL: &[Format] = &[
    text::FORMAT,
    json::FORMAT,
    sarif::FORMAT,
    github::FORMAT,
    gitlab::FORMAT,
    gitlab_sast::FORMAT,
    junit::FORMAT,
    checkstyle::FORMAT,
    rdjsonl::FORMAT,
    azure::FORMAT,
    teamcity::FORMAT,
    buildkite::FORMAT,
    markdown::FORMAT,
    html::FORMAT,
];

/// What `text` is for the command `verify`.
pub const INVENTORY: Format = inventory::FORMAT;

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    ALL.iter().find(|format| format.name == name)
}

/// `1 error`, `2 errors`.
fn counted(count: usize, word: &str) -> String {
    format!("{count} {}", text::plural(count, word))
}

/// The findings that count, the worst first, else in the order of the report.
pub fn worst_first(report: &Report) -> Vec<&ReportedFinding> {
    let mut findings: Vec<&ReportedFinding> = report.counted().collect();
    findings.sort_by_key(|finding| Reverse((finding.level, finding.severity)));
    findings
}

/// How a finding is mended: in words, by commands, by lines to paste.
fn remedy_of(finding: &ReportedFinding) -> impl Iterator<Item = &str> {
    let remedy = &finding.remedy;
    let text = Some(&*remedy.text).filter(|text| !text.is_empty());
    let commands = remedy.commands.iter().map(String::as_str);
    text.into_iter().chain(commands).chain(remedy.snippet.lines())
}

/// What a finding says: what is wrong, and how it is mended.
fn told(finding: &ReportedFinding) -> impl Iterator<Item = &str> {
    std::iter::once(finding.message.as_str()).chain(remedy_of(finding))
}

/// A finding where there is only text: what it says, and where to read on.
pub fn lines_of(finding: &ReportedFinding) -> impl Iterator<Item = &str> {
    told(finding).chain(finding.url.as_deref())
}
