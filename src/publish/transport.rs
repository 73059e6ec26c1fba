//! Sends one request, once, within limits of time and size.

use super::context::{Context, Forge};
use super::fault::{Fault, Said};
use octocrab::Octocrab;
use reqwest::header::{ACCEPT, HeaderMap, USER_AGENT};
use reqwest::{Method, StatusCode, Url, redirect};
use serde_json::Value;
use std::time::Duration;

/// Bytes of an answer that are read: a page of 100 files with their patches.
const MAX_BODY: usize = 64 * 1024 * 1024;
/// Time to connect.
const CONNECT: Duration = Duration::from_secs(10);

/// The name that every request carries.
const AGENT: &str = concat!("credlint/", env!("CARGO_PKG_VERSION"), " (+https://github.com/credlint/credlint)");

/// A request, relative to the API's address.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

/// An answer that is no error.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) body: Value,
    /// Whether there is another page.
    pub(super) more: bool,
}

/// What requests are sent by.
pub(super) enum Transport {
    Github(Box<Octocrab>),
    Bitbucket { client: reqwest::Client, base: String, token: Option<crate::finding::Secret> },
}

impl Transport {
    /// # Errors
    /// Without a token, for an address that no token may be sent to, and where no connection can be made.
    pub(super) fn new(context: &Context) -> Result<Self, Fault> {
        let address = || Fault::Address(context.api_url.clone());
        let url = Url::parse(&context.api_url).map_err(|_| address())?;
        if url.scheme() != "https" && !(url.scheme() == "http" && (is_loopback(&url) || context.proxy.is_some())) {
            return Err(address());
        }
        match context.forge {
            Forge::Github => {
                let token = context.token.as_ref().ok_or(Fault::NoToken)?;
                let client = Octocrab::builder()
                    .personal_token(token.expose().to_owned())
                    .add_header(USER_AGENT, AGENT.to_owned())
                    .add_header(ACCEPT, "application/vnd.github+json".to_owned())
                    .set_connect_timeout(Some(CONNECT))
                    .base_uri(context.api_url.trim_end_matches('/'))
                    .and_then(|builder| builder.build());
                Ok(Self::Github(Box::new(client.map_err(|_| Fault::Unreachable)?)))
            }
            Forge::Bitbucket => {
                let builder = reqwest::Client::builder().user_agent(AGENT).redirect(redirect::Policy::none());
                let builder = match &context.proxy {
                    Some(proxy) => builder.proxy(reqwest::Proxy::http(proxy).map_err(|_| address())?),
                    None if is_loopback(&url) => builder.no_proxy(),
                    None => builder.https_only(true),
                };
                let client = builder.connect_timeout(CONNECT).build().map_err(|_| Fault::Unreachable)?;
                let base = context.api_url.trim_end_matches('/').to_owned();
                Ok(Self::Bitbucket { client, base, token: context.token.clone() })
            }
        }
    }

    /// Sends a request once; `now` is what a limit's end is told by.
    pub(super) async fn send(&self, request: &Request, now: jiff::Timestamp) -> Result<Answer, Fault> {
        match self {
            Self::Github(client) => github(client, request, now).await,
            Self::Bitbucket { client, base, token } => {
                let mut builder = client.request(request.method.clone(), format!("{base}{}", request.path));
                builder = builder.header(ACCEPT, "application/json");
                if let Some(token) = token {
                    builder = builder.bearer_auth(token.expose());
                }
                if let Some(body) = &request.body {
                    builder = builder.json(body);
                }
                let mut response = builder.send().await.map_err(|_| Fault::Unreachable)?;
                let (status, headers) = (response.status(), response.headers().clone());
                let mut body = Vec::new();
                while let Some(chunk) = response.chunk().await.map_err(|_| Fault::Unreachable)? {
                    body.extend_from_slice(&chunk);
                    if body.len() > MAX_BODY {
                        return Err(Fault::Odd);
                    }
                }
                judge(status, &headers, &body, now)
            }
        }
    }
}

async fn github(client: &Octocrab, request: &Request, now: jiff::Timestamp) -> Result<Answer, Fault> {
    use http_body_util::BodyExt as _;
    let uri = request.path.as_str();
    let response = match request.method {
        Method::GET => client._get(uri).await,
        Method::PATCH => client._patch(uri, request.body.as_ref()).await,
        Method::PUT => client._put(uri, request.body.as_ref()).await,
        _ => client._post(uri, request.body.as_ref()).await,
    };
    let (head, mut frames) = response.map_err(|_| Fault::Unreachable)?.into_parts();
    let mut body = Vec::new();
    while let Some(frame) = frames.frame().await {
        let frame = frame.map_err(|_| Fault::Unreachable)?;
        body.extend_from_slice(frame.data_ref().map_or(&[], |data| &data[..]));
        if body.len() > MAX_BODY {
            return Err(Fault::Odd);
        }
    }
    judge(head.status, &head.headers, &body, now)
}

/// What an answer means.
/// <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit>
fn judge(status: StatusCode, headers: &HeaderMap, body: &[u8], now: jiff::Timestamp) -> Result<Answer, Fault> {
    let body: Option<Value> = if body.is_empty() { Some(Value::Null) } else { serde_json::from_slice(body).ok() };
    let code = status.as_u16();
    if status.is_success() {
        let link = headers.get("link").and_then(|value| value.to_str().ok()).unwrap_or_default();
        return body.map(|body| Answer { body, more: link.contains("rel=\"next\"") }).ok_or(Fault::Odd);
    }
    let body = body.unwrap_or_default();
    if let Some(wait) = limit(code, headers, &body, now) {
        return Err(Fault::Limited(wait));
    }
    Err(match code {
        401 => Fault::Token,
        400 | 422 => Fault::Invalid { status: code, said: Said::of(&body) },
        408 => Fault::TimedOut,
        500.. => Fault::Broken(code),
        _ => Fault::Refused { status: code, said: Said::of(&body) },
    })
}

/// How long to wait, where a limit is what was run into.
fn limit(code: u16, headers: &HeaderMap, body: &Value, now: jiff::Timestamp) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.parse::<i64>().ok();
    if code != 403 && code != 429 {
        return None;
    }
    if let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds.unsigned_abs()));
    }
    if number("x-ratelimit-remaining") == Some(0) {
        let wait = number("x-ratelimit-reset").map_or(60, |reset| (reset - now.as_second()).max(1));
        return Some(Duration::from_secs(wait.unsigned_abs()));
    }
    let said = body.get("message").and_then(Value::as_str).unwrap_or_default();
    (code == 429 || said.contains("secondary rate limit")).then_some(Duration::from_secs(60))
}

/// Whether a URL leads to this machine itself.
fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    host == "localhost" || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
