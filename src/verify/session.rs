//! One run of questions: which credential is asked of whom, at most four at once, each within its time.

use super::http::Sender;
use super::verifier::{Ask, Asking, Step, Verifier};
use super::{Answer, Candidate, Hosts};
use crate::finding::{CredentialUse, Reason, Status, Verification};
use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use reqwest::Url;
use std::time::Duration;

/// Issuers that are asked at the same time.
const IN_FLIGHT: usize = 4;
/// Longest that all questions about one secret may take, unless somebody has less patience.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// Most questions about one secret; every verifier ends long before.
const MOST_QUESTIONS: usize = 6;

/// What the operator allows.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where self-hosted issuers are.
    pub hosts: Hosts,
    /// Whether issuers may be asked that only a log-in asks.
    pub logins: bool,
    /// The time of the run.
    pub now: Timestamp,
    /// Longest that all questions about one secret may take: [`PATIENCE`].
    pub patience: Duration,
}

/// One call of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which of the credentials it asks about.
    pub credential: usize,
    /// The issuer, for people.
    pub issuer: &'static str,
    /// Method and URL, and what it tells and leaves; or why nothing is asked.
    pub call: Result<PlannedCall, String>,
}

/// A call that would be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedCall {
    /// `GET https://...`.
    pub request: String,
    /// What it tells.
    pub tells: &'static str,
    /// What it leaves behind.
    pub leaves: &'static str,
}

/// Why nothing can be asked at all.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// No client could be made.
    #[error("no connection can be made from this machine")]
    Client,
}

impl VerifyError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        "the machine's certificates may be missing: install ca-certificates, or set SSL_CERT_FILE"
    }
}

/// The candidates among the uses of one credential: one a secret, the most complete of its uses, in the order met.
pub fn candidates(uses: &[&CredentialUse]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for candidate in uses.iter().map(|found| Candidate::of(found)).filter(|one| verifier_of(one.kind).is_some()) {
        let known = found.iter_mut().find(|known| known.secret == candidate.secret);
        let rank = |one: &Candidate| (one.id.is_some(), one.beside.len());
        match known {
            Some(known) if rank(&candidate) > rank(known) => *known = candidate,
            Some(_) => {}
            None => found.push(candidate),
        }
    }
    // Who has the secret can ask; the public half by itself is told apart only where there is nothing else.
    if found.iter().any(Candidate::is_whole) {
        found.retain(Candidate::is_whole);
    }
    found
}

/// Asks about credentials, each of which is a list of [`candidates`]; `advance` is called as each is done. A verdict
/// each, in the same order.
///
/// # Errors
/// If no connection can be made from this machine.
pub fn verify(
    credentials: &[Vec<Candidate>],
    settings: &Settings,
    advance: &dyn Fn(),
) -> Result<Vec<Verification>, VerifyError> {
    run(async |sender| {
        let questions: Vec<_> = credentials
            .iter()
            .map(|secrets| async move {
                let verdict = credential(sender, secrets, settings).await;
                advance();
                verdict
            })
            .collect();
        stream::iter(questions).buffered(IN_FLIGHT).collect().await
    })
}

/// Does what needs the network.
pub(super) fn run<T>(work: impl AsyncFnOnce(&Sender) -> T) -> Result<T, VerifyError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|_| VerifyError::Client)?;
    let sender = Sender::new().map_err(|_| VerifyError::Client)?;
    Ok(runtime.block_on(work(&sender)))
}

/// What [`verify`] would ask.
pub fn plan(credentials: &[Vec<Candidate>], settings: &Settings) -> Vec<Planned> {
    let mut planned = Vec::new();
    for (credential, secrets) in credentials.iter().enumerate() {
        for candidate in secrets {
            let Some(verifier) = verifier_of(candidate.kind) else { continue };
            let add = |call| Planned { credential, issuer: verifier.issuer, call };
            match address(verifier, candidate, settings) {
                Err(verdict) => planned.push(add(Err(verdict.detail.unwrap_or_default()))),
                Ok(home) => {
                    planned.extend(verifier.calls_for(candidate).map(|call| add(Ok(planned_call(call, home.as_ref())))))
                }
            }
        }
    }
    planned
}

