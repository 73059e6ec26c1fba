//! What goes wrong at any call: nothing is lost, nothing is doubled, and no check runs for ever.

use super::fake::{Github, Trouble};
use super::{Context, TIMEOUT, context, finding, posted, report};
use credlint::publish::{Outcome, Pace};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;

const LIMIT: Option<(&str, &str)> = Some(("Retry-After", "1"));
const LONG: Option<(&str, &str)> = Some(("Retry-After", "3600"));

const TROUBLES: [Trouble; 11] = [
    Trouble::Status(401, None),
    Trouble::Status(403, None),
    Trouble::Status(403, LONG),
    Trouble::Status(404, None),
    Trouble::Status(422, None),
    Trouble::Status(429, LIMIT),
    Trouble::Status(500, None),
    Trouble::Status(503, None),
    Trouble::Lost,
    Trouble::Silent,
    Trouble::Dead,
];

/// 120 findings, of which one stands at a changed line: three batches, a review, a comment.
fn findings() -> Vec<Value> {
    (1..=120).map(|line| finding("infra/main.tf", line)).collect()
}

fn prepare(name: &str) -> Context {
    let github = Github::shared();
    github.with(name, |repository| {
        repository.head = super::SHA.into();
        repository.files = vec![json!({
            "filename": "infra/main.tf", "status": "modified", "patch": "@@ -1 +1,2 @@\n a\n+b",
        })];
    });
    let pace = Pace { request: TIMEOUT, pause: Duration::from_millis(1), patience: TIMEOUT * 20 };
    Context { pace, ..context(format!("http://{}", github.address), name) }
}

/// What has to hold whatever happened.
fn judge(name: &str, what: &str, outcome: &Outcome, commanded: &[String]) {
    Github::shared().with(name, |repository| {
        assert!(repository.checks.len() <= 1, "{what}: {} check runs", repository.checks.len());
        assert!(repository.comments.len() <= 1, "{what}: {} comments", repository.comments.len());
        assert!(repository.at_lines.len() <= 1, "{what}: {} comments at the line", repository.at_lines.len());
        let annotations = repository.checks.first().map_or(&[][..], |(_, annotations)| annotations);
        let lines: HashSet<String> = annotations.iter().map(|one| one["start_line"].to_string()).collect();
        assert_eq!(lines.len(), annotations.len(), "{what}: an annotation is there twice");
        assert!(lines.len() == 120 || commanded.len() == 120, "{what}: findings are lost: {outcome:?}");
        // One trouble is never enough to leave a check running.
        for (run, _) in &repository.checks {
            assert_eq!(run["status"], "completed", "{what}: {outcome:?}");
        }
        let complete = lines.len() == 120 && repository.comments.len() == 1 && repository.at_lines.len() == 1;
        assert!(complete || !outcome.missed.is_empty(), "{what}: nobody says what is missing");
    });
}

#[test]
fn one_trouble_at_any_call_loses_and_doubles_nothing() {
    let report = report(&findings());
    let (_, _) = posted(&report, &prepare("o/untroubled"));
    let calls = Github::shared().with("o/untroubled", |repository| repository.calls.len());
    assert!(calls > 8, "{calls}");
    std::thread::scope(|scope| {
        for trouble in TROUBLES {
            let report = &report;
            scope.spawn(move || {
                for call in 0..calls {
                    let what = format!("{trouble:?} at call {call}");
                    let name = format!("o/{}", what.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
                    let context = prepare(&name);
                    Github::shared().with(&name, |repository| repository.trouble = Some((call, 1, trouble)));
                    let (outcome, job) = posted(report, &context);
                    let commanded = job.commanded.borrow().clone();
                    // A refusal of the very last request leaves the check as it is; all else ends it.
                    judge(&name, &what, &outcome, &commanded);
                }
            });
        }
    });
}

#[test]
fn without_rights_everything_is_in_the_log_and_one_line_says_why() {
    let report = report(&findings());
    for (status, said) in
        [(401, "wrong or has expired"), (403, "may not do it"), (404, "it is not there"), (500, "broken")]
    {
        let name = format!("o/refused-{status}");
        let context = prepare(&name);
        Github::shared()
            .with(&name, |repository| repository.trouble = Some((0, 10_000, Trouble::Status(status, None))));
        let (outcome, job) = posted(&report, &context);
        assert_eq!(job.commanded.borrow().len(), 120);
        assert!(job.summary.borrow().contains("120 errors"));
        assert_eq!(outcome.missed.len(), 1, "{outcome:?}");
        assert!(outcome.missed[0].contains(said), "{outcome:?}");
        assert!(outcome.missed[0].starts_with("not possible here: check-run, review, comment: "), "{outcome:?}");
    }
}

#[test]
fn without_a_token_or_with_one_that_may_not_be_sent_nothing_is_asked() {
    let report = report(&findings());
    let name = "o/unsent";
    let without = Context { token: None, ..prepare(name) };
    let open = Context { api_url: "http://github.example/api/v3".into(), ..prepare(name) };
    for (context, said) in [(without, "there is no token"), (open, "is not an https address")] {
        let (outcome, job) = posted(&report, &context);
        assert!(outcome.missed[0].contains(said), "{outcome:?}");
        assert_eq!(job.commanded.borrow().len(), 120);
    }
    Github::shared().with(name, |repository| assert!(repository.calls.is_empty()));
}

#[test]
fn a_pull_request_that_moves_on_is_left_to_its_next_run() {
    let name = "o/moved";
    let context = prepare(name);
    Github::shared().with(name, |repository| {
        repository.head = "0".repeat(40);
        repository.refused_path = Some("infra/main.tf".into());
    });
    let (outcome, _) = posted(&report(&findings()), &context);
    assert!(outcome.missed[0].contains("moved on to another commit"), "{outcome:?}");
    Github::shared().with(name, |repository| assert!(repository.at_lines.is_empty()));
}
