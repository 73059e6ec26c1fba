//! What the report asks of the policy.

use crate::finding::{Level, Place, Severity};
use crate::text::RepoPath;
use jiff::civil::Date;

/// The policy as far as the report needs it.
pub trait Judge {
    /// What is done about a rule's findings at a path.
    fn level(&self, rule: &str, path: &RepoPath) -> Level;

    /// Whether an ignore, an exception or a baseline may hide the rule's findings.
    fn ignorable(&self, rule: &str) -> bool;

    /// The policy's exceptions, in the order they are written.
    fn exceptions(&self) -> Vec<Exception>;
}

/// An exception of the policy: findings that are known and accepted until a date.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Id of the rule.
    pub rule: String,
    /// The paths it holds for; `*` does not cross a `/`.
    pub path: crate::policy::PathGlob,
    /// The one address it holds for; every address if absent.
    pub address: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day it holds.
    pub expires: Date,
    /// Where the policy says it.
    pub place: Place,
}

impl Exception {
    /// Whether it speaks of a finding.
    pub fn covers(&self, rule: &str, path: &RepoPath, address: Option<&str>) -> bool {
        self.rule == rule
            && self.address.as_deref().is_none_or(|wanted| address == Some(wanted))
            && self.path.matches(path)
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
    /// Where its documentation can be read.
    pub doc_url: &'static str,
    /// Whether this run judged it: an ignore of a rule that did not run (one that needs `--verify`) is never called
    /// unused.
    pub ran: bool,
}

impl Judge for crate::policy::Policy {
    fn level(&self, rule: &str, path: &RepoPath) -> Level {
        crate::policy::Policy::level(self, rule, path)
    }

    fn ignorable(&self, rule: &str) -> bool {
        crate::policy::Policy::ignorable(self, rule)
    }

    fn exceptions(&self) -> Vec<Exception> {
        let exceptions = crate::policy::Policy::exceptions(self).iter();
        exceptions
            .map(|exception| Exception {
                rule: exception.rule.clone(),
                path: exception.path.clone(),
                address: exception.address.clone(),
                reason: exception.reason.clone(),
                expires: exception.expires,
                place: exception.place.clone(),
            })
            .collect()
    }
}
