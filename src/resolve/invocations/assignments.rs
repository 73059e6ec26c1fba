//! What scripts assign: variables with one value, and `TF_CLI_ARGS`.

use super::Found;
use super::lexer::Dialect;
use super::scope::{Binding, Here};
use super::shell::Shell;
use super::words::{Piece, What, Word, is_name, split};
use crate::resolve::PathPattern;

impl Shell<'_> {
    fn expand_value(&self, pieces: &[Piece]) -> Vec<Piece> {
        let current = self.here();
        self.scope.expand_value(pieces, Here { current: &current, own: &self.context.own })
    }

    /// `NAME=value`, if it is the only one for the name and sure to be run.
    pub(super) fn assign(&mut self, word: &Word) {
        let Some((name, value, append)) = word.assignment() else { return };
        if append || self.counts.get(name) != Some(&1) || !self.frames.is_empty() {
            return;
        }
        let binding = if word.array.is_empty() {
            Binding::Value(Word { pieces: self.expand_value(&value), span: word.span, array: Vec::new() })
        } else {
            Binding::Words(self.expand(&word.array))
        };
        self.scope.names.insert(name.to_owned(), binding);
    }

    /// `TF_CLI_ARGS_init=...`, wherever it is set.
    pub(super) fn environment(&self, word: &Word, found: &mut Found) {
        let Some((name, value, _)) = word.assignment() else { return };
        if let Some(subcommand) = cli_args(name) {
            let value = self.expand_value(&value);
            let words = split(&value);
            found.arguments(subcommand, &words, word.span_of(&value), PathPattern::anything());
        }
    }

    /// `$name = "value"`, `$env:NAME = "value"`.
    pub(super) fn powershell_assignment(&mut self, words: &[Word], found: &mut Found) -> bool {
        let [variable, equals, rest @ ..] = words else { return false };
        let [Piece { what: What::Variable { name, .. }, .. }] = variable.pieces.as_slice() else { return false };
        if self.context.dialect != Dialect::PowerShell || !equals.is("=") {
            return false;
        }
        let [value] = rest else { return true };
        if let Some(subcommand) = cli_args(name) {
            let pieces = self.expand_value(&value.pieces);
            found.arguments(subcommand, &split(&pieces), value.span, PathPattern::anything());
        }
        if self.counts.get(name) == Some(&1) && self.frames.is_empty() {
            let pieces = self.expand_value(&value.pieces);
            let binding = Binding::Value(Word { pieces, span: value.span, array: Vec::new() });
            self.scope.names.insert(name.clone(), binding);
        }
        true
    }
}

/// The subcommand of `TF_CLI_ARGS_<subcommand>`, empty for `TF_CLI_ARGS`.
pub(super) fn cli_args(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("TF_CLI_ARGS")?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('_') }
}

/// The names that a command assigns.
pub(super) fn assigned_names(words: &[Word]) -> Vec<String> {
    let mut names: Vec<String> =
        words.iter().filter_map(|word| word.assignment().map(|(name, ..)| name.to_owned())).collect();
    let is = |at: usize, text: &str| words.get(at).is_some_and(|word| word.is(text));
    for (at, word) in words.iter().enumerate() {
        let Some(literal) = word.literal() else { continue };
        match &*literal {
            "for" | "select" => names.extend(words.get(at + 1).and_then(Word::literal).map(|name| name.into_owned())),
            "read" | "unset" | "mapfile" | "readarray" | "getopts" => names.extend(
                words[at + 1..]
                    .iter()
                    .filter_map(Word::literal)
                    .filter(|text| is_name(text))
                    .map(|name| name.into_owned()),
            ),
            _ => {}
        }
    }
    if let Some([Piece { what: What::Variable { name, .. }, .. }]) = words.first().map(|word| word.pieces.as_slice())
        && (is(1, "=") || is(1, "+="))
    {
        names.push(name.clone());
    }
    names
}
