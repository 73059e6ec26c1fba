//! Reports arrive on GitHub whole and once, whatever goes wrong; GitHub's own description judges every request.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod arrival;
mod bitbucket;
mod enterprise;
mod events;
pub(crate) mod fake;
mod faults;
mod prism;
mod pushes;
mod reading;

use credlint::finding::{Level, Secret};
use credlint::publish::{Context, Desk, Forge, Head, Outcome, Pace, publish};
use credlint::report::{Report, read};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::time::Duration;

/// How long the tests wait for an answer that is not to come.
const TIMEOUT: Duration = Duration::from_millis(1500);

const SHA: &str = "ce587453ced02b1526dfb4cb910479d431683101";

/// A pull request of a repository of its own.
fn context(api_url: String, repository: &str) -> Context {
    Context {
        forge: Forge::Github,
        api_url,
        proxy: None,
        token: Some(Secret::new(repository)),
        repository: repository.into(),
        event: "pull_request".into(),
        head: Head { sha: Some(SHA.into()), pull_request: Some(7), checked_out: None },
        run_url: Some("https://github.com/o/r/actions/runs/1".into()),
        run: "1.1".into(),
        name: "credlint findings".into(),
        fail_on: Level::Error,
        odd: Vec::new(),
        now: jiff::Timestamp::UNIX_EPOCH,
        pace: Pace { request: Duration::from_secs(60), pause: Duration::from_millis(1), patience: TIMEOUT * 2 },
    }
}

/// A finding at a line of a file, as the JSON report writes it.
fn finding(path: &str, line: usize) -> Value {
    let at = |column: usize| json!({"line": line, "column": column});
    json!({
        "rule": "backend-no-lock", "level": "error", "severity": "high", "confidence": "high",
        "message": format!("the backend does not lock, line {line}"),
        "path": path, "start": at(3), "end": at(9),
        "remedy": {"text": "Lock it.", "commands": ["terraform init"]},
        "fingerprint": format!("{:016x}", line),
    })
}

fn json_report(findings: &[Value]) -> Value {
    json!({
        "schema": "credlint/report/v1", "tool": {"name": "credlint", "version": "0.1.0"}, "root": ".",
        "summary": {"files": {"seen": 1, "checked": 1, "unparsable": 0}, "elapsed_ms": 5},
        "findings": findings, "notifications": [], "credentials": [],
    })
}

fn report(findings: &[Value]) -> Report {
    read(json_report(findings).to_string().as_bytes(), &[], jiff::Timestamp::UNIX_EPOCH).unwrap()
}

/// A job that keeps what it is given.
#[derive(Default)]
struct Job {
    summary: RefCell<String>,
    commanded: RefCell<Vec<String>>,
}

impl Desk for Job {
    fn summary_room(&self) -> Option<usize> {
        Some(1_000_000)
    }

    fn add_summary(&self, text: &str) -> std::io::Result<()> {
        self.summary.borrow_mut().push_str(text);
        Ok(())
    }

    fn command(&self, report: &Report) -> std::io::Result<bool> {
        self.commanded.borrow_mut().extend(report.counted().map(|finding| finding.fingerprint.clone()));
        Ok(true)
    }
}

fn posted(report: &Report, context: &Context) -> (Outcome, Job) {
    let job = Job::default();
    let outcome = publish(report, context, &[], &job);
    (outcome, job)
}
