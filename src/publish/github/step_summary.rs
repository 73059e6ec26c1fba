//! The summary on the page of the job.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>

use super::super::errand::{Errand, Posted};
use super::super::fault::Fault;
use super::super::{Forge, Publisher, Rung};
use crate::output::{Summary, summary};

pub(in super::super) const PUBLISHER: Publisher = Publisher {
    name: "step-summary",
    summary: "The summary on the page of the job, the worst first.",
    forge: Forge::Github,
    rung: Rung::Always,
    permission: None,
    post,
};

/// Less room than this is none.
const MIN_BYTES: usize = 2_000;

fn post(errand: &Errand) -> Result<Option<Posted>, Fault> {
    let Some(room) = errand.desk.summary_room() else { return Ok(None) };
    if room < MIN_BYTES {
        return Err(Fault::Write(std::io::ErrorKind::FileTooLarge));
    }
    let text = summary(errand.report, Summary { max_bytes: room - 1, picture: true });
    errand.desk.add_summary(&text).map_err(|error| Fault::Write(error.kind()))?;
    // What is left out of it is counted there, so that it never holds the place of all.
    Ok(Some(Posted { what: "a summary of the job".into(), whole: false, without: None }))
}
