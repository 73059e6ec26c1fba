//! What the payloads of events say, in examples by GitHub's own hands:
//! <https://github.com/octokit/webhooks/tree/main/payload-examples>, under the MIT licence.

use credlint::publish::{Context, Head};
use std::collections::HashMap;

const OWN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn head(event: &str, reference: &str, payload: Option<&str>) -> (Head, Vec<String>) {
    let variables = HashMap::from([
        ("GITHUB_REPOSITORY", "o/r"),
        ("GITHUB_EVENT_NAME", event),
        ("GITHUB_SHA", OWN),
        ("GITHUB_REF", reference),
        ("GITHUB_RUN_ID", "5"),
    ]);
    let given = |name: &str| variables.get(name).map(|value| (*value).to_owned());
    let context = Context::of_job(&given, payload.map(str::as_bytes), jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(context.run_url.as_deref(), Some("https://github.com/o/r/actions/runs/5"));
    (context.head, context.odd)
}

fn known(event: &str, reference: &str, payload: &str) -> Head {
    let (head, odd) = head(event, reference, Some(payload));
    assert_eq!(odd, Vec::<String>::new());
    head
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn pair(sha: &str, reference: &str) -> Option<(String, String)> {
    Some((sha.to_owned(), reference.to_owned()))
}

const PULL_REQUEST: &str = include_str!("github/events/pull_request.json");
const MERGE_GROUP: &str = include_str!("github/events/merge_group.json");
const PUSH: &str = include_str!("github/events/push.json");
const PUSH_DELETED: &str = include_str!("github/events/push-deleted.json");
const DISPATCH: &str = include_str!("github/events/workflow_dispatch.json");
const WORKFLOW_RUN: &str = include_str!("github/events/workflow_run.json");

#[test]
fn a_pull_request_is_known_by_its_own_last_commit() {
    let sha = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";
    let merge = "refs/pull/2/merge";
    let expected = Head { sha: text(sha), pull_request: Some(2), checked_out: pair(OWN, merge) };
    assert_eq!(known("pull_request", merge, PULL_REQUEST), expected);
    // A review is an event of the same pull request: its payload has it in the same place.
    for event in ["pull_request_review", "pull_request_review_comment"] {
        assert_eq!(known(event, merge, PULL_REQUEST), expected);
    }
    let expected = Head { checked_out: pair(sha, "refs/pull/2/head"), ..expected };
    assert_eq!(known("pull_request_target", "refs/heads/main", PULL_REQUEST), expected);
}

#[test]
fn other_events_have_no_pull_request() {
    let payload: serde_json::Value = serde_json::from_str(MERGE_GROUP).unwrap();
    let sha = payload["merge_group"]["head_sha"].as_str().unwrap();
    let reference = payload["merge_group"]["head_ref"].as_str().unwrap();
    let expected = Head { sha: text(sha), pull_request: None, checked_out: pair(sha, reference) };
    assert_eq!(known("merge_group", reference, MERGE_GROUP), expected);
    let own = Head { sha: text(OWN), pull_request: None, checked_out: pair(OWN, "refs/heads/main") };
    assert_eq!(known("workflow_dispatch", "refs/heads/main", DISPATCH), own);
    assert_eq!(known("schedule", "refs/heads/main", "{\"schedule\": \"0 4 * * *\"}"), own);
    let payload: serde_json::Value = serde_json::from_str(PUSH).unwrap();
    let after = payload["after"].as_str().unwrap();
    assert_eq!(known("push", "refs/heads/main", PUSH), Head { sha: text(after), ..own.clone() });
    // A branch that is gone has no last commit.
    assert_eq!(known("push", "refs/heads/main", PUSH_DELETED), own);
}

#[test]
fn outside_of_a_job_the_commit_is_enough() {
    let variables = HashMap::from([("GITHUB_REPOSITORY", "o/r"), ("GITHUB_SHA", OWN)]);
    let given = |name: &str| variables.get(name).map(|value| (*value).to_owned());
    let context = Context::of_job(&given, None, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(context.head, Head { sha: text(OWN), pull_request: None, checked_out: None });
    assert_eq!((context.odd, context.run_url), (Vec::new(), None));
}

#[test]
fn a_name_that_cannot_be_one_is_told() {
    for (name, known) in [("credlint-apps", true), ("a --> b", false)] {
        let variables = HashMap::from([("GITHUB_REPOSITORY", "o/r"), ("CREDLINT_PUBLISH_NAME", name)]);
        let given = |name: &str| variables.get(name).map(|value| (*value).to_owned());
        let context = Context::of_job(&given, None, jiff::Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((context.name == name, context.odd.is_empty()), (known, known), "{:?}", context.odd);
    }
}

#[test]
fn a_run_after_another_is_told_by_the_event_what_it_speaks_of() {
    let payload: serde_json::Value = serde_json::from_str(WORKFLOW_RUN).unwrap();
    let found = known("workflow_run", "refs/heads/main", WORKFLOW_RUN);
    assert_eq!(found.sha.as_deref(), payload["workflow_run"]["head_sha"].as_str());
    assert_eq!(found.checked_out, None);
}

#[test]
fn what_an_odd_payload_does_not_tell_is_not_known() {
    for payload in [None, Some(""), Some("{"), Some("[]"), Some("\"x\"")] {
        let (found, odd) = head("pull_request", "refs/pull/7/merge", payload);
        // The commit that was checked out is a merge that nobody looks at.
        assert_eq!((found.sha, found.pull_request), (None, Some(7)));
        assert_eq!(odd.len(), 1);
    }
    let odd = r#"{"pull_request": {"number": "7", "head": {"sha": "../../x"}}}"#;
    let (found, _) = head("pull_request", "refs/heads/x", Some(odd));
    assert_eq!((found.sha, found.pull_request), (None, None));
}

#[test]
fn a_repository_that_is_none_is_no_job() {
    for name in ["", "o", "o/r/../x", "o/r?x"] {
        let given = |variable: &str| (variable == "GITHUB_REPOSITORY").then(|| name.to_owned());
        assert!(Context::of_job(&given, None, jiff::Timestamp::UNIX_EPOCH).is_none(), "{name}");
    }
}
