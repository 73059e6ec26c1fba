//! Fixes converge: the fixed file parses, the finding is gone, nothing new comes, and all fixes go together.

use super::{bad, cases, memory, runnable};
use credlint::finding::{Finding, Fix};
use credlint::rules::Rule;
use credlint::text::{Edit, RepoPath, apply};
use memory::Files;
use std::io::Write;
use std::process::{Command, Stdio};

#[test]
fn fixes_converge() {
    for rule in runnable() {
        let of_cases = cases::all().into_iter().filter(|case| case.rule == rule.id).map(|case| case.files);
        for files in bad(rule).into_iter().map(|(files, _)| files).chain(of_cases) {
            let before = memory::findings(&files, &[rule]);
            let fixes: Vec<&Fix> = before.iter().filter_map(|finding| finding.fix.as_ref()).collect();
            for finding in before.iter().filter(|finding| finding.fix.is_some()) {
                let fixed = fixed(&files, finding.fix.as_slice().iter().collect::<Vec<_>>().as_slice());
                let after = memory::findings(&fixed, &[rule]);
                assert!(!after.iter().any(|later| is_same(later, finding)), "{}: the fix mends nothing", rule.id);
                assert!(after.len() < before.len(), "{}: the fix makes new findings", rule.id);
                parses(rule, &files, &fixed);
            }
            if !fixes.is_empty() {
                let all = fixed(&files, &fixes);
                let after = memory::findings(&all, &[rule]);
                assert!(after.iter().all(|finding| finding.fix.is_none()), "{}: the fixes do not converge", rule.id);
                parses(rule, &files, &all);
            }
        }
    }
}

/// Rule, what stands there, what the fix makes of it.
const EXACT: [(&str, &str, &str); 6] = [
    (
        "backend-static-credential",
        "terraform {\n  backend \"s3\" {\n    key        = \"k\" # why\n    access_key = \"AKIAIOSFODNN7EXAMPLE\"\n    \
         secret_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"\n\n    encrypt = true\n  }\n}\n",
        "terraform {\n  backend \"s3\" {\n    key        = \"k\" # why\n\n    encrypt = true\n  }\n}\n",
    ),
    (
        "backend-not-encrypted",
        "terraform {\r\n  backend \"s3\" {\r\n    bucket = \"b\"\r\n    key    = \"k\"\r\n  }\r\n}\r\n",
        "terraform {\r\n  backend \"s3\" {\r\n    bucket = \"b\"\r\n    key    = \"k\"\r\n    encrypt = true\r\n  }\r\n}\r\n",
    ),
    (
        "backend-not-encrypted",
        "terraform {\n  backend \"oss\" { bucket = \"b\" }\n}\n",
        "terraform {\n  backend \"oss\" {\n    bucket = \"b\"\n    encrypt = true\n  }\n}\n",
    ),
    (
        "backend-deprecated-locking",
        "terraform {\n  required_version = \"~> 1.12\"\n  backend \"s3\" {\n    bucket         = \"b\"\n    \
         dynamodb_table = \"locks\" # old\n  }\n}\n",
        "terraform {\n  required_version = \"~> 1.12\"\n  backend \"s3\" {\n    bucket         = \"b\"\n    \
         use_lockfile   = true # old\n  }\n}\n",
    ),
    (
        "backend-no-locking",
        "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    use_lockfile = \"false\"\n  }\n}\n",
        "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    use_lockfile = true\n  }\n}\n",
    ),
    (
        "backend-insecure-transport",
        "terraform {\n  backend \"swift\" {\n    insecure = true\n  }\n}\n",
        "terraform {\n  backend \"swift\" {\n    insecure = false\n  }\n}\n",
    ),
];

#[test]
fn a_fix_changes_what_it_says_and_nothing_else() {
    for (rule, before, after) in EXACT {
        let rule = credlint::rules::find(rule).expect("a rule");
        let files = Files::from([("main.tf".to_owned(), before.to_owned())]);
        let found = memory::findings(&files, &[rule]);
        let fixes: Vec<&Fix> = found.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        assert_eq!(fixed(&files, &fixes)["main.tf"], after, "{}", rule.id);
    }
}

fn is_same(one: &Finding, other: &Finding) -> bool {
    (one.place.path(), &one.address, &one.attribute) == (other.place.path(), &other.address, &other.attribute)
        && one.message == other.message
}

/// The files with these fixes applied.
fn fixed(files: &Files, fixes: &[&Fix]) -> Files {
    let with_edits = |(path, text): (&String, &String)| {
        let edits: Vec<Edit> = fixes.iter().flat_map(|fix| fix.edits_of(&RepoPath::new(path))).collect();
        let bytes = apply(text.as_bytes(), &edits).expect("fixes do not overlap");
        (path.clone(), String::from_utf8(bytes).expect("a fix keeps UTF-8"))
    };
    files.iter().map(with_edits).collect()
}

/// A fixed file has no problem that it did not have, and Terraform's own formatter takes it.
fn parses(rule: &Rule, before: &Files, after: &Files) {
    let (before, after_repository) = (memory::repository(before), memory::repository(after));
    for (before, after) in before.documents.iter().zip(&after_repository.documents) {
        let path = after.path();
        assert!(after.problems.len() <= before.problems.len(), "{}: {path} is broken by the fix", rule.id);
    }
    for (path, text) in after.iter().filter(|(path, _)| path.ends_with(".tf")) {
        if let Some(taken) = terraform_takes(text) {
            assert!(taken, "{}: `terraform fmt` refuses the fixed {path}:\n{text}", rule.id);
        }
    }
}

/// Whether `terraform fmt` takes a text; None where there is no Terraform.
fn terraform_takes(text: &str) -> Option<bool> {
    let mut command = Command::new("terraform");
    command.args(["fmt", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    Some(child.wait().ok()?.success())
}
