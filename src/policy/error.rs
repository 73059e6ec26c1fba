//! What is wrong with a policy: all of it at once, each with its place.

use crate::text::{Position, Source, Span};

/// More errors than this are not told: a file that is no policy at all has one for every line.
const MOST: usize = 100;

/// One thing that is wrong with a policy. Holds names of keys, never values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// The policy file, as it was asked for.
    pub file: String,
    /// Where in the file; nowhere if it could not be read.
    pub position: Option<Position>,
    /// The key it speaks of, from the root: `rules.backend-local.level`, `exceptions[2].expires`. Empty for the file.
    pub key: String,
    /// What is wrong, in lower case.
    pub message: String,
    /// The word that was probably meant.
    pub suggestion: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// All that is wrong with a policy, in the order of files and lines; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyErrors(Vec<PolicyError>);

impl PolicyErrors {
    /// Every error.
    pub fn iter(&self) -> impl Iterator<Item = &PolicyError> {
        self.0.iter()
    }
}

impl std::error::Error for PolicyError {}
impl std::error::Error for PolicyErrors {}

/// `file:line:column: key: message; did you mean "word"? (hint)`
impl std::fmt::Display for PolicyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", shown(&self.file))?;
        if let Some(position) = self.position {
            write!(f, ":{}:{}", position.line, position.column)?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(word) = &self.suggestion {
            write!(f, "; did you mean \"{word}\"?")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

/// One line for each error.
impl std::fmt::Display for PolicyErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (nth, error) in self.0.iter().enumerate() {
            if nth > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

/// Errors as they are met.
#[derive(Default)]
pub(super) struct Errors {
    found: Vec<(usize, u32, PolicyError)>,
}

impl Errors {
    /// Whether so many are there that no more is taken.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= MOST
    }

    /// Takes an error of the file numbered `file`.
    pub(super) fn push(&mut self, file: usize, span: Span, error: PolicyError) {
        if !self.is_full() {
            self.found.push((file, span.start, error));
        }
    }

    /// All of them in order, or what was to be made if there is none.
    pub(super) fn finish<T>(mut self, made: T) -> Result<T, PolicyErrors> {
        if self.found.is_empty() {
            return Ok(made);
        }
        self.found.sort_by_key(|(file, offset, _)| (*file, *offset));
        Err(PolicyErrors(self.found.into_iter().map(|(_, _, error)| error).collect()))
    }
}

impl PolicyError {
    /// An error at a place of a source.
    pub(super) fn at(file: &str, source: &Source, span: Span, key: &str, message: impl Into<String>) -> Self {
        Self { position: Some(source.position(span.start)), ..Self::file(file, message) }.with_key(key)
    }

    /// An error of a file as a whole.
    pub(super) fn file(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            position: None,
            key: String::new(),
            message: message.into(),
            suggestion: None,
            hint: None,
        }
    }

    fn with_key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.key);
        self
    }

    /// Adds what was probably meant.
    pub(super) fn suggest(mut self, word: Option<&str>) -> Self {
        self.suggestion = word.map(str::to_owned);
        self
    }

    /// Adds what to do.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A name of the file's own making, fit for a terminal: no control characters, not endless.
pub(super) fn shown(name: &str) -> String {
    const LONGEST: usize = 200;
    let mut out: String = name.chars().take(LONGEST).flat_map(ShownChar::new).collect();
    // CI systems look for commands after two of them: `##[...]`, `##vso[...]`.
    out = out.replace("##", "#\\x23");
    if name.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

/// One character, escaped where a terminal would act on it or show nothing.
struct ShownChar(Option<char>, Option<std::char::EscapeDebug>);

impl ShownChar {
    fn new(c: char) -> Self {
        if matches!(c, '"' | '\'' | '\\') { Self(Some(c), None) } else { Self(None, Some(c.escape_debug())) }
    }
}

impl Iterator for ShownChar {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        self.0.take().or_else(|| self.1.as_mut()?.next())
    }
}

/// The one of `known` that `word` was probably meant to be: few letters apart, the same words in another order, or the
/// beginning of one.
pub(super) fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.is_empty() || word.len() > 64 {
        return None;
    }
    let word = word.to_lowercase().replace('_', "-");
    let parts = |text: &str| {
        let mut parts: Vec<String> = text.replace('_', "-").split('-').map(str::to_owned).collect();
        parts.sort();
        parts
    };
    let sorted = parts(&word);
    let distance = |candidate: &str| {
        let candidate = candidate.replace('_', "-");
        if sorted == parts(&candidate) || (word.len() >= 3 && candidate.starts_with(&word)) {
            return 0;
        }
        strsim::osa_distance(&word, &candidate)
    };
    let limit = (word.chars().count() / 3).clamp(1, 5);
    let best = known.into_iter().map(|candidate| (distance(candidate), candidate)).min_by_key(|(apart, _)| *apart)?;
    (best.0 <= limit).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_word_is_close() {
        let known = ["backend-local", "backend-no-locking", "provider-unpinned"];
        for (word, meant) in [
            ("backend-locl", Some("backend-local")),
            ("backend_local", Some("backend-local")),
            ("local-backend", Some("backend-local")),
            ("provider", Some("provider-unpinned")),
            ("something-else", None),
            ("", None),
        ] {
            assert_eq!(closest(word, known), meant, "{word}");
        }
    }

    #[test]
    fn names_cannot_speak_to_the_terminal() {
        assert_eq!(shown("a\u{1b}[31m\n\u{202e}"), "a\\u{1b}[31m\\n\\u{202e}");
        assert_eq!(shown("it's \"ü\""), "it's \"ü\"");
        assert!(shown(&"x".repeat(1000)).chars().count() < 250);
    }
}
