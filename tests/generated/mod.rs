//! Files that are made from the code or from `data/` are current. `UPDATE=1 cargo test generated` writes them anew.

mod action;
mod documents;
mod tables;
#[cfg(feature = "live")]
mod verification;

use credlint::policy::{BuiltIn, RuleInfo, builtin_text, schema};
use std::path::Path;

/// Whether what is expected is to be written anew.
#[expect(clippy::disallowed_methods, reason = "a test is asked by its environment")]
pub(crate) fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// The committed file says what is generated; with `UPDATE` set it is written instead.
fn current(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if updating() {
        std::fs::create_dir_all(file.parent().expect("a generated file stands in a directory")).expect(path);
        std::fs::write(&file, text).expect(path);
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == text, "{path} is not what is generated: run `UPDATE=1 cargo test generated`");
}

#[test]
fn backend_table() {
    current("src/resolve/schema/backends.rs", &tables::backends());
}

#[test]
fn provider_table() {
    current("src/resolve/schema/providers.rs", &tables::providers());
}

/// What the policy knows of the rules.
fn rules() -> Vec<RuleInfo> {
    let info = |rule: &&'static credlint::rules::Rule| RuleInfo {
        id: rule.id,
        recommended: rule.recommended,
        options: rule.options,
        summary: rule.summary,
    };
    credlint::rules::ALL.iter().map(info).collect()
}

#[test]
fn built_in_policies() {
    for policy in BuiltIn::ALL {
        current(&format!("policies/{}.yaml", policy.name()), &builtin_text(policy, &rules()));
    }
}

#[test]
fn policy_schema() {
    let text = serde_json::to_string_pretty(&schema(&rules())).expect("a JSON value is JSON");
    current("policies/schema.json", &(text + "\n"));
}

#[test]
fn rules_in_words() {
    current("docs/rules.md", &documents::rules());
}

#[test]
fn formats_in_words() {
    current("docs/formats.md", &documents::formats());
}

#[test]
fn command_line_in_words() {
    current("docs/cli.md", &documents::command_line());
}

#[test]
fn action() {
    current("action.yml", &action::action());
}

#[test]
#[cfg(feature = "live")]
fn verification_in_words() {
    current("docs/verification.md", &verification::page());
}
