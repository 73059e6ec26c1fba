//! `backend-local`

use super::site;
use crate::document::Kind as FileKind;
use crate::finding::{Confidence, Finding, FixAvailability, Level, Place, Severity};
use crate::resolve::{Module, Program, Role};
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};
use crate::text::{RepoPath, Span};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-local",
    group: Group::Backends,
    summary: "a root module keeps its state on the local disk",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a root module without a `backend` or `cloud` block, and `backend "local"`. Modules whose backend Terragrunt
generates are not reported; examples, tests and fixtures are at most a note.

## Why it matters
The state then lies as a plain file on one machine: with every secret in it, not encrypted, not versioned, locked for
nobody else, and soon committed because the others need it.

## Bad
```hcl
terraform {
  required_version = ">= 1.11"
}

provider "aws" {
  region = "eu-west-1"
}
```

Named explicitly:
```hcl
terraform {
  backend "local" {
    path = "terraform.tfstate"
  }
}
```

## Good
```hcl
terraform {
  backend "s3" {
    bucket       = "org-terraform-state"
    key          = "network/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = "eu-west-1"
}
```

A module that others call has no backend:
```hcl
variable "name" {
  type = string
}
```

## Remedy
Add a `backend` or `cloud` block and run `terraform init -migrate-state`; then delete the local copies
(`terraform.tfstate`, `terraform.tfstate.backup`).

## References
- <https://developer.hashicorp.com/terraform/language/backend>
- <https://developer.hashicorp.com/terraform/language/backend/local>
"#,
    check: Check::Module(check),
};

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    let module = context.module;
    if context.instance != 0 || !matches!(context.role, Role::Root(_)) {
        return;
    }
    let backends = module.all_backends();
    for block in backends.iter().filter(|block| block.block.kind == "backend" && block.block.label(0) == Some("local"))
    {
        let finding = finding(module, block.header(), "`backend \"local\"` keeps the state on the local disk");
        findings.push(capped(finding.address("terraform.backend.local"), context));
    }
    if !backends.is_empty() || is_run_by_terragrunt(context.tree.program, &module.directory) {
        return;
    }
    let Some(place) = place(module) else { return };
    let message = "this root module has no backend: its state stays on the local disk";
    findings.push(capped(finding(module, place, message).address("terraform"), context));
}

fn finding(module: &Module<'_>, place: Place, message: &str) -> Finding {
    let why = "with every secret in it in plain text and no lock for others";
    Finding::new(RULE.id, place, format!("{message}, {why}"))
        .module(module_name(&module.directory))
        .remedy("add a remote `backend` or `cloud` block and migrate the state, then delete the local copies")
        .command("terraform init -migrate-state")
}

/// Nobody keeps state where examples and tests lie; and a backend-config file beside a module without a backend tells
/// that the block is put in when Terraform is run.
fn capped(finding: Finding, context: &ModuleContext<'_>) -> Finding {
    let directory = &context.module.directory;
    let beside = context.tree.program.beside(directory);
    if site::is_demonstration(directory) || beside.iter().any(|document| document.kind == FileKind::Tfbackend) {
        return finding.uncertain(Level::Note, Confidence::Low);
    }
    finding
}

/// The `terraform` block, else the first block there is.
fn place(module: &Module<'_>) -> Option<Place> {
    if let Some(terraform) = module.terraform.first() {
        return Some(terraform.header());
    }
    let first = module.documents.first()?;
    let span = first.body.as_ref().and_then(|body| body.blocks.first()).map_or(Span::at(0), |block| block.header);
    Some(Place::new(&first.source, span))
}

/// Whether Terragrunt is what runs a directory: its own file stands there, or one above it generates a backend.
pub(super) fn is_run_by_terragrunt(program: &Program<'_>, directory: &RepoPath) -> bool {
    let is_unit = |document: &&&crate::document::Document| document.kind == FileKind::Terragrunt;
    if program.beside(directory).iter().any(|document| is_unit(&document)) {
        return true;
    }
    let mut at = directory.clone();
    while !at.as_str().is_empty() {
        at = at.parent();
        let generates = program.beside(&at).iter().filter(is_unit).any(|document| {
            document.body.as_ref().is_some_and(|body| {
                body.blocks.iter().any(|block| matches!(block.kind.as_str(), "remote_state" | "generate"))
                    || body.attribute("remote_state").is_some()
            })
        });
        if generates {
            return true;
        }
    }
    false
}
