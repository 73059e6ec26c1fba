//! What no list of arguments can say: pipes that close, files that are none, shells, colours, the same bytes twice.

use super::case::{credlint, printed};
use crate::git_repository::Directory;
use std::io::Read as _;
use std::process::Stdio;

/// A backend that is whole, but for its encryption.
const BACKEND: &str = r#"terraform {
  backend "s3" {
    bucket = "org-terraform-state"
    key    = "network/terraform.tfstate"
    region = "eu-west-1"
  }
}
"#;

/// A repository with findings in many files.
fn repository(files: usize) -> Directory {
    let directory = Directory::with_git();
    directory.write(".credlint.yaml", "version: 1\nextends: []\nrules:\n  backend-not-encrypted: error\n");
    for at in 0..files {
        directory.write(&format!("stacks/s{at}/main.tf"), BACKEND);
    }
    directory
}

#[test]
fn the_same_tree_gives_the_same_bytes() {
    let directory = repository(40);
    for format in ["text", "json", "github"] {
        let run = |jobs: &str| {
            let output = credlint(&directory.root).args(["--format", format, "--jobs", jobs]).output().unwrap();
            assert_eq!(output.status.code(), Some(1));
            printed(&output, &directory)
        };
        let first = run("1");
        for jobs in ["1", "2", "8"] {
            assert_eq!(run(jobs), first, "{format}, {jobs} threads");
        }
    }
}

#[test]
fn check_need_not_be_said() {
    let directory = repository(3);
    let run = |arguments: &[&str]| printed(&credlint(&directory.root).args(arguments).output().unwrap(), &directory);
    assert_eq!(run(&["stacks/s1"]), run(&["check", "stacks/s1"]));
    assert_eq!(run(&[]), run(&["check"]));
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let directory = repository(2000);
    let mut child = credlint(&directory.root).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut some = [0_u8; 10];
    child.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "the verdict stands");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let directory = repository(1);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = credlint(&directory.root).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output cannot be written"));
}

#[test]
fn colour_is_for_terminals_or_on_demand() {
    let directory = repository(1);
    let coloured = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let output = credlint(&directory.root).args(arguments).envs(variable).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[], None), "a pipe is no terminal");
    assert!(coloured(&["--color", "always"], None));
    assert!(coloured(&[], Some(("CREDLINT_COLOR", "always"))));
    assert!(!coloured(&["--color", "auto"], Some(("NO_COLOR", "1"))));
    assert!(!coloured(&["--color", "never"], None));
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_loop_of_links_in_the_tree_stop_nothing() {
    let directory = repository(1);
    let made = std::process::Command::new("mkfifo").arg(directory.path("stacks/pipe.tf")).status().unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink("..", directory.path("stacks/loop")).unwrap();
    std::os::unix::fs::symlink("b.tf", directory.path("stacks/a.tf")).unwrap();
    std::os::unix::fs::symlink("a.tf", directory.path("stacks/b.tf")).unwrap();
    let mut child = credlint(&directory.root).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let started = std::time::Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed().as_secs() > 30 {
            child.kill().unwrap();
            panic!("it waits for the pipe");
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.matches("stacks/s0/main.tf").count(), 1, "the file is found once");
}

#[test]
fn it_works_outside_of_git() {
    let directory = Directory::without_git();
    directory.write("main.tf", BACKEND);
    let run = |arguments: &[&str]| credlint(&directory.root).args(arguments).output().unwrap();
    let output = run(&["--policy", "minimal", "--quiet"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("backend-not-encrypted"));
    for arguments in [&["--staged"][..], &["--base", "HEAD"], &["--policy-ref", "HEAD"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("git"), "it says that there is no repository");
    }
}

#[test]
fn completions_are_scripts() {
    let directory = Directory::without_git();
    for (shell, sign) in [("bash", "complete -F"), ("zsh", "#compdef credlint"), ("fish", "complete -c credlint")] {
        let output = credlint(&directory.root).args(["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && script.contains(sign), "{shell}");
        assert!(script.contains("fail-on"), "{shell} knows the options");
    }
    assert_eq!(credlint(&directory.root).args(["completions", "cmd"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn every_option_can_be_set_by_the_environment() {
    let command = credlint::cli::command();
    let check = command.get_subcommands().find(|command| command.get_name() == "check").unwrap();
    for option in check.get_arguments().filter(|option| option.get_long().is_some()) {
        let name = option.get_long().unwrap();
        if ["help", "version"].contains(&name) {
            continue;
        }
        let variable = format!("CREDLINT_{}", name.to_uppercase().replace('-', "_"));
        assert_eq!(option.get_env().and_then(|env| env.to_str()), Some(variable.as_str()), "--{name}");
    }
}
