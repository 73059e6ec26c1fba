//! The GitHub action: its steps run as a runner runs them, with inputs, archives and caches that try to be more than data.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod check;
mod install;
mod releases;

use crate::git_repository::Directory;
use crate::support::python;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PROGRAM: &str = env!("CARGO_BIN_EXE_credlint");

/// A workspace with one error in it, and what a runner gives a job.
struct Runner {
    action: PathBuf,
    workspace: Directory,
    scratch: Directory,
    environment: BTreeMap<String, String>,
}

/// What has become of a job.
#[derive(Debug, serde::Deserialize)]
struct Outcome {
    status: i32,
    /// Both of its streams.
    log: String,
    outputs: BTreeMap<String, String>,
    /// The program that was found.
    binary: String,
    /// Lines of the files of outputs.
    lines: usize,
    summary: String,
}

impl Runner {
    fn new() -> Self {
        let workspace = Directory::with_git();
        workspace.write(".credlint.yaml", "version: 1\nextends: []\nrules:\n  backend-not-encrypted: error\n");
        let backend = "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    region = \"eu-west-1\"\n  }\n}\n";
        workspace.write("infra/main.tf", backend);
        workspace.write("clean/main.tf", "locals {}\n");
        let scratch = Directory::without_git();
        Self { action: ROOT.into(), workspace, scratch, environment: BTreeMap::new() }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs the action of a directory, without a program that is given.
    fn run(&self, inputs: &[(&str, &str)]) -> Outcome {
        let inputs: BTreeMap<_, _> = inputs.iter().copied().collect();
        let job = serde_json::json!({
            "inputs": inputs,
            "environment": self.environment,
            "workspace": self.workspace.root,
            "scratch": self.scratch.root,
        });
        let mut process = Command::new(python())
            .arg(Path::new(ROOT).join("tests/action/runner.py"))
            .arg(&self.action)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        process.stdin.take().unwrap().write_all(job.to_string().as_bytes()).unwrap();
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "the faked runner fails");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Runs the action with the program under test.
    fn check(&self, inputs: &[(&str, &str)]) -> Outcome {
        self.run(&[inputs, &[("binary", PROGRAM)]].concat())
    }

    fn has_been_entered(&self) -> bool {
        self.workspace.path("PWNED").exists() || self.scratch.path("PWNED").exists()
    }
}
