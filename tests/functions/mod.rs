//! Terraform's functions against Terraform itself.
//!
//! `console.txt` holds expressions and what `terraform console` (1.11) makes of them: `expression => JSON`, or
//! `refused`. A line that starts with `~ ` is one that this program leaves unknown, which is never wrong.

use credlint::document::hcl::parse_expression;
use credlint::resolve::{Kind, Reason, Value, constant};
use credlint::text::{RepoPath, Source};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

const CASES: &str = include_str!("console.txt");

struct Case {
    expression: &'static str,
    answer: &'static str,
    undecided: bool,
}

fn cases() -> Vec<Case> {
    CASES
        .lines()
        .map(|line| {
            let undecided = line.starts_with("~ ");
            let (expression, answer) = line.trim_start_matches("~ ").rsplit_once(" => ").expect("a case has an answer");
            Case { expression, answer, undecided }
        })
        .collect()
}

/// What this program makes of an expression: its JSON, `refused`, or nothing where it leaves it unknown.
fn ours(expression: &str) -> Option<String> {
    let text = format!("jsonencode({expression})");
    let source = Arc::new(Source::new(RepoPath::new("main.tf"), text.clone().into_bytes()));
    let parsed = parse_expression(&text).expect("the cases are well-formed");
    match constant(&source, &parsed).kind {
        Kind::String(text) => Some(text.to_string()),
        Kind::Unknown(Reason::Invalid) => Some("refused".to_owned()),
        Kind::Unknown(_) => None,
        Kind::Either(values) if values.iter().any(Value::is_unknown) => None,
        _ => Some("neither a string nor unknown".to_owned()),
    }
}

#[test]
fn values_are_those_of_the_console() {
    let mut wrong = Vec::new();
    for case in cases() {
        let expected = (!case.undecided).then_some(case.answer);
        let ours = ours(case.expression);
        if ours.as_deref() != expected {
            wrong.push(format!("{}\n  expected {expected:?}\n  ours     {ours:?}", case.expression));
        }
    }
    assert!(wrong.is_empty(), "{} cases differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Where Terraform is installed, the answers are still its own.
#[test]
fn the_console_still_says_so() {
    let version = Command::new("terraform").arg("version").output();
    if !version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with("Terraform v1.11.")) {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    for cases in cases().chunks(60) {
        let expressions: Vec<String> =
            cases.iter().map(|case| format!("try(jsonencode({}), \"refused\")", case.expression)).collect();
        let question = format!("base64encode(nonsensitive(jsonencode([{}])))\n", expressions.join(", "));
        let answers = ask(directory.path(), &question);
        for (case, answer) in cases.iter().zip(&answers) {
            assert_eq!(answer, case.answer, "{}", case.expression);
        }
        assert_eq!(answers.len(), cases.len());
    }
}

fn ask(directory: &std::path::Path, question: &str) -> Vec<String> {
    use base64::Engine;
    let mut console = Command::new("terraform")
        .arg("console")
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("terraform starts");
    console.stdin.take().expect("stdin is piped").write_all(question.as_bytes()).expect("the console reads");
    let output = console.wait_with_output().expect("the console ends");
    let text = String::from_utf8(output.stdout).expect("the console writes UTF-8");
    let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim().trim_matches('"')).expect("Base64");
    serde_json::from_slice(&bytes).expect("a JSON list of strings")
}
