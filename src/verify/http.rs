//! Sends requests within limits: no redirects, https alone, bounded in time and size, tried again only where the issuer
//! is busy.

use super::{Answer, Body, Request, hosts};
use backon::{ExponentialBuilder, Retryable as _};
use reqwest::{Client, Url, redirect};
use std::time::Duration;

/// Time to connect.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
/// Time for one request and its answer.
pub(super) const TOTAL: Duration = Duration::from_secs(10);
/// Longest that a busy issuer is waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Bytes of an answer that are read.
const MAX_BODY: usize = 64 * 1024;

/// The name that every request carries: who watches an account can tell it from a thief.
pub(super) const AGENT: &str =
    concat!("credlint/", env!("CARGO_PKG_VERSION"), " (+https://github.com/credlint/credlint)");

/// Why there is no answer. The texts name no host's words: what a stranger sends is not repeated.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum Fault {
    /// The issuer asks for patience.
    #[error("the issuer is busy or broken (status {status})")]
    Busy {
        /// Its status: 429 or 5xx.
        status: u16,
        /// How long it asks to be left alone.
        wait: Option<Duration>,
    },
    /// It sends elsewhere.
    #[error("it redirects (status {0}), and credentials are not sent on")]
    Redirect(u16),
    /// It sends too much.
    #[error("its answer is longer than 64 KiB")]
    TooLong,
    /// Time is over.
    #[error("it did not answer in time")]
    TimedOut,
    /// No connection, or a broken one.
    #[error("it cannot be reached")]
    Unreachable,
}

/// A client for all issuers.
pub(super) struct Sender {
    remote: Client,
    loopback: Client,
}

impl Sender {
    /// # Errors
    /// If the machine has no certificates to trust or the like.
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let builder = || {
            Client::builder()
                .user_agent(AGENT)
                .redirect(redirect::Policy::none())
                .referer(false)
                .connect_timeout(CONNECT)
                .timeout(TOTAL)
        };
        // No proxy stands between a program and its own machine.
        Ok(Self { remote: builder().https_only(true).build()?, loopback: builder().no_proxy().build()? })
    }

    /// Sends a request to an issuer's address; once more where it is busy.
    pub(super) async fn send(&self, home: &Url, request: &Request) -> Result<Answer, Fault> {
        let patience = ExponentialBuilder::default().with_min_delay(Duration::from_millis(500)).with_jitter();
        let patience = patience.with_max_delay(LONGEST_WAIT).with_max_times(1);
        (|| self.send_once(home, request))
            .retry(patience)
            .when(|fault| matches!(fault, Fault::Busy { wait, .. } if wait.is_none_or(|wait| wait <= LONGEST_WAIT)))
            .adjust(|fault, delay| match fault {
                Fault::Busy { wait: Some(wait), .. } => delay.map(|delay| delay.max(*wait)),
                _ => delay,
            })
            .await
    }

    async fn send_once(&self, home: &Url, request: &Request) -> Result<Answer, Fault> {
        let client = if hosts::is_loopback(home) { &self.loopback } else { &self.remote };
        let base = home.as_str().trim_end_matches('/');
        let mut builder = client.request(request.method.clone(), format!("{base}{}", request.path));
        builder = builder.header("accept", "application/json");
        for (name, value) in &request.headers {
            let mut value = reqwest::header::HeaderValue::from_str(value.expose()).map_err(|_| Fault::Unreachable)?;
            value.set_sensitive(true);
            builder = builder.header(*name, value);
        }
        builder = match &request.body {
            Body::Empty => builder,
            Body::Json(text) => builder.header("content-type", "application/json").body(text.expose().to_owned()),
            Body::Form(text) => {
                builder.header("content-type", "application/x-www-form-urlencoded").body(text.expose().to_owned())
            }
        };
        let response = builder.send().await.map_err(|error| fault(&error))?;
        read(response).await
    }
}

async fn read(mut response: reqwest::Response) -> Result<Answer, Fault> {
    let status = response.status();
    if status.is_redirection() {
        return Err(Fault::Redirect(status.as_u16()));
    }
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    if status.as_u16() == 429 || status.is_server_error() {
        let wait = header("retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs);
        return Err(Fault::Busy { status: status.as_u16(), wait });
    }
    let texts =
        response.headers().iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    let headers = texts.collect();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error))? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(Fault::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, json: serde_json::from_slice(&body).ok() })
}

fn fault(error: &reqwest::Error) -> Fault {
    if error.is_timeout() { Fault::TimedOut } else { Fault::Unreachable }
}
