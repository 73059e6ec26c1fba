//! Reading the sources: which lines are code, which paths they name.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

static CRATE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bcrate::").unwrap());
static ABOVE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(?:super::)+").unwrap());
static PART: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^([a-z_]\w*)(?:::([A-Za-z_]\w*))?").unwrap());

/// One file of `src`.
pub(super) struct SourceFile {
    /// From the repository's root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

/// Every file of `src`.
pub(super) fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut waiting = vec![root.join("src")];
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(SourceFile::new(&name, &std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.len() > 50, "the sources were not found");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

impl SourceFile {
    pub(super) fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// The directory below `src`, which is the layer; empty for `lib.rs` and `main.rs`.
    pub(super) fn layer(&self) -> &str {
        let rest = self.path.strip_prefix("src/").unwrap_or(&self.path);
        rest.split_once('/').map_or("", |(layer, _)| layer)
    }

    /// A file of tests only.
    pub(super) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs") || self.path.ends_with("_tests.rs")
    }

    /// Lines before the module of tests.
    pub(super) fn own_lines(&self) -> Vec<&str> {
        let lines: Vec<&str> = self.text.lines().collect();
        let tests = |at: &usize| {
            lines[*at].trim() == "#[cfg(test)]"
                && lines.get(at + 1).is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'))
        };
        let end = (0..lines.len()).find(tests).unwrap_or(lines.len());
        if self.is_test() { Vec::new() } else { lines[..end].to_vec() }
    }

    /// Lines of code with their numbers: no tests, no comments, no long raw strings.
    pub(super) fn code(&self) -> Vec<(usize, &str)> {
        let mut code = Vec::new();
        let mut raw = false;
        for (at, line) in self.own_lines().into_iter().enumerate() {
            if raw {
                raw = !line.contains("\"#");
                continue;
            }
            raw = line.matches("r#\"").count() > line.matches("\"#").count();
            let own = line.split_once(" // ").map_or(line, |(own, _)| own);
            if !own.trim_start().starts_with("//") {
                code.push((at + 1, own));
            }
        }
        code
    }

    /// What the file names of its own crate: the line, and the first two parts of the path.
    pub(super) fn imports(&self) -> Vec<(usize, Vec<String>)> {
        let mut text = String::new();
        let mut starts = Vec::new();
        for (line, code) in self.code() {
            starts.push((text.len(), line));
            text.push_str(code);
            text.push('\n');
        }
        let line_of = |at: usize| starts[starts.partition_point(|(start, _)| *start <= at) - 1].1;
        let mut found = Vec::new();
        for here in CRATE.find_iter(&text) {
            found.extend(branches(&text[here.end()..]).into_iter().map(|path| (line_of(here.start()), path)));
        }
        for here in ABOVE.find_iter(&text).filter(|here| here.as_str().matches("super").count() >= self.depth()) {
            found.extend(branches(&text[here.end()..]).into_iter().map(|path| (line_of(here.start()), path)));
        }
        found
    }

    /// How many `super` lead from here to the crate.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count() - 1;
        if self.path.ends_with("/mod.rs") { parts - 1 } else { parts }
    }
}

/// The paths that begin here, two parts each: `a::b::c` or `{a::b, c::{d, e}}`.
fn branches(text: &str) -> Vec<Vec<String>> {
    let path = |text: &str| {
        let found = PART.captures(text)?;
        Some(found.iter().skip(1).flatten().map(|part| part.as_str().to_owned()).collect::<Vec<_>>())
    };
    let Some(group) = text.strip_prefix('{') else { return path(text).into_iter().collect() };
    let mut found = Vec::new();
    let mut depth = 1_usize;
    let mut start = 0;
    for (at, char) in group.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || depth == 1 && char == ',' {
            found.extend(path(group[start..at].trim_start()));
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    found
}
