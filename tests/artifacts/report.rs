//! What credlint says of a repository, held against what was planted.

use super::oracle::Spot;
use crate::git_repository::Directory;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

/// Rules that speak of a file as a whole.
const OF_FILES: [&str; 3] = ["state-committed", "plan-committed", "terraform-directory-committed"];

/// What is expected of the files that Terraform has left behind in a repository.
#[derive(Default)]
pub(super) struct Expected<'a> {
    /// Each value that was planted; parts of longer strings count.
    pub(super) secrets: Vec<&'a str>,
    /// What may be shown although it belongs to a credential: access key ids.
    pub(super) ids: Vec<&'a str>,
    /// Per file, where they stand.
    pub(super) spots: BTreeMap<String, BTreeSet<Spot>>,
    /// Files that hold the secrets somewhere, at no address: logs.
    pub(super) logs: BTreeMap<String, Vec<&'a str>>,
}

impl Expected<'_> {
    /// Adds spots of a file.
    pub(super) fn at(&mut self, path: &str, spots: impl IntoIterator<Item = Spot>) {
        self.spots.entry(path.to_owned()).or_default().extend(spots);
    }

    /// Commits everything, checks it and compares.
    pub(super) fn hold(&self, directory: &Directory) {
        directory.git(&["add", "--all", "--force"]);
        directory.git(&["commit", "--quiet", "--message=x"]);
        let output = credlint(directory, &["--format", "json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let found: Vec<Found> = report["findings"].as_array().unwrap().iter().map(Found::new).collect();
        let errors: Vec<&Found> = found.iter().filter(|found| found.of_value()).collect();
        let mut wrong = Vec::new();
        for (path, spots) in &self.spots {
            let here: BTreeSet<Spot> = errors.iter().filter(|f| f.path == *path).map(|f| f.spot()).collect();
            wrong.extend(spots.difference(&here).map(|spot| format!("{path}: missed {spot:?}")));
        }
        for (path, secrets) in &self.logs {
            let here: Vec<String> = errors.iter().filter(|f| f.path == *path).map(|f| f.text(directory)).collect();
            let missed = secrets.iter().filter(|secret| !here.iter().any(|text| text.contains(**secret)));
            wrong.extend(missed.map(|secret| format!("{path}: missed {secret}")));
        }
        for found in errors.iter().filter(|found| !self.is_planted(found, directory)) {
            wrong.push(format!("invented: {found:?}"));
        }
        assert!(wrong.is_empty(), "{}\nof {errors:#?}\n{}", wrong.join("\n"), report["notifications"]);
        self.hold_back(directory);
    }

    /// Whether a finding speaks of a planted value: in a text it points at one; in a plan, which has no lines, it names
    /// its address or the configuration that the plan embeds.
    fn is_planted(&self, found: &Found, directory: &Directory) -> bool {
        let text = found.text(directory);
        let mut all = self.secrets.iter().chain(&self.ids);
        let in_archive = std::fs::read(directory.path(&found.path)).unwrap().starts_with(b"PK");
        let named = self.spots.get(&found.path).is_some_and(|spots| spots.contains(&found.spot()));
        if in_archive { named || found.address.starts_with("tfconfig/") } else { all.any(|part| text.contains(part)) }
    }

    /// No format shows a secret, however much it tells.
    fn hold_back(&self, directory: &Directory) {
        let elsewhere = tempfile::tempdir().unwrap();
        let file = |name: &str| elsewhere.path().join(name).to_str().unwrap().to_owned();
        let formats = credlint::output::ALL.iter().map(|format| format.name);
        let all: Vec<String> = formats.clone().map(|name| format!("--output={name}={}", file(name))).collect();
        let output =
            credlint(directory, &[&["--verbose"], &*all.iter().map(String::as_str).collect::<Vec<_>>()].concat());
        let written = formats.map(|name| std::fs::read(file(name)).unwrap());
        for bytes in [output.stdout, output.stderr].into_iter().chain(written) {
            let text = String::from_utf8(bytes).unwrap();
            for secret in &self.secrets {
                assert!(!text.contains(secret), "{secret} is shown: {text}");
            }
        }
    }
}

fn credlint(directory: &Directory, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credlint"));
    command.args(["check", "--policy", "recommended", "--fail-on", "never"]).args(arguments);
    let output = command.env_clear().env("HOME", &directory.root).current_dir(&directory.root).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// One finding of the report.
#[derive(Debug)]
struct Found {
    rule: String,
    level: String,
    path: String,
    address: String,
    attribute: String,
    start: (usize, usize),
    end: (usize, usize),
}

impl Found {
    fn new(found: &Value) -> Self {
        let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
        let position = |name: &str| {
            let part = |part: &str| usize::try_from(found[name][part].as_u64().unwrap()).unwrap();
            (part("line"), part("column"))
        };
        Self {
            rule: text("rule"),
            level: text("level"),
            path: text("path"),
            address: text("address"),
            attribute: text("attribute"),
            start: position("start"),
            end: position("end"),
        }
    }

    /// Whether it calls a value a secret, in a file that Terraform has written.
    fn of_value(&self) -> bool {
        let written = ![".tf", ".tfbackend"].iter().any(|suffix| self.path.ends_with(suffix));
        self.level == "error" && written && !OF_FILES.contains(&self.rule.as_str())
    }

    fn spot(&self) -> Spot {
        (self.address.clone(), self.attribute.clone())
    }

    /// What it points at.
    fn text(&self, directory: &Directory) -> String {
        let bytes = std::fs::read(directory.path(&self.path)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.split('\n').skip(self.start.0 - 1);
        let part = |line: &str, from: usize, to: usize| line.chars().skip(from).take(to - from).collect::<String>();
        if self.start.0 == self.end.0 {
            return part(lines.next().unwrap_or_default(), self.start.1 - 1, self.end.1 - 1);
        }
        lines.take(self.end.0 - self.start.0 + 1).collect::<Vec<_>>().join("\n")
    }
}
