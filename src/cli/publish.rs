//! Posting reports: `credlint publish REPORT`, and `credlint check --publish` within a job.

use super::args::{CheckArgs, PublishArgs};
use super::error::Failure;
use super::{env, files, output, plan};
use crate::output::{Context as Surroundings, StopToken};
use crate::publish::{self, Context, Desk, Outcome};
use crate::report::{self, Report};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A larger report is none.
const MAX_REPORT: u64 = 128 * 1024 * 1024;
/// GitHub drops a summary whole that is longer than 1 MiB.
const MAX_SUMMARY: u64 = 1_000_000;

/// The names of all ways to post.
pub(super) fn names() -> Vec<&'static str> {
    publish::ALL.iter().map(|publisher| publisher.name).collect()
}

/// Runs `credlint publish`.
///
/// # Errors
/// For what is no report, and if it could not be posted anywhere.
pub(super) fn run(args: &PublishArgs) -> Result<ExitCode, Failure> {
    let bytes = files::read_regular(&args.report, MAX_REPORT).map_err(|error| unreadable(&args.report, &error))?;
    let rules: Vec<_> = plan::catalogue().collect();
    let report = report::read(&bytes, &rules, env::now())
        .map_err(|error| Failure::new(format!("{}: {error}", args.report.display())).hint(error.hint()))?;
    let mut context = context().ok_or_else(no_job)?;
    context.fail_on = args.fail_on.level();
    let job = Job { commands: in_actions(), stop_token: env::stop_token(), on_stderr: false };
    let outcome = publish::publish(&report, &context, &args.to, &job);
    if outcome.posted.is_empty() && !outcome.missed.is_empty() {
        return Err(Failure { messages: context.odd.into_iter().chain(outcome.missed).collect(), hint: None });
    }
    tell(&context, &outcome);
    Ok(ExitCode::SUCCESS)
}

/// Posts what was just judged. What is not possible is said, and changes nothing else.
pub(super) fn in_job(report: &Report, args: &CheckArgs, wanted: &[String]) {
    let Some(mut context) = context() else {
        output::failure(&no_job());
        return;
    };
    context.fail_on = args.fail_on.level();
    // The runner obeys commands on standard error as well, where they break no format.
    let job = Job { commands: in_actions() && args.format != "github", stop_token: None, on_stderr: true };
    tell(&context, &publish::publish(report, &context, wanted, &job));
}

fn tell(context: &Context, outcome: &Outcome) {
    let lines = outcome.posted.iter().map(|what| format!("credlint: published {what}"));
    let missed = context.odd.iter().chain(&outcome.missed).map(|line| format!("credlint: {line}"));
    let idle = outcome.posted.is_empty() && outcome.missed.is_empty();
    let idle = idle.then(|| "credlint: nothing to publish: no pull request, or nothing to say on it".to_owned());
    output::explain(&lines.chain(missed).chain(idle).collect::<Vec<_>>());
}

fn context() -> Option<Context> {
    Context::of_job(&env::text, env::event_payload().as_deref(), env::now())
}

fn in_actions() -> bool {
    env::text("GITHUB_ACTIONS").as_deref() == Some("true")
}

fn no_job() -> Failure {
    Failure::new("this is no job of GitHub Actions or Bitbucket Pipelines: nothing was published")
        .hint("elsewhere set GITHUB_REPOSITORY, GITHUB_SHA and GITHUB_TOKEN")
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let why = match error.kind() {
        io::ErrorKind::FileTooLarge => "a report is not as large".to_owned(),
        io::ErrorKind::InvalidInput => "it is no file".to_owned(),
        kind => kind.to_string(),
    };
    Failure::new(format!("{}: {why}", path.display())).hint("write it with `credlint check --output json=FILE`")
}

/// The job that runs this.
struct Job {
    commands: bool,
    stop_token: Option<StopToken>,
    on_stderr: bool,
}

fn summary_file() -> Option<PathBuf> {
    env::text("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl Desk for Job {
    fn summary_room(&self) -> Option<usize> {
        let used = std::fs::metadata(summary_file()?).map_or(0, |found| found.len());
        usize::try_from(MAX_SUMMARY.saturating_sub(used)).ok()
    }

    fn add_summary(&self, text: &str) -> io::Result<()> {
        let file = summary_file().ok_or(io::ErrorKind::NotFound)?;
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file)?;
        file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n"))
    }

    fn command(&self, report: &Report) -> io::Result<bool> {
        let Some(format) = crate::output::format("github").filter(|_| self.commands) else { return Ok(false) };
        let surroundings = Surroundings { stop_token: self.stop_token.clone(), ..Surroundings::default() };
        let mut bytes = Vec::new();
        (format.render)(report, &surroundings, &mut bytes)?;
        if self.on_stderr {
            io::stderr().lock().write_all(&bytes)?
        } else {
            io::stdout().lock().write_all(&bytes)?
        }
        Ok(true)
    }
}
