//! Environment and clock: what no argument stands for.

use crate::output::StopToken;

/// A variable's text; None if it is not set or not UTF-8.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
pub(super) fn text(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Whether a variable is set to something.
pub(super) fn is_set(name: &str) -> bool {
    text(name).is_some_and(|value| !value.is_empty())
}

/// GitHub cuts what it sends of an event at 25 MB
/// (<https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap>).
#[cfg(any(feature = "live", feature = "publish"))]
const MAX_PAYLOAD: u64 = 32 * 1024 * 1024;

/// What a job of GitHub Actions was started by; None outside of one, and where it cannot be read.
#[cfg(any(feature = "live", feature = "publish"))]
pub(super) fn event_payload() -> Option<Vec<u8>> {
    super::files::read_regular(text("GITHUB_EVENT_PATH")?.as_ref(), MAX_PAYLOAD).ok()
}

/// The command line without the variables that are set to nothing: CI systems set every input, given or not.
pub(super) fn without_empty(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|arg| match arg.get_env().and_then(|name| name.to_str()).map(is_empty) {
        Some(true) => arg.env(clap::builder::Resettable::<clap::builder::OsStr>::Reset),
        _ => arg,
    });
    command.mut_subcommands(without_empty)
}

fn is_empty(name: &str) -> bool {
    text(name).is_some_and(|value| value.is_empty())
}

/// The time.
pub(super) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Today, in UTC: exceptions expire on the same day everywhere.
pub(super) fn today() -> jiff::civil::Date {
    now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Guards text for people where the runner obeys lines that look like commands.
/// <https://docs.github.com/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands>
pub(super) fn stop_token() -> Option<StopToken> {
    (text("GITHUB_ACTIONS").as_deref() == Some("true")).then(|| {
        let mut bytes = [0_u8; 16];
        // Without randomness the token could be guessed; a repository cannot know the time of a run to the nanosecond.
        if getrandom::fill(&mut bytes).is_err() {
            bytes = now().as_nanosecond().to_be_bytes();
        }
        StopToken::new(bytes)
    })
}
