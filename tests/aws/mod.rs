//! Keys of AWS are asked about at a real server, and its answers are judged as AWS means them.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod faults;
mod keys;
mod operator;
mod rotation;
mod stores;

use crate::git_repository::Directory;
use crate::support::{Aws, Key};
use serde_json::Value;
use std::process::Command;

/// Credlint in a directory, with the operator's own credentials for a server and nothing else of the environment.
fn credlint(directory: &Directory, aws: &Aws, operator: Option<&Key>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credlint"));
    command.env_clear().env("HOME", directory.path(".home")).current_dir(&directory.root);
    command.env("PATH", std::option_env!("PATH").unwrap_or("/usr/bin:/bin"));
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_ENDPOINT_URL", &aws.endpoint);
    command.env("AWS_REGION", "eu-west-1").env("CREDLINT_VERIFY_HOST", format!("aws={}", aws.endpoint));
    if let Some(Key { id, secret }) = operator {
        command.env("AWS_ACCESS_KEY_ID", id).env("AWS_SECRET_ACCESS_KEY", secret);
    }
    command
}

/// The JSON report of a run.
fn report(command: &mut Command) -> Value {
    let output = command.args(["--format", "json", "--fail-on", "never"]).output().unwrap();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{wrong}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The credential of that id in a report.
fn credential<'r>(report: &'r Value, key: &Key) -> &'r Value {
    let all = report["credentials"].as_array().unwrap();
    all.iter().find(|one| one["masked"] == key.id.as_str()).unwrap_or_else(|| panic!("{} in {report}", key.id))
}

/// The levels at which a rule is broken, each with its message.
fn broken<'r>(report: &'r Value, rule: &str) -> Vec<(&'r str, &'r str)> {
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule);
    findings.map(|one| (one["level"].as_str().unwrap(), one["message"].as_str().unwrap())).collect()
}

/// A provider that signs in with a key.
fn provider(key: &Key) -> String {
    let Key { id, secret } = key;
    format!(
        "provider \"aws\" {{\n  region     = \"eu-west-1\"\n  access_key = \"{id}\"\n  secret_key = \"{secret}\"\n}}\n"
    )
}
