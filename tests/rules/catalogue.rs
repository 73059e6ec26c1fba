//! The catalogue: ids, severities, levels and fixes are promises, so they stand here a second time.

use super::markdown;
use credlint::finding::{FixAvailability, Level, Severity};
use credlint::rules::{ALL, Group, Rule};

/// Id, severity, level in `recommended`, whether there is a fix.
type Row = (&'static str, &'static str, &'static str, &'static str);

const CATALOGUE: &[(Group, &[Row])] = &[
    (
        Group::Backends,
        &[
            ("backend-static-credential", "critical", "error", "yes"),
            ("backend-config-credential", "critical", "error", ""),
            ("backend-cache-credential", "critical", "error", ""),
            ("backend-not-encrypted", "high", "error", "yes"),
            ("backend-no-kms-key", "medium", "warning", ""),
            ("backend-kms-key-not-arn", "medium", "warning", ""),
            ("backend-no-locking", "high", "warning", "yes"),
            ("backend-deprecated-locking", "low", "note", "yes"),
            ("backend-key-reused", "high", "error", ""),
            ("backend-local", "medium", "warning", ""),
            ("backend-insecure-transport", "high", "error", "yes"),
            ("backend-checks-skipped", "low", "note", ""),
            ("backend-shared-credential", "high", "warning", ""),
            ("backend-partial", "low", "note", ""),
        ],
    ),
    (
        Group::Buckets,
        &[
            ("state-bucket-unversioned", "high", "warning", ""),
            ("state-bucket-no-kms", "high", "warning", ""),
            ("state-bucket-public", "critical", "error", ""),
            ("state-bucket-policy-weak", "medium", "warning", ""),
            ("state-access-too-broad", "high", "warning", ""),
            ("state-access-ineffective", "medium", "warning", ""),
            ("lock-table-invalid", "medium", "warning", ""),
        ],
    ),
    (
        Group::Providers,
        &[
            ("provider-static-credential", "critical", "error", "yes"),
            ("provider-unpinned", "medium", "error", "yes"),
            ("provider-loosely-pinned", "low", "warning", "yes"),
            ("provider-version-in-block", "low", "warning", "yes"),
            ("provider-source-missing", "low", "warning", "yes"),
            ("terraform-version-unpinned", "low", "warning", ""),
            ("lock-file-missing", "medium", "warning", ""),
            ("lock-file-incomplete", "medium", "warning", ""),
            ("module-unpinned", "medium", "warning", ""),
            ("module-loosely-pinned", "low", "note", ""),
            ("module-source-credential", "critical", "error", ""),
            ("module-mutable-ref", "low", "off", ""),
            ("provider-insecure-transport", "high", "error", "yes"),
            ("provider-no-account-guard", "low", "off", ""),
            ("provider-no-assume-role", "low", "off", ""),
        ],
    ),
    (
        Group::Artifacts,
        &[
            ("state-committed", "high", "error", ""),
            ("state-secret", "critical", "error", ""),
            ("plan-committed", "high", "error", ""),
            ("plan-secret", "critical", "error", ""),
            ("terraform-directory-committed", "medium", "error", ""),
            ("gitignore-incomplete", "low", "warning", "yes"),
            ("cli-config-credential", "critical", "error", ""),
            ("trace-log-credential", "high", "error", ""),
        ],
    ),
    (
        Group::Configuration,
        &[
            ("recognized-credential", "critical", "error", ""),
            ("sensitive-attribute-literal", "high", "error", ""),
            ("variable-default-secret", "high", "error", ""),
            ("tfvars-secret", "high", "error", ""),
            ("variable-not-sensitive", "low", "warning", "yes"),
            ("output-not-sensitive", "medium", "warning", "yes"),
            ("secret-in-free-text", "high", "error", ""),
            ("secret-from-random-string", "medium", "warning", ""),
            ("secret-unwrapped", "medium", "warning", ""),
            ("secret-in-state-avoidable", "low", "note", ""),
            ("long-lived-credential-minted", "medium", "warning", ""),
            ("minted-credential-unencrypted", "medium", "warning", ""),
            ("minted-credential-spread", "high", "warning", ""),
            ("minted-credential-never-rotated", "medium", "warning", ""),
            ("unparsable-file", "low", "warning", ""),
        ],
    ),
    (
        Group::Ci,
        &[
            ("ci-static-cloud-credential", "high", "warning", ""),
            ("ci-literal-credential", "critical", "error", ""),
            ("ci-trace-logging", "medium", "warning", ""),
            ("ci-state-exposed", "high", "warning", ""),
            ("oidc-trust-too-broad", "critical", "error", ""),
            ("tfe-static-credential", "high", "warning", ""),
        ],
    ),
    (
        Group::Live,
        &[
            ("credential-active", "critical", "error", ""),
            ("credential-overdue", "high", "error", ""),
            ("credential-unused", "medium", "warning", ""),
            ("credential-of-root", "critical", "error", ""),
            ("live-state-bucket", "high", "warning", ""),
            ("live-lock-table", "medium", "warning", ""),
            ("live-kms-rotation", "low", "warning", ""),
            ("oidc-signing-key-unknown", "high", "error", ""),
            ("tfe-signing-key-defect", "high", "error", ""),
        ],
    ),
    (
        Group::Exceptions,
        &[
            ("ignore-without-reason", "low", "warning", ""),
            ("exception-expired", "medium", "warning", ""),
            ("policy-weakened", "high", "error", ""),
            ("unused-ignore", "low", "note", ""),
        ],
    ),
];

