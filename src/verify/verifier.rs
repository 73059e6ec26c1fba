//! The type of a verifier: everything about asking one issuer stands in its file.

use super::{Answer, Candidate, Hosts, Request};
use crate::finding::{Reason, Verification};
use reqwest::Url;
use std::pin::Pin;

/// One issuer, and how to ask it.
#[derive(Debug)]
pub struct Verifier {
    /// Its word in `--verify-host KIND=URL`.
    pub name: &'static str,
    /// Its name for people.
    pub issuer: &'static str,
    /// The kinds of credentials that it issues, in the inventory's words.
    pub kinds: &'static [&'static str],
    /// Whether people run it themselves, so that the operator may name hosts.
    pub self_hosted: bool,
    /// Whether to ask means to log in: it then needs its own permission.
    pub logs_in: bool,
    /// Every call that may be made, in order. What is not listed is not sent.
    pub calls: &'static [Call],
    /// How it is asked.
    pub ask: Ask,
}

/// One call, as the plan and the documentation show it.
#[derive(Debug)]
pub struct Call {
    /// `GET` or `POST`, and the path; `*` stands for one segment that depends on the credential or an earlier answer.
    pub request: &'static str,
    /// What it tells.
    pub tells: &'static str,
    /// What it leaves behind at the issuer.
    pub leaves: &'static str,
    /// Whether it comes after another call, if at all; the others are first calls, of which one is made.
    pub follows: bool,
}

/// How an issuer is asked.
#[derive(Debug)]
pub enum Ask {
    /// By HTTP.
    Http {
        /// The address of this credential's own issuer, or why there is none to ask.
        home: fn(&Candidate, &Hosts) -> Result<Url, Verification>,
        /// What to do next, with the answers so far: pure, so that a time-out, a redirect or an overload never
        /// reaches it.
        next: fn(&Candidate, &[Answer]) -> Step,
    },
    /// Not at all: the credential itself tells.
    Offline(fn(&Candidate, jiff::Timestamp) -> Verification),
    /// By the issuer's own client library, which keeps within the same limits.
    Client {
        /// The address of this credential's own issuer, or why there is none to ask.
        home: fn(&Candidate, &Hosts) -> Result<Url, Verification>,
        /// Asks all there is to ask.
        ask: for<'c> fn(&'c Candidate, Url) -> Asking<'c>,
    },
}

/// A question on its way.
pub type Asking<'c> = Pin<Box<dyn Future<Output = Verification> + 'c>>;

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Ask this.
    Ask(Request),
    /// This is known; ask for more, which may fail.
    Also(Verification, Request),
    /// All is known.
    Done(Verification),
}

impl Verifier {
    /// Whether a call is listed.
    pub(super) fn allows(&self, request: &Request) -> bool {
        self.calls.iter().any(|call| call.is(request))
    }

    /// The calls that asking about a candidate may make: the first one, and those that may follow it.
    pub(super) fn calls_for(&self, candidate: &Candidate) -> impl Iterator<Item = &'static Call> {
        let first = match &self.ask {
            Ask::Http { next, .. } => match next(candidate, &[]) {
                Step::Ask(request) | Step::Also(_, request) => Some(request),
                Step::Done(_) => None,
            },
            Ask::Client { .. } | Ask::Offline(_) => None,
        };
        let made = move |call: &&Call| call.follows || first.as_ref().is_none_or(|first| call.is(first));
        self.calls.iter().filter(made)
    }
}

impl Call {
    fn is(&self, request: &Request) -> bool {
        let path = request.path.split('?').next().unwrap_or_default();
        let Some((method, template)) = self.request.split_once(' ') else { return false };
        let template = template.split('?').next().unwrap_or_default();
        method == request.method.as_str()
            && template.split('/').count() == path.split('/').count()
            && template.split('/').zip(path.split('/')).all(|(known, part)| known == "*" || known == part)
    }
}

/// The address of an issuer that has only one.
pub(super) fn only(name: &str, hosts: &Hosts, compiled: &str) -> Result<Url, Verification> {
    hosts.home(name, None, Some(compiled)).ok_or_else(|| no_home(name))
}

/// The address of an issuer that people run themselves: the one that stands beside the credential under one of the
/// names, if the operator allows it; without a name the operator's only one, else the compiled-in one.
pub(super) fn home_beside(
    name: &str,
    (candidate, names): (&Candidate, &[&str]),
    hosts: &Hosts,
    compiled: Option<&str>,
) -> Result<Url, Verification> {
    if candidate.contradicts(names) {
        return Err(Verification::unknown(Reason::Incomplete, "different hosts stand beside it"));
    }
    hosts.home(name, candidate.beside(names), compiled).ok_or_else(|| no_home(name))
}

/// The verdict where nobody allowed the host that a credential belongs to.
pub(super) fn no_home(name: &str) -> Verification {
    let detail = format!("nobody named the host that it belongs to: --verify-host {name}=URL does");
    Verification::unknown(Reason::Skipped, detail)
}

/// The verdict on an answer that says neither one thing nor the other.
pub(super) fn unclear(answer: &Answer) -> Verification {
    let form = if answer.json.is_some() { "" } else { " without JSON" };
    Verification::unknown(Reason::Unreachable, format!("status {}{form} is no verdict", answer.status.as_u16()))
}
