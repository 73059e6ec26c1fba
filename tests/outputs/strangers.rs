//! A report that is read may have been written by a stranger: every text in it is hostile, those too that credlint would
//! have written itself.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

use super::hostile::{NAMES, obeyed};
use super::{in_actions, rendered};
use credlint::output::{ALL, Context, StopToken};
use credlint::report::{Report, read};
use serde_json::{Value, json};

fn report(text: &str) -> Report {
    let at = |column: usize| json!({"line": 1, "column": column});
    let place = json!({"path": text, "start": at(1), "end": at(2)});
    let with = |more: Value| {
        let mut all = place.as_object().unwrap().clone();
        all.extend(more.as_object().unwrap().clone());
        Value::Object(all)
    };
    let finding = with(json!({
        "rule": text, "level": "error", "severity": "high", "confidence": "high", "message": text, "address": text,
        "attribute": text, "module": text, "credential": text, "fingerprint": text,
        "related": [with(json!({"message": text}))],
        "remedy": {"text": text, "commands": [text], "snippet": text.replace(['\n', '\r'], " "), "url": text},
        "fix": {"safe": true, "edits": [with(json!({"text": text}))]},
    }));
    let mut hidden = finding.clone();
    hidden["suppressed"] = json!({"by": "policy", "reason": text, "expires": "2999-01-01"});
    let said = json!({"status": "unknown", "reason": "unreachable", "principal": text, "account": text,
                      "issuer_version": text, "detail": text});
    let credential = json!({
        "fingerprint": text, "kind": text, "masked": text, "account": text, "verification": said,
        "occurrences": [with(json!({"address": text, "attribute": text, "source": "hcl", "commit": text}))],
    });
    let report = json!({
        "schema": "credlint/report/v1", "root": text,
        "summary": {"files": {"seen": 1, "checked": 1, "unparsable": 0}, "elapsed_ms": 5},
        "findings": [finding, hidden], "credentials": [credential],
        "notifications": [{"level": "warning", "message": text, "path": text}],
    });
    read(report.to_string().as_bytes(), &[], jiff::Timestamp::UNIX_EPOCH).unwrap()
}

/// What the shape of a format hangs on.
fn shape(format: &str, text: &str) -> Vec<usize> {
    let counted: &[char] = match format {
        "html" | "junit" | "checkstyle" => &['\n', '<', '>', '"'],
        _ => &['\n'],
    };
    // What stands between backticks is code.
    let text = if format == "html" { text.replace("<code>", "").replace("</code>", "") } else { text.to_owned() };
    counted.iter().map(|c| text.matches(*c).count()).collect()
}

#[test]
fn no_text_of_a_report_is_more_than_text() {
    for format in ALL {
        for verbose in [false, true] {
            let context = Context { verbose, ..in_actions() };
            let plain = shape(format.name, &rendered(format.name, &report("plain"), &context));
            for name in NAMES.iter().filter_map(|name| std::str::from_utf8(name).ok()) {
                let text = rendered(format.name, &report(name), &context);
                let what = format!("{}: {name:?}: {text}", format.name);
                assert_eq!(shape(format.name, &text), plain, "{what}");
                assert_eq!(obeyed(&text).len(), usize::from(format.name == "github"), "{what}");
                assert!(!text.contains("##["), "{what}");
                let own = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
                assert_eq!(text.matches("##vso[").count(), own("##vso[task."), "{what}");
                assert_eq!(text.matches("##teamcity[").count(), own("##teamcity[inspection"), "{what}");
                let bad =
                    |c: &char| (c.is_control() && *c != '\n') || matches!(*c, '\u{200b}' | '\u{202e}' | '\u{feff}');
                assert_eq!(text.chars().find(bad), None, "{what}");
            }
        }
    }
}

#[test]
fn the_token_that_resumes_commands_is_not_the_stranger_s_to_write() {
    let context = Context { stop_token: Some(StopToken::new([0xab; 16])), ..Context::default() };
    let token = format!("::{}::", "ab".repeat(16));
    let text = rendered("text", &report(&format!("x\n{token}\n::error::y")), &context);
    assert_eq!(text.lines().filter(|line| *line == token).count(), 1);
}
