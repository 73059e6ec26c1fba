//! The report: everything that outputs, publishers, fixes and the exit status are made from.

use super::judge::RuleMeta;
use crate::finding::{Confidence, Fix, Level, Notification, Occurrence, Place, Remedy, Severity, Verification};
use crate::text::{Position, RepoPath};
use jiff::Timestamp;
use jiff::civil::Date;
use std::time::Duration;

/// What a run has to say. Ordered and final; the schema is `credlint/report/v1`.
#[derive(Clone, Debug)]
pub struct Report {
    /// The directory that was checked, as the user named it.
    pub root: String,
    /// All findings by path, line, column and rule; suppressed ones among them.
    pub findings: Vec<ReportedFinding>,
    /// What the program itself could not do.
    pub notifications: Vec<Notification>,
    /// Every credential that was met, in the order of its first occurrence.
    pub credentials: Vec<Credential>,
    /// What is known of each rule that a finding names, in the order of the catalogue.
    pub rules: Vec<RuleMeta>,
    /// How many files were looked at.
    pub files: Files,
    /// The day of the run, by which ages are told.
    pub today: Date,
    /// When the run ended.
    pub finished: Timestamp,
    /// Wall time of the run.
    pub elapsed: Duration,
}

/// How many files a run has dealt with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Found.
    pub seen: usize,
    /// Read and judged.
    pub checked: usize,
    /// Of a kind that is parsed, but could not be.
    pub unparsable: usize,
}

/// How many findings stand at each level; suppressed ones are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings at `error`.
    pub error: usize,
    /// Findings at `warning`.
    pub warning: usize,
    /// Findings at `note`.
    pub note: usize,
}

/// A path with lines and columns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Relative to the repository's root.
    pub path: RepoPath,
    /// The first character.
    pub start: Position,
    /// One past the last character.
    pub end: Position,
    /// The columns of both, counted in bytes; None of a text that is held in parts.
    pub byte_columns: Option<(u32, u32)>,
}

/// A finding with all that the policy and the rest of the report make of it.
#[derive(Clone, Debug)]
pub struct ReportedFinding {
    /// Id of the rule.
    pub rule: String,
    /// What the policy does about it; never `off`.
    pub level: Level,
    /// How bad the rule's pattern is.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub spot: Spot,
    /// Terraform's name of the thing.
    pub address: Option<String>,
    /// The argument at that address.
    pub attribute: Option<String>,
    /// Directory of the module.
    pub module: Option<String>,
    /// Fingerprint of the credential, an entry of [`Report::credentials`].
    pub credential: Option<String>,
    /// Further places, in the order of the story they tell.
    pub related: Vec<RelatedSpot>,
    /// How to mend it.
    pub remedy: Remedy,
    /// The rule's documentation.
    pub url: Option<String>,
    /// A change that mends it.
    pub fix: Option<Fix<Spot>>,
    /// Stable across line moves and rotations; unique in the report.
    pub fingerprint: String,
    /// Why it does not count, if so.
    pub suppressed: Option<Suppressed>,
    /// Its line, with everything hidden that could be a secret.
    pub excerpt: Option<Excerpt>,
}

/// A further place of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedSpot {
    /// Where.
    pub spot: Spot,
    /// What it has to do with the finding.
    pub message: String,
    /// Whether a value passes through it on its way, which the stations of a finding tell in order.
    pub station: bool,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What hides it.
    pub by: SuppressedBy,
    /// The reason given.
    pub reason: Option<String>,
    /// The last day it is hidden.
    pub expires: Option<Date>,
}

/// What hides a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SuppressedBy {
    /// A comment in the file.
    Inline,
    /// An exception of the policy.
    Policy,
    /// An entry of the baseline.
    Baseline,
}

/// One line of a file that is safe to show: ASCII only, and nothing in it that could be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Number of the line, from 1.
    pub line: u32,
    /// Its redacted text.
    pub text: String,
    /// Byte of `text` at which the finding starts.
    pub start: usize,
    /// Byte of `text` one past the finding; more than `start` unless the text is empty.
    pub end: usize,
}

/// One credential and everywhere it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// `sha256:`, `local:` or `keyed:`.
    pub fingerprint: String,
    /// What it is, in kebab case.
    pub kind: String,
    /// What may be shown of it.
    pub masked: String,
    /// The account it belongs to, where that is known.
    pub account: Option<String>,
    /// Every place it was met, ordered.
    pub occurrences: Vec<CredentialOccurrence>,
    /// The day it was made, where a file itself tells.
    pub made_on: Option<Date>,
    /// What its issuer says of it, where it was asked.
    pub verification: Option<Verification>,
}

/// One place a credential stands in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CredentialOccurrence {
    /// Where.
    pub spot: Spot,
    /// Terraform's name of the thing that holds it.
    pub address: Option<String>,
    /// The argument at that address.
    pub attribute: Option<String>,
    /// Kind of file.
    pub source: Occurrence,
    /// The git commit, for what only history holds.
    pub commit: Option<String>,
}

impl Counts {
    /// Of findings; suppressed ones are not counted.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a ReportedFinding>) -> Self {
        let mut counts = Self::default();
        for finding in findings.into_iter().filter(|finding| finding.suppressed.is_none()) {
            match finding.level {
                Level::Error => counts.error += 1,
                Level::Warning => counts.warning += 1,
                Level::Note => counts.note += 1,
                Level::Off => {}
            }
        }
        counts
    }
}

impl Credential {
    /// How many days old it is on a day, and whether its issuer tells (else it is a file).
    pub fn age(&self, today: Date) -> Option<(i64, bool)> {
        let told = self.verification.as_ref().and_then(|verification| verification.created_at);
        let told = told.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
        let days = |from: Date| today.since(from).map_or(0, |span| i64::from(span.get_days()));
        told.map(|day| (days(day), true)).or_else(|| self.made_on.map(|day| (days(day), false)))
    }
}

impl Spot {
    /// Lines and columns of a place.
    pub fn of(place: &Place) -> Self {
        Self { path: place.path().clone(), start: place.start(), end: place.end(), byte_columns: place.byte_columns() }
    }
}

impl Report {
    /// Findings that count, in report order.
    pub fn counted(&self) -> impl Iterator<Item = &ReportedFinding> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }

    /// How many findings stand at each level.
    pub fn counts(&self) -> Counts {
        Counts::of(&self.findings)
    }

    /// How many findings are hidden by an ignore, an exception or the baseline.
    pub fn suppressed(&self) -> usize {
        self.findings.len() - self.counted().count()
    }

    /// Whether something counts at or above `fail_on`; never for [`Level::Off`].
    pub fn exit_worthy(&self, fail_on: Level) -> bool {
        fail_on != Level::Off && self.counted().any(|finding| finding.level >= fail_on)
    }

    /// Whether something that was asked for could not be checked.
    pub fn incomplete(&self) -> bool {
        self.notifications.iter().any(|notification| notification.level == Level::Error)
    }
}
