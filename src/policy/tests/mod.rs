//! The policy as a whole: files in, a policy or its errors out.

mod errors;
mod gitleaks;
mod layers;
mod schema;
mod show;
mod weakened;

use super::*;
use crate::finding::Level;
use std::collections::BTreeMap;
use std::io;

static OPTIONS: [OptionSpec; 3] = [
    OptionSpec {
        name: "operators",
        kind: OptionKind::Strings { default: &["="], allowed: &["=", "~>", ">="] },
        summary: "What counts as a pin.",
    },
    OptionSpec { name: "max_age_days", kind: OptionKind::Integer { default: 90, min: 1, max: 3650 }, summary: "Age." },
    OptionSpec { name: "allow_tags", kind: OptionKind::Flag { default: false }, summary: "Tags will do." },
];

/// A catalogue with a rule of every level.
pub(super) const RULES: [RuleInfo; 5] = [
    info("backend-static-credential", Level::Error, &[]),
    info("backend-local", Level::Warning, &[]),
    info("provider-unpinned", Level::Error, &OPTIONS),
    info("backend-partial", Level::Note, &[]),
    info("module-mutable-ref", Level::Off, &[]),
];

const fn info(id: &'static str, recommended: Level, options: &'static [OptionSpec]) -> RuleInfo {
    RuleInfo { id, recommended, options, summary: "Something bad." }
}

/// Files in memory.
#[derive(Default)]
pub(super) struct Memory(BTreeMap<String, Vec<u8>>);

impl Files for Memory {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let below = self.0.keys().filter_map(|name| name.strip_prefix(path)?.strip_prefix('/'));
        let names: Vec<String> = below.filter(|name| !name.contains('/')).map(str::to_owned).collect();
        if names.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(names) }
    }
}

pub(super) fn files(texts: &[(&str, &str)]) -> Memory {
    Memory(texts.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
}

pub(super) fn load_all(texts: &[(&str, &str)], sources: &[&str]) -> Result<Policy, PolicyErrors> {
    let files = files(texts);
    let sources: Vec<_> = sources.iter().map(|word| PolicySource::new(word, &files)).collect();
    load(&sources, &RULES, &files)
}

/// The policy of one file.
pub(super) fn one(text: &str) -> Policy {
    load_all(&[(".credlint.yaml", text)], &[".credlint.yaml"]).unwrap_or_else(|errors| panic!("{errors}\n{text}"))
}

/// The levels of the catalogue's rules, as their first letters.
pub(super) fn levels(policy: &Policy) -> String {
    RULES.iter().map(|rule| policy.rule(rule.id).unwrap().level.value.as_str().chars().next().unwrap()).collect()
}

/// The policy that the interface promises, over the rules of [`RULES`].
pub(super) const EXAMPLE: &str = r#"version: 1
extends: [recommended]
rules:
  backend-local: error
  provider-unpinned:
    level: warning
    options: { operators: ["=", "~>"], max_age_days: 30 }
  backend-static-credential: { level: error, ignorable: false }
  backend-partial: { options: {} }
backends:
  - paths: ["namespaces/*/resources"]
    type: s3
    values: { bucket: org-terraform-state, encrypt: true, kms_key_id: "arn:aws:kms:eu-west-1:111122223333:alias/terraform",
              max_retries: 3, endpoints: { s3: "https://s3.example.com" }, shared_config_files: [a, "b\tü"] }
scopes:
  - paths: ["sandbox/**"]
    rules: { backend-local: off, provider-unpinned: { options: { allow_tags: true } } }
  - paths: ["sandbox/prod/**", prod]
    rules: { backend-local: warning, our-state-bucket: off }
exceptions:
  - rule: backend-static-credential
    path: legacy/main.tf
    address: provider.aws.old
    reason: "moved to OIDC in PLAT-812"
    expires: 2027-01-31
custom:
  - id: our-state-bucket
    level: error
    select: { block: terraform.backend.s3 }
    require: { bucket: { in: [org-terraform-state, 1, true] }, key: { matches: "*/x", not_equals: 'y', exists: true } }
    message: "State belongs in org-terraform-state."
"#;
