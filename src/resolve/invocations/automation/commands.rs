//! Scripts to commands: what a shell would run, and the variables it would set.

use super::super::lexer::{Command, Dialect, Lexer, Separator, Step};
use super::super::script::Script;
use super::super::words::{Piece, What, Word};
use super::draft::{Draft, DraftCommand, DraftOutput};
use super::{Holder, Site};
use crate::text::Source;

/// Commands that set variables for what follows.
const SETTERS: [&str; 8] = ["export", "local", "readonly", "declare", "typeset", "set", "setx", "env"];

/// A script that stands alone.
pub(super) fn read_file(source: &Source, draft: &mut Draft<'_>) {
    if !is_shell(source.bytes()) {
        return;
    }
    let site = Site { job: 0, group: draft.group(), on_demand: false };
    let dialect = super::super::script_dialect(source.path.name());
    read(&Script::verbatim(source.bytes(), 0), dialect, site, draft);
}

/// Whether the first line names no interpreter, or a shell's.
fn is_shell(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Some(interpreter) = line.strip_prefix(b"#!") else { return true };
    let others: [&[u8]; 6] = [b"python", b"node", b"ruby", b"perl", b"php", b"awk"];
    !others.iter().any(|other| memchr::memmem::find(interpreter, other).is_some())
}

/// A pipeline that is no YAML: each line may be a setting or a command.
pub(super) fn read_lines(source: &Source, draft: &mut Draft<'_>) {
    let mut start = 0;
    let site = Site { job: 0, group: draft.group(), on_demand: false };
    for line in source.bytes().split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'-')).count();
        let content = line[marks..].trim_ascii_end();
        let key = content.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
        match content.get(key..) {
            Some([b':', b' ' | b'\t', ..]) if key > 0 => {
                let value = content[key + 1..].trim_ascii();
                let at = start + marks + content.len() - value.len();
                let (value, at) = unquoted(value, at);
                let name = String::from_utf8_lossy(&content[..key]);
                let word = Lexer::new(&Script::verbatim(value, at), Dialect::Posix).value();
                draft.setting(&name, word, Holder::Environment, site);
                read(&Script::verbatim(value, at), Dialect::Posix, site, draft);
            }
            _ => read(&Script::verbatim(content, start + marks), Dialect::Posix, site, draft),
        }
        start += line.len();
    }
}

fn unquoted(value: &[u8], at: usize) -> (&[u8], usize) {
    match value {
        [open @ (b'"' | b'\''), inner @ .., close] if open == close => (inner, at + 1),
        _ => (value, at),
    }
}

/// The commands of a script.
pub(super) fn read(script: &Script<'_>, dialect: Dialect, site: Site, draft: &mut Draft<'_>) {
    let mut reader = Reader { dialect, site, tests: 0, tested: false, draft };
    for step in Lexer::new(script, dialect) {
        if let Step::Command(command) = step {
            reader.command(command);
        }
    }
}

/// A command that is given as words.
pub(super) fn read_words(words: Vec<Word>, site: Site, draft: &mut Draft<'_>) {
    let mut reader = Reader { dialect: Dialect::Posix, site, tests: 0, tested: false, draft };
    reader.command(Command { words, end: Separator::Line, output: None });
}

struct Reader<'d, 's> {
    dialect: Dialect,
    site: Site,
    /// Conditions that are open.
    tests: usize,
    /// Whether the command runs only if a test before it says so.
    tested: bool,
    draft: &'d mut Draft<'s>,
}

