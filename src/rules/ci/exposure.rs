//! Which files of a job hold state or a plan in the clear, told by the commands that write them and by their names.

use crate::document::Kind;
use crate::resolve::PathPattern;
use crate::resolve::automation::{Automation, Command, Output, Text};
use crate::text::RepoPath;
use std::collections::{BTreeMap, BTreeSet};

/// What a file or the output of a command holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    State,
    Plan,
    Outputs,
}

impl Content {
    /// What it is called.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Content::State => "the state",
            Content::Plan => "a plan",
            Content::Outputs => "all outputs",
        }
    }
}

/// Files by their names, as the commands of one file tell them.
#[derive(Default)]
pub(super) struct Files {
    /// Those that hold state, a plan or outputs in the clear.
    held: BTreeMap<String, Content>,
    /// The directories that such files are written to.
    directories: BTreeSet<String>,
    /// Those that are encrypted, filtered, or the text for people, in which secrets are masked.
    harmless: BTreeSet<String>,
}

/// Files that are kept account of.
const MAX_FILES: usize = 1000;

/// Programs that encrypt what they are given.
const ENCRYPTERS: [&str; 7] = ["openssl", "gpg", "gpg2", "age", "rage", "sops", "ansible-vault"];
/// Programs that hand on all that they are given.
const CONDUITS: [&str; 9] = ["tee", "cat", "gzip", "base64", "xz", "zstd", "python", "python3", "sort"];
/// Programs that copy or pack files.
const COPIERS: [&str; 7] = ["cp", "mv", "tar", "zip", "gzip", "7z", "install"];

impl Files {
    /// The files that the commands of an automation write.
    pub(super) fn of(automation: &Automation) -> Self {
        let mut files = Files::default();
        for (nth, command) in automation.commands.iter().enumerate() {
            files.of_command(&automation.commands, nth, command);
        }
        files
    }

    fn of_command(&mut self, commands: &[Command], nth: usize, command: &Command) {
        if let Some(program) = terraform(command) {
            for file in program.options(command, &["-out", "-state", "-state-out", "-backup"]) {
                let plan = program.subcommand == "plan";
                self.hold(&file, if plan { Content::Plan } else { Content::State });
            }
            let copy = copied(commands, nth).map(name_of);
            match (program.prints(command), copy) {
                (Some(content), Some(copy)) => self.hold(&copy, content),
                (None, Some(copy)) => drop(self.harmless.insert(copy)),
                _ => {}
            }
            match (program.prints(command), flow(commands, nth)) {
                (Some(content), Flow::File(file)) => self.hold(&name_of(file), content),
                // The text of a plan, or what a filter lets through.
                (_, Flow::File(file) | Flow::Filtered(Some(file))) => drop(self.harmless.insert(name_of(file))),
                _ => {}
            }
        } else if let Some(name) = program_of(command) {
            if ENCRYPTERS.contains(&name) {
                self.encrypt(command);
            } else if COPIERS.contains(&name) {
                self.copy(command);
            }
        }
    }

    fn hold(&mut self, name: &str, content: Content) {
        let (directory, name) = name.rsplit_once('/').unwrap_or(("", name));
        if !name.is_empty() && name != "null" && self.held.len() < MAX_FILES {
            self.held.insert(name.to_owned(), content);
            self.directories.extend((!directory.is_empty()).then(|| directory.trim_start_matches("./").to_owned()));
        }
    }

    fn encrypt(&mut self, command: &Command) {
        let in_place = command.words.iter().any(|word| matches!(word.known(), Some("-i" | "--in-place" | "encrypt")));
        let written = command.words.windows(2).filter_map(|pair| {
            let option = matches!(pair[0].known(), Some("-out" | "-o" | "--output" | "--out"));
            option.then(|| name_of(&pair[1]))
        });
        self.harmless.extend(written);
        if in_place {
            self.harmless.extend(command.words.last().map(name_of));
        }
        if let Output::File(file) = &command.output {
            self.harmless.insert(name_of(file));
        }
    }

