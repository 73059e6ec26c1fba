//! The hooks for pre-commit: the manifest, the configurations that use it, and the hook that builds nothing. The two that
//! build credlint are tried by `.ci/hooks`.

use super::{clean, file, refuses};
use crate::git_repository::Directory;
use crate::support::linter;
use std::path::Path;

#[test]
fn the_manifest_is_valid() {
    clean("pre-commit", &["validate-manifest"], &[file(".pre-commit-hooks.yaml")]);
    refuses(
        "pre-commit",
        &["validate-manifest"],
        &file(".pre-commit-hooks.yaml"),
        "language: python",
        "language: pyton",
    );
    clean("pre-commit", &["validate-config"], &[file("src/cli/init/pre-commit-config.yaml")]);
}

#[test]
fn every_hook_judges_what_is_staged_and_once() {
    let manifest = std::fs::read_to_string(file(".pre-commit-hooks.yaml")).unwrap();
    for (hook, language) in [("credlint", "python"), ("credlint-system", "system"), ("credlint-rust", "rust")] {
        let text = manifest.split("- id: ").find(|text| text.lines().next() == Some(hook)).expect(hook);
        for line in
            ["entry: credlint check --staged", "pass_filenames: false", "always_run: true", "require_serial: true"]
        {
            assert!(text.contains(&format!("  {line}\n")), "{hook}: {line}");
        }
        assert!(text.contains(&format!("  language: {language}\n")));
        let script = std::fs::read_to_string(file(".ci/hooks")).unwrap();
        assert!(script.contains(&format!(" {hook}")), "{hook} is not tried");
    }
}

#[test]
fn the_installed_program_is_a_hook() {
    let source = Directory::with_git();
    source.write(".pre-commit-hooks.yaml", &std::fs::read_to_string(file(".pre-commit-hooks.yaml")).unwrap());
    source.commit();
    let directory = Directory::with_git();
    directory.write("main.tf", "provider \"aws\" {\n  secret_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"\n}\n");
    directory.git(&["add", "main.tf"]);
    directory.write("main.tf", "locals {}\n");
    let run = || {
        let program = Path::new(env!("CARGO_BIN_EXE_credlint")).parent().unwrap();
        let inherited =
            linter("pre-commit").get_envs().find(|(name, _)| *name == "PATH").unwrap().1.unwrap().to_owned();
        let mut command = linter("pre-commit");
        command
            .args(["try-repo", &source.root.display().to_string(), "credlint-system"])
            .current_dir(&directory.root)
            .env("PATH", format!("{}:{}", program.display(), inherited.to_string_lossy()))
            .env("HOME", &source.root)
            .env("PRE_COMMIT_HOME", source.path(".git/home"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (status, text) = run();
    assert!(status == Some(1) && text.contains("error[provider-static-credential]"), "{text}");
    directory.git(&["add", "main.tf"]);
    let (status, text) = run();
    assert_eq!(status, Some(0), "{text}");
}

/// The value of a key, which stands once in the file, quoted.
fn value(text: &str, key: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
    line.expect(key).trim_matches('"').to_owned()
}

#[test]
fn the_wheel_is_the_program() {
    let read = |path| std::fs::read_to_string(file(path)).unwrap();
    let (project, cargo) = (read("pyproject.toml"), read("Cargo.toml"));
    assert_eq!(value(&project, "bindings"), "bin");
    assert!(cargo.contains(&format!("\n[profile.{}]\n", value(&project, "profile"))));
    for key in ["name", "description", "license"] {
        assert_eq!(value(&project, key), value(&cargo, key));
    }
    // What a release builds has all features, whatever a hook does without.
    let features = value(&cargo, "default").replace(['[', ']', '"', ' '], "");
    assert!(read(".ci/build").contains(&format!("--features {features} ")), "{features}");
}
