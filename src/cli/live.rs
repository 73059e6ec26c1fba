//! Asking issuers about the credentials that were found.

use super::args::CheckArgs;
use super::error::Failure;
use super::progress::Progress;
use super::{env, fork, output, tokens};
use crate::finding::{CredentialUse, Finding, Level, Notification, StateStore, WorkloadToken, same_credential};
use crate::output::TerminalText;
use crate::policy::Setting;
use crate::verify::{self, Accounts, Candidate, Hosts, KeyFacts, Operator, Planned, Settings};
use std::fmt::Write as _;
use std::sync::Arc;

/// Asks, and gives every use of a credential its issuer's verdict, and every store what AWS says of it. What nobody
/// could look at is told.
///
/// # Errors
/// On a pull request from a fork, for a host that is none, and where no connection can be made at all.
pub(super) fn ask(
    args: &CheckArgs,
    findings: &mut [Finding],
    stores: &mut [StateStore],
) -> Result<Vec<Notification>, Failure> {
    fork::refuse()?;
    let settings = settings(args)?;
    let groups = same_credential(findings);
    let credentials = candidates(findings, &groups);
    let progress = Progress::new(credentials.len(), !args.quiet, "credentials");
    progress.message("looking with your own AWS credentials");
    progress.begin();
    let (known, unknown) = look(&credentials, stores);
    progress.message("asking issuers");
    let verdicts = verify::verify(&credentials, &settings, &|| progress.advance(1));
    progress.finish();
    let mut verdicts = verdicts.map_err(|error| Failure::new(error.to_string()).hint(error.hint()))?;
    known.complete(&credentials, &mut verdicts);
    for (group, verdict) in groups.iter().zip(verdicts) {
        let verdict = Arc::new(verdict);
        for at in group {
            if let Some(found) = &mut findings[*at].credential {
                found.verification = Some(Arc::clone(&verdict));
            }
        }
    }
    Ok(unknown.into_iter().collect())
}

/// What the operator sees in AWS: of keys, before they are used to ask, and of what keeps the state.
fn look(credentials: &[Vec<Candidate>], stores: &mut [StateStore]) -> (KeyFacts, Option<Notification>) {
    let keys = credentials.iter().flatten().any(Operator::knows_of);
    if !keys && stores.is_empty() {
        return (KeyFacts::default(), None);
    }
    match Operator::connect() {
        Ok(operator) => {
            operator.look_at(stores);
            (operator.keys(credentials, env::now()), None)
        }
        Err(error) => {
            let keys = keys.then_some("age, last use and owner of AWS keys");
            let stores = (!stores.is_empty()).then_some("the real bucket, lock table and key of the state");
            let unknown: Vec<&str> = keys.into_iter().chain(stores).collect();
            let message = format!("{} are not known: {error}", unknown.join(", and "));
            (KeyFacts::default(), Some(Notification { path: None, level: Level::Note, message }))
        }
    }
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
pub(super) fn plan(args: &CheckArgs, findings: &[Finding], stores: &[StateStore]) -> Result<String, Failure> {
    let settings = settings(args)?;
    let groups = same_credential(findings);
    let credentials = candidates(findings, &groups);
    let planned = verify::plan(&credentials, &settings);
    let mut text = String::new();
    for (at, group) in groups.iter().enumerate() {
        let first = &findings[group[0]];
        let masked = first.credential.as_ref().map(CredentialUse::masked).unwrap_or_default();
        let kind = first.credential.as_ref().map_or("", |found| found.kind);
        let _ = writeln!(text, "{kind} {masked} at {}", TerminalText::new(&first.place.shown()));
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
    let keys = credentials.iter().flatten().any(Operator::knows_of);
    let looks = [(keys, "age, last use and owner of AWS keys", &verify::KEY_CALLS[..])];
    let looks =
        looks.into_iter().chain([(!stores.is_empty(), "what keeps the state in AWS", &verify::STORE_CALLS[..])]);
    for (_, what, calls) in looks.filter(|(is_planned, ..)| *is_planned) {
        let _ = writeln!(text, "{what}, with your own AWS credentials if there are any\n  {}", calls.join(", "));
    }
    text.push_str(&tokens::plan(args, &settings.hosts)?);
    if text.is_empty() {
        text.push_str("no credentials were found: nobody is asked\n");
    }
    Ok(text)
}

fn settings(args: &CheckArgs) -> Result<Settings, Failure> {
    let mut hosts = Hosts::default();
    for host in &args.verify_host {
        hosts.add(host).map_err(|error| Failure::new(format!("--verify-host: {error}")).hint(error.hint()))?;
    }
    let values = |settings: &[Setting<String>]| settings.iter().map(|setting| setting.value.clone()).collect();
    let accounts = &args.verify_accounts;
    hosts.accounts = Accounts { only: values(&accounts.accounts), canaries: values(&accounts.canary_accounts) };
    Ok(Settings { hosts, logins: args.verify_logins, now: env::now(), patience: verify::PATIENCE })
}

fn candidates(findings: &[Finding], groups: &[Vec<usize>]) -> Vec<Vec<Candidate>> {
    let uses = |group: &Vec<usize>| group.iter().filter_map(|at| findings[*at].credential.as_ref()).collect::<Vec<_>>();
    groups.iter().map(|group| verify::candidates(&uses(group))).collect()
}
