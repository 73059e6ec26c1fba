//! What other programs read of this repository - workflows, the action, scripts, pipelines, hooks - under the programs that
//! judge such files.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod ci_examples;
mod hooks;

use crate::support::{linter, must_succeed};
use std::path::{Path, PathBuf};
use std::process::Output;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Runs a linter in the repository's root.
fn lint(name: &str, arguments: &[&str], files: &[PathBuf]) -> Output {
    linter(name).args(arguments).args(files).current_dir(ROOT).output().unwrap()
}

/// It must have no complaint.
fn clean(name: &str, arguments: &[&str], files: &[PathBuf]) {
    must_succeed(linter(name).args(arguments).args(files).current_dir(ROOT));
}

/// The linter refuses what a file becomes by a change: it judges what it says it judges.
fn refuses(name: &str, arguments: &[&str], file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{}: {from}", file.display());
    let directory = tempfile::tempdir().unwrap();
    // Some look at what the directories are called.
    let changed = directory.path().join(file.strip_prefix(ROOT).unwrap());
    std::fs::create_dir_all(changed.parent().unwrap()).unwrap();
    std::fs::write(&changed, text.replacen(from, to, 1)).unwrap();
    let output = lint(name, arguments, &[changed]);
    assert!(!output.status.success(), "{name} takes {to:?} in {}", file.display());
}

fn file(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

/// The files of a directory.
fn files(directory: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(file(directory))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

fn workflows() -> Vec<PathBuf> {
    [files(".github/workflows"), vec![file("src/cli/init/workflow.yml")]].concat()
}

/// Every script of the shell.
fn scripts() -> Vec<PathBuf> {
    let is_script = |path: &PathBuf| {
        let text = std::fs::read(path).unwrap();
        let first = String::from_utf8_lossy(text.split(|byte| *byte == b'\n').next().unwrap()).into_owned();
        (first.starts_with("#!") && first.ends_with("sh")) || first.starts_with("# shellcheck shell=")
    };
    let scripts: Vec<PathBuf> =
        [".ci", "action", "benches", "docs/ci"].into_iter().flat_map(files).filter(is_script).collect();
    assert!(scripts.len() > 12, "{scripts:?}");
    scripts
}

#[test]
fn workflows_and_the_action_are_valid() {
    let schema = ["--builtin-schema", "vendor.github-workflows"];
    clean("check-jsonschema", &schema, &workflows());
    refuses("check-jsonschema", &schema, &file(".github/workflows/ci.yml"), "runs-on", "runs-at");
    let schema = ["--builtin-schema", "vendor.github-actions"];
    clean("check-jsonschema", &schema, &[file("action.yml")]);
    refuses("check-jsonschema", &schema, &file("action.yml"), "shell: bash", "shells: bash");
}

#[test]
fn workflows_mean_what_they_say() {
    // It looks into their scripts with shellcheck, too.
    clean("actionlint", &["-shellcheck=shellcheck", "-pyflakes="], &workflows());
    let release = file(".github/workflows/release.yml");
    refuses("actionlint", &["-pyflakes="], &release, "steps.version.outputs", "steps.nothing.outputs");
    refuses("actionlint", &["-pyflakes="], &release, ".ci/build \"$TARGET\"", ".ci/build ${{ github.head_ref }}");
}

#[test]
fn workflows_and_the_action_are_safe() {
    let auditor = ["--offline", "--persona=auditor", "--no-progress", "--quiet"];
    clean("zizmor", &auditor, &[file(".github/workflows"), file("action.yml"), file(".pre-commit-hooks.yaml")]);
    let (ci, action) = (file(".github/workflows/ci.yml"), file("action.yml"));
    refuses("zizmor", &auditor, &ci, "persist-credentials: false", "persist-credentials: true");
    refuses("zizmor", &auditor, &ci, "permissions: {}", "permissions: write-all");
    refuses("zizmor", &auditor, &action, "bash \"$GITHUB", "echo ${{ inputs.paths }}; bash \"$GITHUB");
}

#[test]
fn actions_of_others_are_pinned_to_a_commit() {
    let texts = workflows().into_iter().chain([file("README.md"), file("action.yml")]);
    let mut pinned = 0;
    for path in texts {
        for line in std::fs::read_to_string(&path).unwrap().lines().filter(|line| line.contains("uses: ")) {
            let used = line.split("uses: ").nth(1).unwrap();
            // This repository's own: by its version where others are told of it.
            if used.starts_with("credlint/") || used.starts_with("./") {
                continue;
            }
            let (commit, version) = used.split_once('@').unwrap().1.split_once(" # v").expect(used);
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
            assert_eq!(version.split('.').count(), 3, "{line}");
            pinned += 1;
        }
    }
    assert!(pinned > 8);
}

#[test]
fn scripts_are_clean() {
    clean("shellcheck", &["--severity=style"], &scripts());
    refuses("shellcheck", &[], &file("action/install.sh"), "cd -- \"$scratch\"", "cd $scratch");
}

#[test]
fn the_image_is_well_built() {
    clean("hadolint", &["--no-color"], &[file("Dockerfile")]);
    refuses("hadolint", &["--no-color"], &file("Dockerfile"), "WORKDIR /repository", "WORKDIR repository");
}
