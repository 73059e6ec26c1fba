//! One command: whether it runs Terraform, and what its arguments say.

use super::directory as paths;
use super::words::{What, Word, directory, pattern};
use crate::finding::Place;
use crate::resolve::{Argument, Invocation, PathPattern};
use crate::text::{Source, Span};
use std::sync::Arc;

/// Subcommands that work on a root module.
const SUBCOMMANDS: [&str; 22] = [
    "apply",
    "console",
    "destroy",
    "force-unlock",
    "get",
    "graph",
    "import",
    "init",
    "modules",
    "output",
    "plan",
    "providers",
    "query",
    "refresh",
    "show",
    "stacks",
    "state",
    "taint",
    "test",
    "untaint",
    "validate",
    "workspace",
];

/// Commands whose arguments are only text, even if they name Terraform.
const TALKERS: [&str; 24] = [
    "echo",
    "printf",
    "cat",
    "git",
    "grep",
    "egrep",
    "sed",
    "awk",
    "which",
    "type",
    "command",
    "apt",
    "apt-get",
    "apk",
    "brew",
    "yum",
    "dnf",
    "pip",
    "curl",
    "wget",
    "tfenv",
    "asdf",
    "alias",
    "Write-Host",
];

/// Flags without a value, by which a positional argument can be told
/// ([`terraform init`](https://developer.hashicorp.com/terraform/cli/commands/init) and kin).
const SWITCHES: [&str; 18] = [
    "auto-approve",
    "backend",
    "compact-warnings",
    "destroy",
    "detailed-exitcode",
    "force-copy",
    "get",
    "input",
    "json",
    "lock",
    "migrate-state",
    "no-color",
    "reconfigure",
    "refresh",
    "refresh-only",
    "upgrade",
    "verify-plugins",
    "get-plugins",
];

/// The words of a command (expanded) that runs in `current`, as an invocation.
pub(super) fn invocation(
    source: &Arc<Source>,
    words: &[Word],
    current: &PathPattern,
    windows: bool,
) -> Option<Invocation> {
    let first = words.first()?;
    if first.literal().is_some_and(|name| TALKERS.contains(&&*name)) {
        return None;
    }
    let (start, wrapped) = match words.iter().enumerate().find(|(at, _)| runs(words, *at)) {
        Some((at, _)) => (at, false),
        None if words.iter().any(|word| flag(word).is_some_and(|(name, _)| name == "backend-config")) => (0, true),
        None => return None,
    };
    let (globals, subcommand) = subcommand(&words[start + 1..]);
    let rest = start + 1 + globals;
    let directory = if wrapped { PathPattern::anything() } else { container(&words[..start], current, windows) };
    let arguments = if subcommand.is_some() { rest + 1 } else { rest };
    let mut reading = Reading::new(source, windows, directory);
    reading.globals(&words[start + 1..rest]);
    reading.arguments(words.get(arguments..).unwrap_or_default());
    let subcommand = subcommand.unwrap_or("").to_owned();
    let span = words.iter().fold(first.span, |span, word| span.join(word.span));
    Some(reading.finish(Place::new(source, span), subcommand))
}

/// Arguments that stand for themselves: `TF_CLI_ARGS_init`, the inputs of a task.
pub(super) fn arguments(
    source: &Arc<Source>,
    subcommand: &str,
    words: &[Word],
    span: Span,
    directory: PathPattern,
) -> Invocation {
    let mut reading = Reading::new(source, false, directory);
    reading.positional = None;
    reading.arguments(words);
    reading.finish(Place::new(source, span), subcommand.to_owned())
}

/// Whether the word at `at` is the program, and a subcommand follows it.
fn runs(words: &[Word], at: usize) -> bool {
    is_program(&words[at]) && (subcommand(&words[at + 1..]).1.is_some() || has_backend_config(&words[at + 1..]))
}

fn has_backend_config(words: &[Word]) -> bool {
    words.iter().any(|word| flag(word).is_some_and(|(name, _)| name == "backend-config"))
}

/// Whether a word names the program: `terraform`, `./bin/tofu`, `hashicorp/terraform:1.9`, `$(TERRAFORM)`.
fn is_program(word: &Word) -> bool {
    if let [only] = word.pieces.as_slice()
        && let What::Hole(name) = &only.what
    {
        return names_program(name.strip_prefix("env.").unwrap_or(name));
    }
    let parts = pattern(&word.pieces);
    let Some(last) = parts.0.last() else { return false };
    let name = match last.rsplit_once(['/', '\\']) {
        Some((_, name)) => name,
        None if parts.0.len() == 1 => last,
        // `hashicorp/terraform:$VERSION`
        None => parts.0[0].rsplit_once('/').map_or("", |(_, name)| name).strip_suffix([':', '@']).unwrap_or(""),
    };
    let name = name.split([':', '@']).next().unwrap_or("");
    let name = name.strip_suffix(".exe").unwrap_or(name);
    matches!(name, "terraform" | "tofu" | "terragrunt" | "opentofu" | "gitlab-terraform" | "gitlab-tofu")
}