    fn copy(&mut self, command: &Command) {
        let words: Vec<String> = command.words.iter().skip(1).map(name_of).collect();
        let Some(content) = words.iter().find_map(|word| self.content_of(word)) else { return };
        let packed =
            |word: &&String| [".tar", ".tgz", ".gz", ".zip", ".7z", ".xz"].iter().any(|end| word.ends_with(end));
        let archive = words.iter().find(packed).or(words.last().filter(|_| program_of(command) != Some("tar")));
        if let Some(archive) = archive.cloned() {
            self.hold(&archive, content);
        }
    }

    /// What a file of that name holds, if it is state or a plan.
    pub(super) fn content_of(&self, name: &str) -> Option<Content> {
        let name = name.rsplit('/').next().unwrap_or(name);
        if self.harmless.contains(name) {
            return None;
        }
        self.held.get(name).copied().or_else(|| by_name(name))
    }

    /// What is kept with a path or pattern, and whether that is sure.
    pub(super) fn kept(&self, path: &Text) -> Option<(Content, bool)> {
        let name = name_of(path);
        let name = name.trim_start_matches("./").trim_end_matches('/');
        if name.starts_with('!') {
            return None;
        }
        let last = name.rsplit('/').next().unwrap_or(name);
        if matches!(last, "" | "." | "*" | "**") {
            let root = name.trim_end_matches(['*', '/', '.']);
            let all = root.is_empty() || self.directories.contains(root);
            return self.held.values().next().filter(|_| all).map(|content| (*content, false));
        }
        if last.contains('*') {
            let pattern = PathPattern(last.split('*').map(str::to_owned).collect());
            let clear = self.held.iter().filter(|(name, _)| !self.harmless.contains(*name));
            let written =
                clear.into_iter().find(|(name, _)| pattern.matches(name)).map(|(_, content)| (*content, true));
            return written.or_else(|| by_name(last.trim_end_matches('*')).map(|content| (content, true)));
        }
        let inside = || self.held.values().next().filter(|_| self.directories.contains(name)).map(|c| (*c, false));
        self.content_of(last).map(|content| (content, true)).or_else(inside)
    }
}

/// What a file is by the names that state and plans usually have.
fn by_name(name: &str) -> Option<Content> {
    match Kind::of(&RepoPath::new(name)) {
        Kind::State => Some(Content::State),
        Kind::Plan => Some(Content::Plan),
        _ => None,
    }
}

/// A path as far as it is known; a name of what is not stands for itself.
pub(super) fn name_of(text: &Text) -> String {
    match text.known() {
        Some(known) => known.replace('\\', "/"),
        None => {
            let last = text.pattern.0.last().map_or("", String::as_str);
            match (last.rsplit_once('/'), text.references.last()) {
                (Some((_, name)), _) if !name.is_empty() => name.to_owned(),
                (None, Some(reference)) if !reference.is_empty() => {
                    let name = reference.rsplit('.').next().unwrap_or(reference);
                    format!("${name}{last}")
                }
                _ => String::new(),
            }
        }
    }
}

/// A command that runs Terraform.
pub(super) struct Program<'c> {
    /// `plan`, `show`, `state pull`, ...
    pub(super) subcommand: &'c str,
    /// The word behind it.
    pub(super) rest: usize,
}

/// The program that a command runs.
pub(super) fn program_of(command: &Command) -> Option<&str> {
    let mut words = command.words.iter().filter_map(Text::known);
    let name = words.find(|word| !matches!(*word, "sudo" | "env" | "time" | "exec" | "command"))?;
    Some(name.rsplit('/').next().unwrap_or(name))
}

