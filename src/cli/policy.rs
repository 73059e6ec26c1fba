//! `credlint policy`: what the policy says, and whether it is valid.

use super::args::{PolicyArgs, PolicyCommand};
use super::error::Failure;
use super::{env, output, plan};
use crate::document::collect::{Request, locate_root};
use crate::policy::{self, Policy};
use std::process::ExitCode;

/// Runs the command.
pub(super) fn run(args: &PolicyArgs) -> Result<ExitCode, Failure> {
    if matches!(args.command, PolicyCommand::Schema) {
        output::print(&format!("{:#}\n", policy::schema(&plan::rule_infos())))?;
        return Ok(ExitCode::SUCCESS);
    }
    let directory = std::env::current_dir().map_err(|error| Failure::new(format!("the current directory: {error}")))?;
    let root = locate_root(&Request::new(directory, Vec::new()))?;
    let policy = plan::load_policy(&root, &args.policy, args.policy_ref.as_deref())?;
    let text = match args.command {
        PolicyCommand::Show | PolicyCommand::Schema => policy::show(&policy),
        PolicyCommand::Check => format!("the policy is valid: {}\n", described(&policy)),
        PolicyCommand::Exceptions => exceptions(&policy),
    };
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn described(policy: &Policy) -> String {
    let on = policy.rules().iter().filter(|rule| policy.runs_anywhere(&rule.id)).count();
    format!("{on} rules on, {} scopes, {} exceptions", policy.scopes().len(), policy.exceptions().len())
}

fn exceptions(policy: &Policy) -> String {
    let today = env::today();
    let mut all: Vec<_> = policy.exceptions().iter().collect();
    all.sort_by_key(|exception| exception.expires);
    let line = |exception: &&policy::Exception| {
        let state = if exception.expires < today { "expired" } else { "expires" };
        let address = exception.address.as_ref().map(|address| format!(" {address}")).unwrap_or_default();
        let (rule, path, reason) = (&exception.rule, exception.path.as_str(), &exception.reason);
        let line = format!("{state} {}  {rule}  {path}{address}  {reason}", exception.expires);
        format!("{}\n", crate::output::TerminalText::new(&line))
    };
    let lines: String = all.iter().map(line).collect();
    if lines.is_empty() { "the policy has no exceptions\n".into() } else { lines }
}
