//! What the report asks of the policy.

use crate::finding::{Level, Severity};
use crate::policy::{Exception, Policy};
use crate::text::RepoPath;

/// The policy as far as the report needs it.
pub trait Judge: Sync {
    /// What is done about a rule's findings at a path.
    fn level(&self, rule: &str, path: &RepoPath) -> Level;

    /// Whether an ignore, an exception or a baseline may hide the rule's findings.
    fn ignorable(&self, rule: &str) -> bool;

    /// The policy's exceptions, in the order they are written.
    fn exceptions(&self) -> Vec<Exception>;
}

impl Judge for Policy {
    fn level(&self, rule: &str, path: &RepoPath) -> Level {
        Policy::level(self, rule, path)
    }

    fn ignorable(&self, rule: &str) -> bool {
        Policy::ignorable(self, rule)
    }

    fn exceptions(&self) -> Vec<Exception> {
        Policy::exceptions(self).to_vec()
    }
}

/// What the report and the outputs need to know of a rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleMeta {
    /// Its id.
    pub id: &'static str,
    /// How bad its pattern is.
    pub severity: Severity,
    /// The bad pattern in one sentence.
    pub summary: &'static str,
    /// Its documentation in Markdown under headings of the second level; empty if it has none.
    pub documentation: &'static str,
    /// Where its documentation can be read.
    pub doc_url: &'static str,
    /// Whether this run judged it: an ignore of a rule that did not run (one that needs `--verify`) is never called
    /// unused.
    pub ran: bool,
}
