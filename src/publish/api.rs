//! Sends requests with patience: again where that can do no harm, never longer than allowed.

use super::context::{Context, Pace};
use super::fault::Fault;
use super::transport::{Answer, Request, Transport};
use reqwest::Method;
use serde_json::Value;
use std::cell::Cell;
use std::time::Duration;

/// How often a request is sent at most.
const TRIES: u32 = 4;

/// Entries of a page, the most that GitHub gives.
pub(super) const PER_PAGE: usize = 100;

/// A forge's API.
pub(super) struct Api {
    runtime: tokio::runtime::Runtime,
    transport: Transport,
    pace: Pace,
    now: jiff::Timestamp,
    waited: Cell<Duration>,
}

impl Api {
    /// # Errors
    /// Without a token, for an address that no token may be sent to, and where no connection can be made.
    pub(super) fn new(context: &Context) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|_| Fault::Unreachable)?;
        let transport = {
            let _inside = runtime.enter();
            Transport::new(context)?
        };
        Ok(Self { runtime, transport, pace: context.pace, now: context.now, waited: Cell::default() })
    }

    /// What stands at a path.
    pub(super) fn get(&self, path: impl Into<String>) -> Result<Value, Fault> {
        self.patiently(&Request { method: Method::GET, path: path.into(), body: None }).map(|answer| answer.body)
    }

    /// All entries of a list, and whether there are more than `pages` pages of it.
    pub(super) fn list(&self, path: &str, pages: usize) -> Result<(Vec<Value>, bool), Fault> {
        let mut entries = Vec::new();
        for page in 1..=pages {
            let path = format!("{path}?per_page={PER_PAGE}&page={page}");
            let answer = self.patiently(&Request { method: Method::GET, path, body: None })?;
            let Value::Array(found) = answer.body else { return Err(Fault::Odd) };
            entries.extend(found);
            if !answer.more {
                return Ok((entries, false));
            }
        }
        Ok((entries, true))
    }

    /// Makes what is there what it should be: to do it twice is to do it once.
    pub(super) fn set(&self, method: Method, path: impl Into<String>, body: Value) -> Result<Value, Fault> {
        self.patiently(&Request { method, path: path.into(), body: Some(body) }).map(|answer| answer.body)
    }

    /// Sends a request that adds something. Where nobody knows whether it was carried out, `look` looks whether what
    /// it adds is there, before it is sent again.
    pub(super) fn add<T>(
        &self,
        method: &Method,
        path: &str,
        body: &Value,
        made: impl Fn(&Value) -> Option<T>,
        look: impl Fn() -> Result<Option<T>, Fault>,
    ) -> Result<T, Fault> {
        let request = Request { method: method.clone(), path: path.to_owned(), body: Some(body.clone()) };
        for attempt in 1.. {
            match self.once(&request) {
                Ok(answer) => return made(&answer.body).ok_or(Fault::Odd),
                Err(fault) if self.may_repeat(&fault, attempt) => self.pause(attempt),
                Err(fault) if fault.passes() => return look()?.ok_or(fault),
                Err(fault) => return Err(fault),
            }
            if let Some(found) = look()? {
                return Ok(found);
            }
        }
        Err(Fault::Odd)
    }

    /// Waits a moment.
    pub(super) fn pause(&self, attempt: u32) {
        self.sleep(self.pace.pause * 2_u32.saturating_pow(attempt - 1));
    }

    fn patiently(&self, request: &Request) -> Result<Answer, Fault> {
        let mut attempt = 1;
        loop {
            match self.once(request) {
                Err(fault) if self.may_repeat(&fault, attempt) => self.pause(attempt),
                answer => return answer,
            }
            attempt += 1;
        }
    }

    /// Once, but for limits: what they refuse has not been done.
    fn once(&self, request: &Request) -> Result<Answer, Fault> {
        let mut attempt = 1;
        loop {
            let sent = self.runtime.block_on(async {
                tokio::time::timeout(self.pace.request, self.transport.send(request, self.now)).await
            });
            if sent.is_err() {
                self.waited.set(self.waited.get() + self.pace.request);
            }
            match sent.unwrap_or(Err(Fault::TimedOut)) {
                Err(Fault::Limited(wait)) if attempt < TRIES && self.may_wait(wait) => self.sleep(wait),
                answer => return answer,
            }
            attempt += 1;
        }
    }

    fn may_repeat(&self, fault: &Fault, attempt: u32) -> bool {
        fault.passes() && attempt < TRIES && self.may_wait(Duration::ZERO)
    }

    fn may_wait(&self, wait: Duration) -> bool {
        self.waited.get().saturating_add(wait) <= self.pace.patience
    }

    fn sleep(&self, wait: Duration) {
        self.waited.set(self.waited.get() + wait);
        self.runtime.block_on(async { tokio::time::sleep(wait).await });
    }
}
