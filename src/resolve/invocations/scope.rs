//! What names stand for: shell and make variables, `env:` and `variables:`, the values of a matrix.

use super::directory;
use super::words::{Piece, What, Word};
use crate::resolve::PathPattern;
use crate::text::Span;
use std::collections::{HashMap, HashSet};

/// Values are looked into this deep.
const MAX_DEPTH: usize = 8;
/// Pieces of one expanded word; beyond, the rest is a hole.
const MAX_PIECES: usize = 1024;

/// What a name is bound to.
#[derive(Clone)]
pub(super) enum Binding {
    /// Something that a run alone knows.
    Unknown,
    /// Text, with blanks that may separate words where it is used.
    Value(Word),
    /// Words.
    Words(Vec<Word>),
}

/// Names of one level; what is not bound here is looked up in the level around it.
#[derive(Default)]
pub(super) struct Scope<'a> {
    pub(super) parent: Option<&'a Scope<'a>>,
    pub(super) names: HashMap<String, Binding>,
    /// Names that some script of the document assigns: what `env` says of them may not hold when they are used.
    pub(super) assigned: HashSet<String>,
    /// Whether names are a shell's own, which expressions such as `${{ env.X }}` do not see.
    pub(super) shell: bool,
}

/// Where a word is expanded.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    /// The current directory.
    pub(super) current: &'a PathPattern,
    /// The directory of the script itself.
    pub(super) own: &'a PathPattern,
}

impl<'a> Scope<'a> {
    /// An empty level inside another.
    pub(super) fn inside(parent: &'a Scope<'a>) -> Scope<'a> {
        Scope { parent: Some(parent), ..Scope::default() }
    }

    /// The binding of a name, as a script or an expression writes it.
    fn lookup(&self, name: &str) -> Option<&Binding> {
        let dotted = ["env.", "variables."].iter().find_map(|prefix| name.strip_prefix(prefix));
        let mut level = Some(self);
        let mut found = None;
        while let Some(scope) = level {
            if !(scope.shell && dotted.is_some()) && found.is_none() {
                let binding = scope.names.get(dotted.unwrap_or(name));
                if scope.shell && binding.is_some() {
                    return binding;
                }
                found = binding;
            }
            if scope.assigned.contains(dotted.unwrap_or(name)) {
                return Some(&Binding::Unknown);
            }
            level = scope.parent;
        }
        found
    }

    /// The words that a word becomes: no variable is left in them.
    pub(super) fn expand(&self, word: &Word, here: Here<'_>) -> Vec<Word> {
        if word.pieces.iter().all(|piece| matches!(piece.what, What::Text(_) | What::Hole(_) | What::Directory(_))) {
            return vec![word.clone()];
        }
        let mut expansion = Expansion { here, span: word.span, words: Vec::new(), current: None, left: MAX_PIECES };
        for piece in &word.pieces {
            expansion.piece(self, piece, false, 0);
        }
        expansion.finish_word();
        expansion.words
    }

    /// The pieces of a value, expanded without being split.
    pub(super) fn expand_value(&self, pieces: &[Piece], here: Here<'_>) -> Vec<Piece> {
        let mut expansion =
            Expansion { here, span: Span::default(), words: Vec::new(), current: None, left: MAX_PIECES };
        for piece in pieces {
            let mut piece = piece.clone();
            if let What::Variable { split, .. } = &mut piece.what {
                *split = false;
            }
            expansion.piece(self, &piece, false, 0);
        }
        expansion.current.unwrap_or_default()
    }
}

struct Expansion<'e> {
    here: Here<'e>,
    span: Span,
    words: Vec<Word>,
    current: Option<Vec<Piece>>,
    left: usize,
}

