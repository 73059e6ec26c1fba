//! Limits of a single file: its length, its first line, what it may not hold.

use super::assert_none;
use super::scan::{SourceFile, sources};
use regex::Regex;
use std::sync::LazyLock;

/// Lines without tests of a file, and of a rule.
const LINES: usize = 400;
const LINES_OF_RULE: usize = 250;

static FORBIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"\bunsafe\s*(\{|fn|impl|extern)|\.unwrap\(\)";
    Regex::new(pattern).expect("the pattern is a literal")
});

fn broken_limits(file: &SourceFile) -> Vec<String> {
    let mut broken = Vec::new();
    let first = file.text.lines().next().unwrap_or_default();
    if !file.is_test() && !first.starts_with("//! ") {
        broken.push(file.says(1, "the first line says with `//!` what the file is for"));
    }
    let rule = file.layer() == "rules" && file.text.contains("pub static RULE: Rule");
    let (most, lines) = (if rule { LINES_OF_RULE } else { LINES }, file.own_lines().len());
    // A table is as long as what it lists.
    if lines > most && !first.contains("Generated from") {
        broken.push(file.says(lines, &format!("{lines} lines; {most} are the most")));
    }
    for (line, text) in file.code().into_iter().filter(|(_, text)| FORBIDDEN.is_match(text)) {
        broken.push(file.says(line, &format!("`{}`: no unsafe, no unwrap", text.trim())));
    }
    broken
}

impl SourceFile {
    /// A complaint with its place.
    pub(super) fn says(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

#[test]
fn every_file_keeps_within_its_limits() {
    let broken: Vec<_> = sources().iter().flat_map(broken_limits).collect();
    assert_none(&broken);
}

#[test]
fn what_is_beyond_a_limit_is_found() {
    let bad = |path: &str, text: &str| broken_limits(&SourceFile::new(path, text)).len();
    assert_eq!(bad("src/text/a.rs", "use x::y;\n"), 1, "no first line");
    assert_eq!(bad("src/text/a.rs", "//! x\nfn f() { g().unwrap(); }"), 1);
    assert_eq!(bad("src/text/a.rs", "//! x\nunsafe { g() }"), 1);
    let tests = "//! x\n#[cfg(test)]\nmod tests {\n    fn f() { g().unwrap(); }\n}\n";
    assert_eq!(bad("src/text/a.rs", tests), 0, "tests may unwrap");
    let long = "//! x\n".to_owned() + &"use x::y;\n".repeat(300);
    assert_eq!(bad("src/text/a.rs", &long), 0);
    let rule = long.clone() + "pub static RULE: Rule = Rule {};\n";
    assert_eq!(bad("src/rules/backends/a.rs", &rule), 1, "a rule is shorter");
    assert_eq!(bad("src/rules/backends/common.rs", &long), 0, "what rules share is no rule");
    assert_eq!(bad("src/text/a.rs", &(long.clone() + &long)), 1);
}
