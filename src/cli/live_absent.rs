//! Stands for `live` in a build without it.

use super::args::CheckArgs;
use super::error::Failure;
use crate::finding::{Finding, Notification, StateStore, WorkloadToken};

/// Nobody can be asked.
///
/// # Errors
/// Always: what was asked for cannot be done.
pub(super) fn ask(_: &CheckArgs, _: &mut [Finding], _: &mut [StateStore]) -> Result<Vec<Notification>, Failure> {
    Err(absent())
}

/// No token can be checked.
///
/// # Errors
/// Always: what was asked for cannot be done.
pub(super) fn tokens(_: &CheckArgs, _: &mut Vec<Notification>) -> Result<Vec<WorkloadToken>, Failure> {
    Err(absent())
}

/// Nothing can be planned.
///
/// # Errors
/// Always: what was asked for cannot be done.
pub(super) fn plan(_: &CheckArgs, _: &[Finding], _: &[StateStore]) -> Result<String, Failure> {
    Err(absent())
}

fn absent() -> Failure {
    Failure::new("this build of credlint cannot verify credentials")
        .hint("build it with the feature `live`, which is on by default")
}
