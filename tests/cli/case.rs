//! One case: a file of steps, each `== STEP` with the lines that belong to it. Steps happen in order, in the root of a
//! fresh git repository:
//!
//! - `file PATH` writes a file;
//! - `git ARGUMENTS` runs git; `commit` adds and commits everything;
//! - `env NAME=VALUE` sets a variable for the runs that follow, `in DIRECTORY` moves them;
//! - `run STATUS: ARGUMENTS` runs credlint: its lines are standard output, those of a `stderr` after it the other one;
//! - `holds PATH` says what a file holds.
//!
//! In what is expected, a line `...` stands for any lines and `[..]` for any text.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

use crate::git_repository::Directory;
use std::fmt;
use std::process::{Command, Output};

/// Credlint with nothing of the environment, in a directory.
pub(super) fn credlint(directory: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credlint"));
    command.env_clear().env("HOME", directory).current_dir(directory);
    command
}

/// A case: what comes before the first step, and the steps.
pub(super) struct Case {
    about: String,
    steps: Vec<(String, String)>,
}

impl Case {
    pub(super) fn read(text: &str) -> Self {
        let mut case = Case { about: String::new(), steps: Vec::new() };
        for line in text.split_inclusive('\n') {
            match (line.strip_prefix("== "), case.steps.last_mut()) {
                (Some(step), _) => case.steps.push((step.trim_end().into(), String::new())),
                (None, Some((_, body))) => body.push_str(line),
                (None, None) => case.about.push_str(line),
            }
        }
        case
    }

    /// What does not hold. With `update` it is made to hold instead.
    pub(super) fn run(&mut self, update: bool) -> Vec<String> {
        let directory = Directory::with_git();
        let mut variables: Vec<(String, String)> = Vec::new();
        let mut place = directory.root.clone();
        let mut broken = Vec::new();
        let mut stderr = String::new();
        for (step, body) in &mut self.steps {
            // A blank line before the next step is there for the eye.
            let wanted = body.strip_suffix("\n\n").map_or(body.clone(), |body| format!("{body}\n"));
            let wanted = if wanted == "\n" { String::new() } else { wanted };
            let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
            let found = match word {
                "stderr" => std::mem::take(&mut stderr),
                _ if !stderr.is_empty() => {
                    broken.push(format!("before `== {step}`: standard error was not expected:\n{stderr}"));
                    stderr.clear();
                    continue;
                }
                "file" => {
                    directory.write(rest, &wanted);
                    continue;
                }
                "git" => {
                    directory.git(&rest.split(' ').collect::<Vec<_>>());
                    continue;
                }
                "commit" => {
                    directory.commit();
                    continue;
                }
                "env" => {
                    let (name, value) = rest.split_once('=').unwrap();
                    variables.push((name.into(), value.into()));
                    continue;
                }
                "in" => {
                    place = directory.path(rest);
                    continue;
                }
                "run" => {
                    let (status, arguments) = rest.split_once(':').unwrap();
                    let arguments = arguments.split(' ').filter(|word| !word.is_empty());
                    let output = credlint(&place).args(arguments).envs(variables.iter().cloned()).output().unwrap();
                    if Some(status) != output.status.code().map(|code| code.to_string()).as_deref() {
                        broken.push(format!("`{step}` ended with {}", output.status));
                    }
                    stderr = steady(&output.stderr, &directory);
                    steady(&output.stdout, &directory)
                }
                "holds" => match std::fs::read(directory.path(rest)) {
                    Ok(bytes) => steady(&bytes, &directory),
                    Err(error) => format!("({error})\n"),
                },
                other => panic!("there is no step `{other}`"),
            };
            let (wanted_lines, found_lines): (Vec<_>, Vec<_>) = (wanted.lines().collect(), found.lines().collect());
            match matches(&wanted_lines, &found_lines) {
                true => {}
                false if update => *body = format!("{found}\n"),
                false => broken.push(format!("`== {step}`: expected\n{wanted}--- but it is\n{found}---")),
            }
        }
        if !stderr.is_empty() {
            broken.push(format!("standard error was not expected:\n{stderr}"));
        }
        broken
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.about)?;
        self.steps.iter().try_for_each(|(step, body)| write!(f, "== {step}\n{body}"))
    }
}

/// Text without what differs from run to run: the directory and the time.
fn steady(bytes: &[u8], directory: &Directory) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let text = text.replace(directory.root.to_str().unwrap(), "[ROOT]");
    let seconds = regex::Regex::new(r"in \d+\.\d+ s\b").unwrap();
    let millis = regex::Regex::new(r#""elapsed_ms": ?\d+"#).unwrap();
    millis.replace_all(&seconds.replace_all(&text, "in [TIME]"), "\"elapsed_ms\": 0").into_owned()
}

/// Whether lines are as expected.
fn matches(wanted: &[&str], found: &[&str]) -> bool {
    match (wanted, found) {
        ([], []) => true,
        (["...", rest @ ..], _) => (0..=found.len()).any(|skipped| matches(rest, &found[skipped..])),
        ([first, wanted @ ..], [line, found @ ..]) => line_matches(first, line) && matches(wanted, found),
        _ => false,
    }
}

fn line_matches(wanted: &str, found: &str) -> bool {
    let mut parts = wanted.split("[..]");
    let Some(mut rest) = found.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        match rest.find(part).filter(|_| !last || rest.ends_with(part)) {
            Some(start) if !last => rest = &rest[start + part.len()..],
            Some(_) => rest = "",
            None => return false,
        }
    }
    rest.is_empty()
}

/// What a run printed, without the time it took.
pub(super) fn printed(output: &Output, directory: &Directory) -> (String, String) {
    (steady(&output.stdout, directory), steady(&output.stderr, directory))
}
