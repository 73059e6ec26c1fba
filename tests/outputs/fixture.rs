//! Sources, findings and a policy to make reports from.

use credlint::finding::{
    Confidence, CredentialUse, Finding, Fix, IgnoreSite, Level, Notification, Occurrence, Place, Secret, Severity,
    Strength,
};
use credlint::policy::{Exception, PathGlob};
use credlint::report::{Files, Input, Judge, Report, RuleMeta, build};
use credlint::text::{RepoPath, Source, Span};
use jiff::civil::date;
use std::sync::Arc;
use std::time::Duration;

pub(crate) const RULES: [RuleMeta; 4] = [
    rule("backend-static-credential", Severity::Critical),
    rule("provider-unpinned", Severity::Medium),
    rule("tfvars-secret", Severity::High),
    rule("unused-ignore", Severity::Low),
];

const DOCUMENTATION: &str = "\n## What it does\nReports `this`.\n\n## Why it matters\nIt is bad.\n";

const fn rule(id: &'static str, severity: Severity) -> RuleMeta {
    RuleMeta {
        id,
        severity,
        summary: "a bad pattern",
        documentation: DOCUMENTATION,
        doc_url: "https://example.com/rules",
        ran: true,
    }
}

/// A policy with one exception.
pub(crate) struct Policy;

impl Judge for Policy {
    fn level(&self, rule: &str, _: &RepoPath) -> Level {
        match rule {
            "provider-unpinned" => Level::Warning,
            "unused-ignore" => Level::Note,
            _ => Level::Error,
        }
    }

    fn ignorable(&self, _: &str) -> bool {
        true
    }

    fn exceptions(&self) -> Vec<Exception> {
        let policy = source(".credlint.yaml", "exceptions:\n  - rule: provider-unpinned\n");
        vec![Exception {
            rule: "provider-unpinned".into(),
            path: PathGlob::new("legacy/*.tf").expect("a pattern"),
            address: None,
            reason: "moves to OIDC in PLAT-812".into(),
            expires: date(2027, 1, 31),
            place: place(&policy, "rule: provider-unpinned"),
        }]
    }
}

pub(crate) fn source(path: &str, text: &str) -> Arc<Source> {
    Arc::new(Source::new(RepoPath::new(path), text.as_bytes()))
}

/// The place of `part` in a source.
pub(crate) fn place(source: &Arc<Source>, part: &str) -> Place {
    let start = memchr::memmem::find(source.bytes(), part.as_bytes()).expect("the part is in the source");
    Place::new(source, Span::new(start, start + part.len()))
}

pub(crate) fn input(findings: Vec<Finding>) -> Input<'static> {
    Input {
        root: ".".into(),
        findings,
        notifications: Vec::new(),
        files: Files { seen: 7, checked: 5, unparsable: 1 },
        rules: &RULES,
        judge: &Policy,
        ignores: Vec::new(),
        baseline: None,
        fingerprint_key: None,
        whole_tree: true,
        today: date(2026, 11, 21),
        finished: "2026-11-21T19:30:00Z".parse().expect("a time"),
        elapsed: Duration::from_millis(1234),
    }
}

const MAIN: &str = r#"terraform {
  backend "s3" {
    bucket     = "org-state"
    access_key = "AKIAIOSFODNN7EXAMPLE"
    secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    region     = "eu-west-1"
  }
}

provider "aws" {} # credlint:ignore tfvars-secret reason="none here"
"#;

/// A report with something of everything.
pub(crate) fn report() -> Report {
    let main = source("infra/main.tf", MAIN);
    let vars = source("infra/terraform.tfvars", "region = \"eu-west-1\"\ndb = \"hunter2-hunter2\"\n");
    let old = source("legacy/main.tf", "provider \"aws\" {\n}\n");
    let credential = |source: &Arc<Source>, kind, value: &str, id: Option<&str>, found_in| {
        let strength = if id.is_some() { Strength::Unguessable } else { Strength::Guessable };
        CredentialUse::new(kind, Secret::new(value), strength, found_in, place(source, value)).id(id.map(str::to_owned))
    };
    let (id, key) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let static_credential = |attribute: &str, value| {
        Finding::new("backend-static-credential", place(&main, value), "the s3 backend holds a static credential")
            .address("terraform.backend.s3")
            .attribute(attribute)
            .module("infra")
            .credential(credential(&main, "aws-access-key", value, Some(id), Occurrence::Hcl))
            .remedy("Remove it, let Terraform find credentials by itself, and rotate the key.")
            .command("terraform init -reconfigure")
            .snippet("profile = \"terraform\"\n")
    };
    let line = place(&main, "    access_key = \"AKIAIOSFODNN7EXAMPLE\"\n");
    let findings = vec![
        static_credential("secret_key", key),
        static_credential("access_key", id).fix(Fix::safe(line, "")),
        Finding::new("provider-unpinned", place(&main, "provider \"aws\""), "provider aws has no version constraint")
            .address("provider.aws")
            .module("infra")
            .uncertain(Level::Error, Confidence::Medium),
        Finding::new("provider-unpinned", place(&old, "provider \"aws\""), "provider aws has no version constraint")
            .address("provider.aws")
            .module("legacy"),
        Finding::new("tfvars-secret", place(&vars, "\"hunter2-hunter2\""), "a committed variable file holds a secret")
            .attribute("db")
            .related(place(&main, "provider \"aws\" {}"), "var.db ends up here")
            .credential(credential(&vars, "password", "hunter2-hunter2", None, Occurrence::Tfvars)),
    ];
    let mut input = input(findings);
    let comment = place(&main, "# credlint:ignore tfvars-secret reason=\"none here\"").span;
    let covers = place(&main, "provider \"aws\" {} #").span.join(comment);
    input.ignores = vec![IgnoreSite { source: main, comment, covers }];
    input.notifications = vec![Notification::warning(&RepoPath::new("infra/broken.tf"), "line 3 could not be parsed")];
    build(input)
}
