//! Asking issuers about the credentials that were found.

use super::args::CheckArgs;
use super::error::Failure;
use super::progress::Progress;
use super::{env, fork, output, tokens};
use crate::finding::{CredentialUse, Finding, Notification, WorkloadToken, same_credential};
use crate::verify::{self, Accounts, Candidate, Hosts, Planned, Settings};
use std::fmt::Write as _;
use std::sync::Arc;

/// Asks, and gives every use of a credential its issuer's verdict.
///
/// # Errors
/// On a pull request from a fork, for a host that is none, and where no connection can be made at all.
pub(super) fn ask(args: &CheckArgs, findings: &mut [Finding]) -> Result<(), Failure> {
    fork::refuse()?;
    let settings = settings(args)?;
    let groups = same_credential(findings);
    let credentials = candidates(findings, &groups);
    let progress = Progress::new(credentials.len(), !args.quiet, "credentials");
    progress.message("asking issuers");
    let verdicts = verify::verify(&credentials, &settings, &|| progress.advance(1));
    progress.finish();
    let verdicts = verdicts.map_err(|error| Failure::new(error.to_string()).hint(error.hint()))?;
    for (group, verdict) in groups.iter().zip(verdicts) {
        let verdict = Arc::new(verdict);
        for at in group {
            if let Some(found) = &mut findings[*at].credential {
                found.verification = Some(Arc::clone(&verdict));
            }
        }
    }
    Ok(())
}

/// Holds the workload-identity tokens that were named against their issuers' keys. Of those that are good a line is
/// printed for people, and those of which nobody could tell are notified.
///
/// # Errors
/// For a host that is none, a token that is not there, and where no connection can be made at all.
pub(super) fn tokens(args: &CheckArgs, notifications: &mut Vec<Notification>) -> Result<Vec<WorkloadToken>, Failure> {
    let tokens = tokens::check(args, &settings(args)?.hosts)?;
    let (good, unclear) = tokens::said(&tokens);
    if !args.quiet {
        output::explain(&good);
    }
    notifications.extend(unclear);
    Ok(tokens)
}

/// What [`ask`] would ask, in lines for people.
///
/// # Errors
/// For a host that is none.
pub(super) fn plan(args: &CheckArgs, findings: &[Finding]) -> Result<String, Failure> {
    let settings = settings(args)?;
    let groups = same_credential(findings);
    let planned = verify::plan(&candidates(findings, &groups), &settings);
    let mut text = String::new();
    for (at, group) in groups.iter().enumerate() {
        let first = &findings[group[0]];
        let masked = first.credential.as_ref().map(CredentialUse::masked).unwrap_or_default();
        let kind = first.credential.as_ref().map_or("", |found| found.kind);
        let _ = writeln!(text, "{kind} {masked} at {}", first.place.shown());
        let calls: Vec<&Planned> = planned.iter().filter(|planned| planned.credential == at).collect();
        if calls.is_empty() {
            text.push_str("  nobody is asked: no issuer is known that could be\n");
        }
        for planned in calls {
            let _ = match &planned.call {
                Ok(call) => writeln!(text, "  {}\n    tells {}; leaves {}", call.request, call.tells, call.leaves),
                Err(why) => writeln!(text, "  {} is not asked: {why}", planned.issuer),
            };
        }
    }
    text.push_str(&tokens::plan(args, &settings.hosts)?);
    Ok(text)
}

fn settings(args: &CheckArgs) -> Result<Settings, Failure> {
    let mut hosts = Hosts::default();
    for host in &args.verify_host {
        hosts.add(host).map_err(|error| Failure::new(format!("--verify-host: {error}")).hint(error.hint()))?;
    }
    let accounts = &args.verify_accounts;
    hosts.accounts = Accounts { only: accounts.accounts.clone(), canaries: accounts.canary_accounts.clone() };
    Ok(Settings { hosts, logins: args.verify_logins, now: env::now(), patience: verify::PATIENCE })
}

fn candidates(findings: &[Finding], groups: &[Vec<usize>]) -> Vec<Vec<Candidate>> {
    let uses = |group: &Vec<usize>| group.iter().filter_map(|at| findings[*at].credential.as_ref()).collect::<Vec<_>>();
    groups.iter().map(|group| verify::candidates(&uses(group))).collect()
}
