//! Stands for `publish` in a build without it.

use super::args::{CheckArgs, PublishArgs};
use super::error::Failure;
use super::output;
use crate::report::Report;
use std::process::ExitCode;

/// There is no way to post.
pub(super) fn names() -> Vec<&'static str> {
    Vec::new()
}

/// Nothing can be posted.
///
/// # Errors
/// Always: what was asked for cannot be done.
pub(super) fn run(_: &PublishArgs) -> Result<ExitCode, Failure> {
    Err(absent())
}

/// Says that nothing can be posted.
pub(super) fn in_job(_: &Report, _: &CheckArgs, _: &[String]) {
    output::failure(&absent());
}

fn absent() -> Failure {
    Failure::new("this build of credlint cannot publish reports")
        .hint("build it with the feature `publish`, which is on by default")
}
