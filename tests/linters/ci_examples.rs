//! The set-ups of `docs/ci`: each under the schema of the system that it is for, and the commands in it under this program.

use super::{ROOT, clean, file, files, lint, refuses};
use crate::git_repository::Directory;
use crate::support::linter;
use regex::Regex;
use std::path::Path;
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_credlint");

/// A file, arguments that name its schema, and a change by which it is not valid any more.
const SCHEMAS: [(&str, &[&str], [&str; 2]); 5] = [
    ("gitlab-ci.yml", &["--builtin-schema=vendor.gitlab-ci", "--data-transform=gitlab-ci"], ["script:", "scrip:"]),
    (
        "azure-pipelines.yml",
        // Its patterns are of a dialect of their own.
        &["--builtin-schema=vendor.azure-pipelines", "--data-transform=azure-pipelines", "--regex-variant=nonunicode"],
        ["- checkout:", "- chekout:"],
    ),
    ("bitbucket-pipelines.yml", &["--builtin-schema=vendor.bitbucket-pipelines"], ["- step: *", "- stepp: *"]),
    ("circleci.yml", &["--builtin-schema=vendor.circle-ci"], ["docker:", "dockr:"]),
    ("buildkite.yml", &["--builtin-schema=vendor.buildkite"], ["steps:", "stepps:"]),
];

fn example(name: &str) -> std::path::PathBuf {
    file("docs/ci").join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(example(name)).unwrap()
}

#[test]
fn pipelines_are_valid() {
    for (name, schema, [from, to]) in SCHEMAS {
        clean("check-jsonschema", schema, &[example(name)]);
        refuses("check-jsonschema", schema, &example(name), from, to);
    }
}

/// The keys of <https://www.runatlantis.io/docs/server-side-repo-config>, of which there is no schema to be had.
#[test]
fn the_server_of_atlantis_would_take_its_file() {
    let step = serde_json::json!({ "anyOf": [
        { "enum": ["init", "plan", "show", "policy_check", "apply", "version", "import"] },
        { "type": "object", "required": ["run"], "additionalProperties": false, "properties": { "run": { "type": "string" } } },
    ] });
    let stage = serde_json::json!({ "type": "object", "additionalProperties": false, "required": ["steps"],
        "properties": { "steps": { "type": "array", "items": step } } });
    let schema = serde_json::json!({ "type": "object", "additionalProperties": false, "properties": {
        "repos": { "type": "array", "items": { "type": "object", "required": ["id"], "additionalProperties": false,
            "properties": { "id": { "type": "string" }, "workflow": { "enum": ["checked"] }, "allowed_overrides": { "type": "array" } } } },
        "workflows": { "type": "object", "additionalProperties": { "type": "object", "additionalProperties": false,
            "properties": { "plan": stage, "apply": stage } } },
    } });
    let directory = Directory::without_git();
    directory.write("schema.json", &schema.to_string());
    let schema = format!("--schemafile={}", directory.path("schema.json").display());
    clean("check-jsonschema", &[&schema], &[example("atlantis-repos.yaml")]);
    refuses("check-jsonschema", &[&schema], &example("atlantis-repos.yaml"), "- init", "- inti");
}

/// The arguments of every run of the program in a text.
fn runs(text: &str) -> Vec<Vec<String>> {
    let run = Regex::new(r#"(?:^|[\s/"'])credlint"? (check|verify|publish)([^\n;|&'`]*)"#).unwrap();
    // What a shell would put in the place of a variable is a word.
    let variable = Regex::new(r"\$?\$(\w+|\{[^}]*\})").unwrap();
    let words = |rest: &str| variable.replace_all(rest, "x").replace(['"', '\''], "");
    let of = |found: regex::Captures<'_>| {
        let rest = words(&found[2]);
        ["credlint", &found[1]].into_iter().chain(rest.split_whitespace()).map(str::to_owned).collect()
    };
    text.lines()
        .filter(|line| !line.trim_start().starts_with(['#', '/']))
        .flat_map(|line| run.captures_iter(line))
        .map(of)
        .collect()
}

#[test]
fn the_program_knows_what_they_ask_of_it() {
    let mut seen = 0;
    for path in files("docs/ci").into_iter().filter(|path| path.extension().is_none_or(|ending| ending != "md")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let found = runs(&std::fs::read_to_string(&path).unwrap());
        assert!(!found.is_empty() || name == "install-credlint.sh", "{name} does not run it");
        for arguments in found {
            seen += 1;
            let parsed = credlint::cli::command().try_get_matches_from(&arguments);
            assert!(parsed.is_ok(), "{name}: {arguments:?}: {}", parsed.unwrap_err());
        }
    }
    assert!(seen > 9);
    assert!(credlint::cli::command().try_get_matches_from(&runs("credlint check --formt x")[0]).is_err());
}

