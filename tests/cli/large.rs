//! Files that are large, or made to become so: the program ends, within the memory and time of its shell, tells what it
//! left out, and judges their neighbours.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

use super::case::credlint;
use crate::git_repository::Directory;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Output};

/// A backend without encryption.
const NEIGHBOUR: &str = "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key    = \"k\"\n  }\n}\n";

/// Runs credlint in a shell that gives it so many KiB of memory and seconds of the processor.
fn limited(directory: &Directory, memory: u32, seconds: u32, arguments: &[&str]) -> Output {
    let program = credlint(&directory.root);
    let limits = format!("ulimit -v {memory} && ulimit -t {seconds} && exec \"$0\" --jobs 2 \"$@\"");
    let mut shell = Command::new("bash");
    shell.args(["-c", &limits]).arg(program.get_program()).args(arguments).current_dir(&directory.root);
    shell.env_clear().env("HOME", &directory.root).output().unwrap()
}

/// The rules of each file's findings.
fn judged(output: &Output) -> BTreeMap<String, Vec<String>> {
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let mut judged = BTreeMap::<String, Vec<String>>::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        judged.entry(text("path")).or_default().push(text("rule"));
    }
    judged
}

/// An archive whose plan is a thousand times as long as the archive itself.
fn bomb(directory: &Directory) {
    let file = std::fs::File::create(directory.path("bomb.tfplan")).unwrap();
    let mut archive = zip::ZipWriter::new(file);
    for name in ["tfplan", "tfstate"] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..48 {
            archive.write_all(&vec![0; 1 << 20]).unwrap();
        }
    }
    archive.finish().unwrap();
}

/// A list of a list, in which each alias stands for nine of the one before.
fn aliases() -> String {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for at in 1..12 {
        let before = format!("*a{}, ", at - 1).repeat(9);
        text.push_str(&format!("a{at}: &a{at} [{before}x]\n"));
    }
    text + "job:\n  script: *a11\n"
}

#[test]
fn files_made_to_take_without_end_stop_nothing() {
    let directory = Directory::with_git();
    let token = ["ghp", "_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"].concat();
    let line = format!("2026-11-21T12:00:00Z [TRACE] {}token={token}\n", "x \"a=b\" ".repeat(30_000_000 / 8));
    directory.write("one-line/trace.log", &line);
    bomb(&directory);
    let deep = "[".repeat(1_000_000);
    directory.write("deep/main.tf.json", &deep);
    directory.write("deep-state/terraform.tfstate", &format!("{{\"version\": 4, \"resources\": {deep}"));
    directory.write(".github/workflows/deep.yml", &format!("on: push\njobs: {deep}\n"));
    let indented: String = (0..2000).map(|at| format!("{}k{at}:\n", "  ".repeat(at))).collect();
    directory.write(".github/workflows/indented.yml", &indented);
    directory.write(".gitlab-ci.yml", &aliases());
    directory.write("neighbour/main.tf", NEIGHBOUR);
    let output = limited(&directory, 800_000, 120, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let judged = judged(&output);
    for path in [
        "bomb.tfplan",
        "deep/main.tf.json",
        "deep-state/terraform.tfstate",
        ".github/workflows/deep.yml",
        ".github/workflows/indented.yml",
        ".gitlab-ci.yml",
    ] {
        assert_eq!(
            judged.get(path).map(Vec::as_slice),
            Some(&["unparsable-file".to_owned()][..]),
            "{path}: {judged:?}"
        );
    }
    assert_eq!(judged["one-line/trace.log"], ["trace-log-credential"]);
    assert!(judged["neighbour/main.tf"].contains(&"backend-not-encrypted".to_owned()), "{judged:?}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains(&token));
}

/// More secrets than are told of one state.
const SECRETS: usize = 10_020;
const TOLD: usize = 10_000;

fn state() -> String {
    let resource = |at: usize| {
        let secret = credlint::finding::plain_fingerprint("made up", &at.to_string()).replace(':', "-");
        json!({
            "mode": "managed", "type": "random_password", "name": format!("p{at}"),
            "provider": "provider[\"registry.terraform.io/hashicorp/random\"]",
            "instances": [{"schema_version": 3, "attributes": {"id": "none", "length": 24, "result": secret}}],
        })
    };
    let resources: Vec<Value> = (0..SECRETS).map(resource).collect();
    json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": {}, "resources": resources})
        .to_string()
}

#[test]
fn ten_thousand_findings_are_all_there_in_every_format() {
    let directory = Directory::with_git();
    directory.write("terraform.tfstate", &state());
    directory.write("neighbour/main.tf", NEIGHBOUR);
    let outputs: Vec<String> =
        credlint::output::ALL.iter().map(|format| format!("--output={0}=out.{0}", format.name)).collect();
    let arguments: Vec<&str> = outputs.iter().map(String::as_str).chain(["--format", "json"]).collect();
    let output = limited(&directory, 2_000_000, 120, &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let judged = judged(&output);
    let state = &judged["terraform.tfstate"];
    assert_eq!(state.iter().filter(|rule| *rule == "state-secret").count(), TOLD);
    assert!(state.contains(&"unparsable-file".to_owned()), "nobody says that there are more");
    assert!(judged["neighbour/main.tf"].contains(&"backend-not-encrypted".to_owned()));
    let all: usize = judged.values().map(Vec::len).sum();
    for format in credlint::output::ALL {
        let text = std::fs::read_to_string(directory.path(&format!("out.{}", format.name))).unwrap();
        let (there, more) = (shown(format.name, &text), left_out(format.name, &text));
        assert_eq!(there + more, all, "{}: {there} and {more} more", format.name);
        // Only what has a limit of its reader's own leaves something out, which it counts.
        assert_eq!(more > 0, matches!(format.name, "github" | "buildkite" | "markdown"), "{}", format.name);
    }
}

/// How many findings a format shows, by what each of them begins with.
fn shown(format: &str, text: &str) -> usize {
    let many = |what: &str| text.matches(what).count();
    match format {
        "text" => text.lines().filter(|line| line.contains("--> ")).count(),
        "json" => many("\n      \"rule\": "),
        "sarif" => many("\"ruleIndex\": "),
        "github" => text.lines().filter(|line| line.contains(" file=")).count(),
        "gitlab" => many("\"check_name\": "),
        "gitlab-sast" => many("\"severity\": "),
        "junit" => many("<testcase "),
        "checkstyle" => many("<error "),
        "rdjsonl" => text.lines().count(),
        "azure" => many("##vso[task.logissue "),
        "teamcity" => many("##teamcity[inspection "),
        "buildkite" | "markdown" => text.lines().filter(|line| is_row(line)).count(),
        "html" => many("<article class=\"finding "),
        other => panic!("{other} is not counted"),
    }
}

/// A row of the table of findings.
fn is_row(line: &str) -> bool {
    ["| **error** |", "| warning |", "| note |"].iter().any(|start| line.starts_with(start))
}

/// How many findings it says there are more.
fn left_out(format: &str, text: &str) -> usize {
    let before = if format == "github" { " more at level " } else { " findings more: " };
    let counts = text.split(before).map(|part| part.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
    // What stands before the last of them is all but the rest of the text.
    let counts: Vec<usize> = counts.map(|count| count.parse().unwrap_or(0)).collect();
    counts[..counts.len() - 1].iter().sum()
}