/// Whether a variable of this name is taken for the program: `TF`, `TERRAFORM_BIN`, `tofu_cmd`.
fn names_program(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let (stem, role) = name.split_once('_').unwrap_or((&name, "BIN"));
    matches!(stem, "TERRAFORM" | "TF" | "TOFU" | "OPENTOFU" | "TERRAGRUNT" | "TG")
        && matches!(role, "BIN" | "BINARY" | "CMD" | "COMMAND" | "CLI" | "EXE" | "EXEC" | "EXECUTABLE" | "PATH" | "RUN")
}

/// The subcommand, and how many words stand before it: options, and terragrunt's `run-all`, `run`, `--`.
fn subcommand(words: &[Word]) -> (usize, Option<&'static str>) {
    let mut skip = 0;
    while let Some(word) = words.get(skip) {
        let literal = word.literal();
        let literal = literal.as_deref().unwrap_or("");
        if let Some(known) = SUBCOMMANDS.iter().find(|name| **name == literal) {
            return (skip, Some(known));
        }
        let with_value =
            ["--terragrunt-working-dir", "--working-dir", "--terragrunt-config", "--config"].contains(&literal);
        if with_value {
            skip += 2;
        } else if word.head().starts_with('-') || matches!(literal, "run-all" | "run") {
            skip += 1;
        } else {
            break;
        }
    }
    (0, None)
}

/// Name of a flag, with one dash or two, and whether its value stands in the same word.
fn flag(word: &Word) -> Option<(&str, bool)> {
    let head = word.head();
    let name = head.strip_prefix("--").or_else(|| head.strip_prefix('-'))?;
    Some(name.split_once('=').map_or((name, false), |(name, _)| (name, true)))
}

/// The directory a command runs in that a container runtime starts: `docker run -v $PWD:/src -w /src/infra`.
fn container(words: &[Word], current: &PathPattern, windows: bool) -> PathPattern {
    let name = |word: &Word| word.literal().map(|text| text.rsplit('/').next().unwrap_or("").to_owned());
    let runtime =
        words.iter().filter_map(name).any(|name| matches!(&*name, "docker" | "podman" | "nerdctl" | "docker-compose"));
    if !runtime {
        return current.clone();
    }
    let options = |short: &str, long: &str| -> Vec<Word> {
        let mut found = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let head = word.head();
            if (head == short || head.strip_prefix("--") == Some(long)) && word.pieces.len() == 1 {
                found.extend(words.get(at + 1).cloned());
            } else if let Some(rest) = head.strip_prefix("--").and_then(|head| head.strip_prefix(long))
                && rest.starts_with('=')
            {
                found.push(Word { pieces: word.after(long.len() + 3), ..word.clone() });
            } else if head.starts_with(short) && head.len() > short.len() {
                found.push(Word { pieces: word.after(short.len()), ..word.clone() });
            }
        }
        found
    };
    let workdir = options("-w", "workdir").last().and_then(|word| word.literal().map(std::borrow::Cow::into_owned));
    let Some(workdir) = workdir else { return PathPattern::anything() };
    for volume in options("-v", "volume") {
        let Some((target, host)) = mount(&volume) else { continue };
        let Some(below) = workdir.strip_prefix(target.trim_end_matches('/')) else { continue };
        if below.is_empty() || below.starts_with('/') {
            let host = Reading::path(current, &host, windows);
            return paths::join(&host, &PathPattern::known(below.trim_start_matches('/')));
        }
    }
    PathPattern::anything()
}

/// Target and host directory of `HOST:TARGET[:MODE]`.
fn mount(volume: &Word) -> Option<(String, Vec<super::words::Piece>)> {
    let (at, text, colon) = volume.pieces.iter().enumerate().find_map(|(at, piece)| match &piece.what {
        What::Text(text) => text.find(':').map(|colon| (at, text, colon)),
        _ => None,
    })?;
    if at + 1 != volume.pieces.len() {
        return None;
    }
    let target = text[colon + 1..].split(':').next()?.to_owned();
    let mut host = volume.pieces[..at].to_vec();
    if colon > 0 {
        let mut last = volume.pieces[at].clone();
        last.what = What::Text(text[..colon].to_owned());
        host.push(last);
    }
    (!target.is_empty()).then_some((target, host))
}

