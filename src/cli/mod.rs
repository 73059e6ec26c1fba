//! The command line. Invariant: the only reader of arguments, environment and clock; the only user of standard
//! output, standard error and exit statuses.

mod args;
mod check;
mod completions;
mod env;
mod error;
mod files;
#[cfg(feature = "live")]
mod fork;
mod init;
#[cfg(feature = "live")]
mod live;
#[cfg(not(feature = "live"))]
#[path = "live_absent.rs"]
mod live;
mod modules;
mod output;
mod plan;
mod policy;
mod progress;
#[cfg(feature = "publish")]
mod publish;
#[cfg(not(feature = "publish"))]
#[path = "publish_absent.rs"]
mod publish;
mod rules;
#[cfg(feature = "live")]
mod tokens;

pub use args::{Cli, command};
pub use plan::{rule_infos, rule_metas};

use args::Command;
use clap::FromArgMatches as _;
use error::Failure;
use std::process::ExitCode;

/// Bytes of stack of the threads that parse and evaluate: their recursion is bounded to fit.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Runs the program: 0 clean, 1 findings, 2 could not do what was asked.
pub fn main() -> ExitCode {
    // A panic's own message may hold what was being looked at.
    std::panic::set_hook(Box::new(|_| {}));
    let mut command = env::without_empty(command());
    let cli =
        match command.try_get_matches_from_mut(std::env::args_os()).and_then(|found| Cli::from_arg_matches(&found)) {
            Ok(cli) => cli,
            Err(error) => return usage(&error.format(&mut command)),
        };
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&cli)));
    match result.unwrap_or_else(|_| Err(Failure::internal())) {
        Ok(status) => status,
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(2)
        }
    }
}

fn usage(error: &clap::Error) -> ExitCode {
    // Help and version are answers; everything else is wrong usage, and says so in words that may be anybody's.
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    output::explain(&error.render().to_string().lines().map(str::to_owned).collect::<Vec<_>>());
    ExitCode::from(2)
}

fn run(cli: &Cli) -> Result<ExitCode, Failure> {
    let check = if let Some(Command::Check(args) | Command::Verify(args)) = &cli.command { args } else { &cli.check };
    let jobs = usize::from(check.jobs.unwrap_or(0));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).stack_size(STACK_BYTES).build();
    let pool = pool.map_err(|_| Failure::internal())?;
    pool.install(|| match &cli.command {
        None => check::run(&cli.check),
        Some(Command::Check(args)) => check::run(args),
        Some(Command::Verify(args)) => check::run(&args.verifying()),
        Some(Command::Publish(args)) => publish::run(args),
        Some(Command::Rules(args)) => rules::run(args),
        Some(Command::Policy(args)) => policy::run(args),
        Some(Command::Init(args)) => init::run(args),
        Some(Command::Completions(args)) => completions::run(args),
    })
}
