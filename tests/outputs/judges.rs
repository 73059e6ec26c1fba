//! Formats under their own validators: the fixed report, one of nothing, and those with hostile names.

use super::hostile::NAMES;
use super::{fixture, hostile, rendered};
use crate::support::{node_script, python};
use credlint::finding::{Finding, Fix, Level, Notification, Place};
use credlint::output::Context;
use credlint::report::{Report, build};
use credlint::text::{RepoPath, Span};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Reports that every format must be able to say.
pub(super) fn reports() -> Vec<Report> {
    let clean = credlint::report::Input { whole_tree: false, ..fixture::input(Vec::new()) };
    let mut unchecked = credlint::report::Input { whole_tree: false, ..fixture::input(Vec::new()) };
    let mut failed = Notification::warning(&RepoPath::new("a.tf"), "could not be read");
    failed.level = Level::Error;
    unchecked.notifications = vec![failed];
    let mut reports = vec![fixture::report(), build(clean), build(unchecked)];
    reports.extend(NAMES.iter().map(|name| hostile::report(name)));
    reports
}

/// Files with a format of each report.
pub(super) fn files(format: &str, directory: &Path) -> Vec<PathBuf> {
    let write = |(at, report): (usize, Report)| {
        let file = directory.join(format!("{at}.{format}"));
        std::fs::write(&file, rendered(format, &report, &Context::default())).expect("a file can be written");
        file
    };
    reports().into_iter().enumerate().map(write).collect()
}

/// What the judge in Python says.
pub(super) fn judged(arguments: &[&str], files: &[PathBuf]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outputs/judge.py");
    let output = Command::new(python()).arg(script).args(arguments).args(files).output().expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the judge says JSON")
}

fn holds(schema: &Value, text: &str) {
    let validator = jsonschema::validator_for(schema).expect("the schema is one");
    let document: Value = serde_json::from_str(text).expect("it is JSON");
    let wrong: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{text}");
}

/// What GitLab's parser of code quality requires, and its documentation beyond that.
/// <https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/validators/json_schemas/codeclimate.json>
fn codequality() -> Value {
    json!({ "type": "array", "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": { "type": "string", "minLength": 1 },
            "check_name": { "type": "string" },
            "fingerprint": { "type": "string", "minLength": 1 },
            "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": { "type": "string", "pattern": "^(?!\\./|/)." },
                    "lines": { "type": "object", "required": ["begin"], "properties": { "begin": { "type": "integer", "minimum": 1 } } },
                },
            },
        },
    } })
}

#[test]
fn gitlab_takes_the_code_quality_report() {
    for report in reports() {
        let text = rendered("gitlab", &report, &Context::default());
        holds(&codequality(), &text);
        let issues: Vec<Value> = serde_json::from_str(&text).expect("it is a list");
        let fingerprints: HashSet<&Value> = issues.iter().map(|issue| &issue["fingerprint"]).collect();
        assert_eq!(fingerprints.len(), issues.len(), "a fingerprint that comes twice hides a finding");
    }
}

/// What version 15.0.7 of GitLab's schema says of the parts that are used.
/// <https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/blob/v15.0.7/dist/sast-report-format.json>
fn sast() -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let url = json!({ "type": "string", "pattern": "^https?://.+" });
    let time = json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$" });
    let tool = json!({
        "type": "object",
        "required": ["id", "name", "version", "vendor"],
        "properties": {
            "id": text, "name": text, "url": url, "version": text,
            "vendor": { "type": "object", "required": ["name"], "properties": { "name": text } },
        },
    });
    let message = json!({
        "type": "object",
        "required": ["level", "value"],
        "properties": { "level": { "enum": ["info", "warn", "fatal"] }, "value": text },
    });
    let vulnerability = json!({
        "type": "object",
        "required": ["id", "identifiers", "location"],
        "additionalProperties": false,
        "properties": {
            "id": text,
            "name": { "type": "string", "maxLength": 255 },
            "description": { "type": "string", "maxLength": 1_048_576 },
            "severity": { "enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"] },
            "solution": { "type": "string", "maxLength": 7000 },
            "identifiers": { "type": "array", "minItems": 1, "items": {
                "type": "object",
                "required": ["type", "name", "value"],
                "properties": { "type": text, "name": text, "value": text, "url": url },
            } },
            "links": { "type": "array", "items": { "type": "object", "required": ["url"], "properties": { "url": url } } },
            "location": {
                "type": "object",
                "properties": {
                    "file": { "type": "string" }, "start_line": { "type": "number" }, "end_line": { "type": "number" },
                },
            },
        },
    });
    json!({
        "type": "object",
        "required": ["scan", "version", "vulnerabilities"],
        "properties": {
            "version": { "type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$" },
            "scan": {
                "type": "object",
                "required": ["analyzer", "end_time", "scanner", "start_time", "status", "type"],
                "properties": {
                    "analyzer": tool, "scanner": tool, "start_time": time, "end_time": time,
                    "status": { "enum": ["success", "failure"] },
                    "type": { "const": "sast" },
                    "messages": { "type": "array", "items": message },
                },
            },
            "vulnerabilities": { "type": "array", "items": vulnerability },
        },
    })
}

