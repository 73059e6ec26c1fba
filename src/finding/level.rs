//! How bad, what the policy does about it, and how sure.

use serde::{Deserialize, Serialize};

/// How bad a rule's pattern is by itself; fixed with the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth mending.
    Low,
    /// Weakens a defence.
    Medium,
    /// One step from a loss.
    High,
    /// A credential or the state lies open.
    Critical,
}

/// What the policy does about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule does not run. No report holds it.
    #[serde(skip_deserializing)]
    Off,
    /// Said, never fails by default.
    Note,
    /// Said, fails with `--fail-on warning`.
    Warning,
    /// Said, fails by default.
    Error,
}

/// How sure the program is of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A guess from names or shapes.
    Low,
    /// Probable, something is not known.
    Medium,
    /// Follows from what the configuration means.
    High,
}

impl Severity {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl Level {
    /// All levels, weakest first.
    pub const ALL: [Level; 4] = [Level::Off, Level::Note, Level::Warning, Level::Error];

    /// The word used in policies and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// The level of that name.
    pub fn parse(word: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

impl Confidence {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}