#[test]
fn rules_are_what_the_catalogue_says() {
    let known = CATALOGUE.iter().flat_map(|(group, rows)| rows.iter().map(move |row| (*group, *row)));
    let known: Vec<(Group, Row)> = known.collect();
    let mut last = None;
    for rule in ALL {
        let at = known.iter().position(|(_, row)| row.0 == rule.id);
        let at = at.unwrap_or_else(|| panic!("{} is not in the catalogue", rule.id));
        assert!(last < Some(at), "{} stands in another place than the catalogue has it", rule.id);
        last = Some(at);
        let (group, (_, severity, level, fix)) = known[at];
        let said = (rule.group, rule.severity.as_str(), rule.recommended.as_str());
        assert_eq!(said, (group, severity, level), "{}", rule.id);
        assert_eq!(fix == "yes", rule.fix != FixAvailability::None, "{}: fix", rule.id);
    }
}

#[test]
fn metadata_is_well_formed() {
    for rule in ALL {
        let id = rule.id;
        let kebab =
            id.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !id.starts_with('-') && !id.ends_with('-');
        assert!(kebab, "{id}");
        let first = rule.summary.chars().next();
        assert!(first.is_some_and(|c| !c.is_uppercase()), "{id}: {}", rule.summary);
        assert!(!rule.summary.ends_with('.') && !rule.summary.contains('\n'), "{id}: {}", rule.summary);
        let version: Vec<&str> = rule.since.split('.').collect();
        assert!(version.len() == 3 && version.iter().all(|part| part.parse::<u32>().is_ok()), "{id}: since");
        let is_critical = rule.severity == Severity::Critical;
        assert!(!is_critical || rule.recommended == Level::Error, "{id}: critical, and no error");
    }
    let ids: std::collections::BTreeSet<&str> = ALL.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), ALL.len(), "an id is used once");
}

#[test]
fn documentation_has_its_headings_and_examples() {
    for rule in ALL {
        let with_options = |heading: &&str| *heading != "Options" || !rule.options.is_empty();
        let headings = ["What it does", "Why it matters", "Bad", "Good", "Remedy", "Options", "References"];
        let expected: Vec<&str> = headings.into_iter().filter(with_options).collect();
        assert_eq!(markdown::headings(rule.documentation), expected, "{}", rule.id);
        for heading in ["Bad", "Good"] {
            let examples = markdown::examples(rule.documentation, heading);
            assert!(!examples.is_empty(), "{}: no example under {heading}", rule.id);
        }
        for line in rule.documentation.lines() {
            let is_link = line.starts_with("- <http");
            assert!(line.chars().count() <= 120 || is_link, "{}: a long line: {line}", rule.id);
        }
    }
}

#[test]
fn options_are_documented() {
    for rule in ALL {
        let section = section(rule, "Options");
        for option in rule.options {
            assert!(section.contains(&format!("`{}`", option.name)), "{}: {} is not explained", rule.id, option.name);
        }
    }
}

fn section<'r>(rule: &'r Rule, heading: &str) -> &'r str {
    let (_, after) = rule.documentation.split_once(&format!("\n## {heading}\n")).unwrap_or(("", ""));
    after.split("\n## ").next().unwrap_or("")
}