#[test]
fn the_page_names_every_file() {
    let page = read("README.md");
    let linked: Vec<&str> = page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
    for path in files("docs/ci") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name == "README.md" || linked.contains(&name.as_str()), "{name} is not described");
    }
}

/// A repository in which a secret is staged, and is not on the disk any more.
fn staged() -> Directory {
    let directory = Directory::with_git();
    // lefthook keeps what is not staged as a stash, which has a parent.
    directory.commit();
    directory.write("main.tf", "provider \"aws\" {\n  secret_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"\n}\n");
    directory.git(&["add", "main.tf"]);
    directory.write("main.tf", "locals {}\n");
    directory
}

fn path() -> String {
    format!("{}:/usr/local/bin:/usr/bin:/bin", Path::new(PROGRAM).parent().unwrap().display())
}

#[test]
fn git_hooks_stop_a_staged_secret() {
    let directory = staged();
    let hook =
        || Command::new(example("husky-pre-commit")).current_dir(&directory.root).env("PATH", path()).output().unwrap();
    assert_eq!(hook().status.code(), Some(1));
    directory.git(&["add", "main.tf"]);
    assert_eq!(hook().status.code(), Some(0), "{}", String::from_utf8_lossy(&hook().stdout));
}

#[test]
fn lefthook_stops_a_staged_secret() {
    let directory = staged();
    directory.write("lefthook.yml", &read("lefthook.yml"));
    let run = |arguments: &[&str]| {
        // It would write hooks into the repository and colours into the text.
        let inherited = linter("lefthook").get_envs().find(|(name, _)| *name == "PATH").unwrap().1.unwrap().to_owned();
        let path = format!("{}:{}", Path::new(PROGRAM).parent().unwrap().display(), inherited.to_string_lossy());
        linter("lefthook")
            .args(arguments)
            .current_dir(&directory.root)
            .env("PATH", path)
            .env("NO_COLOR", "1")
            .output()
            .unwrap()
    };
    assert!(run(&["validate"]).status.success());
    let output = run(&["run", "pre-commit"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success() && text.contains("provider-static-credential"), "{text}");
    directory.git(&["add", "main.tf"]);
    let output = run(&["run", "pre-commit"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    directory.write("lefthook.yml", &read("lefthook.yml").replace("run:", "runs:"));
    assert!(!run(&["validate"]).status.success());
}

#[test]
fn an_agent_of_hcp_terraform_stops_a_run() {
    let directory = Directory::without_git();
    directory.write("policy.yaml", "version: 1\nextends: []\nrules: { provider-static-credential: error }\n");
    directory.write("configuration/.credlint.yaml", "version: 1\nextends: []\n");
    let run = |text: &str| {
        directory.write("configuration/main.tf", text);
        let policy = directory.path("policy.yaml");
        let mut hook = Command::new(example("terraform-pre-plan"));
        hook.current_dir(directory.path("configuration")).env("PATH", path()).env("CREDLINT_AGENT_POLICY", policy);
        hook.output().unwrap().status.code()
    };
    assert_eq!(run("locals {}\n"), Some(0));
    let secret = "provider \"aws\" {\n  secret_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"\n}\n";
    assert_eq!(run(secret), Some(1), "the configuration's own policy does not excuse it");
}

#[test]
fn jenkins_gets_balanced_braces_and_one_pipeline() {
    let text = read("Jenkinsfile");
    assert!(text.contains("\npipeline {\n") && text.ends_with("}\n"));
    // There is no judge of these files outside of a Jenkins; their shell is one for shellcheck.
    let depth = text.chars().fold(0, |depth, c| depth + i32::from(c == '{') - i32::from(c == '}'));
    assert_eq!(depth, 0);
    let directory = Directory::without_git();
    let shell = text.split("'''").nth(1).unwrap();
    directory.write("step.sh", &format!("#!/bin/sh\n{shell}"));
    clean("shellcheck", &[], &[directory.path("step.sh")]);
    assert!(lint("shellcheck", &[], &[file("docs/ci/Jenkinsfile")]).status.code() == Some(1), "{ROOT}");
}