/// Arguments being read.
struct Reading<'a> {
    source: &'a Arc<Source>,
    windows: bool,
    directory: PathPattern,
    backend_config: Vec<(Vec<super::words::Piece>, Span)>,
    var_files: Vec<(Vec<super::words::Piece>, Span)>,
    vars: Vec<(Vec<super::words::Piece>, Span)>,
    /// Whether some word may be any arguments.
    open: bool,
    /// The only word that is no flag; None once that cannot be told.
    positional: Option<Vec<Word>>,
}

impl<'a> Reading<'a> {
    fn new(source: &'a Arc<Source>, windows: bool, directory: PathPattern) -> Self {
        let (backend_config, var_files, vars) = (Vec::new(), Vec::new(), Vec::new());
        Self { source, windows, directory, backend_config, var_files, vars, open: false, positional: Some(Vec::new()) }
    }

    fn path(base: &PathPattern, pieces: &[super::words::Piece], windows: bool) -> PathPattern {
        if !windows {
            return directory(base, pieces);
        }
        let mut pieces = pieces.to_vec();
        for piece in &mut pieces {
            if let What::Text(text) = &mut piece.what {
                *text = text.replace('\\', "/");
            }
        }
        directory(base, &pieces)
    }

    fn globals(&mut self, words: &[Word]) {
        for (at, word) in words.iter().enumerate() {
            let Some((name, inline)) = flag(word) else { continue };
            if !matches!(name, "chdir" | "terragrunt-working-dir" | "working-dir") {
                continue;
            }
            let value = if inline { Some(value_of(word)) } else { words.get(at + 1).map(|next| next.pieces.clone()) };
            self.directory = match value {
                Some(value) => Self::path(&self.directory, &value, self.windows),
                None => PathPattern::anything(),
            };
        }
    }

    fn arguments(&mut self, words: &[Word]) {
        let mut at = 0;
        while let Some(word) = words.get(at) {
            at += 1;
            let Some((name, inline)) = flag(word) else {
                self.open |= word.head().is_empty() && word.literal().is_none();
                match (&mut self.positional, word.literal()) {
                    (Some(words), Some(text)) if !text.is_empty() => words.push(word.clone()),
                    (positional, _) => *positional = None,
                }
                continue;
            };
            let list = match name {
                "backend-config" => &mut self.backend_config,
                "var-file" => &mut self.var_files,
                "var" => &mut self.vars,
                "terragrunt-working-dir" | "working-dir" => {
                    self.globals(&words[at - 1..words.len().min(at + 1)]);
                    self.positional = None;
                    continue;
                }
                name => {
                    if !inline && !SWITCHES.contains(&name) {
                        self.positional = None;
                    }
                    continue;
                }
            };
            if inline {
                let value = value_of(word);
                let span = word.span_of(&value);
                list.push((value, span));
            } else if let Some(value) = words.get(at) {
                at += 1;
                list.push((value.pieces.clone(), value.span_of(&value.pieces)));
            }
        }
    }

    fn finish(self, place: Place, subcommand: String) -> Invocation {
        // Until 0.14 a directory could be named; files were still looked for in the current one.
        // https://developer.hashicorp.com/terraform/language/v1.1.x/upgrade-guides/0-15
        let legacy = match (&*subcommand, self.positional.as_deref()) {
            ("init" | "plan" | "validate", Some([only])) => Some(only),
            _ => None,
        };
        let directory = legacy
            .map_or_else(|| self.directory.clone(), |word| Self::path(&self.directory, &word.pieces, self.windows));
        let text = |pieces: &[super::words::Piece], file: bool| -> PathPattern {
            match pieces.split_first() {
                Some((first, rest)) if let What::Directory(known) = &first.what => {
                    let full = super::words::directory(known, pieces);
                    let sure = !rest.is_empty() && known.as_known().is_some();
                    let seen = if sure { paths::relative(&directory, &full) } else { None };
                    seen.unwrap_or_else(|| pattern(pieces))
                }
                _ if file && legacy.is_some() => {
                    let full = Self::path(&self.directory, pieces, self.windows);
                    paths::relative(&directory, &full).unwrap_or_else(|| pattern(pieces))
                }
                _ => pattern(pieces),
            }
        };
        let take = |list: &[(Vec<super::words::Piece>, Span)], file: bool| -> Vec<Argument> {
            list.iter()
                .map(|(pieces, span)| {
                    let key_value =
                        pieces.iter().any(|piece| matches!(&piece.what, What::Text(text) if text.contains('=')));
                    Argument { text: text(pieces, file && !key_value), place: Place::new(self.source, *span) }
                })
                .collect()
        };
        Invocation {
            place,
            subcommand,
            backend_config: take(&self.backend_config, true),
            var_files: take(&self.var_files, true),
            vars: take(&self.vars, false),
            directory: directory.clone(),
            open: self.open,
        }
    }
}

fn value_of(word: &Word) -> Vec<super::words::Piece> {
    word.head().find('=').map_or_else(Vec::new, |equals| word.after(equals + 1))
}
