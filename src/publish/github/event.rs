//! What a job's variables and the event's payload say of the commit and the pull request.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/variables>,
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>

use super::super::context::{Context, Forge, Head, Pace, is_commit};
use crate::finding::{Level, Secret};
use serde_json::Value;

/// From the variables of a job in GitHub Actions; `given` tells those that are not empty.
pub(in super::super) fn context(
    repository: String,
    given: &dyn Fn(&str) -> Option<String>,
    payload: Option<&[u8]>,
    now: jiff::Timestamp,
) -> Context {
    let event = given("GITHUB_EVENT_NAME").unwrap_or_default();
    let parsed: Option<Value> = payload.and_then(|bytes| serde_json::from_slice(bytes).ok()).filter(Value::is_object);
    let mut odd = Vec::new();
    if parsed.is_none() && !event.is_empty() {
        odd.push(format!("the payload of the event `{event}` cannot be read: what only it tells is not known"));
    }
    let variables = Variables { sha: given("GITHUB_SHA"), reference: given("GITHUB_REF") };
    let head = head(&event, &parsed.unwrap_or_default(), &variables);
    let run = given("GITHUB_RUN_ID").unwrap_or_default();
    let server = given("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".into());
    Context {
        forge: Forge::Github,
        api_url: given("GITHUB_API_URL").unwrap_or_else(|| "https://api.github.com".into()),
        proxy: None,
        token: given("GITHUB_TOKEN").map(Secret::new),
        event,
        head,
        run_url: (!run.is_empty()).then(|| format!("{server}/{repository}/actions/runs/{run}")),
        repository,
        run: format!("{run}.{}", given("GITHUB_RUN_ATTEMPT").unwrap_or_default()),
        name: "credlint findings".into(),
        fail_on: Level::Error,
        odd,
        now,
        pace: Pace::default(),
    }
}

struct Variables {
    sha: Option<String>,
    reference: Option<String>,
}

fn head(event: &str, payload: &Value, variables: &Variables) -> Head {
    let text = |pointer: &str| payload.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let sha = |pointer: &str| text(pointer).filter(|sha| is_commit(sha));
    let own = variables.sha.clone().filter(|sha| is_commit(sha));
    let checked_out = own.clone().zip(variables.reference.clone());
    let number = |pointer: &str| payload.pointer(pointer).and_then(Value::as_u64);
    match event {
        "pull_request" | "pull_request_target" | "pull_request_review" | "pull_request_review_comment" => {
            let pull_request = number("/pull_request/number").or_else(|| number_of(variables.reference.as_deref()?));
            let head = sha("/pull_request/head/sha");
            // On `pull_request_target` the branch that is merged into is checked out, unless the job does otherwise.
            let checked_out = match event {
                "pull_request_target" => {
                    head.clone().zip(pull_request.map(|number| format!("refs/pull/{number}/head")))
                }
                _ => checked_out,
            };
            Head { sha: head, pull_request, checked_out }
        }
        "merge_group" => {
            let head = sha("/merge_group/head_sha").or(own);
            let reference = text("/merge_group/head_ref").or_else(|| variables.reference.clone());
            Head { checked_out: head.clone().zip(reference), sha: head, pull_request: None }
        }
        // Who posts from here is trusted, what it posts may have been written by a stranger: the event tells where to.
        "workflow_run" => Head {
            sha: sha("/workflow_run/head_sha"),
            pull_request: number("/workflow_run/pull_requests/0/number"),
            checked_out: None,
        },
        "push" => {
            let head = sha("/after").filter(|sha| sha.chars().any(|c| c != '0')).or(own);
            Head { sha: head, pull_request: None, checked_out }
        }
        _ => Head { sha: own, pull_request: None, checked_out },
    }
}

/// The number in `refs/pull/7/merge`.
fn number_of(reference: &str) -> Option<u64> {
    reference.strip_prefix("refs/pull/")?.split('/').next()?.parse().ok()
}
