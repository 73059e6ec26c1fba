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

/// Those that want a job.
fn publishing() -> Vec<String> {
    let block = blocks("sh").into_iter().find(|block| block.contains("credlint publish")).unwrap();
    block.lines().map(str::to_owned).collect()
}

fn command(command: &str, directory: &Path) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_credlint")).parent().unwrap();
    let mut shell = Command::new("bash");
    shell
        .args(["-euo", "pipefail", "-c", command])
        .current_dir(directory)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()));
    shell
}

fn shell(line: &str, directory: &Path) -> Output {
    command(line, directory).output().unwrap()
}

/// As in a job of a repository that a fake GitHub keeps.
fn in_job(line: &str, directory: &Path, repository: &str) -> Output {
    let api = format!("http://{}", crate::publish::fake::Github::shared().address);
    let mut job = command(line, directory);
    job.envs([("GITHUB_API_URL", api.as_str()), ("GITHUB_REPOSITORY", repository), ("GITHUB_TOKEN", repository)]);
    job.envs([("GITHUB_SHA", "ce587453ced02b1526dfb4cb910479d431683101"), ("GITHUB_REF", "refs/heads/main")]);
    job.output().unwrap()
}

#[test]
fn its_commands_run() {
    let directory = Directory::with_git();
    directory.write("stacks/app/main.tf", "locals {}\n");
    directory.write("modules/a/b/main.tf", "locals {}\n");
    directory.commit();
    for line in commands().iter().filter(|line| !line.starts_with("cargo ") && !publishing().contains(line)) {
        let output = shell(line, &directory.root);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`{line}` ends with {}: {error}", output.status);
        assert_eq!(error, "", "`{line}`");
    }
}

#[test]
fn its_commands_publish_in_a_job() {
    let directory = Directory::with_git();
    directory.write("main.tf", "terraform {\n  backend \"local\" {\n  }\n}\n");
    directory.commit();
    for (nth, line) in publishing().iter().enumerate() {
        let repository = format!("o/readme-{nth}");
        let output = in_job(line, &directory.root, &repository);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`{line}` ends with {}: {error}", output.status);
        let posted = crate::publish::fake::Github::shared().with(&repository, |repository| repository.checks.len());
        assert_eq!(posted, usize::from(line.contains("publish")), "`{line}`: {error}");
        assert!(error.lines().all(|line| line.starts_with("credlint: published a check run")), "`{line}`: {error}");
    }
}

#[test]
fn it_names_every_format_and_every_way_to_publish_once() {
    let (_, formats) = README.split_once("Reports are ").unwrap();
    let formats: Vec<&str> = formats.split_once(';').unwrap().0.split('`').skip(1).step_by(2).collect();
    let all: Vec<&str> = credlint::output::ALL.iter().map(|format| format.name).collect();
    assert_eq!(formats, all);
    for publisher in credlint::publish::ALL.iter().filter(|one| one.forge == credlint::publish::Forge::Github) {
        let row = README.lines().find(|line| line.starts_with(&format!("| `{}` |", publisher.name))).unwrap();
        let needs = publisher.permission.map(|permission| format!("`{permission}`")).unwrap_or_default();
        assert_eq!(row.trim_end_matches('|').rsplit('|').next().unwrap().trim(), needs, "{row}");
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
