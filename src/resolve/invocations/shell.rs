//! Runs scripts in the mind: follows the current directory and plain variables from command to command.

use super::Found;
use super::assignments::assigned_names;
use super::command;
use super::directory as paths;
use super::lexer::{Command, Dialect, Lexer, Separator, Step};
use super::scope::{Binding, Here, Scope};
use super::script::{Script, Segment};
use super::words::{Piece, What, Word, directory, is_name};
use crate::resolve::PathPattern;
use std::collections::HashMap;

/// Compound commands nest this deep; beyond, the directory is unknown.
const MAX_FRAMES: usize = 256;
/// `sh -c` in `sh -c` is followed this deep.
const MAX_NESTING: usize = 4;

/// Where scripts run.
pub(super) struct Context<'a> {
    pub(super) dialect: Dialect,
    /// The directory at the start.
    pub(super) start: PathPattern,
    /// The directory of the script file itself; anything where there is none.
    pub(super) own: PathPattern,
    /// The environment.
    pub(super) scope: &'a Scope<'a>,
}

/// Runs scripts one after the other in one shell.
pub(super) fn run(scripts: &[Script<'_>], context: &Context<'_>, found: &mut Found) {
    run_nested(scripts, context, found, 0);
}

/// Runs one command that is given as words.
pub(super) fn run_words(words: &[Word], context: &Context<'_>, found: &mut Found) {
    let command = Command { words: words.to_vec(), end: Separator::Line, output: None };
    Shell::new(context, 0).command(&command, found);
}

fn run_nested(scripts: &[Script<'_>], context: &Context<'_>, found: &mut Found, nesting: usize) {
    let mut shell = Shell::new(context, nesting);
    for script in scripts {
        shell.count(script);
    }
    let unsure = shell.counts.keys().map(|name| (name.clone(), Binding::Unknown)).collect();
    shell.scope.names = unsure;
    for script in scripts {
        for step in Lexer::new(script, context.dialect) {
            shell.step(step, found);
        }
    }
}

pub(super) struct Shell<'a> {
    pub(super) context: &'a Context<'a>,
    current: PathPattern,
    previous: Option<PathPattern>,
    pushed: Vec<PathPattern>,
    pub(super) frames: Vec<Frame>,
    /// Whether compound commands could not be followed: no directory is known any more.
    lost: bool,
    /// Whether the next `{` starts a function.
    function: bool,
    /// Whether the command runs only if another did, or did not.
    tested: bool,
    pub(super) scope: Scope<'a>,
    /// How often each name is assigned in these scripts.
    pub(super) counts: HashMap<String, usize>,
    nesting: usize,
}

/// A compound command that is open.
pub(super) struct Frame {
    kind: FrameKind,
    start: PathPattern,
    previous: Option<PathPattern>,
    /// Whether some branch ended in another directory.
    moved: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameKind {
    Subshell,
    If,
    Loop,
    Case,
    Brace,
    Function,
}

impl<'a> Shell<'a> {
    fn new(context: &'a Context<'a>, nesting: usize) -> Self {
        Self {
            context,
            current: context.start.clone(),
            previous: None,
            pushed: Vec::new(),
            frames: Vec::new(),
            lost: false,
            function: false,
            tested: false,
            scope: Scope { shell: true, ..Scope::inside(context.scope) },
            counts: HashMap::new(),
            nesting,
        }
    }

    /// Counts what a script assigns: only a name that is assigned once has one value.
    fn count(&mut self, script: &Script<'_>) {
        for step in Lexer::new(script, self.context.dialect) {
            let Step::Command(command) = step else { continue };
            for name in assigned_names(&command.words) {
                *self.counts.entry(name).or_insert(0) += 1;
            }
        }
    }

    fn step(&mut self, step: Step, found: &mut Found) {
        match step {
            Step::Open => self.open(FrameKind::Subshell),
            Step::Close => {
                if self.frames.last().is_some_and(|frame| frame.kind == FrameKind::Subshell)
                    && let Some(frame) = self.frames.pop()
                {
                    self.current = frame.start;
                    self.previous = frame.previous;
                }
            }
            Step::Branch if self.frames.last().is_some_and(|frame| frame.kind == FrameKind::Case) => self.branch(),
            Step::Branch => {}
            Step::Command(command) => self.command(&command, found),
        }
    }

    fn open(&mut self, kind: FrameKind) {
        if self.frames.len() >= MAX_FRAMES {
            self.lost = true;
            return;
        }
        let (start, previous) = (self.current.clone(), self.previous.clone());
        self.frames.push(Frame { kind, start, previous, moved: false });
        if kind == FrameKind::Function {
            // A function runs where it is called.
            self.current = PathPattern::anything();
        }
    }

    fn close(&mut self, kinds: &[FrameKind]) {
        if !self.frames.last().is_some_and(|frame| kinds.contains(&frame.kind)) {
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        match frame.kind {
            FrameKind::Brace => {}
            FrameKind::Function => (self.current, self.previous) = (frame.start, frame.previous),
            _ if frame.moved || self.current != frame.start => self.current = PathPattern::anything(),
            _ => {}
        }
    }

    /// The next branch starts where the first one did.
    fn branch(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.moved |= self.current != frame.start;
            self.current = frame.start.clone();
        }
    }

    /// Follows the reserved words a command starts with; the rest is the command.
    fn reserved<'w>(&mut self, mut words: &'w [Word]) -> &'w [Word] {
        if words.len() > 1 && words[1].is("()") {
            self.function = true;
            words = &words[2..];
        } else if words.len() > 1 && words[0].is("function") {
            self.function = true;
            words = &words[2..];
            if words.first().is_some_and(|word| word.is("()")) {
                words = &words[1..];
            }
        }
        while let Some(word) = words.first() {
            let literal = word.literal();
            match literal.as_deref().unwrap_or("") {
                "if" => self.open(FrameKind::If),
                "then" | "!" | "time" | "do" => {}
                "else" | "elif" => self.branch(),
                "fi" => self.close(&[FrameKind::If]),
                "while" | "until" => self.open(FrameKind::Loop),
                "for" | "select" if words.len() > 2 => {
                    self.open(FrameKind::Loop);
                    return &[];
                }
                "done" => self.close(&[FrameKind::Loop]),
                "case" => {
                    self.open(FrameKind::Case);
                    return &[];
                }
                "esac" => self.close(&[FrameKind::Case]),
                "{" => {
                    let kind = if self.function { FrameKind::Function } else { FrameKind::Brace };
                    self.function = false;
                    self.open(kind);
                }
                "}" => self.close(&[FrameKind::Brace, FrameKind::Function]),
                _ => break,
            }
            words = &words[1..];
        }
        words
    }

    fn command(&mut self, command: &Command, found: &mut Found) {
        let words = self.reserved(&command.words);
        let tested = std::mem::replace(&mut self.tested, command.end == Separator::Or || conditional(words, command));
        if words.is_empty() {
            return;
        }
        let leading = words.iter().take_while(|word| word.assignment().is_some()).count();
        for word in &words[..leading] {
            self.environment(word, found);
        }
        if leading == words.len() {
            words.iter().for_each(|word| self.assign(word));
            return;
        }
        let words = &words[leading..];
        let name = words[0].literal().map(|name| name.into_owned()).unwrap_or_default();
        match name.as_str() {
            "export" | "local" | "readonly" | "declare" | "typeset" | "set" | "env" | "setx" => {
                for word in &words[1..] {
                    self.environment(word, found);
                    if name != "env" {
                        self.assign(word);
                    }
                }
            }
            "echo" | "printf" | "Write-Output" => words[1..].iter().for_each(|word| self.environment(word, found)),
            "source" | "." | "eval" => self.scope.names.values_mut().for_each(|binding| *binding = Binding::Unknown),
            _ => {}
        }
        if self.powershell_assignment(words, found) {
            return;
        }
        let expanded = self.expand(words);
        if self.change_directory(&expanded, tested) {
            return;
        }
        if let Some(inner) = inline_script(&expanded)
            && self.nesting < MAX_NESTING
        {
            let context = Context {
                dialect: Dialect::Posix,
                start: self.here(),
                own: PathPattern::anything(),
                scope: self.context.scope,
            };
            return run_nested(&[inner], &context, found, self.nesting + 1);
        }
        let windows = self.context.dialect.windows();
        let current = self.here();
        if let Some(invocation) = command::invocation(found.source(), &expanded, &current, windows) {
            found.push(invocation);
        }
    }

    pub(super) fn here(&self) -> PathPattern {
        if self.lost { PathPattern::anything() } else { self.current.clone() }
    }

    pub(super) fn expand(&self, words: &[Word]) -> Vec<Word> {
        let current = self.here();
        let here = Here { current: &current, own: &self.context.own };
        let mut expanded = Vec::with_capacity(words.len());
        for word in words {
            // A bound on what variables make of one command.
            if expanded.len() > 4 * words.len() + 4096 {
                break;
            }
            expanded.extend(self.scope.expand(word, here));
        }
        expanded
    }

    /// Follows `cd` and kin; false for any other command.
    fn change_directory(&mut self, words: &[Word], tested: bool) -> bool {
        let Some(name) = words.first().and_then(Word::literal) else { return false };
        let target = words[1..].iter().find(|word| {
            let head = word.head();
            let option = head.len() > 1 && head.starts_with('-');
            !(option || head.eq_ignore_ascii_case("/d"))
        });
        let before = self.current.clone();
        let after = match &*name {
            "cd" | "chdir" | "Set-Location" | "sl" => match target {
                Some(word) if word.is("-") => self.previous.clone().unwrap_or_else(PathPattern::anything),
                Some(word) => self.target(word),
                None => PathPattern::anything(),
            },
            "pushd" | "Push-Location" => {
                let after = target.map_or_else(PathPattern::anything, |word| self.target(word));
                if self.pushed.len() < MAX_FRAMES {
                    self.pushed.push(before.clone());
                }
                after
            }
            "popd" | "Pop-Location" => self.pushed.pop().unwrap_or_else(PathPattern::anything),
            _ => return false,
        };
        self.current = if tested && after != before { PathPattern::anything() } else { after };
        self.previous = Some(before);
        true
    }

    fn target(&self, word: &Word) -> PathPattern {
        let mut pieces = word.pieces.clone();
        if self.context.dialect.windows() {
            for piece in &mut pieces {
                if let What::Text(text) = &mut piece.what {
                    *text = text.replace('\\', "/");
                }
            }
        }
        if pieces.iter().all(|piece| matches!(&piece.what, What::Text(text) if text.is_empty())) {
            return PathPattern::anything();
        }
        directory(&self.current, &pieces)
    }
}

