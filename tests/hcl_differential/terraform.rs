//! Terraform as the reference. It must be on the PATH; no network and no initialization is needed.

use base64::Engine as _;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// What Terraform's parser makes of one file.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Messages about its syntax; none if it is accepted.
    pub(super) refusals: BTreeSet<String>,
    /// The offsets of its outermost attributes.
    pub(super) attributes: BTreeSet<usize>,
    /// The offsets of its outermost blocks.
    pub(super) blocks: BTreeSet<usize>,
}

/// What a command prints; its directory holds no other configuration of the command line than an empty one.
pub(crate) fn terraform(directory: &Path, arguments: &[&str], input: &str) -> Vec<u8> {
    let configuration = directory.join("empty.tfrc");
    std::fs::write(&configuration, "").expect("the temporary directory is writable");
    let child = Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .env("TF_CLI_CONFIG_FILE", &configuration)
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.expect("these tests need the terraform binary on the PATH");
    child.stdin.take().expect("stdin is piped").write_all(input.as_bytes()).expect("terraform reads its input");
    let output = child.wait_with_output().expect("terraform ends");
    assert!(!output.stdout.is_empty(), "terraform: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The outermost structure of many files at once. Terraform knows none of their block types and attributes, so that
/// `validate` complains of each one, with its place.
pub(super) fn validate(files: &[Vec<u8>]) -> Vec<Verdict> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (index, bytes) in files.iter().enumerate() {
        std::fs::write(directory.path().join(format!("{index}.tf")), bytes).expect("the directory is writable");
    }
    let output = terraform(directory.path(), &["validate", "-json", "-no-color"], "");
    let output: serde_json::Value = serde_json::from_slice(&output).expect("terraform prints JSON");
    let mut verdicts: BTreeMap<usize, Verdict> = BTreeMap::new();
    for diagnostic in output["diagnostics"].as_array().expect("a list of diagnostics") {
        let name = diagnostic["range"]["filename"].as_str().unwrap_or_default();
        let Some(file) = name.strip_suffix(".tf").and_then(|index| index.parse().ok()) else {
            panic!("a diagnostic without a file: {diagnostic}");
        };
        let verdict = verdicts.entry(file).or_default();
        let start = diagnostic["range"]["start"]["byte"].as_u64().expect("an offset") as usize;
        match diagnostic["summary"].as_str().expect("a summary") {
            "Unsupported argument" => verdict.attributes.insert(start),
            "Unsupported block type" => verdict.blocks.insert(start),
            other => verdict.refusals.insert(other.into()),
        };
    }
    (0..files.len()).map(|index| verdicts.remove(&index).unwrap_or_default()).collect()
}

/// The values of expressions.
pub(super) fn evaluate(expressions: &[String]) -> Vec<serde_json::Value> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut file = String::from("locals {\n");
    for (index, expression) in expressions.iter().enumerate() {
        file.push_str(&format!("v{index} = {expression}\n"));
    }
    file.push_str("all = [");
    file.extend((0..expressions.len()).map(|index| format!("local.v{index}, ")));
    file.push_str("]\n}\n");
    std::fs::write(directory.path().join("main.tf"), file).expect("the directory is writable");
    let output = terraform(directory.path(), &["console"], "base64encode(jsonencode(local.all))\n");
    let output = String::from_utf8(output).expect("terraform prints UTF-8");
    let json = base64::engine::general_purpose::STANDARD.decode(output.trim().trim_matches('"')).expect("base64");
    serde_json::from_slice(&json).expect("a list of values")
}
