//! `lock-file-missing`

use super::common::{is_run_here, lock_file, module_place};
use crate::document::Repository;
use crate::finding::{Finding, FixAvailability, Level, Place, Severity};
use crate::resolve::requirements;
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};
use crate::text::{RepoPath, Span};

/// The rule.
pub static RULE: Rule = Rule {
    id: "lock-file-missing",
    group: Group::Providers,
    summary: "a root module has no committed dependency lock file",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a root module that uses providers and has no `.terraform.lock.hcl` in the repository: none at all, one that git
ignores, or one that is not committed.

## Why it matters
The lock file holds the exact version and the checksums of every provider. Without it each run selects anew, so that two
runs of one commit may differ, and a replaced package is not noticed. Providers run with the credentials of the run.

## Bad
```hcl
terraform {
  backend "s3" {}
}

provider "aws" {
  region = "eu-west-1"
}
```

## Good
```hcl main.tf
terraform {
  backend "s3" {}
}

provider "aws" {
  region = "eu-west-1"
}
```
```hcl .terraform.lock.hcl
provider "registry.terraform.io/hashicorp/aws" {
  version = "5.31.0"
  hashes = [
    "h1:ltxyuBWIy9cq0kIKDJH1jeWJy/y7XJLjS4QrsQK4plA=",
    "zh:0cdb9c2083bf0902442384f7309367791e4640581652dda456f2d6d7abf0de8d",
  ]
}
```

## Remedy
Run `terraform init` (and `terraform providers lock` for every platform in use), and commit `.terraform.lock.hcl`.

## References
- <https://developer.hashicorp.com/terraform/language/files/dependency-lock>
"#,
    check: Check::Module(check),
};

const NAME: &str = ".terraform.lock.hcl";

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    if !is_run_here(context) || requirements(context.tree).is_empty() {
        return;
    }
    let repository = context.tree.program.repository;
    let what = match lock_file(context.tree) {
        Some(document) if !repository.in_git || document.tracked => return,
        Some(_) => "this root module's dependency lock file is not committed",
        None if repository.on_demand.exists(&context.module.directory.join(NAME)) => return,
        None => "this root module has no dependency lock file",
    };
    let Some(place) = module_place(context.module) else { return };
    let message = format!("{what}: every run selects its providers anew, and none is held to its checksums");
    let mut finding = Finding::new(RULE.id, place, message)
        .address("terraform")
        .module(module_name(&context.module.directory))
        .remedy("create the lock file and commit it")
        .command("terraform init")
        .command(format!("git add {NAME}"));
    if let Some(ignored) = ignored_by(repository, &context.module.directory) {
        finding = finding.related(ignored, format!("git is told to ignore {NAME}: remove this pattern"));
    }
    findings.push(finding);
}

/// The line of a `.gitignore` that keeps the lock file out of git.
fn ignored_by(repository: &Repository, directory: &RepoPath) -> Option<Place> {
    let decision = repository.ignore_decision(&directory.join(NAME)).filter(|decision| decision.ignored)?;
    let source = repository.text(&decision.file?)?;
    let line = source.lines().line_range(source.bytes(), decision.line);
    Some(Place::new(&source, Span::new(line.start, line.end)))
}
