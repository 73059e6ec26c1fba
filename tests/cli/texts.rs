//! Texts of any size and kind, searched for credentials.

use super::case::credlint;
use crate::git_repository::Directory;
use serde_json::Value;

/// A password in a URL, made up.
const URL: &str = "amqp://worker:Rk2dYf7PsUo9WgEn@mq.internal.example.org/jobs";

/// Where `recognized-credential` finds something: path and line; with it what the run could not do.
fn found(directory: &Directory, arguments: &[&str]) -> (Vec<String>, Vec<String>) {
    let output = credlint(&directory.root).args(["--format", "json", "--fail-on", "never"]).args(arguments).output();
    let output = output.expect("credlint runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let list = |key: &str| report[key].as_array().cloned().unwrap_or_default();
    let findings = list("findings").into_iter().filter(|finding| finding["rule"] == "recognized-credential");
    let places =
        findings.map(|finding| format!("{}:{}", finding["path"].as_str().expect("a path"), finding["start"]["line"]));
    let notes = list("notifications").into_iter().map(|note| note["message"].as_str().expect("a message").to_owned());
    (places.collect(), notes.collect())
}

#[test]
fn nothing_is_lost_in_a_large_text() {
    let line = format!("{{\"n\": \"{}\"}}\n", "x".repeat(1015));
    // Windows of 8 MiB: one in the first, one where two meet, one at the very end without a line's end.
    let mut text = line.repeat(20 << 10);
    let lines = [5, 8 << 10, (8 << 10) - 31, 16 << 10];
    for number in lines {
        let at = (number - 1) * line.len() + 7;
        text.replace_range(at..at + URL.len(), URL);
    }
    text.push_str(URL);
    let directory = Directory::with_git();
    directory.write("dump.json", &text);
    let (mut places, notes) = found(&directory, &[]);
    places.sort();
    let mut expected: Vec<String> = lines.iter().map(|line| format!("dump.json:{line}")).collect();
    expected.push(format!("dump.json:{}", (20 << 10) + 1));
    expected.sort();
    assert_eq!((places, notes), (expected, Vec::new()));
}

#[test]
fn more_than_can_be_told_is_said() {
    let directory = Directory::with_git();
    directory.write("list.txt", &format!("{}\n", URL.replace("Rk2d", "Kq7v")).repeat(1500));
    directory.write("large.yaml", &format!("- {URL}{}\n", " ".repeat(4000)).repeat(1500));
    let (places, notes) = found(&directory, &[]);
    assert_eq!(places.iter().filter(|place| place.starts_with("list.txt")).count(), 1000);
    assert_eq!(places.iter().filter(|place| place.starts_with("large.yaml")).count(), 1000);
    assert_eq!(notes.iter().filter(|note| note.contains("first 1000")).count(), 2, "{notes:?}");
}

#[test]
fn what_git_has_and_what_it_has_not() {
    let directory = Directory::with_git();
    directory.write(".gitignore", "own.env\n");
    for path in ["deploy.yaml", "binary.dat", "own.env", "main.tfstate"] {
        directory.write(path, &format!("url: {URL}\n"));
    }
    directory.write("binary.dat", &format!("\0\0{URL}"));
    directory.git(&["add", "deploy.yaml"]);
    directory.write("deploy.yaml", "url: none\n");
    directory.write("later.yaml", &format!("a\nurl: {URL}\n"));
    assert_eq!(found(&directory, &[]).0, ["later.yaml:2"], "binary files, state and ignored files are not searched");
    assert_eq!(found(&directory, &["--staged"]).0, ["deploy.yaml:1"], "the index has another text");
    assert_eq!(found(&directory, &["own.env"]).0, ["own.env:1"], "what is named is checked");
    assert_eq!(found(&directory, &["deploy.yaml"]).0, Vec::<String>::new(), "and what stands beside it is not");
}
