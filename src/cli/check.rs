//! `credlint check`: the whole sequence.

use super::args::{CheckArgs, Publish, Verify};
use super::error::Failure;
use super::plan::{self, PolicyPlan};
use super::progress::Progress;
use super::{live, modules, output, publish};
use crate::document::collect::{self, Collected, Request, Tree};
use crate::document::{self, Look, Repository};
use crate::finding::{Finding, FingerprintKey, IssuerTrust, Notification, Secret, StateStore};
use crate::policy::Policy;
use crate::report::{self, Baseline, Files, Input, Report};
use crate::resolve::{self, Program, Supplies};
use crate::rules::{self, Answers, Subject};
use crate::text::{RepoPath, Source};
use rayon::prelude::*;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// Runs the command.
pub(super) fn run(args: &CheckArgs) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    if !args.oidc_token.is_empty() && matches!(args.verify, None | Some(Verify::Never)) {
        return Err(
            Failure::new("--oidc-token asks issuers for their keys").hint("add --verify, or use `credlint verify`")
        );
    }
    let directory = std::env::current_dir().map_err(|error| Failure::new(format!("the current directory: {error}")))?;
    let mut request = Request::new(&directory, args.paths.clone());
    request.ignored = args.ignored;
    request.tree = if args.staged { Tree::Index } else { Tree::Worktree };
    let collected = collect(&request)?;
    let policy_revision = args.policy_ref.as_deref().or(args.base.as_deref());
    let policy = plan::load_policy(&collected.root, &args.policy, policy_revision)?;
    let baseline = args.baseline.as_deref().map(read_baseline).transpose()?;
    let before = args.base.as_deref().map(|revision| findings_at(&request, revision, args, &policy)).transpose()?;

    let progress = Progress::new(collected.files.len(), !args.quiet, "files");
    let root = collected.root.clone();
    let mut judged = judge(collected, &policy, &progress, args.verbose)?;
    judged.findings.extend(weakened(args, &root, &policy)?);
    progress.finish();
    let args = &args.trusting(&policy);
    match args.verify {
        Some(Verify::Plan) => {
            output::print(&live::plan(args, &judged.findings, &judged.stores)?)?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(Verify::Ask) => judge_answers(args, &policy, &mut judged)?,
        Some(Verify::Never) | None => {}
    }

    let baseline = baseline.or(before);
    let mut report = build(judged, &policy, baseline.as_ref(), started);
    if args.inventory {
        // Who asks for the inventory is answered with what the issuers say; `check` has the rest.
        report
            .findings
            .retain(|finding| rules::find(&finding.rule).is_some_and(|rule| rule.group == rules::Group::Live));
    }
    if let Some(path) = &args.write_baseline {
        let text = report::write_baseline(&report, &|rule| policy.ignorable(rule));
        std::fs::write(path, text).map_err(|error| Failure::write(path, &error))?;
    }
    output::write(&report, args)?;
    if let Some(wanted) = args.publish.as_ref().and_then(Publish::wanted) {
        publish::in_job(&report, args, wanted);
    }
    let failed = args.write_baseline.is_none() && report.exit_worthy(args.fail_on.level());
    let status = match (report.incomplete(), failed) {
        (true, _) => Err(output::incomplete(&report)),
        (false, failed) => Ok(ExitCode::from(u8::from(failed))),
    };
    // As in `judge`: the process ends here.
    std::mem::forget(report);
    status
}

/// That the policy names hosts or accounts and is not believed: a change could have written them.
fn not_trusted() -> Notification {
    let message =
        "the policy's `verify` is ignored: it counts only in a policy that is read with --policy-ref or --base";
    Notification { path: None, level: crate::finding::Level::Warning, message: message.into() }
}

/// Asks the issuers, and judges what they answer.
fn judge_answers(args: &CheckArgs, policy: &Policy, judged: &mut Judged) -> Result<(), Failure> {
    if args.verify_accounts.is_empty() && !policy.verify().is_empty() {
        judged.notifications.push(not_trusted());
    }
    judged.notifications.extend(live::ask(args, &mut judged.findings, &mut judged.stores)?);
    let tokens = live::tokens(args, &mut judged.notifications)?;
    let Judged { findings, stores, trusts, .. } = &*judged;
    let answers = Answers { findings, stores, trusts, tokens: &tokens, today: today() };
    let outcome = rules::run_live(&answers, rules::ALL, &PolicyPlan(policy));
    judged.findings.extend(outcome.findings);
    judged.notifications.extend(outcome.notifications);
    Ok(())
}

/// What was judged, on its way to the report.
struct Judged {
    findings: Vec<Finding>,
    repository: Repository,
    notifications: Vec<Notification>,
    stores: Vec<StateStore>,
    trusts: Vec<IssuerTrust>,
}

fn collect(request: &Request) -> Result<Collected, Failure> {
    // Single paths are answered without walking the whole repository.
    let collected = if request.paths.is_empty() { collect::collect(request) } else { collect::collect_near(request) };
    Ok(collected?)
}

