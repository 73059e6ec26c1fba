//! Paths as the report shows them.

use std::sync::Arc;

/// A path relative to the repository's root, with `/` between its parts and no leading `./`. The root itself is the
/// empty path, shown as `.`. Bytes that are not UTF-8 are written `\xNN`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(Arc<str>);

impl RepoPath {
    /// From a relative path with `/`; `.` and empty components are dropped, `..` is resolved where it can be.
    pub fn new(path: &str) -> Self {
        // Of most there is nothing to resolve.
        if !path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Self(path.into());
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| *last != "..") => {
                    parts.pop();
                }
                other => parts.push(other),
            }
        }
        Self(parts.join("/").into())
    }

    /// From raw path bytes as git stores them.
    pub fn from_bytes(path: &[u8]) -> Self {
        match std::str::from_utf8(path) {
            Ok(text) => Self::new(text),
            Err(_) => {
                let mut text = String::new();
                for chunk in path.utf8_chunks() {
                    text.push_str(chunk.valid());
                    for byte in chunk.invalid() {
                        text.push_str(&format!("\\x{byte:02x}"));
                    }
                }
                Self::new(&text)
            }
        }
    }

    /// The path's text; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path's text for people and reports: `.` for the root.
    pub fn shown(&self) -> &str {
        if self.0.is_empty() { "." } else { &self.0 }
    }

    /// The last component.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The directory that holds it; the root for a path with one component.
    #[must_use]
    pub fn parent(&self) -> RepoPath {
        Self(self.directory().into())
    }

    /// The text of [`RepoPath::parent`].
    pub fn directory(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    /// This path followed by a relative one, `..` resolved.
    #[must_use]
    pub fn join(&self, relative: &str) -> RepoPath {
        if self.0.is_empty() { Self::new(relative) } else { Self::new(&format!("{}/{relative}", self.0)) }
    }

    /// Whether it stands in `directory` or anywhere below it.
    pub fn is_inside(&self, directory: &RepoPath) -> bool {
        directory.0.is_empty()
            || (self.0.starts_with(&*directory.0)
                && (self.0.len() == directory.0.len() || self.0.as_bytes()[directory.0.len()] == b'/'))
    }

    /// Whether it leads out of the repository.
    pub fn escapes_root(&self) -> bool {
        &*self.0 == ".." || self.0.starts_with("../")
    }
}

impl std::fmt::Display for RepoPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_resolved() {
        assert_eq!(RepoPath::new("./a//b/../c").as_str(), "a/c");
        assert_eq!(RepoPath::new("a").join("../m").as_str(), "m");
        assert!(RepoPath::new("a").join("../../m").escapes_root());
        assert_eq!(RepoPath::new("a/b").parent().as_str(), "a");
        assert_eq!(RepoPath::new("").shown(), ".");
    }

    #[test]
    fn inside_respects_component_borders() {
        assert!(RepoPath::new("a/b").is_inside(&RepoPath::new("a")));
        assert!(!RepoPath::new("ab").is_inside(&RepoPath::new("a")));
        assert!(RepoPath::new("ab").is_inside(&RepoPath::new("")));
    }

    #[test]
    fn foreign_bytes_are_shown_not_lost() {
        assert_eq!(RepoPath::from_bytes(b"a\xff").as_str(), "a\\xff");
    }
}
