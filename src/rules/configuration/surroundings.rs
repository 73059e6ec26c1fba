//! What a text is, and what stands around a place in it: what the same value means depends on that.

use crate::document::Kind;
use crate::text::RepoPath;

/// What people write into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// What is run or configures what runs: Terraform's files, CI files, YAML, JSON, environment files.
    Configuration,
    /// Programs and pages.
    Code,
    /// What is read by people.
    Prose,
}

/// Extensions of prose.
const PROSE: [&str; 8] = ["md", "markdown", "mdx", "rst", "txt", "adoc", "asciidoc", "org"];

/// Extensions of programs and pages.
const CODE: [&str; 40] = [
    "go", "py", "ipynb", "js", "mjs", "cjs", "jsx", "ts", "tsx", "rs", "java", "kt", "scala", "groovy", "c", "h", "cc",
    "cpp", "hpp", "cs", "rb", "erb", "php", "pl", "lua", "swift", "html", "htm", "css", "scss", "vue", "svg", "sql",
    "proto", "rego", "ex", "exs", "clj", "dart", "diff",
];

/// What a file is by its name.
pub(super) fn setting(path: &RepoPath, kind: Kind) -> Setting {
    if kind != Kind::Text {
        return Setting::Configuration;
    }
    let name = path.name().to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let read = ["readme", "changelog", "license", "licence", "contributing", "authors", "notice", "security"];
    if PROSE.contains(&extension) || (extension.is_empty() && read.contains(&name.as_str())) {
        Setting::Prose
    } else if CODE.contains(&extension) {
        Setting::Code
    } else {
        Setting::Configuration
    }
}

/// Whether a file is there for tests or is others' work that was copied in: what stands there is seldom in use.
pub(in crate::rules) fn is_fixture(path: &RepoPath) -> bool {
    const DIRECTORIES: [&str; 25] = [
        "test",
        "tests",
        "testing",
        "testdata",
        "test-data",
        "test_data",
        "testfixtures",
        "test-fixtures",
        "test_fixtures",
        "fixture",
        "fixtures",
        "__fixtures__",
        "__tests__",
        "__snapshots__",
        "__mocks__",
        "spec",
        "specs",
        "mock",
        "mocks",
        "stubs",
        "vendor",
        "third_party",
        "third-party",
        "node_modules",
        "bower_components",
    ];
    let name = path.name().to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let tested = stem.starts_with("test_") || ["_test", "_tests", "_spec"].iter().any(|end| stem.ends_with(end));
    let kinds = [".test.", ".spec.", ".tftest.", ".tofutest.", ".snap"].iter().any(|part| name.contains(part));
    let directory = path.parent();
    let mut parts = directory.as_str().split('/');
    tested || kinds || parts.any(|part| DIRECTORIES.contains(&part.to_ascii_lowercase().as_str()))
}

/// How far back the beginning of a line or of a comment is looked for.
const BEFORE: usize = 4096;

/// Whether a place stands in a comment, in whatever language.
pub(in crate::rules) fn in_comment(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(BEFORE);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = &text[from..at];
    let line = before.rsplit('\n').next().unwrap_or_default();
    let begins = ["#", "//", "*", "--", ";", "<!--", "rem ", "REM "];
    let whole = begins.iter().any(|mark| line.trim_start().starts_with(mark));
    let behind = [" # ", "\t# ", " // ", "\t// "].iter().any(|mark| line.contains(mark));
    let block = before.rfind("/*").is_some_and(|open| !before[open..].contains("*/"));
    whole || behind || block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings() {
        let of = |path: &str| {
            let path = RepoPath::new(path);
            setting(&path, Kind::of(&path))
        };
        for path in ["main.tf", "a.yaml", "x.json", ".env", "Dockerfile", "credentials", "a.sh", "x.tpl"] {
            assert_eq!(of(path), Setting::Configuration, "{path}");
        }
        assert!(["a.go", "x/App.java", "i.HTML"].iter().all(|path| of(path) == Setting::Code));
        assert!(["README.md", "LICENSE", "docs/a.rst"].iter().all(|path| of(path) == Setting::Prose));
    }

    #[test]
    fn fixtures() {
        for path in ["a/testdata/x.pem", "pkg/a_test.go", "src/x.spec.ts", "vendor/a/b.go", "Tests/a.py", "test_x.py"] {
            assert!(is_fixture(&RepoPath::new(path)), "{path}");
        }
        for path in ["main.tf", "contest/a.tf", "latest/x.yaml", "environments/test.tf", "attest.go"] {
            assert!(!is_fixture(&RepoPath::new(path)), "{path}");
        }
    }

    #[test]
    fn comments() {
        for text in ["# key = X", "  // X", "/* a\n b\n X", "a = 1 # X", "x\n-- X", "<!-- X"] {
            assert!(in_comment(text, text.find('X').unwrap()), "{text}");
        }
        for text in ["key = X", "/* a */ X", "a\n# b\nX", "url = \"http://X", "a#X"] {
            assert!(!in_comment(text, text.find('X').unwrap()), "{text}");
        }
    }
}
