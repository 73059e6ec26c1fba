//! A JSON report can be read back, and nothing else can.

use credlint::output::{self, Context};
use credlint::report::{ReadError, Report, read};

fn json(report: &Report) -> String {
    let mut out = Vec::new();
    (output::format("json").unwrap().render)(report, &Context::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn now() -> jiff::Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

#[test]
fn a_report_that_is_read_back_says_the_same() {
    let written = json(&crate::outputs::fixture::report());
    let again = read(written.as_bytes(), &crate::outputs::fixture::RULES, now()).unwrap();
    assert_eq!(json(&again), written);
    assert!(again.findings.iter().any(|finding| finding.fix.is_some()), "the report has something of everything");
}

#[test]
fn where_to_read_on_is_told_by_the_rule_and_not_by_the_report() {
    let written =
        json(&crate::outputs::fixture::report()).replace("https://example.com/rules", "https://evil.example/");
    assert!(written.contains("evil.example"));
    let again = read(written.as_bytes(), &crate::outputs::fixture::RULES, now()).unwrap();
    assert!(!json(&again).contains("evil.example"));
}

#[test]
fn what_is_no_report_is_refused_in_one_line() {
    let good = json(&crate::outputs::fixture::report());
    let refused = |text: &str| read(text.as_bytes(), &[], now()).unwrap_err();
    assert_eq!(refused("{\"schema\": \"credlint/report/v2\"}"), ReadError::Schema);
    assert_eq!(refused("{}"), ReadError::Schema);
    assert_eq!(refused(""), ReadError::Malformed { line: 1, column: 0 });
    for (from, to) in [("\"line\": 4", "\"line\": 0"), ("\"error\"", "\"off\""), ("\"line\": 4", "\"line\": -1")] {
        assert!(good.contains(from), "{from}");
        let error = refused(&good.replacen(from, to, usize::MAX));
        assert!(matches!(error, ReadError::Malformed { .. }), "{to}");
        assert!(!error.to_string().contains('\n'));
    }
    assert!(matches!(refused(&"[".repeat(100_000)), ReadError::Malformed { .. }));
}
