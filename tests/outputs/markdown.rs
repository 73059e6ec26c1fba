//! Markdown as a reader of GitHub's kind sees it, and within its limits.

use super::hostile::NAMES;
use super::judges::{files, judged};
use super::{fixture, hostile, rendered};
use credlint::finding::{Finding, Reason, Verification};
use credlint::output::{Context, MarkdownCode, Summary, summary};
use credlint::report::{Input, Report, build};
use std::collections::HashSet;

/// What a summary is made of; all else would be a name that has become markup.
const TAGS: [&str; 13] = ["a", "br", "code", "div", "h2", "h3", "p", "pre", "strong", "table", "tbody", "td", "tr"];

#[test]
fn nothing_becomes_active() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    // What forges look for in the text of a page.
    let referring = regex::Regex::new(r"[@#!~%$&:^]\w|://|(?i:gh-\d|www\.\w)").expect("a pattern");
    for format in ["markdown", "buildkite"] {
        let files = files(format, directory.path());
        let pages = judged(&["markdown"], &files);
        // The first three are no hostile ones.
        for (page, name) in pages.as_array().expect("pages").iter().skip(3).zip(NAMES) {
            let list = |key: &str| -> Vec<&str> {
                page[key].as_array().into_iter().flatten().filter_map(|one| one.as_str()).collect()
            };
            let others: Vec<&str> = list("tags")
                .into_iter()
                .filter(|tag| !TAGS.contains(tag) && !["th", "thead", "ul", "li"].contains(tag))
                .collect();
            assert_eq!(others, Vec::<&str>::new(), "{name:?}");
            assert_eq!(list("links"), ["https://example.com/rules"], "{name:?}");
            assert!(list("attributes").iter().all(|name| ["class", "href"].contains(name)), "{name:?}");
            assert_eq!(page["cells"], serde_json::json!([4]), "{name:?}: no row falls apart");
            for text in list("prose") {
                assert!(!referring.is_match(text), "{name:?}: {text}");
            }
        }
    }
}

#[test]
fn names_are_readable() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let page = &judged(&["markdown"], &files("markdown", directory.path())[..1])[0];
    let code: Vec<&str> = page["code"].as_array().into_iter().flatten().filter_map(|one| one.as_str()).collect();
    for name in ["backend-static-credential", "infra/main.tf:4", "terraform.backend.s3", "terraform init -reconfigure"]
    {
        assert!(code.contains(&name), "{name} in {code:?}");
    }
    let prose: Vec<&str> = page["prose"].as_array().into_iter().flatten().filter_map(|one| one.as_str()).collect();
    assert!(prose.contains(&"Remove it, let Terraform find credentials by itself, and rotate the key."), "{prose:?}");
}

#[test]
fn commands_can_be_copied_out_of_a_table() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let commands = ["printf '%s\\n' '.terraform/' >> .gitignore", "a\\", "\\", "x\\y z", "git log | grep $x", "a`b#c"];
    let rows: String = commands.iter().map(|command| format!("| {} | x |\n", MarkdownCode::new(command))).collect();
    let file = directory.path().join("table.md");
    std::fs::write(&file, format!("| a | b |\n| --- | --- |\n{rows}")).expect("a file can be written");
    let page = &judged(&["markdown"], &[file])[0];
    assert_eq!((&page["code"], &page["cells"]), (&serde_json::json!(commands), &serde_json::json!([2])));
}

#[test]
fn what_issuers_say_is_shown() {
    let verdict = Verification { principal: Some("@octocat|<b>".into()), ..Verification::active() };
    let report = hostile::asked(b"a.tf", Some(verdict));
    let text = rendered("markdown", &report, &Context::default());
    assert!(text.contains("| **active** | &#64;&#8203;octocat&#124;&#60;b&#62; | `a.tf:1` |"), "{text}");
    assert!(text.contains(" active\"])"), "the picture says it too: {text}");
    let sarif: serde_json::Value =
        serde_json::from_str(&rendered("sarif", &report, &Context::default())).expect("it is JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["properties"]["status"], "active");
    let unknown = Verification::unknown(Reason::Unreachable, "timed out");
    let text = rendered("markdown", &hostile::asked(b"a.tf", Some(unknown)), &Context::default());
    assert!(text.contains("| unknown (unreachable) |") && text.contains("nobody could tell"), "{text}");
    let text = rendered("markdown", &hostile::with_credential(b"a.tf"), &Context::default());
    assert!(text.contains("| not asked |"), "{text}");
}

/// A report of many findings, and as many notes of the program.
fn large() -> Report {
    let file = fixture::source("a.tf", &"password = \"x\"\n".repeat(9000));
    let finding = |line: usize| {
        let place = credlint::finding::Place::new(&file, credlint::text::Span::new(line * 15, line * 15 + 8));
        let rule = if line == 8000 { "backend-static-credential" } else { "provider-unpinned" };
        Finding::new(rule, place, "é".repeat(40)).attribute(line.to_string())
    };
    let mut input = Input { whole_tree: false, ..fixture::input((0..9000).map(finding).collect()) };
    let note =
        |at: usize| credlint::finding::Notification::note(&credlint::text::RepoPath::new("a.tf"), format!("{at}"));
    input.notifications = (0..500).map(note).collect();
    build(input)
}

#[test]
fn what_does_not_fit_is_left_out_by_rows() {
    let report = large();
    for max_bytes in [2000, 10_000, 65_536, 1_000_000] {
        let text = summary(&report, Summary { max_bytes, picture: true });
        assert!(text.len() <= max_bytes, "{} of {max_bytes}", text.len());
        assert!(text.len() > max_bytes / 2, "{} of {max_bytes}", text.len());
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ") && !line.contains("---")).collect();
        assert!(rows.iter().all(|row| row.ends_with(" |")));
        assert!(rows[1].contains("backend-static-credential"), "the worst first");
        let more = text.lines().find_map(|line| line.strip_suffix(" findings more: see the log or another format."));
        assert_eq!(more.and_then(|more| more.parse().ok()), Some(9000 - (rows.len() - 1)));
        assert!(text.contains("and 480 more"));
    }
    let all = summary(&report, Summary { max_bytes: usize::MAX, picture: true });
    assert!(!all.contains("see the log"));
    assert!(rendered("markdown", &report, &Context::default()).len() <= 1024 * 1024);
}

#[test]
fn a_picture_holds_no_more_than_its_labels() {
    let entity = regex::Regex::new(r"#\d+;").expect("a pattern");
    let node =
        regex::Regex::new(r#"^  (c\d+\(\["[\w ,./-]*"\]\)|f\d+\["[\w ,./-]*"\]|c\d+ --> f\d+)$"#).expect("a pattern");
    for report in NAMES.iter().map(|name| hostile::with_credential(name)).chain([fixture::report()]) {
        let text = rendered("markdown", &report, &Context::default());
        let block = text.split("```mermaid\nflowchart LR\n").nth(1).expect("there is a picture");
        let block = block.split("```\n").next().unwrap_or_default();
        let bad: Vec<&str> = block.lines().filter(|line| !node.is_match(&entity.replace_all(line, "x"))).collect();
        assert_eq!(bad, Vec::<&str>::new());
        let names: HashSet<&str> = block.lines().filter_map(|line| line.trim().split(['[', '(', ' ']).next()).collect();
        assert!(names.len() >= 2, "a credential and its file: {names:?}");
    }
}
