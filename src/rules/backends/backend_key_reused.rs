//! `backend-key-reused`

use super::site::{self, Service, service};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Place, Severity};
use crate::resolve::{Backend, Form, SettingFrom, Value};
use crate::rules::secret::is_placeholder;
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule, module_name};
use crate::text::RepoPath;
use std::collections::BTreeMap;

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-key-reused",
    group: Group::Backends,
    summary: "two root modules store their state in the same place",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports two root modules in different directories whose backends name the same place: the same bucket and key, storage
account, container and key, address, workspace, as the backend has it. Only places that are wholly known are compared.

## Why it matters
The second module to be applied finds the first one's resources in "its" state and destroys them.

## Bad
```hcl network/main.tf
terraform {
  backend "s3" {
    bucket = "org-terraform-state"
    key    = "network/terraform.tfstate"
    region = "eu-west-1"
  }
}
```
```hcl database/main.tf
terraform {
  backend "s3" {
    bucket = "org-terraform-state"
    key    = "network/terraform.tfstate"
    region = "eu-west-1"
  }
}
```

## Good
```hcl network/main.tf
terraform {
  backend "s3" {
    bucket = "org-terraform-state"
    key    = "network/terraform.tfstate"
    region = "eu-west-1"
  }
}
```
```hcl database/main.tf
terraform {
  backend "s3" {
    bucket = "org-terraform-state"
    key    = "database/terraform.tfstate"
    region = "eu-west-1"
  }
}
```

## Remedy
Give each module a key of its own. If both have been applied already, restore the overwritten state from the bucket's
versions before anything else is applied.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#configuration>
"#,
    check: Check::Repository(check),
};

/// Further places that a finding lists, at most.
const MAX_RELATED: usize = 5;

/// An argument, and what it is without being set.
type Part = (&'static str, Option<&'static str>);

/// What names the place of the state, by backend: arguments with what they are without being set (None: they must be
/// set), the one that tells modules apart first. <https://developer.hashicorp.com/terraform/language/backend>
const PLACES: [(&str, &[Part]); 11] = [
    (
        "s3",
        &[
            ("key", None),
            ("bucket", None),
            ("workspace_key_prefix", Some("env:")),
            // The same bucket name stands for different buckets in different partitions and services.
            ("region", Some("")),
            ("endpoint", Some("")),
            ("endpoints.s3", Some("")),
        ],
    ),
    ("gcs", &[("prefix", Some("")), ("bucket", None), ("storage_custom_endpoint", Some(""))]),
    ("azurerm", &[("key", None), ("container_name", None), ("storage_account_name", None)]),
    ("http", &[("address", None)]),
    ("consul", &[("path", None), ("address", None), ("datacenter", Some(""))]),
    ("pg", &[("schema_name", Some("terraform_remote_state")), ("conn_str", None), ("table_name", Some("states"))]),
    ("cos", &[("key", Some("terraform.tfstate")), ("prefix", Some("")), ("bucket", None), ("region", None)]),
    ("oss", &[("key", Some("terraform.tfstate")), ("prefix", Some("env:")), ("bucket", None), ("region", Some(""))]),
    ("oci", &[("key", Some("terraform.tfstate")), ("bucket", None), ("namespace", None), ("region", Some(""))]),
    ("remote", &[("workspaces.name", None), ("organization", None), ("hostname", Some("app.terraform.io"))]),
    ("cloud", &[("workspaces.name", None), ("organization", None), ("hostname", Some("app.terraform.io"))]),
];