/// Whether what follows `&&` depends on a test rather than on success alone.
fn conditional(words: &[Word], command: &Command) -> bool {
    command.end == Separator::And
        && words.first().is_some_and(|word| ["[", "[[", "test"].iter().any(|name| word.is(name)))
}

/// The script of `sh -c '...'`, with what is unknown in it as `$?`.
fn inline_script<'w>(words: &'w [Word]) -> Option<Script<'w>> {
    let shell = words.iter().position(|word| {
        word.literal().is_some_and(|name| matches!(name.rsplit('/').next(), Some("sh" | "bash" | "zsh" | "ash")))
    })?;
    let option = words[shell + 1..].iter().position(|word| {
        let head = word.head();
        head.starts_with('-') && !head.starts_with("--") && head.ends_with('c')
    })?;
    let word = words.get(shell + option + 2)?;
    let mut bytes = Vec::new();
    let mut segments = Vec::new();
    for piece in &word.pieces {
        match &piece.what {
            What::Text(text) => {
                if piece.exact {
                    segments.push(Segment { at: bytes.len(), source: piece.span.start as usize, len: text.len() });
                }
                bytes.extend_from_slice(text.as_bytes());
            }
            What::Hole(name) if is_name(name) => bytes.extend_from_slice(format!("${{{name}}}").as_bytes()),
            _ => bytes.extend_from_slice(b"$?"),
        }
    }
    Some(Script::mapped(bytes, segments, word.span))
}

/// The directory that a value names in `base`, its variables looked up.
pub(super) fn resolve_directory(
    base: &PathPattern,
    script: &Script<'_>,
    dialect: Dialect,
    scope: &Scope<'_>,
) -> PathPattern {
    let word = Lexer::new(script, dialect).value();
    let pieces = scope.expand_value(&word.pieces, Here { current: base, own: &PathPattern::anything() });
    directory(base, &pieces)
}

/// A value's text, its variables looked up.
pub(super) fn resolve_value(script: &Script<'_>, dialect: Dialect, scope: &Scope<'_>) -> Vec<Piece> {
    let word = Lexer::new(script, dialect).value();
    let anything = PathPattern::anything();
    scope.expand_value(&word.pieces, Here { current: &anything, own: &anything })
}

/// A path below another.
pub(super) fn below(base: &PathPattern, path: &str) -> PathPattern {
    paths::join(base, &PathPattern::known(path))
}