fn planned_call(call: &super::Call, home: Option<&Url>) -> PlannedCall {
    let (method, path) = call.request.split_once(' ').unwrap_or(("", call.request));
    let base = home.map_or("", |home| home.as_str().trim_end_matches('/'));
    PlannedCall { request: format!("{method} {base}{path}"), tells: call.tells, leaves: call.leaves }
}

fn verifier_of(kind: &str) -> Option<&'static Verifier> {
    super::ALL.iter().find(|verifier| verifier.kinds.contains(&kind))
}

/// Where a candidate's issuer is; None if nobody needs to be asked.
fn address(verifier: &Verifier, candidate: &Candidate, settings: &Settings) -> Result<Option<Url>, Verification> {
    if let Some(refusal) = settings.hosts.accounts.refusal(candidate) {
        return Err(refusal);
    }
    if verifier.logs_in && !settings.logins {
        let detail = "only a log-in tells: --verify-logins allows it";
        return Err(Verification::unknown(Reason::Skipped, detail));
    }
    match &verifier.ask {
        Ask::Offline(_) => Ok(None),
        Ask::Http { home, .. } | Ask::Client { home, .. } => home(candidate, &settings.hosts).map(Some),
    }
}

/// The secrets of one credential, one after the other: the verdict of the one that works, else of the least certain.
async fn credential(sender: &Sender, secrets: &[Candidate], settings: &Settings) -> Verification {
    let mut verdicts = Vec::new();
    for candidate in secrets {
        verdicts.push(secret(sender, candidate, settings).await);
    }
    let rank = |verdict: &Verification| match verdict.status {
        Status::Active => 0,
        Status::Unknown => 1,
        Status::Inactive => 2,
    };
    verdicts.sort_by_key(rank);
    let none = || Verification::unknown(Reason::Unsupported, "no issuer is known that could be asked");
    verdicts.into_iter().next().unwrap_or_else(none)
}

async fn secret(sender: &Sender, candidate: &Candidate, settings: &Settings) -> Verification {
    let Some(verifier) = verifier_of(candidate.kind) else {
        return Verification::unknown(Reason::Unsupported, "no issuer is known that could be asked");
    };
    let home = match address(verifier, candidate, settings) {
        Ok(home) => home,
        Err(verdict) => return verdict,
    };
    let host = home.as_ref().and_then(Url::host_str).map(str::to_owned);
    let asking: Asking<'_> = match (&verifier.ask, home) {
        (Ask::Http { next, .. }, Some(home)) => Box::pin(converse(sender, verifier, (candidate, *next), home)),
        (Ask::Client { ask, .. }, Some(home)) => ask(candidate, home),
        (Ask::Offline(tell), _) => return tell(candidate, settings.now),
        (_, None) => return Verification::unknown(Reason::Unsupported, "it has no address"),
    };
    let late = |_| Verification::unknown(Reason::Unreachable, "the questions took too long");
    let mut verdict = tokio::time::timeout(settings.patience, asking).await.unwrap_or_else(late);
    if let (Some(Reason::Unreachable), Some(host), Some(detail)) = (verdict.reason, &host, &mut verdict.detail) {
        // Whoever mends the way there has to know where it leads.
        *detail = format!("{host}: {detail}");
    }
    Verification { checked_at: Some(settings.now), issuer_host: host, ..verdict.without(&candidate.secret) }
}

type Talk<'c> = (&'c Candidate, fn(&Candidate, &[Answer]) -> Step);

async fn converse(sender: &Sender, verifier: &Verifier, (candidate, next): Talk<'_>, home: Url) -> Verification {
    let mut answers = Vec::new();
    let mut known = None;
    while answers.len() < MOST_QUESTIONS {
        let request = match next(candidate, &answers) {
            Step::Done(verdict) => return verdict,
            Step::Also(verdict, request) => {
                known = Some(verdict);
                request
            }
            Step::Ask(request) => request,
        };
        debug_assert!(verifier.allows(&request), "{} asks what it does not list", verifier.name);
        if !verifier.allows(&request) {
            break;
        }
        match sender.send(&home, &request).await {
            Ok(answer) => answers.push(answer),
            Err(fault) => {
                return known.unwrap_or_else(|| Verification::unknown(Reason::Unreachable, fault.to_string()));
            }
        }
    }
    known.unwrap_or_else(|| Verification::unknown(Reason::Unreachable, "the answers led nowhere"))
}