/// One backend at a place.
struct Tenant<'b> {
    backend: &'b Backend,
    place: Place,
    sure: bool,
}

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let mut ways: BTreeMap<&RepoPath, usize> = BTreeMap::new();
    for backend in context.backends {
        *ways.entry(&backend.module).or_default() += 1;
    }
    let mut places: BTreeMap<Vec<String>, BTreeMap<&RepoPath, Tenant<'_>>> = BTreeMap::new();
    for backend in context.backends.iter().filter(|backend| matches!(backend.form, Form::Block | Form::Terragrunt)) {
        let Some((location, place)) = location(backend) else { continue };
        let alone = ways.get(&backend.module).is_none_or(|ways| *ways == 1);
        let tenant = Tenant { backend, place, sure: is_sure(backend, alone) };
        let tenants = places.entry(location).or_default();
        // Of several ways that lead to the same place the one that is sure counts.
        match tenants.get(&backend.module) {
            Some(known) if known.sure || !tenant.sure => {}
            _ => drop(tenants.insert(&backend.module, tenant)),
        }
    }
    for tenants in places.values().filter(|tenants| tenants.len() > 1) {
        for (module, tenant) in tenants {
            findings.push(finding(module, tenant, tenants));
        }
    }
}

/// The place of a backend's state, and where the argument stands that tells modules apart. None where a part of it is
/// not known, only a placeholder, or on a developer's own machine.
fn location(backend: &Backend) -> Option<(Vec<String>, Place)> {
    let (kind, arguments) = PLACES.iter().find(|(kind, _)| *kind == backend.kind)?;
    if !backend.complete || service(backend) == Service::Local {
        return None;
    }
    // `remote` and `cloud` keep state in the same service.
    let mut location = vec![(if *kind == "cloud" { "remote" } else { kind }).to_owned()];
    let mut identity: Option<&Value> = None;
    for (nth, (name, default)) in arguments.iter().enumerate() {
        let values = backend.values(name);
        let text = match (values.as_slice(), default) {
            ([], default) => (*default)?,
            ([(value, _)], _) => {
                let text = value.as_str().filter(|text| !is_placeholder(text) || text.is_empty())?;
                identity = if nth == 0 { Some(value) } else { identity };
                text
            }
            _ => return None,
        };
        location.push(text.trim_matches('/').to_owned());
    }
    let place = identity.map_or_else(|| backend.header.clone(), |value| site::place_of(value, backend));
    Some((location, place))
}

/// Whether it is certain that this module is run with these values: they stand in its block, in a file of its own, or
/// there is but one way to complete it. A command whose directory is not known may be meant for another module.
fn is_sure(backend: &Backend, only_way: bool) -> bool {
    let Some((_, arguments)) = PLACES.iter().find(|(kind, _)| *kind == backend.kind) else { return false };
    arguments.iter().enumerate().all(|(nth, (name, _))| {
        let name = name.split('.').next().unwrap_or(name);
        backend.settings.get(name).is_none_or(|setting| match &setting.from {
            SettingFrom::Block => true,
            SettingFrom::File(path) if path.is_inside(&backend.module) => true,
            SettingFrom::Policy | SettingFrom::File(_) => nth > 0 && only_way,
            SettingFrom::Argument => false,
        })
    })
}

fn finding(module: &RepoPath, tenant: &Tenant<'_>, tenants: &BTreeMap<&RepoPath, Tenant<'_>>) -> Finding {
    let others: Vec<(&&RepoPath, &Tenant<'_>)> = tenants.iter().filter(|(other, _)| **other != module).collect();
    let names = match others.as_slice() {
        [(other, _)] => format!("`{}`", other.shown()),
        [(other, _), rest @ ..] => format!("`{}` and {} more", other.shown(), rest.len()),
        [] => String::new(),
    };
    let message = format!(
        "the state of this module lies in the same place as that of {names}: each takes the other's resources for its own"
    );
    let mut found = site::finding(RULE.id, tenant.backend, tenant.place.clone(), message)
        .module(module_name(module))
        .remedy("give each module a place of its own; if both were applied, restore the older state from its versions first")
        .command("terraform init -migrate-state");
    for (_, other) in others.iter().take(MAX_RELATED) {
        found = found.related(other.place.clone(), "the same place");
    }
    let sure = others.iter().any(|(_, other)| other.sure) && tenant.sure;
    let demonstration = site::is_demonstration(module) || others.iter().all(|(other, _)| site::is_demonstration(other));
    if !sure || demonstration {
        found = found.uncertain(Level::Note, Confidence::Low);
    }
    found
}
