//! Workflow commands: the last rung, which needs no token.

use super::super::errand::{Errand, Posted};
use super::super::fault::Fault;
use super::super::{Forge, Publisher, Rung};

pub(in super::super) const PUBLISHER: Publisher = Publisher {
    name: "commands",
    summary: "Workflow commands, which the runner shows as annotations: ten of each level.",
    forge: Forge::Github,
    rung: Rung::Last,
    permission: None,
    post,
};

fn post(errand: &Errand) -> Result<Option<Posted>, Fault> {
    let given = errand.desk.command(errand.report).map_err(|error| Fault::Write(error.kind()))?;
    let what = "workflow commands: ten findings of each level, the others stand in the log".to_owned();
    Ok(given.then_some(Posted { what, whole: true, without: None }))
}
