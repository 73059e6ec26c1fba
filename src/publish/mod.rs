//! Posts reports to where people read them. Invariant: the only user of the forges' APIs; what cannot be posted in one
//! way is posted in the next, and who is not allowed to post says so.

mod api;
mod bitbucket;
mod context;
mod errand;
mod fault;
mod github;
mod transport;

pub use context::{Context, Forge, Head, Pace};
pub use errand::{Desk, Errand, Outcome, Posted, publish};
pub use fault::Fault;

/// One way to post a report.
#[derive(Debug)]
pub struct Publisher {
    /// Its word after `--publish=` and `--to`.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The forge that it posts to.
    pub forge: Forge,
    /// When it is used.
    pub rung: Rung,
    /// What the job's token must be allowed, in the words of a workflow: `checks: write`.
    pub permission: Option<&'static str>,
    /// Posts the report; None where there is nothing to post to, as a comment outside of a pull request.
    ///
    /// # Errors
    /// Why it could not, of which the next rung is told nothing.
    pub post: fn(&Errand) -> Result<Option<Posted>, Fault>,
}

/// When a publisher is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// Always.
    Always,
    /// Where nothing before it holds every finding.
    Last,
    /// Where it is named.
    Named,
}

/// Every publisher, in the order of the ladder.
pub const ALL: &[Publisher] = &[
    github::check_run::PUBLISHER,
    github::review::PUBLISHER,
    github::comment::PUBLISHER,
    github::sarif::PUBLISHER,
    github::step_summary::PUBLISHER,
    github::commands::PUBLISHER,
    bitbucket::PUBLISHER,
];
