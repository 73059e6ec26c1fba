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
    permission: Some("pull-requests: write"),
    post,
};

/// GitHub takes 65,536 characters of a comment; this is for the summary, the rest for what is resolved and remembered.
const MAX_SUMMARY: usize = 24_000;
/// Pages of comments that are looked through.
const MAX_PAGES: usize = 50;

fn post(errand: &Errand) -> Result<Option<Posted>, Fault> {
    let Some(number) = errand.context.head.pull_request else { return Ok(None) };
    let api = errand.api()?;
    let identity = Identity::ask(api)?;
    let comments = errand.path(&format!("issues/{number}/comments"));
    let marker = format!("<!-- credlint:v1 summary: {} -->", errand.context.name);
    let text = summary(errand.report, Summary { max_bytes: MAX_SUMMARY, picture: true });
    let body = |before: State| {
        let state = before.next(errand.report);
        json!({ "body": format!("{marker}\n{text}{}\n{}", state.resolved(), state.written()) })
    };
    let there = find(api, &comments, &identity, &marker)?;
    for (id, before) in &there {
        match api.set(Method::PATCH, errand.path(&format!("issues/comments/{id}")), body(State::read(before))) {
            // Another bot's, or deleted meanwhile.
            Err(Fault::Refused { .. }) => {}
            answer => return answer.map(|_| posted("an updated comment on the pull request")),
        }
    }
    // Who has nothing to say does not begin to speak.
    if errand.report.counted().next().is_none() && !errand.report.incomplete() {
        return Ok(None);
    }
    let new = |(id, _): &(u64, String)| there.iter().all(|(known, _)| known != id);
    let look = || Ok(find(api, &comments, &identity, &marker)?.iter().any(new).then_some(()));
    api.add(&Method::POST, &comments, &body(State::default()), |_| Some(()), look)?;
    Ok(posted("a comment on the pull request"))
}

fn posted(what: &str) -> Option<Posted> {
    Some(Posted { what: what.to_owned(), whole: false, without: None })
}

/// The comments that may be ours, each with its text.
fn find(api: &Api, comments: &str, identity: &Identity, marker: &str) -> Result<Vec<(u64, String)>, Fault> {
    let (found, _) = api.list(comments, MAX_PAGES)?;
    let own = |comment: &Value| {
        let body = comment.get("body").and_then(Value::as_str).filter(|body| body.trim_start().starts_with(marker))?;
        Some((id_of(comment)?, body.to_owned())).filter(|_| identity.wrote(comment))
    };
    Ok(found.iter().filter_map(own).collect())
}
