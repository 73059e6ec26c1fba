//! What the rules' options change.

use super::memory::{Files, findings_with};
use credlint::policy::settings::OptionValue;
use credlint::rules::find;

/// `operators` of `provider-unpinned`: each constraint, and whether it is found with `["=", "~>"]`.
#[test]
fn operators_that_a_constraint_must_use() {
    let rule = find("provider-unpinned").expect("a rule");
    let operators = OptionValue::Strings(vec!["=".into(), "~>".into()]);
    for (constraint, is_found) in [
        ("5.31.0", false),
        ("= 5.31.0", false),
        ("~> 5.0", false),
        (">= 5.0, ~> 5.1", false),
        (">= 5.0, < 6.0", true),
        ("> 5", true),
        // Terraform refuses it: what it would allow is not known.
        ("*", false),
    ] {
        let text = format!("terraform {{\n  required_providers {{\n    aws = \"{constraint}\"\n  }}\n}}\n");
        let files = Files::from([("main.tf".to_owned(), text)]);
        let found = findings_with(&files, &[rule], &[(rule.id, "operators", operators.clone())]);
        assert_eq!(!found.is_empty(), is_found, "{constraint}");
        assert!(found.iter().all(|finding| finding.place.start().line == 3), "{constraint}");
        assert!(findings_with(&files, &[rule], &[]).is_empty(), "{constraint}");
    }
}
