//! What the README tells people to type works.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

use crate::git_repository::Directory;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const README: &str = include_str!("../../README.md");
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The contents of the code blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    README.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// The lines of all shell blocks.
fn commands() -> Vec<String> {
    let lines: Vec<String> = blocks("sh").iter().flat_map(|block| block.lines().map(str::to_owned)).collect();
    assert!(lines.len() > 8, "the blocks were not found");
    lines
}

fn shell(command: &str, directory: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_credlint")).parent().unwrap();
    Command::new("bash")
        .args(["-euo", "pipefail", "-c", command])
        .current_dir(directory)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
        .output()
        .unwrap()
}

#[test]
fn its_commands_run() {
    let directory = Directory::with_git();
    directory.write("stacks/app/main.tf", "locals {}\n");
    directory.write("modules/a/b/main.tf", "locals {}\n");
    directory.commit();
    for line in commands().iter().filter(|line| !line.starts_with("cargo ")) {
        let output = shell(line, &directory.root);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`{line}` ends with {}: {error}", output.status);
        assert_eq!(error, "", "`{line}`");
    }
}

#[test]
fn its_two_set_up_commands_are_what_they_seem() {
    let lines = commands();
    let cargo: Vec<&String> = lines.iter().filter(|line| line.starts_with("cargo ")).collect();
    assert_eq!(cargo.len(), 2);
    assert_eq!(cargo[1], "cargo test");
    assert!(std::fs::read_to_string(Path::new(ROOT).join(".ci/run")).unwrap().contains("step cargo test"));
    // The same arguments, to the program that is built already.
    let arguments = cargo[0].strip_prefix("cargo run --release -- ").expect("it builds and runs");
    let output = shell(&format!("credlint {arguments}"), Path::new(ROOT));
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let shown = &blocks("text")[0];
    assert!(text.contains(shown.trim_end()), "the README shows\n{shown}--- but it prints\n{text}");
    for rule in ["backend-config-credential", "backend-not-encrypted", "backend-key-reused", "provider-unpinned"] {
        assert!(text.contains(&format!("[{rule}]")), "the example shows no {rule}");
    }
    assert!(!text.contains("wJalrXUtnFEMI"), "no secret is printed");
}

#[test]
fn its_policy_and_its_ignore_are_valid() {
    let directory = Directory::with_git();
    let policy = blocks("yaml").into_iter().find(|block| block.contains("extends:")).unwrap();
    directory.write(".credlint.yaml", &policy);
    let output = shell("credlint policy check", &directory.root);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let ignore = blocks("hcl").concat();
    let backend = "backend \"s3\" {\n  bucket = \"b\"\n  key    = \"k\"\n  region = \"eu-west-1\"\n}\n";
    directory.write(".credlint.yaml", "version: 1\nextends: []\nrules: { backend-not-encrypted: error }\n");
    directory.write("main.tf", &format!("terraform {{\n{backend}}}\n"));
    assert_eq!(shell("credlint", &directory.root).status.code(), Some(1));
    // It holds on any day before it expires.
    let ignore = ignore.replace("2027", "2999");
    directory.write("main.tf", &format!("terraform {{\n{ignore}{backend}}}\n"));
    assert_eq!(shell("credlint", &directory.root).status.code(), Some(0));
}

#[test]
fn its_links_lead_somewhere() {
    for page in
        ["README.md", "CONTRIBUTING.md", "docs/ci/README.md", "SECURITY.md", "CHANGELOG.md", "examples/shop/README.md"]
    {
        let path = Path::new(ROOT).join(page);
        let text = std::fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let file: PathBuf = path.parent().unwrap().join(link.split('#').next().unwrap());
            assert!(link.starts_with("https://") || file.exists(), "{page}: {link}");
        }
    }
}

#[test]
fn the_repository_passes_its_own_check() {
    let output = shell("credlint --quiet --policy .ci/credlint.yaml", Path::new(ROOT));
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
}
