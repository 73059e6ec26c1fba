//! The fixed report in every format, against committed files; `UPDATE=1 cargo test` rewrites them.

use super::{fixture, in_actions, rendered};
use credlint::output::Context;
use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "the one switch of the tests")]
fn check(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outputs/expected").join(name);
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(&file, text).expect("the snapshot can be written");
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(text == expected, "{name} differs; `UPDATE=1 cargo test` rewrites it. It is now:\n{text}");
}

#[test]
fn every_format_is_as_committed() {
    let report = fixture::report();
    for format in credlint::output::ALL {
        check(&format!("{}.txt", format.name), &rendered(format.name, &report, &Context::default()));
    }
    check("github-in-actions.txt", &rendered("github", &report, &in_actions()));
    check("text-color.txt", &rendered("text", &report, &Context { color: true, width: 100, ..Context::default() }));
    check("text-quiet.txt", &rendered("text", &report, &Context { quiet: true, ..Context::default() }));
    check("text-verbose.txt", &rendered("text", &report, &Context { verbose: true, ..Context::default() }));
}

#[test]
fn json_is_what_the_interface_promises() {
    let text = rendered("json", &fixture::report(), &Context::default());
    let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(json["schema"], "credlint/report/v1");
    assert_eq!(json["summary"]["findings"]["error"], 3);
    assert_eq!(json["summary"]["suppressed"], 1);
    assert_eq!(json["summary"]["elapsed_ms"], 1234);
    let finding =
        json["findings"].as_array().into_iter().flatten().find(|finding| finding["attribute"] == "access_key");
    let finding = finding.expect("it is there");
    assert_eq!(finding["start"], serde_json::json!({ "line": 4, "column": 19 }));
    assert_eq!(finding["fix"]["edits"][0]["end"], serde_json::json!({ "line": 5, "column": 1 }));
    assert_eq!(finding["remedy"]["url"], "https://example.com/rules");
    // printf %s credlint:v1:aws-access-key:AKIAIOSFODNN7EXAMPLE | sha256sum
    assert_eq!(finding["credential"], "sha256:5bf7e653c987f4c2");
    assert!(!text.contains("null"), "absent is left out");
}

#[test]
fn a_clean_report_says_so() {
    let text = rendered("text", &credlint::report::build(clean()), &Context::default());
    assert_eq!(text, "no findings; 5 files checked, 1 of them could not be parsed in 1.23 s\n");
}

fn clean() -> credlint::report::Input<'static> {
    credlint::report::Input { whole_tree: false, ..fixture::input(Vec::new()) }
}
