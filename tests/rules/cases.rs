//! Edge cases as data: `tests/rules/cases/<rule>.md`. A heading names the case, fenced blocks are its files, and a list
//! says every finding that the rule must make there: `- main.tf:3`, `- main.tf:3 note` for one that is at most a note,
//! or `- nothing`.

use super::markdown::{Piece, pieces};
use super::memory::{self, Files};
use credlint::finding::{Finding, Level};
use std::path::Path;

/// One case.
pub(crate) struct Case {
    pub(crate) rule: String,
    title: String,
    pub(crate) files: Files,
    expected: Vec<String>,
}

/// The cases of all rules.
pub(crate) fn all() -> Vec<Case> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/cases");
    let mut paths: Vec<_> = std::fs::read_dir(directory)
        .expect("the cases' directory")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let rule = path.file_stem().and_then(|stem| stem.to_str()).expect("a rule's name").to_owned();
        read(&rule, &std::fs::read_to_string(&path).expect("a text"), &mut cases);
    }
    cases
}

fn read(rule: &str, text: &str, cases: &mut Vec<Case>) {
    for piece in pieces(text) {
        if let Piece::Heading(_, title) = piece {
            let (rule, title) = (rule.to_owned(), title.to_owned());
            cases.push(Case { rule, title, files: Files::new(), expected: Vec::new() });
            continue;
        }
        let case = cases.last_mut().expect("a case begins with its heading");
        match piece {
            Piece::Fence(name, content) => {
                let name = name.unwrap_or("main.tf").to_owned();
                assert!(case.files.insert(name, content).is_none(), "{}: a file stands there twice", case.title);
            }
            Piece::Line(line) => match line.strip_prefix("- ") {
                Some("nothing") | None => {}
                Some(expected) => case.expected.push(expected.to_owned()),
            },
            Piece::Heading(..) => {}
        }
    }
}

fn shown(finding: &Finding) -> String {
    match finding.at_most {
        Level::Error => finding.place.shown(),
        capped => format!("{} {}", finding.place.shown(), capped.as_str()),
    }
}

#[test]
fn edge_cases() {
    let mut wrong = Vec::new();
    for case in all() {
        let rule = credlint::rules::find(&case.rule).unwrap_or_else(|| panic!("{} is no rule", case.rule));
        let mut found: Vec<String> = memory::findings(&case.files, &[rule]).iter().map(shown).collect();
        let mut expected = case.expected.clone();
        found.sort();
        expected.sort();
        if found != expected {
            wrong.push(format!("{}: {}\n  expected {expected:?}\n  found    {found:?}", case.rule, case.title));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