/// The Terraform command that a command is, if it is one.
pub(super) fn terraform(command: &Command) -> Option<Program<'_>> {
    let programs = ["terraform", "tofu", "terragrunt", "gitlab-terraform", "gitlab-tofu"];
    let is = |word: &Text| word.known().is_some_and(|name| programs.contains(&name.rsplit('/').next().unwrap_or(name)));
    // Words behind these are only text.
    let talks = matches!(program_of(command)?, "echo" | "printf" | "grep" | "which" | "alias" | "Write-Host");
    let at = command.words.iter().take(24).position(is).filter(|_| !talks)?;
    let behind = command.words.iter().enumerate().skip(at + 1);
    let mut names = behind.filter(|(_, word)| {
        !word.head().starts_with('-') && word.known().is_some_and(|w| !matches!(w, "run-all" | "run"))
    });
    let (place, subcommand) = names.next()?;
    let subcommand = subcommand.known()?;
    match subcommand {
        "state" if names.next().is_some_and(|(_, word)| word.known() == Some("pull")) => {
            Some(Program { subcommand: "state pull", rest: place + 2 })
        }
        "state" => None,
        _ => Some(Program { subcommand, rest: place + 1 }),
    }
}

impl Program<'_> {
    /// What it writes to its output in the clear. Without `-json` sensitive values are masked.
    ///
    /// <https://developer.hashicorp.com/terraform/cli/commands/output>,
    /// <https://developer.hashicorp.com/terraform/cli/commands/show>
    pub(super) fn prints(&self, command: &Command) -> Option<Content> {
        let arguments = || command.words.iter().skip(self.rest);
        let json = arguments().any(|word| matches!(word.known(), Some("-json" | "--json" | "-json=true")));
        let plain = || arguments().filter(|word| !word.head().starts_with('-'));
        match self.subcommand {
            "state pull" => Some(Content::State),
            "show" if json => {
                let plan = plain().next().is_some_and(|file| !file.head().contains(".tfstate"));
                Some(if plan { Content::Plan } else { Content::State })
            }
            "output" if json && plain().next().is_none() => Some(Content::Outputs),
            _ => None,
        }
    }

    /// The values of options.
    fn options(&self, command: &Command, names: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        for (at, word) in command.words.iter().enumerate().skip(self.rest) {
            let head = word.head().strip_prefix('-').filter(|rest| rest.starts_with('-')).unwrap_or(word.head());
            let (name, inline) = head.split_once('=').map_or((head, None), |(name, value)| (name, Some(value)));
            if !names.contains(&name) {
                continue;
            }
            match inline {
                Some(value) if word.known().is_some() => found.push(value.to_owned()),
                Some(_) => found.push(name_of(word)),
                None => found.extend(command.words.get(at + 1).map(name_of)),
            }
        }
        found
    }
}

/// Where the output of a command ends up.
pub(super) enum Flow<'c> {
    /// In the log.
    Log,
    /// In a file, as it is.
    File(&'c Text),
    /// Where it ends is only a part of it, or it is encrypted.
    Filtered(Option<&'c Text>),
}

/// Pipes that are followed.
const MAX_PIPES: usize = 32;

/// Follows the output of the command of that number through pipes.
pub(super) fn flow(commands: &[Command], nth: usize) -> Flow<'_> {
    let mut filtered = false;
    for (at, command) in commands.iter().enumerate().skip(nth).take(MAX_PIPES) {
        let program = program_of(command).unwrap_or("");
        if at > nth {
            if program == "tee" && !filtered {
                return Flow::Log;
            }
            filtered |= !CONDUITS.contains(&program) && !is_whole(command, program);
        }
        match &command.output {
            Output::Pipe => {}
            Output::File(file) if filtered => return Flow::Filtered(Some(file)),
            Output::File(file) => return Flow::File(file),
            Output::Log if filtered => return Flow::Filtered(None),
            Output::Log => return Flow::Log,
        }
    }
    Flow::Filtered(None)
}

/// The file that `tee` writes what a command prints to.
fn copied(commands: &[Command], nth: usize) -> Option<&Text> {
    let piped = commands.get(nth).filter(|command| matches!(command.output, Output::Pipe));
    let tee = piped.and(commands.get(nth + 1)).filter(|next| program_of(next) == Some("tee"))?;
    tee.words.iter().skip(1).find(|word| !word.head().starts_with('-'))
}

/// Whether `jq` prints all that it reads.
fn is_whole(command: &Command, program: &str) -> bool {
    let mut filters = command.words.iter().skip(1).filter(|word| !word.head().starts_with('-'));
    program == "jq" && filters.all(|word| word.known() == Some("."))
}