/// Documents, modules, rules.
fn judge(collected: Collected, policy: &Policy, progress: &Progress, verbose: bool) -> Result<Judged, Failure> {
    let detectors = plan::detectors(policy);
    let look =
        Look { suspects: &|path, bytes| detectors.suspects(path, bytes), progress: &|files| progress.advance(files) };
    let mut repository = match collected.whole {
        true => document::load(collected, &look),
        false => document::load_near(collected, &look)?,
    };
    let invocations = resolve::find_invocations(&repository);
    // Backend-config and variable files have any name: those that a command names are read now.
    for (path, kind) in resolve::named_files(&repository, &invocations) {
        repository.add_named(&path, kind);
    }
    progress.message("judging");
    let program = Program::new(&repository, &invocations);
    let supplies = Supplies::new(&repository, invocations, plan::backend_defaults(policy));
    let (detectors, today) = (&detectors, today());
    let subject = Subject { repository: &repository, program: &program, supplies: &supplies, detectors, today };
    let mut outcome = rules::run(&subject, rules::ALL, &PolicyPlan(policy));
    outcome.findings.extend(rules::run_custom(&subject, &plan::custom_rules(policy)));
    if verbose {
        modules::explain(&program, &supplies);
    }
    // A finding belongs to every file that its story passes through: the literal may stand in another one.
    let asked = |finding: &Finding| {
        let mut places = std::iter::once(&finding.place).chain(finding.related.iter().map(|related| &related.place));
        places.any(|place| repository.document(place.path()).is_none_or(|document| document.asked))
    };
    let all = repository.documents.iter().all(|document| document.asked);
    let findings = if all { outcome.findings } else { outcome.findings.into_par_iter().filter(asked).collect() };
    // To take apart what only the end of the process follows upon would take longer than to write the report.
    std::mem::forget((program, supplies));
    repository.counts.unparsable += outcome.unparsable_artifacts;
    let mut notifications = outcome.notifications;
    notifications.extend(policy.gitleaks().notes.iter().cloned());
    notifications.append(&mut repository.notifications);
    Ok(Judged { findings, repository, notifications, stores: outcome.stores, trusts: outcome.trusts })
}

fn build(judged: Judged, policy: &Policy, baseline: Option<&Baseline>, started: Instant) -> Report {
    let Judged { findings, mut repository, notifications, .. } = judged;
    let metas = plan::rule_metas(policy);
    let counts = repository.counts;
    let ignores = repository.documents.iter_mut().flat_map(|document| std::mem::take(&mut document.ignores)).collect();
    let whole_tree = repository.whole;
    // As in `judge`; what findings point to is shared with them.
    std::mem::forget(repository);
    report::build(Input {
        root: ".".into(),
        findings,
        notifications,
        files: Files { seen: counts.seen, checked: counts.checked, unparsable: counts.unparsable },
        rules: &metas,
        judge: policy,
        ignores,
        baseline,
        fingerprint_key: fingerprint_key().as_ref(),
        whole_tree,
        today: today(),
        finished: super::env::now(),
        elapsed: started.elapsed(),
    })
}

/// The findings that were there at a revision, as a baseline.
fn findings_at(request: &Request, revision: &str, args: &CheckArgs, policy: &Policy) -> Result<Baseline, Failure> {
    let started = Instant::now();
    let mut request = Request { tree: Tree::Revision(revision.to_owned()), ..request.clone() };
    // A path that is new since then is no error there.
    request.paths.clear();
    let collected = collect(&request)?;
    let progress = Progress::new(collected.files.len(), !args.quiet, "files");
    let judged = judge(collected, policy, &progress, false)?;
    progress.finish();
    let report = build(judged, policy, None, started);
    let text = report::write_baseline(&report, &|_| true);
    let source = Source::new(RepoPath::new(&format!("findings at {revision}")), text.into_bytes());
    let read = Baseline::read(&Arc::new(source)).map(Baseline::of_revision);
    read.map_err(|error| Failure::new(error.to_string()))
}

fn read_baseline(path: &Path) -> Result<Baseline, Failure> {
    let bytes = std::fs::read(path);
    let bytes = bytes.map_err(|error| Failure::new(format!("{}: {}", path.display(), error.kind())))?;
    let source = Arc::new(Source::new(RepoPath::new(&path.to_string_lossy()), bytes));
    Baseline::read(&source).map_err(|error| Failure::new(format!("{}: {error}", path.display())).hint(error.hint()))
}

/// Findings of `policy-weakened`: the judged tree's own policy against the one of the base.
fn weakened(args: &CheckArgs, root: &Path, base: &Policy) -> Result<Vec<Finding>, Failure> {
    if args.base.is_none() && args.policy_ref.is_none() || !args.policy.is_empty() {
        return Ok(Vec::new());
    }
    let head = plan::load_policy(root, &[], None)?;
    // Where the change takes the policy away, there is only the base's.
    let file = head.file().or(base.file()).unwrap_or_default();
    Ok(report::weakenings(base, &head, file))
}

fn fingerprint_key() -> Option<FingerprintKey> {
    let key = super::env::text("CREDLINT_FINGERPRINT_KEY").filter(|key| !key.is_empty())?;
    Some(FingerprintKey(Secret::new(key)))
}

fn today() -> jiff::civil::Date {
    super::env::today()
}
