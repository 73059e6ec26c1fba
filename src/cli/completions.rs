//! `credlint completions`: completion scripts, from the arguments themselves.

use super::args::{self, CompletionsArgs};
use super::error::Failure;
use super::output;
use std::process::ExitCode;

/// Runs the command.
pub(super) fn run(args: &CompletionsArgs) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::command(), "credlint", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}