#[test]
fn gitlab_takes_the_security_report() {
    for report in reports() {
        let text = rendered("gitlab-sast", &report, &Context::default());
        holds(&sast(), &text);
        let document: Value = serde_json::from_str(&text).expect("it is JSON");
        let ids: HashSet<&str> =
            document["vulnerabilities"].as_array().into_iter().flatten().filter_map(|one| one["id"].as_str()).collect();
        assert_eq!(ids.len(), report.counted().count(), "ids are unique");
        let status = if report.incomplete() { "failure" } else { "success" };
        assert_eq!(document["scan"]["status"], status);
        assert_eq!(document["scan"]["start_time"], "2026-11-21T19:29:58", "1.234 seconds before the end");
    }
    let ids = || rendered("gitlab-sast", &fixture::report(), &Context::default());
    assert_eq!(ids(), ids(), "the same in every run");
}

#[test]
fn junit_is_what_jenkins_takes() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outputs/junit-10.xsd");
    let schema = schema.to_str().expect("the path is UTF-8");
    let files = files("junit", directory.path());
    assert_eq!(judged(&["junit", schema], &files), json!([]));
    let bad = directory.path().join("bad.xml");
    std::fs::write(&bad, "<testsuites><testsuite name='x'/></testsuites>").expect("a file can be written");
    assert_ne!(judged(&["junit", schema], &[bad]), json!([]), "the judge judges");
}

#[test]
fn junit_fails_where_the_run_does() {
    for (fail_on, failures) in [(Level::Error, 3), (Level::Warning, 4), (Level::Note, 5), (Level::Off, 0)] {
        let text = rendered("junit", &fixture::report(), &Context { fail_on, ..Context::default() });
        assert_eq!(text.matches("<failure ").count(), failures);
        assert_eq!(text.matches(&format!(" tests=\"5\" failures=\"{failures}\" ")).count(), 2);
    }
    let reports = reports();
    assert!(rendered("junit", &reports[1], &Context::default()).contains("no findings"), "a suite has tests");
    assert!(rendered("junit", &reports[2], &Context::default()).contains("<error "), "not checked is not clean");
}

#[test]
fn checkstyle_keeps_what_it_is_told() {
    for &name in NAMES {
        let text = rendered("checkstyle", &hostile::report(name), &Context::default());
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut found = Vec::new();
        loop {
            use quick_xml::events::Event;
            match reader.read_event().expect("it is XML") {
                Event::Start(start) | Event::Empty(start) => {
                    let attributes = start.attributes().map(|attribute| attribute.expect("an attribute"));
                    let attributes = attributes.map(|attribute| {
                        let key = attribute.key.as_ref().to_owned();
                        (
                            key,
                            attribute
                                .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                                .expect("its value")
                                .into_owned(),
                        )
                    });
                    found.push((start.name().as_ref().to_owned(), attributes.collect::<Vec<_>>()));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["checkstyle", "file", "error"], "{text}");
        let shown = |text: &str| credlint::output::TerminalText::new(text).to_string();
        assert_eq!(found[1].1, [("name".into(), shown(RepoPath::from_bytes(name).shown()))]);
        let keys: Vec<&str> = found[2].1.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["line", "column", "severity", "message", "source"]);
        assert!(found[2].1[3].1.starts_with(&format!("in {}", shown(&String::from_utf8_lossy(name)))));
    }
}

#[test]
fn reviewdog_takes_the_diagnostics() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let mut lines = Vec::new();
    for report in reports() {
        let text = rendered("rdjsonl", &report, &Context::default());
        assert_eq!(text.lines().count(), report.counted().count());
        for line in text.lines() {
            let file = directory.path().join(format!("{}.json", lines.len()));
            std::fs::write(&file, line).expect("a file can be written");
            lines.push(file);
        }
    }
    let validate = |files: &[PathBuf]| {
        let mut validator = node_script("@umbrelladocs/rdformat-validator", "bin/rdformat-validator.js");
        let output = validator.args(["--strict", "--no-extra-fields"]).args(files).output().expect("node runs");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (valid, said) = validate(&lines);
    assert!(valid && said.contains(&format!("Valid files: {}", lines.len())), "{said}");
    let bad = directory.path().join("bad.json");
    std::fs::write(&bad, "{\"message\":\"x\",\"location\":{\"path\":\"a\"},\"severity\":\"BAD\"}").expect("a file");
    assert!(!validate(&[bad]).0, "the judge judges");
}

#[test]
fn reviewdog_counts_bytes() {
    let file = fixture::source("é.tf", "x = \"é漢\" # here\n");
    let place = |start, end| Place::new(&file, Span::new(start, end));
    // `here` starts after 5 characters of one byte, one of two, one of three, and four of one.
    let finding = Finding::new("tfvars-secret", place(14, 18), "m").fix(Fix::safe(place(4, 11), "\"\""));
    let report = build(credlint::report::Input { whole_tree: false, ..fixture::input(vec![finding]) });
    let line: Value = serde_json::from_str(&rendered("rdjsonl", &report, &Context::default())).expect("it is JSON");
    let range =
        |start: u32, end: u32| json!({ "start": { "line": 1, "column": start }, "end": { "line": 1, "column": end } });
    assert_eq!(line["location"], json!({ "path": "é.tf", "range": range(15, 19) }));
    assert_eq!(line["suggestions"], json!([{ "range": range(5, 12), "text": "\"\"" }]));
    let json: Value = serde_json::from_str(&rendered("json", &report, &Context::default())).expect("it is JSON");
    assert_eq!(json["findings"][0]["start"]["column"], 12, "the others count characters");
}
