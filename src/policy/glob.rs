//! The patterns of a policy. Matching takes time in proportion to the path: `globset` compiles to finite automata.

use crate::text::RepoPath;
use globset::{GlobBuilder, GlobMatcher};

/// The longest pattern taken, in bytes.
const LONGEST: usize = 1000;

/// Paths relative to the repository's root: `*` and `?` do not cross a `/`, `**` does, `{a,b}` is either, `[a-z]` one
/// of. A pattern without any of them names a file, or a directory with all in it; one that ends in `/` means all below.
#[derive(Clone)]
pub struct PathGlob {
    text: String,
    matcher: Matcher,
}

#[derive(Clone)]
enum Matcher {
    Literal(RepoPath),
    Glob(GlobMatcher),
}

/// A pattern over values: `*` matches anything, `?` one character.
#[derive(Clone)]
pub struct TextGlob {
    text: String,
    matcher: GlobMatcher,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GlobError {
    /// Nothing is there.
    #[error("the pattern is empty")]
    Empty,
    /// It is beyond 1000 bytes.
    #[error("the pattern is longer than 1000 bytes")]
    TooLong,
    /// It is absolute, or leads out of the repository.
    #[error("paths are relative to the repository's root, without a leading `/` or `..`")]
    Outside,
    /// Brackets or braces do not close, and the like.
    #[error("the pattern is not valid: {0}")]
    Syntax(String),
}

impl PathGlob {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`GlobError`] if it is none, or can match nothing in a repository.
    pub fn new(text: &str) -> Result<Self, GlobError> {
        check(text)?;
        let relative = text.strip_prefix("./").unwrap_or(text);
        if relative.starts_with('/') || relative.split('/').any(|part| part == "..") {
            return Err(GlobError::Outside);
        }
        let matcher = if !relative.contains(['*', '?', '[', ']', '{', '}', '\\']) {
            Matcher::Literal(RepoPath::new(relative))
        } else if relative.ends_with('/') {
            Matcher::Glob(compile(&format!("{relative}**"), true)?)
        } else {
            Matcher::Glob(compile(relative, true)?)
        };
        Ok(Self { text: text.to_owned(), matcher })
    }

    /// Whether it speaks of a path.
    pub fn matches(&self, path: &RepoPath) -> bool {
        match &self.matcher {
            Matcher::Literal(literal) => path.is_inside(literal),
            Matcher::Glob(glob) => glob.is_match(path.as_str()),
        }
    }

    /// The pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it costs an automaton.
    pub(super) fn is_compiled(&self) -> bool {
        matches!(self.matcher, Matcher::Glob(_))
    }
}

impl TextGlob {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`GlobError`] if it is none.
    pub fn new(text: &str) -> Result<Self, GlobError> {
        check(text)?;
        Ok(Self { text: text.to_owned(), matcher: compile(text, false)? })
    }

    /// Whether it speaks of a text.
    pub fn matches(&self, text: &str) -> bool {
        self.matcher.is_match(text)
    }

    /// The pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn check(text: &str) -> Result<(), GlobError> {
    match text.len() {
        0 => Err(GlobError::Empty),
        1..=LONGEST => Ok(()),
        _ => Err(GlobError::TooLong),
    }
}

fn compile(text: &str, paths: bool) -> Result<GlobMatcher, GlobError> {
    let glob = GlobBuilder::new(text).literal_separator(paths).backslash_escape(true).build();
    glob.map(|glob| glob.compile_matcher()).map_err(|error| GlobError::Syntax(error.kind().to_string()))
}

macro_rules! by_text {
    ($($kind:ty),*) => {$(
        impl PartialEq for $kind {
            fn eq(&self, other: &Self) -> bool {
                self.text == other.text
            }
        }

        impl Eq for $kind {}

        impl std::fmt::Debug for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:?}", self.text)
            }
        }
    )*};
}

by_text!(PathGlob, TextGlob);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_as_users_expect() {
        for (pattern, path, expected) in [
            ("sandbox/**", "sandbox/a/b.tf", true),
            ("sandbox/**", "sandbox2/a.tf", false),
            ("sandbox/", "sandbox/a/b.tf", true),
            ("sandbox", "sandbox/a/b.tf", true),
            ("./sandbox", "sandbox/a.tf", true),
            ("sand", "sandbox/a.tf", false),
            ("legacy/main.tf", "legacy/main.tf", true),
            ("legacy/main.tf", "old/legacy/main.tf", false),
            ("namespaces/*/resources", "namespaces/a/resources", true),
            ("namespaces/*/resources", "namespaces/a/b/resources", false),
            ("**/main.tf", "main.tf", true),
            ("*.tf", "a/b.tf", false),
            ("{a,b}/*.tf", "b/x.tf", true),
            (".", "a/b.tf", true),
            ("**", "a/b.tf", true),
            ("A.tf", "a.tf", false),
        ] {
            assert_eq!(PathGlob::new(pattern).unwrap().matches(&RepoPath::new(path)), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn what_can_match_nothing_is_refused() {
        for (pattern, error) in [("", GlobError::Empty), ("/a", GlobError::Outside), ("a/../../b", GlobError::Outside)]
        {
            assert_eq!(PathGlob::new(pattern), Err(error));
        }
        assert!(matches!(PathGlob::new("a["), Err(GlobError::Syntax(_))));
        assert!(matches!(PathGlob::new(&"*".repeat(2000)), Err(GlobError::TooLong)));
    }

    #[test]
    fn matching_ends_in_time() {
        let pattern = PathGlob::new(&format!("{}b/x", "*a".repeat(300))).unwrap();
        assert!(!pattern.matches(&RepoPath::new(&format!("{}/x", "a".repeat(250)))));
    }

    #[test]
    fn values_are_matched_as_a_whole() {
        let glob = TextGlob::new("arn:aws:kms:*:111122223333:*").unwrap();
        assert!(glob.matches("arn:aws:kms:eu-west-1:111122223333:alias/a/b"));
        assert!(!glob.matches("x arn:aws:kms:eu-west-1:111122223333:key/1"));
    }
}
