//! The GitHub action: its scripts run as the runner runs them, with inputs that try to be more than data.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

use crate::git_repository::Directory;
use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A workspace with one error in it, and what a runner gives a step.
struct Runner {
    workspace: Directory,
    temp: Directory,
}

impl Runner {
    fn new() -> Self {
        let workspace = Directory::with_git();
        workspace.write(".credlint.yaml", "version: 1\nextends: []\nrules:\n  backend-not-encrypted: error\n");
        let backend = "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    region = \"eu-west-1\"\n  }\n}\n";
        workspace.write("infra/main.tf", backend);
        workspace.write("clean/main.tf", "locals {}\n");
        Self { workspace, temp: Directory::without_git() }
    }

    fn script(&self, script: &str, variables: &[(&str, &str)]) -> Output {
        self.temp.write("output", "");
        Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &format!("bash \"$GITHUB_ACTION_PATH/{script}\"")])
            .current_dir(&self.workspace.root)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTION_PATH", ROOT)
            .env("GITHUB_OUTPUT", self.temp.path("output"))
            .env("RUNNER_TEMP", &self.temp.root)
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    /// The check step: its status, its standard output, the lines of its output file.
    fn check(&self, inputs: &[(&str, &str)]) -> (Option<i32>, String, Vec<String>) {
        let mut variables = vec![("CREDLINT_BINARY", env!("CARGO_BIN_EXE_credlint")), ("INPUT_FAIL_ON", "error")];
        variables.extend(inputs);
        let output = self.script("action/check.sh", &variables);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), self.outputs())
    }

    fn outputs(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.temp.path("output")).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

#[test]
fn findings_become_annotations_and_a_report() {
    let runner = Runner::new();
    let (status, text, outputs) = runner.check(&[]);
    assert_eq!(status, Some(1));
    assert!(text.starts_with("::error file=infra/main.tf,line=2,"), "{text}");
    let report = runner.temp.path("credlint.json");
    assert_eq!(outputs, ["exit-code=1".to_owned(), format!("report={}", report.display())]);
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["summary"]["findings"]["error"], 1);
}

#[test]
fn inputs_do_what_they_say() {
    let runner = Runner::new();
    let status = |inputs: &[(&str, &str)]| runner.check(inputs).0;
    assert_eq!(status(&[("INPUT_PATHS", "clean\n")]), Some(0));
    assert_eq!(status(&[("INPUT_PATHS", "clean\r\ninfra/*.tf\r\n")]), Some(1));
    assert_eq!(status(&[("INPUT_FAIL_ON", "never")]), Some(0));
    assert_eq!(status(&[("INPUT_FAIL_ON", "")]), Some(1), "nothing is the default");
    assert_eq!(status(&[("INPUT_POLICY", "strict\n.credlint.yaml\n")]), Some(1));
    assert_eq!(status(&[("INPUT_WORKING_DIRECTORY", "clean"), ("INPUT_PATHS", "main.tf")]), Some(0));
    assert_eq!(status(&[("INPUT_WORKING_DIRECTORY", "nowhere")]), Some(2));
    assert_eq!(status(&[("INPUT_ARGS", "--jobs\n1\n")]), Some(1));
    assert_eq!(status(&[("INPUT_BASE", "nowhere")]), Some(2), "a base that was not fetched is no clean bill");
    let inside = [("INPUT_REPORT", "out.json"), ("INPUT_WORKING_DIRECTORY", "clean"), ("INPUT_PATHS", ".")];
    assert_eq!(status(&inside), Some(0));
    assert!(runner.workspace.path("out.json").is_file(), "a relative report stands in the workspace");
}

#[test]
fn inputs_are_data() {
    for evil in ["$(touch PWNED)", "`touch PWNED`", "; touch PWNED", "' && touch PWNED #", "--output=json=PWNED", "*"] {
        let runner = Runner::new();
        let names = ["PATHS", "POLICY", "POLICY_REF", "BASE", "BASELINE", "FAIL_ON", "WORKING_DIRECTORY"];
        for name in names {
            let (status, _, outputs) = runner.check(&[(&format!("INPUT_{name}"), evil)]);
            assert!(!runner.workspace.path("PWNED").exists(), "{name}: {evil}");
            assert!(status == Some(2) || (status == Some(1) && evil == "*"), "{name}: {evil}: {status:?}");
            assert!(outputs.len() == 2 || outputs.is_empty());
        }
    }
}

#[test]
fn an_input_cannot_write_outputs_or_commands() {
    let runner = Runner::new();
    for name in ["REPORT", "BASE", "POLICY_REF", "BASELINE", "FAIL_ON", "WORKING_DIRECTORY"] {
        for evil in ["x\nexit-code=0", "x\n::set-output name=a::b", "x\r::error::b"] {
            let (status, text, outputs) = runner.check(&[(&format!("INPUT_{name}"), evil)]);
            assert_eq!((status, outputs.len()), (Some(2), 0), "{name}");
            assert_eq!(text.lines().count(), 1, "{text}");
            assert!(!text.contains("set-output"));
        }
    }
}

#[test]
fn the_program_is_the_given_one_or_the_installed_one() {
    let runner = Runner::new();
    let program = env!("CARGO_BIN_EXE_credlint");
    assert!(runner.script("action/install.sh", &[("INPUT_BINARY", program)]).status.success());
    assert_eq!(runner.outputs(), [format!("binary={program}")]);
    let path = format!("{}:/usr/bin:/bin", Path::new(program).parent().unwrap().display());
    assert!(runner.script("action/install.sh", &[("PATH", &path)]).status.success());
    assert_eq!(runner.outputs(), [format!("binary={program}")]);
    for evil in ["nowhere", "infra/main.tf", "/bin/true\nexit-code=0", "$(touch PWNED)"] {
        let output = runner.script("action/install.sh", &[("INPUT_BINARY", evil)]);
        assert_eq!((output.status.code(), runner.outputs().len()), (Some(2), 0), "{evil}");
    }
    assert!(!runner.workspace.path("PWNED").exists());
}

#[test]
fn no_input_is_expanded_inside_a_script() {
    let action = std::fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    for line in action.lines().filter(|line| line.contains("${{")) {
        let key = line.trim().split(':').next().unwrap();
        assert!(key == "value" || key.chars().all(|c| c.is_ascii_uppercase() || c == '_'), "{line}");
    }
    let (inputs, rest) = action.split_once("\noutputs:").unwrap();
    let names = inputs.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    let names: Vec<&str> = names.filter(|name| !name.starts_with(' ')).collect();
    assert!(names.len() > 5);
    for name in names {
        assert!(rest.contains(&format!("${{{{ inputs.{name} }}}}")), "the input {name} reaches no script");
    }
}