impl Reader<'_, '_> {
    fn command(&mut self, command: Command) {
        let reserved = self.reserved(&command.words);
        let tested =
            std::mem::replace(&mut self.tested, is_test(&command.words[reserved..]) && command.end != Separator::Line);
        let words = &command.words[reserved..];
        let site = Site { on_demand: self.site.on_demand || self.tests > 0 || tested, ..self.site };
        let leading = words.iter().take_while(|word| word.assignment().is_some()).count();
        words[..leading].iter().for_each(|word| self.assign(word, Holder::Variable, site));
        let words = &words[leading..];
        let Some(first) = words.first() else { return };
        let name = first.literal().unwrap_or_default();
        if SETTERS.contains(&&*name) {
            words[1..].iter().for_each(|word| self.assign(word, Holder::Variable, site));
        }
        if matches!(&*name, "echo" | "printf" | "Write-Output") && names_environment(command.output.as_ref()) {
            words[1..].iter().for_each(|word| self.assign(word, Holder::Variable, site));
        }
        self.others(words, site);
        let output = match (command.output, command.end) {
            (Some(file), _) => DraftOutput::File(file),
            (None, Separator::Pipe) => DraftOutput::Pipe,
            (None, _) => DraftOutput::Log,
        };
        self.draft.command(DraftCommand { words: words.to_vec(), output, site });
    }

    /// Counts the conditions that open and close; the number of reserved words before the command.
    fn reserved(&mut self, words: &[Word]) -> usize {
        for (at, word) in words.iter().enumerate() {
            match word.literal().as_deref().unwrap_or("") {
                "if" | "case" => self.tests = self.tests.saturating_add(1),
                "fi" | "esac" => self.tests = self.tests.saturating_sub(1),
                "then" | "else" | "elif" | "do" | "done" | "while" | "until" | "!" | "time" | "{" | "}" => {}
                _ => return at,
            }
        }
        words.len()
    }

    fn assign(&mut self, word: &Word, holder: Holder, site: Site) {
        if let Some((name, value, _)) = word.assignment() {
            let span = word.span_of(&value);
            let value = Word { pieces: value, span, array: Vec::new() };
            self.draft.setting(name, value, holder, site);
        }
    }

    /// PowerShell's `$env:NAME = "value"`, fish's `set -gx NAME value`, `docker run -e NAME=value`.
    fn others(&mut self, words: &[Word], site: Site) {
        if let [variable, equals, value] = words
            && let [Piece { what: What::Variable { name, .. }, .. }] = variable.pieces.as_slice()
            && self.dialect == Dialect::PowerShell
            && equals.is("=")
        {
            self.draft.setting(name, value.clone(), Holder::Variable, site);
        }
        if let [set, flags, name, value] = words
            && set.is("set")
            && flags.head().starts_with('-')
            && let Some(name) = name.literal()
        {
            self.draft.setting(&name, value.clone(), Holder::Variable, site);
        }
        let runtime = |word: &Word| ["docker", "podman", "nerdctl"].iter().any(|name| word.is(name));
        if !words.iter().take(2).any(runtime) {
            return;
        }
        for (at, word) in words.iter().enumerate() {
            if word.is("-e") || word.is("--env") {
                words.get(at + 1).into_iter().for_each(|next| self.assign(next, Holder::Service, site));
            } else if let Some(start) = ["--env=", "-e"].iter().find_map(|flag| word.head().strip_prefix(flag)) {
                let skip = word.head().len() - start.len();
                let rest = Word { pieces: word.after(skip), span: word.span, array: Vec::new() };
                self.assign(&rest, Holder::Service, site);
            }
        }
    }
}

/// Whether a command is a test, on which the next one depends: `[ -n "$X" ] && ...`.
fn is_test(words: &[Word]) -> bool {
    words.first().is_some_and(|word| ["[", "[[", "test"].iter().any(|name| word.is(name)))
}

/// Whether a file is the one that sets variables for later steps: `$GITHUB_ENV`, CircleCI's `$BASH_ENV`.
fn names_environment(file: Option<&Word>) -> bool {
    let Some([Piece { what: What::Variable { name, .. }, .. }]) = file.map(|file| file.pieces.as_slice()) else {
        return false;
    };
    matches!(name.strip_prefix("env.").unwrap_or(name), "GITHUB_ENV" | "BASH_ENV")
}
