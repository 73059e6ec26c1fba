//! What is asked, and what is answered.

use crate::finding::Secret;
use reqwest::{Method, StatusCode};
use serde_json::Value;

/// A request to an issuer, relative to its address.
#[derive(Clone, Debug)]
pub struct Request {
    /// GET or POST.
    pub method: Method,
    /// Path and query, with a leading slash. Never holds a secret: paths stand in everybody's logs.
    pub path: String,
    /// Headers of which the value may be secret.
    pub headers: Vec<(&'static str, Secret)>,
    /// What is sent.
    pub body: Body,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing.
    Empty,
    /// A JSON text.
    Json(Secret),
    /// A form, already encoded.
    Form(Secret),
}

impl Body {
    /// A form of names and values.
    pub fn form(fields: &[(&str, &str)]) -> Self {
        // Any address will do: it is what encodes queries, which forms are written like.
        let mut url = reqwest::Url::parse("https://localhost").expect("the address is a literal");
        url.query_pairs_mut().extend_pairs(fields);
        Self::Form(Secret::new(url.query().unwrap_or_default()))
    }
}

impl Request {
    /// A GET.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), headers: Vec::new(), body: Body::Empty }
    }

    /// A POST.
    pub fn post(path: impl Into<String>, body: Body) -> Self {
        Self { method: Method::POST, path: path.into(), headers: Vec::new(), body }
    }

    /// The same, with a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, Secret::new(value)));
        self
    }

    /// The same, with a bearer token.
    #[must_use]
    pub fn bearer(self, token: &Secret) -> Self {
        let value = format!("Bearer {}", token.expose());
        self.header("authorization", value)
    }
}

/// An answer of the issuer: whole, within the limits, neither a redirect nor a sign that it is busy or broken.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers, names in lower case. Those that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// The body, if it is JSON.
    pub json: Option<Value>,
}

impl Answer {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A text of the JSON body by its pointer (RFC 6901).
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.json.as_ref()?.pointer(pointer)?.as_str()
    }

    /// A time of the JSON body by its pointer: RFC 3339, or seconds since 1970.
    pub fn time(&self, pointer: &str) -> Option<jiff::Timestamp> {
        match self.json.as_ref()?.pointer(pointer)? {
            Value::String(text) => text.parse().ok(),
            Value::Number(seconds) => jiff::Timestamp::from_second(seconds.as_i64()?).ok(),
            _ => None,
        }
    }

    /// Whether it succeeded with JSON, as an API does and a captive portal does not.
    pub fn is_ok(&self) -> bool {
        self.status.is_success() && self.json.is_some()
    }
}
