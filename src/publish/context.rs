//! Where a report is posted to: what the job's variables and the event's payload say.

use super::bitbucket;
use super::github::event;
use crate::finding::{Level, Secret};
use std::time::Duration;

/// Where reports are posted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forge {
    /// GitHub and GitHub Enterprise Server.
    Github,
    /// Bitbucket Cloud.
    Bitbucket,
}

impl Forge {
    /// What people call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Github => "GitHub",
            Self::Bitbucket => "Bitbucket",
        }
    }
}

/// What a report is posted to, and by whom. Plain data: who makes it has read the environment.
#[derive(Clone, Debug)]
pub struct Context {
    /// The forge.
    pub forge: Forge,
    /// The API's address.
    pub api_url: String,
    /// A proxy on this machine that signs requests, as Bitbucket's pipelines have.
    pub proxy: Option<String>,
    /// Who posts.
    pub token: Option<Secret>,
    /// `owner/name`.
    pub repository: String,
    /// Name of the event that started the job.
    pub event: String,
    /// The commit and branch that are judged.
    pub head: Head,
    /// The job's page.
    pub run_url: Option<String>,
    /// What names this run and its attempt.
    pub run: String,
    /// What its check run is called; two reports on one commit need two names.
    pub name: String,
    /// The level from which on a finding fails the run.
    pub fail_on: Level,
    /// What was odd about all that, a line each.
    pub odd: Vec<String>,
    /// The time, by which limits are told.
    pub now: jiff::Timestamp,
    /// How long to be patient.
    pub pace: Pace,
}

/// What is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The commit that people look at: of a pull request its own last one, never the merge that is tried.
    pub sha: Option<String>,
    /// The pull request.
    pub pull_request: Option<u64>,
    /// The commit that was checked out, and what refers to it.
    pub checked_out: Option<(String, String)>,
}

/// How long to be patient.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// With one request and its answer.
    pub request: Duration,
    /// Before the first repetition; each further one takes twice as long.
    pub pause: Duration,
    /// With all waiting together, for limits and for answers that do not come. Who asks for more is left alone.
    pub patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let [request, pause, patience] = [30, 2, 180].map(Duration::from_secs);
        Self { request, pause, patience }
    }
}

impl Context {
    /// From a job's variables and its event's payload; None where no forge's job runs here.
    pub fn of_job(
        variable: &dyn Fn(&str) -> Option<String>,
        payload: Option<&[u8]>,
        now: jiff::Timestamp,
    ) -> Option<Self> {
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut context = match given("GITHUB_REPOSITORY").filter(|name| is_repository(name)) {
            Some(repository) => event::context(repository, &given, payload, now),
            None => bitbucket::context(&given, now)?,
        };
        match given("CREDLINT_PUBLISH_NAME") {
            Some(name) if is_name(&name) => context.name = name,
            Some(_) => context.odd.push(BAD_NAME.to_owned()),
            None => {}
        }
        Some(context)
    }
}

/// Whether a text is `owner/name` and leads nowhere else in a path.
fn is_repository(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.chars().all(|c| c == '.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    text.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

const BAD_NAME: &str =
    "CREDLINT_PUBLISH_NAME is not used: a name has up to 60 letters, digits, spaces and marks of `_./()-`, and no `--`";

/// Whether a text may stand in a comment that nobody sees, and at the top of a check.
fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || " _./()-".contains(c);
    text.len() <= 60 && text.chars().all(plain) && !text.contains("--")
}

/// Whether a text is the id of a commit, SHA-1 or SHA-256.
pub(super) fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        assert!(is_repository("octo-org/octo.repo_1"));
        for bad in ["a", "a/b/c", "a/..", "../a", "a/b?c", "a/b c", "/", "a/%2e"] {
            assert!(!is_repository(bad), "{bad}");
        }
        assert!(is_name("credlint (infra)") && is_name("credlint-apps/eu") && !is_name("a --> b") && !is_name("a\nb"));
        assert!(is_commit(&"a1".repeat(20)) && !is_commit("HEAD") && !is_commit(&"g".repeat(40)));
    }
}
