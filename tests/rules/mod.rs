//! Every rule finds its bad examples, passes its good ones, and is what the catalogue says of it.

mod cases;
mod catalogue;
mod fixes;
pub(crate) mod markdown;
pub(crate) mod memory;
mod options;

use credlint::finding::{Finding, FixAvailability};
use credlint::rules::{ALL, Check, Rule};
use memory::Files;

/// Rules that are run; those about exceptions are made by the report.
fn runnable() -> impl Iterator<Item = &'static Rule> {
    ALL.iter().copied().filter(|rule| !matches!(rule.check, Check::Report))
}

/// The bad examples of a rule with what it finds in them.
fn bad(rule: &'static Rule) -> Vec<(Files, Vec<Finding>)> {
    let examples = markdown::examples(rule.documentation, "Bad");
    examples.into_iter().map(|files| (files.clone(), memory::findings(&files, &[rule]))).collect()
}

#[test]
fn bad_examples_are_found() {
    for rule in runnable() {
        for (nth, (_, found)) in bad(rule).into_iter().enumerate() {
            assert!(!found.is_empty(), "{} finds nothing in its bad example {}", rule.id, nth + 1);
        }
    }
}

#[test]
fn good_examples_pass() {
    for rule in runnable() {
        for (nth, files) in markdown::examples(rule.documentation, "Good").iter().enumerate() {
            let found: Vec<String> =
                memory::findings(files, &[rule]).into_iter().map(|f| f.message.into_owned()).collect();
            assert!(found.is_empty(), "{} on its good example {}: {found:?}", rule.id, nth + 1);
        }
    }
}

#[test]
fn findings_say_where_and_how() {
    // A file as a whole has no address.
    let without_address = [
        "unparsable-file",
        "state-committed",
        "plan-committed",
        "terraform-directory-committed",
        "gitignore-incomplete",
        "trace-log-credential",
        "recognized-credential",
        "ci-literal-credential",
        "oidc-signing-key-unknown",
    ];
    for rule in runnable() {
        for finding in bad(rule).into_iter().flat_map(|(_, found)| found) {
            let id = rule.id;
            assert_eq!(finding.rule, id);
            assert!(finding.module.is_some(), "{id}: no module");
            assert!(finding.address.is_some() || without_address.contains(&id), "{id}: no address");
            assert!(!finding.remedy.text.is_empty(), "{id}: no remedy");
            let lower = finding.message.chars().next().is_some_and(|c| !c.is_uppercase());
            assert!(lower && !finding.message.ends_with('.'), "{id}: {}", finding.message);
        }
    }
}

#[test]
fn fixes_are_as_declared() {
    for rule in runnable() {
        let found: Vec<Finding> = bad(rule).into_iter().flat_map(|(_, found)| found).collect();
        let fixed = found.iter().filter(|finding| finding.fix.is_some()).count();
        match rule.fix {
            FixAvailability::None => assert_eq!(fixed, 0, "{} declares no fix and offers one", rule.id),
            FixAvailability::Sometimes => assert!(fixed > 0, "{} offers no fix in any of its examples", rule.id),
            FixAvailability::Always => assert_eq!(fixed, found.len(), "{} does not always offer a fix", rule.id),
        }
    }
}

/// Secrets of the examples and cases, made up all of them.
const PLANTED: [&str; 8] = [
    "wJalrXUtnFEMI",
    "Rk2dYf7PsUo9WgEn",
    "correct-horse",
    "hunter2",
    "examplesecret",
    "MIIEexample",
    "CAESIJexample",
    "7MDENG",
];

#[test]
fn no_finding_tells_a_secret() {
    let rules: Vec<&'static Rule> = runnable().collect();
    let examples = rules.iter().flat_map(|rule| markdown::examples(rule.documentation, "Bad"));
    for files in examples.chain(cases::all().into_iter().map(|case| case.files)) {
        for finding in memory::findings(&files, &rules) {
            let own = finding.credential.iter().map(|credential| credential.secret.expose().to_owned());
            let secrets: Vec<String> = own.chain(PLANTED.iter().map(|text| (*text).to_owned())).collect();
            for text in texts(&finding) {
                let told = secrets.iter().any(|secret| secret.len() > 3 && text.contains(secret.as_str()));
                assert!(!told, "{} tells a secret at {}", finding.rule, finding.place.shown());
            }
        }
    }
}

/// Everything of a finding that a report prints.
fn texts(finding: &Finding) -> Vec<String> {
    let mut texts = vec![finding.message.to_string(), finding.remedy.text.to_string(), format!("{finding:?}")];
    texts.extend(finding.address.clone());
    texts.extend(finding.attribute.clone());
    texts.extend(finding.module.clone());
    texts.extend(finding.remedy.commands.iter().cloned());
    texts.extend(finding.related.iter().map(|related| related.message.clone()));
    texts
}