impl Expansion<'_> {
    fn finish_word(&mut self) {
        if let Some(pieces) = self.current.take() {
            self.words.push(Word { pieces, span: self.span, array: Vec::new() });
        }
    }

    fn push(&mut self, piece: Piece) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let piece = if self.left == 0 { Piece::hole(piece.span) } else { piece };
        self.current.get_or_insert_default().push(piece);
    }

    fn piece(&mut self, scope: &Scope<'_>, piece: &Piece, split: bool, depth: usize) {
        match &piece.what {
            What::Text(text) if split => self.split(piece, text),
            What::Variable { name, split: splits } => {
                self.variable(scope, piece, name, *splits && (split || depth == 0), depth);
            }
            What::Here => {
                let what = What::Directory(self.here.current.clone());
                self.push(Piece { what, ..piece.clone() });
            }
            What::Own(suffix) => {
                let known = self.here.own.as_known().is_some();
                let path = directory::join(self.here.own, &PathPattern::known(suffix.trim_start_matches('/')));
                let what = if known { What::Directory(path) } else { What::Hole(String::new()) };
                self.push(Piece { what, ..piece.clone() });
            }
            _ => self.push(piece.clone()),
        }
    }

    fn split(&mut self, piece: &Piece, text: &str) {
        let mut rest = Word { pieces: vec![piece.clone()], ..Word::default() };
        let mut at = 0;
        for part in text.split([' ', '\t', '\n', '\r']) {
            if at > 0 {
                self.finish_word();
            }
            if !part.is_empty() && self.left > 0 {
                let mut cut = rest.after(at);
                if let Some(Piece { what: What::Text(kept), span, exact }) = cut.first_mut() {
                    kept.truncate(part.len());
                    if *exact {
                        *span = Span::new(span.start as usize, span.start as usize + part.len());
                    }
                }
                cut.into_iter().for_each(|piece| self.push(piece));
            }
            at += part.len() + 1;
        }
        rest.pieces.clear();
    }

    fn variable(&mut self, scope: &Scope<'_>, piece: &Piece, name: &str, split: bool, depth: usize) {
        match scope.lookup(name) {
            Some(_) if depth >= MAX_DEPTH || self.left == 0 => self.push(unknown(piece, name)),
            Some(Binding::Unknown) => self.push(unknown(piece, name)),
            Some(Binding::Value(word)) => {
                if !split {
                    self.current.get_or_insert_default();
                }
                word.pieces.iter().for_each(|inner| self.piece(scope, inner, split, depth + 1));
            }
            Some(Binding::Words(words)) => {
                for (index, word) in words.iter().enumerate() {
                    if index > 0 && self.left > 0 {
                        if split {
                            self.finish_word();
                        } else {
                            self.push(Piece { what: What::Text(" ".to_owned()), span: piece.span, exact: false });
                        }
                    }
                    self.current.get_or_insert_default();
                    word.pieces.iter().for_each(|inner| self.piece(scope, inner, false, depth + 1));
                }
            }
            None => {
                let what = well_known(name).unwrap_or_else(|| What::Hole(name.to_owned()));
                match what {
                    What::Here => self.piece(scope, &Piece { what, ..piece.clone() }, false, depth),
                    what => self.push(Piece { what, ..piece.clone() }),
                }
            }
        }
    }
}

fn unknown(piece: &Piece, name: &str) -> Piece {
    Piece { what: What::Hole(name.to_owned()), ..piece.clone() }
}

/// Directories that CI systems and shells name: the checkout, which is the repository's root, and the current one.
fn well_known(name: &str) -> Option<What> {
    Some(match name {
        // https://docs.github.com/en/actions/reference/workflows-and-actions/variables
        "GITHUB_WORKSPACE" | "github.workspace" | "env.GITHUB_WORKSPACE"
        // https://docs.gitlab.com/ci/variables/predefined_variables/
        | "CI_PROJECT_DIR"
        // https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
        | "BITBUCKET_CLONE_DIR"
        // https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
        | "Build.SourcesDirectory" | "System.DefaultWorkingDirectory" | "Build.Repository.LocalPath"
        | "BUILD_SOURCESDIRECTORY" | "SYSTEM_DEFAULTWORKINGDIRECTORY" | "BUILD_REPOSITORY_LOCALPATH"
        // https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
        | "CODEBUILD_SRC_DIR"
        | "BUILDKITE_BUILD_CHECKOUT_PATH" | "TRAVIS_BUILD_DIR" => What::Directory(PathPattern::known("")),
        "PWD" | "CURDIR" | "pwd" => What::Here,
        _ => return None,
    })
}
