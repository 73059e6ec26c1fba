//! `lock-file-incomplete`

use super::common::{is_run_here, lock_file, shown};
use crate::document::Document;
use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity};
use crate::resolve::{LockedProvider, Requirement, locked_providers, requirements};
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "lock-file-incomplete",
    group: Group::Providers,
    summary: "a required provider is not, or not well, held by the dependency lock file",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a root module's lock file that does not name a provider which the configuration uses, that names it without
checksums, or that holds a version which the configuration's constraints exclude. A provider with the checksum of one
platform's package alone is a note.

## Why it matters
What the lock file does not hold is selected anew by every run and not verified. A version outside its constraint stops
`terraform init`; with one platform's checksum it stops everywhere else.

## Bad
```hcl main.tf
terraform {
  backend "s3" {}
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
```
```hcl .terraform.lock.hcl
provider "registry.terraform.io/hashicorp/aws" {
  version     = "4.67.0"
  constraints = "~> 4.0"
  hashes = [
    "h1:ltxyuBWIy9cq0kIKDJH1jeWJy/y7XJLjS4QrsQK4plA=",
    "zh:0cdb9c2083bf0902442384f7309367791e4640581652dda456f2d6d7abf0de8d",
  ]
}
```

```hcl main.tf
terraform {
  backend "s3" {}
}

resource "random_id" "suffix" {
  byte_length = 4
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

## Good
```hcl main.tf
terraform {
  backend "s3" {}
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
```
```hcl .terraform.lock.hcl
provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.31.0"
  constraints = "~> 5.0"
  hashes = [
    "h1:ltxyuBWIy9cq0kIKDJH1jeWJy/y7XJLjS4QrsQK4plA=",
    "zh:0cdb9c2083bf0902442384f7309367791e4640581652dda456f2d6d7abf0de8d",
  ]
}
```

## Remedy
Run `terraform init` (with `-upgrade` where the version is outside its constraint), then `terraform providers lock` with
every platform in use, and commit the lock file.

## References
- <https://developer.hashicorp.com/terraform/language/files/dependency-lock>
- <https://developer.hashicorp.com/terraform/cli/commands/providers/lock>
"#,
    check: Check::Module(check),
};

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    if !is_run_here(context) {
        return;
    }
    let Some(document) = lock_file(context.tree) else { return };
    // What could not be parsed may hold what seems to be missing.
    if !document.problems.is_empty() {
        return;
    }
    let locked = locked_providers(document);
    for required in requirements(context.tree) {
        let found = locked.iter().find(|locked| locked.address == required.address);
        let finding = match found {
            None => missing(required, document),
            Some(locked) => defective(required, locked),
        };
        findings.0.extend(finding.map(|finding| finding.module(module_name(&context.module.directory))));
    }
}

fn missing(required: &Requirement, document: &Document) -> Option<Finding> {
    let at = required.uses.first()?;
    let message = format!("the dependency lock file does not hold the provider {}", required.address);
    let start = crate::finding::Place::new(&document.source, crate::text::Span::at(0));
    Some(
        Finding::new(RULE.id, at.place.clone(), message)
            .address(&at.thing)
            .related(start, "the lock file")
            .remedy("let Terraform add it, and commit the lock file")
            .command("terraform init"),
    )
}

fn defective(required: &Requirement, locked: &LockedProvider) -> Option<Finding> {
    let address = &required.address;
    let Some((version, place)) = &locked.version else {
        let message = format!("the dependency lock file names the provider {address} without a version");
        return Some(of_lock(locked, message).command("terraform init"));
    };
    let excludes = |constraint: &&crate::resolve::ProviderConstraint| match &constraint.parsed {
        Some(Ok(parsed)) => !parsed.allows(version),
        _ => false,
    };
    if let Some(constraint) = required.constraints.iter().find(excludes) {
        let text = shown(constraint.text.as_deref().unwrap_or(""));
        let message = format!("the locked version {version} of the provider {address} does not meet \"{text}\"");
        let mut finding = of_lock(locked, message).command("terraform init -upgrade");
        finding.place = place.clone();
        return Some(finding.attribute("version").related(constraint.place.clone(), "this constraint excludes it"));
    }
    if locked.hashes.is_empty() {
        let message = format!(
            "the dependency lock file holds the provider {address} without checksums: its package is not verified"
        );
        return Some(of_lock(locked, message).attribute("hashes").command("terraform providers lock"));
    }
    let [only] = locked.hashes.as_slice() else { return None };
    let message = format!(
        "the dependency lock file holds one checksum of the provider {address}: `init` fails on other platforms"
    );
    let platforms = "terraform providers lock -platform=linux_amd64 -platform=darwin_arm64";
    let finding = of_lock(locked, message).attribute("hashes").command(platforms);
    only.starts_with("h1:").then(|| finding.uncertain(Level::Note, Confidence::Medium))
}

fn of_lock(locked: &LockedProvider, message: String) -> Finding {
    Finding::new(RULE.id, locked.header.clone(), message)
        .address(format!("provider.{}", locked.address.name()))
        .remedy("let Terraform write the lock file anew, and commit it")
}
