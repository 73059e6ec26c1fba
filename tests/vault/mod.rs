//! Vault, Terraform Enterprise and issuers of workload identity are asked at real servers, and answered as they mean it.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod oidc;
mod tfe;
mod tokens;

use crate::git_repository::Directory;
use serde_json::Value;
use std::process::Command;

/// Credlint in a directory, with nothing of the environment.
fn credlint(directory: &Directory, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credlint"));
    command.env_clear().env("HOME", directory.path(".home")).current_dir(&directory.root).args(arguments);
    command
}

/// The JSON report of a run.
fn report(command: &mut Command) -> Value {
    let output = command.args(["--format", "json", "--fail-on", "never"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The verdict on the only credential of a report, as `status` or `status: reason`.
fn verdict(report: &Value) -> String {
    let [credential] = &report["credentials"].as_array().unwrap()[..] else { panic!("not one credential: {report}") };
    let of = |name: &str| credential["verification"][name].as_str();
    [of("status"), of("reason")].into_iter().flatten().collect::<Vec<_>>().join(": ")
}

/// What findings of a rule say.
fn said<'r>(report: &'r Value, rule: &str) -> Vec<&'r str> {
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule);
    findings.map(|finding| finding["message"].as_str().unwrap()).collect()
}
