//! What has been read so far, before names are looked up: a name may be given its value further down.

use super::super::PathPattern;
use super::super::lexer::Dialect;
use super::super::scope::{Binding, Here, Scope};
use super::super::script::Script;
use super::super::words::{Piece, What, Word, is_name, pattern};
use super::{Action, Automation, Command, Holder, MAX_ITEMS, Output, Setting, Site, System, Text, Upload, place};
use crate::finding::Place;
use crate::text::{Source, Span};
use std::cell::Cell;
use std::sync::Arc;

/// Bytes that names may stand for in all; beyond, they stay unknown.
const MAX_LOOKED_UP: usize = 16 << 20;

/// Items whose words are as they were written.
pub(super) struct Draft<'s> {
    pub(super) source: &'s Arc<Source>,
    settings: Vec<(String, Word, Holder, Site)>,
    pub(super) actions: Vec<Action>,
    commands: Vec<DraftCommand>,
    uploads: Vec<(Word, String, Site)>,
    pub(super) broken: Option<Place>,
    groups: usize,
    jobs: Vec<String>,
}

/// A command whose words are as they were written.
pub(super) struct DraftCommand {
    pub(super) words: Vec<Word>,
    pub(super) output: DraftOutput,
    pub(super) site: Site,
}

/// Where its output goes.
pub(super) enum DraftOutput {
    Log,
    Pipe,
    File(Word),
}

impl<'s> Draft<'s> {
    pub(super) fn new(source: &'s Arc<Source>) -> Self {
        let (settings, actions, commands, uploads) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { source, settings, actions, commands, uploads, broken: None, groups: 0, jobs: vec![String::new()] }
    }

    /// A number for things that are read together.
    pub(super) fn group(&mut self) -> usize {
        self.groups += 1;
        self.groups
    }

    /// A number for a job of that name.
    pub(super) fn job(&mut self, name: &str) -> usize {
        self.jobs.push(name.to_owned());
        self.jobs.len() - 1
    }

    pub(super) fn setting(&mut self, name: &str, value: Word, holder: Holder, site: Site) {
        if self.settings.len() < MAX_ITEMS {
            self.settings.push((name.to_owned(), value, holder, site));
        }
    }

    /// Adds an action; its number, by which its inputs name it.
    pub(super) fn action(&mut self, name: &str, span: Span, site: Site) -> usize {
        if self.actions.len() < MAX_ITEMS {
            self.actions.push(Action { name: name.to_owned(), place: place(self.source, span), site });
        }
        self.actions.len() - 1
    }

    pub(super) fn command(&mut self, command: DraftCommand) {
        if self.commands.len() < MAX_ITEMS {
            self.commands.push(command);
        }
    }

    /// Adds paths that are kept, one a line.
    pub(super) fn upload(&mut self, script: &Script<'_>, dialect: Dialect, keeper: &str, site: Site) {
        for (start, line) in lines(&script.bytes) {
            if self.uploads.len() < MAX_ITEMS {
                let (span, exact) = script.span(start..start + line.len());
                let part = match exact {
                    true => Script::verbatim(line, span.start as usize),
                    false => Script::mapped(line, Vec::new(), span),
                };
                let word = super::super::lexer::Lexer::new(&part, dialect).value();
                self.uploads.push((word, keeper.to_owned(), site));
            }
        }
    }

    /// Looks names up and says what is there.
    pub(super) fn finish(self, system: System) -> Automation {
        let scope = self.scope();
        let source = self.source;
        let (none, left) = (Scope::default(), Cell::new(MAX_LOOKED_UP));
        let text = |word: &Word| {
            let text = resolved(source, word, if left.get() > 0 { &scope } else { &none });
            let len: usize = text.pattern.0.iter().map(String::len).sum();
            left.set(left.get().saturating_sub(len.saturating_sub(word.span.len())));
            text
        };
        let settings = self.settings.iter().map(|(name, value, holder, site)| {
            let value = text(value);
            Setting { name: name.clone(), value, holder: *holder, site: *site }
        });
        let commands = self.commands.iter().map(|command| {
            let span = command.words.iter().fold(first_span(command), |span, word| span.join(word.span));
            let output = match &command.output {
                DraftOutput::Log => Output::Log,
                DraftOutput::Pipe => Output::Pipe,
                DraftOutput::File(word) => Output::File(text(word)),
            };
            let words = command.words.iter().map(text).collect();
            Command { words, output, place: place(source, span), site: command.site }
        });
        let uploads = self.uploads.iter().map(|(path, keeper, site)| {
            let keeper = keeper.clone();
            Upload { path: text(path), place: place(source, path.span), keeper, site: *site }
        });
        let (settings, commands, uploads) = (settings.collect(), commands.collect(), uploads.collect());
        let Self { jobs, actions, broken, .. } = self;
        Automation { system, jobs, settings, actions, commands, uploads, broken }
    }

    /// The names that are given one value in the whole file, and that one literally.
    fn scope(&self) -> Scope<'static> {
        let mut scope = Scope::default();
        for (name, value, holder, _) in &self.settings {
            if matches!(holder, Holder::Input(_) | Holder::Service) || !is_name(name) {
                continue;
            }
            let known = *holder != Holder::Default && value.literal().is_some() && !scope.names.contains_key(name);
            let binding = if known { Binding::Value(value.clone()) } else { Binding::Unknown };
            scope.names.insert(name.clone(), binding);
        }
        scope
    }
}

fn first_span(command: &DraftCommand) -> Span {
    command.words.first().map_or(Span::default(), |word| word.span)
}

fn resolved(source: &Arc<Source>, word: &Word, scope: &Scope<'_>) -> Text {
    let anything = PathPattern::anything();
    let pieces = scope.expand_value(&word.pieces, Here { current: &anything, own: &anything });
    let span = match pieces.as_slice() {
        [] => word.span,
        pieces => word.span_of(pieces),
    };
    Text { pattern: pattern(&pieces), references: references(&pieces), place: place(source, span) }
}

fn references(pieces: &[Piece]) -> Vec<String> {
    let name = |piece: &Piece| match &piece.what {
        What::Text(_) => None,
        What::Hole(name) | What::Variable { name, .. } => Some(name.clone()),
        What::Directory(_) | What::Here | What::Own(_) => Some(String::new()),
    };
    pieces.iter().filter_map(name).collect()
}

/// The lines of a text that hold something, and where each begins.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    bytes.split(|byte| *byte == b'\n').filter_map(move |line| {
        let at = start;
        start += line.len() + 1;
        let trimmed = line.trim_ascii();
        let blanks = line.len() - line.trim_ascii_start().len();
        (!trimmed.is_empty()).then_some((at + blanks, trimmed))
    })
}
