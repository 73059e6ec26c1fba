//! `backend-config-credential`

use super::credentials::{self, Found};
use super::site;
use crate::document::Document;
use crate::finding::{FixAvailability, Level, Place, Severity};
use crate::resolve::schema::BackendSchema;
use crate::resolve::{Backend, Form, Setting, SettingFrom, constant, key_value};
use crate::rules::secret::{Judgement, aws_access_key_id};
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};
use crate::text::{RepoPath, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

type Settings = BTreeMap<String, Setting>;

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-config-credential",
    group: Group::Backends,
    summary: "a backend-config file or argument holds a secret",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a secret in a file that completes a backend (`*.tfbackend`, or any file that a workflow, script or Makefile
names with `-backend-config=`) and in a `-backend-config="name=value"` argument itself.

## Why it matters
Who can read the repository can read the state, and the state holds every secret of every resource. Terraform copies
what such a file or argument says to `.terraform/terraform.tfstate` and to every saved plan, just as if it stood in the
block; an argument is also seen in the process list, the shell's history and in logs.

## Bad
```hcl main.tf
terraform {
  backend "pg" {}
}
```
```hcl prod.pg.tfbackend
conn_str = "postgres://terraform:Rk2dYf7PsUo9WgEn@db.example.com/state"
```

A file that completes nothing in this repository:
```hcl backends/prod.tfbackend
bucket     = "org-terraform-state"
key        = "network/terraform.tfstate"
access_key = "AKIAIOSFODNN7EXAMPLE"
secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
```

## Good
```hcl main.tf
terraform {
  backend "pg" {}
}
```
```hcl prod.pg.tfbackend
schema_name = "network"
```

## Remedy
Remove the line and sign in without a static key, or supply the secret by the backend's environment variable
(`AWS_SECRET_ACCESS_KEY`, `ARM_CLIENT_SECRET`, `PG_CONN_STR`, `TF_HTTP_PASSWORD`). Run `terraform init -reconfigure`
everywhere, then rotate the credential: it stays in git's history and in old plans.

## References
- <https://developer.hashicorp.com/terraform/language/backend#partial-configuration>
- <https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data>
"#,
    check: Check::Repository(check),
};

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let mut used: BTreeSet<&RepoPath> = BTreeSet::new();
    let mut given: BTreeSet<(&RepoPath, Span)> = BTreeSet::new();
    for backend in context.backends {
        for setting in backend.settings.values() {
            match &setting.from {
                SettingFrom::File(path) => drop(used.insert(path)),
                SettingFrom::Argument => given.extend(site::sink_of(&setting.value).map(Place::key)),
                SettingFrom::Block | SettingFrom::Policy => {}
            }
        }
        let outside = |from: &SettingFrom| matches!(from, SettingFrom::File(_) | SettingFrom::Argument);
        for found in credentials::of(backend, outside) {
            let finding = credentials::finding(RULE.id, backend, found);
            let finding = finding.map(|finding| finding.related(backend.header.clone(), "completes this backend"));
            findings.0.extend(finding);
        }
    }
    for document in context.backend_files.iter().filter(|document| !used.contains(document.path())) {
        let header = Place::new(&document.source, Span::at(0));
        judge_alone(&of_file(document), &header, &document.path().parent(), findings);
    }
    for invocation in context.invocations {
        let arguments = invocation.backend_config.iter().filter(|argument| !given.contains(&argument.place.key()));
        let settings: Settings = arguments
            .filter_map(key_value)
            .map(|(name, value)| (name, Setting { value, from: SettingFrom::Argument }))
            .collect();
        let directory = invocation.directory.as_known().map_or_else(|| invocation.place.path().parent(), RepoPath::new);
        judge_alone(&settings, &invocation.place, &directory, findings);
    }
}

/// Settings of which nothing tells the backend: every backend that takes all of them is tried, or every one if there
/// is none.
fn judge_alone(settings: &Settings, header: &Place, directory: &RepoPath, findings: &mut Findings) {
    if settings.is_empty() {
        return;
    }
    let takes_all = |schema: &&BackendSchema| settings.keys().all(|name| schema.argument(name).is_some());
    let mut schemas: Vec<&'static BackendSchema> = BackendSchema::ALL.iter().filter(takes_all).collect();
    if schemas.is_empty() {
        schemas.extend(BackendSchema::ALL);
    }
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for schema in &schemas {
        let backend = Backend {
            form: Form::Block,
            kind: schema.name.to_owned(),
            schema: Some(schema),
            module: directory.clone(),
            address: format!("terraform.backend.{}", schema.name),
            header: header.clone(),
            inner: None,
            settings: settings.clone(),
            complete: false,
            completed_by: None,
        };
        for found in credentials::of(&backend, |_| true) {
            if !is_doubtful(&found, &schemas) && seen.insert(found.path.clone()) {
                findings.0.extend(credentials::finding(RULE.id, &backend, found));
            }
        }
    }
}

/// What is the secret of one backend and a name with another counts only if it looks like the one.
fn is_doubtful(found: &Found<'_>, schemas: &[&BackendSchema]) -> bool {
    let is_name = |schema: &&BackendSchema| schema.argument(&found.path).is_some_and(|argument| !argument.secret);
    let text = found.value.as_str().unwrap_or("");
    let is_id = aws_access_key_id(text).is_some() || text.len() < 40;
    schemas.iter().any(is_name) && (found.judgement == Judgement::Placeholder || is_id)
}

fn of_file(document: &Document) -> Settings {
    let attributes = document.body.iter().flat_map(|body| &body.attributes);
    let settings = attributes.map(|attribute| {
        let place = Place::new(&document.source, attribute.span);
        let step: Arc<str> = format!("-backend-config={}", document.path().name()).into();
        let value = constant(&document.source, &attribute.value).through(&step, &place);
        (attribute.name.to_string(), Setting { value, from: SettingFrom::File(document.path().clone()) })
    });
    settings.collect()
}
