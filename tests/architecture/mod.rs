//! The layers import only what the table allows, and every file keeps within the limits that keep the code liveable.

mod limits;
mod scan;

use regex::Regex;
use scan::SourceFile;
use std::sync::LazyLock;

/// The layers in reading order, and what each may import of the others. `policy::settings` means that part alone.
const LAYERS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("finding", &["text"]),
    ("document", &["text", "finding"]),
    ("resolve", &["text", "finding", "document"]),
    ("policy", &["text", "finding"]),
    ("rules", &["text", "finding", "document", "resolve", "policy::settings"]),
    ("verify", &["finding"]),
    ("report", &["text", "finding", "policy"]),
    ("output", &["text", "finding", "report"]),
    ("publish", &["text", "finding", "report", "output"]),
    ("remedy", &["text", "finding", "report"]),
    (
        "cli",
        &[
            "text",
            "finding",
            "document",
            "resolve",
            "policy",
            "rules",
            "verify",
            "report",
            "output",
            "publish",
            "remedy",
            "policy::settings",
        ],
    ),
];

/// What only some layers may name, and why.
const FENCES: &[(&str, &[&str], &str)] = &[
    (r"\b(clap|clap_complete)::", &["cli"], "arguments are read in one place"),
    (r"\bindicatif::", &["cli"], "progress is shown in one place"),
    (r"\bhcl_edit::", &["document"], "only documents know how HCL is parsed"),
    (r"\bgix::", &["document"], "git repositories are read in one place"),
    (r"\bignore::(Walk|DirEntry|overrides)", &["document"], "trees are walked in one place"),
    (r"\bquick_xml::", &["output"], "only outputs write XML"),
    (r"\b(granit_parser|saphyr)::", &["text"], "only the text layer knows how YAML is parsed"),
    (r"\b(aws_\w+|jsonwebtoken|x509_parser)::", &["verify"], "credentials are sent from one place"),
    (r"\baskama::", &["output"], "pages are written in one place"),
    (r"\b(octocrab|http_body_util)::", &["publish"], "forges are spoken to in one place"),
    (r"\b(tokio|reqwest)::", &["verify", "publish", "cli"], "the network is reached from few places"),
    (r"\bstd::env\b", &["cli"], "the environment is read in one place"),
    (r"\be?print(ln)?!", &["cli"], "the library prints nothing"),
    (r"\bprocess::(exit|abort)\b|\bexit\(", &["cli"], "the library never ends the program"),
    (r"\b(Instant|SystemTime|Timestamp|Zoned)::now\b", &["cli"], "the clock is read in one place"),
    (r"\bstd::fs\b|\bfs::(read|write|File|metadata|read_dir)\b", &["document", "cli"], "files are read in one place"),
    (r"\bstd::net::(Tcp|Udp)|\bstd::process::Command\b", &[], "nothing is sent and nothing is run"),
];

/// [`FENCES`], compiled.
static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compiled = FENCES.iter().map(|(pattern, ..)| Regex::new(pattern).expect("the pattern is a literal"));
    compiled.collect()
});

/// What a file breaks of the table, in words.
fn broken_imports(file: &SourceFile) -> Vec<String> {
    let Some((layer, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == file.layer()) else {
        // `lib.rs` and `main.rs` only name the layers.
        return if file.layer().is_empty() { Vec::new() } else { vec![file.says(1, "stands in no known layer")] };
    };
    let permitted = |path: &[String]| {
        let named = path.join("::");
        path[0] == *layer || allowed.iter().any(|entry| named == *entry || named.starts_with(&format!("{entry}::")))
    };
    let imports = file.imports();
    let bad = imports.iter().filter(|(_, path)| !permitted(path));
    bad.map(|(line, path)| file.says(*line, &format!("{layer} may not import {}", path.join("::")))).collect()
}

/// What a file names that is fenced from it.
fn broken_fences(file: &SourceFile) -> Vec<String> {
    let mut broken = Vec::new();
    let code = file.code();
    for ((_, layers, why), pattern) in FENCES.iter().zip(PATTERNS.iter()) {
        for (line, text) in &code {
            if !layers.contains(&file.layer()) && pattern.is_match(text) {
                broken.push(file.says(*line, &format!("`{}`: {why}", text.trim())));
            }
        }
    }
    broken
}

fn assert_none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn layers_import_only_what_the_table_allows() {
    let broken: Vec<_> = scan::sources().iter().flat_map(broken_imports).collect();
    assert_none(&broken);
}

#[test]
fn outside_crates_and_the_outside_world_are_fenced() {
    let broken: Vec<_> = scan::sources().iter().flat_map(broken_fences).collect();
    assert_none(&broken);
}

#[test]
fn the_table_itself_has_no_cycle() {
    for (at, (layer, allowed)) in LAYERS.iter().enumerate() {
        for entry in *allowed {
            let name = entry.split("::").next().unwrap_or_default();
            let before = LAYERS[..at].iter().any(|(earlier, _)| *earlier == name);
            assert!(before, "{layer} imports {entry}, which does not stand before it");
        }
    }
}

#[test]
fn forbidden_imports_are_found() {
    let bad = |path: &str, text: &str| broken_imports(&SourceFile::new(path, text)).len();
    assert_eq!(bad("src/text/a.rs", "use crate::finding::Finding;"), 1);
    assert_eq!(bad("src/rules/a.rs", "use crate::policy::Policy;"), 1);
    assert_eq!(bad("src/rules/a.rs", "use crate::policy::settings::RuleSettings;"), 0);
    assert_eq!(bad("src/rules/a.rs", "use crate::{text::Span, report::{Report, Input}};"), 1);
    assert_eq!(bad("src/finding/a.rs", "fn f() { let x: crate::document::Kind; }"), 1);
    assert_eq!(bad("src/finding/b/c.rs", "use super::super::super::policy::Policy;"), 1, "`super` can leave a layer");
    assert_eq!(bad("src/finding/b/c.rs", "use super::super::policy::Policy;"), 0);
    assert_eq!(bad("src/finding/b/mod.rs", "use super::super::policy::Policy;"), 1);
    assert_eq!(bad("src/document/a.rs", "use crate::{\n    text::{self, Span},\n    rules,\n};"), 1);
    assert_eq!(bad("src/elsewhere/a.rs", ""), 1, "a layer that nobody knows");
    assert_eq!(bad("src/text/a.rs", "// use crate::rules::ALL;\n/// [`crate::rules`]"), 0, "comments import nothing");
}

#[test]
fn fenced_names_are_found() {
    let bad = |path: &str, text: &str| broken_fences(&SourceFile::new(path, text)).len();
    assert_eq!(bad("src/rules/a.rs", "let home = std::env::var(\"HOME\");"), 1);
    assert_eq!(bad("src/rules/a.rs", "println!(\"x\");"), 1);
    assert_eq!(bad("src/cli/a.rs", "println!(\"x\");"), 0);
    assert_eq!(bad("src/resolve/a.rs", "use hcl_edit::Span;"), 1);
    assert_eq!(bad("src/policy/a.rs", "let now = jiff::Timestamp::now();"), 1);
    assert_eq!(bad("src/resolve/a.rs", "std::process::exit(1)"), 1);
    assert_eq!(bad("src/policy/a.rs", "pub use ignore::parse_date;"), 0, "a module may be called as a crate is");
}
