//! A check run with an annotation for every finding.
//!
//! <https://docs.github.com/en/rest/checks/runs>

use super::super::api::Api;
use super::super::errand::{Errand, Posted};
use super::super::fault::Fault;
use super::super::{Forge, Publisher, Rung};
use super::identity::{id_of, name_of};
use super::{annotation, words};
use crate::output::{Summary, summary};
use crate::report::Report;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde_json::{Value, json};
use std::cell::Cell;

pub(in super::super) const PUBLISHER: Publisher = Publisher {
    name: "check-run",
    summary: "A check run with an annotation for every finding.",
    forge: Forge::Github,
    rung: Rung::Always,
    permission: Some("checks: write"),
    post,
};

/// GitHub takes so many annotations in one request, and adds those of the next.
const BATCH: usize = 50;
/// It takes 65,535 characters of a summary.
const MAX_SUMMARY: usize = 60_000;

fn post(errand: &Errand) -> Result<Option<Posted>, Fault> {
    let sha = errand.context.head.sha.as_deref().ok_or(Fault::Unknown("which commit is the last one"))?;
    let api = errand.api()?;
    let (annotations, elsewhere) = annotation::all(errand.report);
    let first = annotations.len().min(BATCH);
    let whole_at_once = first == annotations.len();
    let body = |with: usize, done: bool| {
        let mut body = json!({
            "name": errand.context.name,
            "head_sha": sha,
            "external_id": external_id(errand),
            "status": "in_progress",
            "output": output(errand.report, "", &annotations[..with]),
        });
        if let Some(url) = &errand.context.run_url {
            body["details_url"] = url.as_str().into();
        }
        if done { finished(errand, body) } else { body }
    };
    let created = match find(errand, api, sha)? {
        Some(run) => Ok(run),
        None => create(errand, api, sha, &body(first, whole_at_once)),
    };
    let run = match created {
        // One annotation that GitHub does not take must not cost the others.
        Err(Fault::Invalid { .. }) if first > 0 => create(errand, api, sha, &body(0, false))?,
        created => created?,
    };
    let sent = run.count.get().min(annotations.len());
    let (refused, fault) = match append_all(errand, api, &run, &annotations[sent..]) {
        Ok(refused) => (refused, None),
        Err(fault) => (annotations.len().saturating_sub(run.count.get()), Some(fault)),
    };
    let missing = refused + elsewhere;
    let without = (missing > 0).then(|| {
        let why = fault.map(|fault| format!(": {fault}")).unwrap_or_default();
        let all = words::counted(annotations.len() + elsewhere, "finding");
        format!("the check run is without {missing} of {all}{why}")
    });
    if !run.completed || without.is_some() {
        conclude(errand, api, &run, without.as_deref().unwrap_or_default())?;
    }
    let what = format!("a check run with {}", words::counted(annotations.len() - refused, "annotation"));
    Ok(Some(Posted { what, whole: missing == 0, without }))
}

/// Ends the check run. A second time with as little as can be: one that is not ended is shown as running for ever.
fn conclude(errand: &Errand, api: &Api, run: &Run, without: &str) -> Result<(), Fault> {
    let path = errand.path(&format!("check-runs/{}", run.id));
    let full = finished(errand, json!({ "output": output(errand.report, without, &[]) }));
    let set = |body| api.set(Method::PATCH, path.as_str(), body).map(drop);
    set(full).or_else(|_| {
        api.pause(1);
        set(finished(errand, json!({})))
    })
}

/// A check run at GitHub.
struct Run {
    id: u64,
    /// How many annotations it holds.
    count: Cell<usize>,
    completed: bool,
}

impl Run {
    fn of(value: &Value) -> Option<Self> {
        let count = value.pointer("/output/annotations_count").and_then(Value::as_u64).unwrap_or(0);
        Some(Self { count: Cell::new(usize::try_from(count).ok()?), ..Self::made(value, value)? })
    }

    /// From the answer to what made it: GitHub may not have counted yet.
    fn made(value: &Value, body: &Value) -> Option<Self> {
        let with = body.pointer("/output/annotations").and_then(Value::as_array).map_or(0, Vec::len);
        let completed = body.get("status").and_then(Value::as_str) == Some("completed");
        Some(Self { id: id_of(value)?, count: Cell::new(with), completed })
    }
}

/// The same in every attempt to post this report from this run of the job.
fn external_id(errand: &Errand) -> String {
    format!("credlint:{}:{}", errand.context.run, name_of(errand.report))
}

fn create(errand: &Errand, api: &Api, sha: &str, body: &Value) -> Result<Run, Fault> {
    let path = errand.path("check-runs");
    api.add(&Method::POST, &path, body, |value| Run::made(value, body), || find(errand, api, sha))
}

/// The check run that this report was posted to before.
fn find(errand: &Errand, api: &Api, sha: &str) -> Result<Option<Run>, Fault> {
    let id = external_id(errand);
    // Without its name, those of all workflows would come first.
    let name = utf8_percent_encode(&errand.context.name, NON_ALPHANUMERIC);
    let found = api.get(errand.path(&format!("commits/{sha}/check-runs?check_name={name}&per_page=100&filter=all")))?;
    let runs = found.get("check_runs").and_then(Value::as_array).ok_or(Fault::Odd)?;
    let own = runs.iter().find(|run| run.get("external_id").and_then(Value::as_str) == Some(&id));
    Ok(own.and_then(Run::of))
}

/// How many annotations GitHub does not take.
fn append_all(errand: &Errand, api: &Api, run: &Run, annotations: &[Value]) -> Result<usize, Fault> {
    let batches = annotations.chunks(BATCH).map(|batch| append(errand, api, run, batch));
    batches.sum()
}

/// Each request adds its annotations to those that are there: before one is repeated, they are counted.
fn append(errand: &Errand, api: &Api, run: &Run, batch: &[Value]) -> Result<usize, Fault> {
    let path = errand.path(&format!("check-runs/{}", run.id));
    let body = json!({ "output": output(errand.report, "", batch) });
    let before = run.count.get();
    let landed = || {
        let there = Run::of(&api.get(path.as_str())?).map_or(0, |run| run.count.get());
        Ok((there >= before + batch.len()).then_some(()))
    };
    match api.add(&Method::PATCH, &path, &body, |_| Some(()), landed) {
        Ok(()) => {
            run.count.set(before + batch.len());
            Ok(0)
        }
        Err(Fault::Invalid { .. }) if batch.len() > 1 => {
            let (left, right) = batch.split_at(batch.len() / 2);
            Ok(append(errand, api, run, left)? + append(errand, api, run, right)?)
        }
        Err(Fault::Invalid { .. }) => Ok(1),
        Err(fault) => Err(fault),
    }
}

fn output(report: &Report, without: &str, annotations: &[Value]) -> Value {
    let mut text = summary(report, Summary { max_bytes: MAX_SUMMARY, picture: false });
    if !without.is_empty() {
        text = format!("{}\n\n{text}", crate::output::MarkdownText::new(without));
    }
    let mut output = json!({ "title": words::counts(report), "summary": words::cut(&text, 65_000) });
    if !annotations.is_empty() {
        output["annotations"] = annotations.into();
    }
    output
}

/// The same with its conclusion: one without would be shown as running for ever.
fn finished(errand: &Errand, mut body: Value) -> Value {
    let report = errand.report;
    let conclusion = match () {
        () if report.incomplete() || report.exit_worthy(errand.context.fail_on) => "failure",
        () if report.counted().next().is_some() => "neutral",
        () => "success",
    };
    body["status"] = "completed".into();
    body["conclusion"] = conclusion.into();
    body
}
