//! Tables that are text: one line an entry, indexed when the first entry is asked for.

use std::collections::HashMap;
use std::sync::OnceLock;

/// A table: lines of a key and what is known of it. Lines that begin with `#` stand first and say what it is.
pub(super) struct Table {
    text: &'static str,
    separator: char,
    index: OnceLock<HashMap<&'static str, &'static str>>,
}

impl Table {
    /// A table whose lines separate the key from the rest by `separator`.
    pub(super) const fn new(text: &'static str, separator: char) -> Self {
        Self { text, separator, index: OnceLock::new() }
    }

    /// What stands behind a key; None where the table does not have it.
    pub(super) fn find(&self, key: &str) -> Option<&'static str> {
        self.index.get_or_init(|| self.entries().collect()).get(key).copied()
    }

    /// Its entries: key and rest.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let separator = self.separator;
        let lines = self.text.lines().filter(|line| !line.starts_with('#'));
        lines.map(move |line| line.split_once(separator).unwrap_or((line, "")))
    }
}
