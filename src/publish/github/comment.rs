//! One comment on the pull request with the summary: updated by every push, never posted twice.
//!
//! <https://docs.github.com/en/rest/issues/comments>

use super::super::api::Api;
use super::super::errand::{Errand, Posted};
use super::super::fault::Fault;
use super::super::{Forge, Publisher, Rung};
use super::identity::{Identity, id_of};
use super::state::State;
use crate::output::{Summary, summary};
use reqwest::Method;
use serde_json::{Value, json};

pub(in super::super) const PUBLISHER: Publisher = Publisher {
    name: "comment",
    summary: "One comment on the pull request, which every push updates; it tells what is resolved.",
    forge: Forge::Github,
    rung: Rung::Always,
    post,
};

/// GitHub takes 65,536 characters; this is for the summary, the rest for what is resolved and remembered.
const MAX_SUMMARY: usize = 24_000;
/// Pages of comments that are looked through.
const MAX_PAGES: usize = 50;

fn post(errand: &Errand) -> Result<Option<Posted>, Fault> {
    let Some(number) = errand.context.head.pull_request else { return Ok(None) };
    let api = errand.api()?;
    let identity = Identity::ask(api)?;
    let comments = errand.path(&format!("issues/{number}/comments"));
    let marker = format!("<!-- credlint:v1 summary: {} -->", errand.context.name);
    let own = find(api, &comments, &identity, &marker)?;
    let before = own.as_ref().and_then(|comment| comment.get("body")?.as_str()).map(State::read).unwrap_or_default();
    // Who has nothing to say does not begin to speak.
    if own.is_none() && errand.report.counted().next().is_none() && !errand.report.incomplete() {
        return Ok(None);
    }
    let state = before.next(errand.report);
    let text = summary(errand.report, Summary { max_bytes: MAX_SUMMARY, picture: true });
    let body = json!({ "body": format!("{marker}\n{text}{}\n{}", state.resolved(), state.written()) });
    if let Some(id) = own.as_ref().and_then(id_of) {
        match api.set(Method::PATCH, errand.path(&format!("issues/comments/{id}")), body.clone()) {
            // Another bot's, or deleted meanwhile.
            Err(Fault::Refused { .. }) => {}
            answer => return answer.map(|_| posted("an updated comment on the pull request")),
        }
    }
    let look = || Ok(find(api, &comments, &identity, &marker)?.map(|_| ()));
    api.add(&Method::POST, &comments, &body, |_| Some(()), look)?;
    Ok(posted("a comment on the pull request"))
}

fn posted(what: &str) -> Option<Posted> {
    Some(Posted { what: what.to_owned(), whole: false, without: None })
}

fn find(api: &Api, comments: &str, identity: &Identity, marker: &str) -> Result<Option<Value>, Fault> {
    let (found, _) = api.list(comments, MAX_PAGES)?;
    let marked = |comment: &Value| {
        comment.get("body").and_then(Value::as_str).is_some_and(|body| body.trim_start().starts_with(marker))
    };
    Ok(found.into_iter().find(|comment| marked(comment) && identity.wrote(comment)))
}
