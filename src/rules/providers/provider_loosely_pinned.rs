//! `provider-loosely-pinned`

use super::common::{is_run_here, is_whole, locked, may_be_generated, shown};
use super::edits::replace_string;
use crate::finding::{Finding, Fix, FixAvailability, Level, Severity};
use crate::resolve::{LockedProvider, ProviderConstraint, Requirement, requirements};
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "provider-loosely-pinned",
    group: Group::Providers,
    summary: "a root module's constraints on a provider have no upper bound",
    severity: Severity::Low,
    recommended: Level::Warning,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a provider of a root module whose constraints, those of all called modules taken together, have no upper bound:
`>=`, `>` and `!=` alone. A reusable module is not judged: it should name the least version only, so that its callers
can choose.

## Why it matters
The next major release satisfies the constraint, and `terraform init -upgrade` takes it, with every breaking change.

## Bad
```hcl main.tf
terraform {
  backend "s3" {}
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0"
    }
  }
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
```hcl
terraform {
  backend "s3" {}
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
    random = {
      source  = "hashicorp/random"
      version = ">= 3.5, < 4.0"
    }
  }
}
```

## Remedy
Use `~>`, or add an upper bound. The fix bounds the constraint by the major release after the one that the lock file
holds.

## References
- <https://developer.hashicorp.com/terraform/language/expressions/version-constraints#terraform-core-and-provider-versions>
"#,
    check: Check::Module(check),
};

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    if !is_run_here(context) || !is_whole(context.tree) || may_be_generated(context, "required_providers") {
        return;
    }
    let locked = locked(context.tree);
    for required in requirements(context.tree) {
        let unbounded = |constraint: &ProviderConstraint| match &constraint.parsed {
            Some(Ok(parsed)) => !parsed.has_upper_bound(),
            // What is not known, or what Terraform refuses, is not judged.
            _ => false,
        };
        if required.constraints.iter().all(unbounded) {
            findings.0.extend(finding(context, required, locked.get(&required.address)));
        }
    }
}

fn finding(context: &ModuleContext<'_>, required: &Requirement, locked: Option<&LockedProvider>) -> Option<Finding> {
    // Constraints come in the order of the instances: the root module's first.
    let constraint = required.constraints.first()?;
    let text = constraint.text.as_deref()?;
    let at = required.uses.iter().find(|one| one.instance == constraint.instance)?;
    let message = format!(
        "the constraint \"{}\" on the provider {} has no upper bound: the next major release satisfies it",
        shown(text),
        required.address
    );
    Some(
        Finding::new(RULE.id, constraint.place.clone(), message)
            .address(&at.thing)
            .attribute("version")
            .module(module_name(&context.tree.module(constraint.instance).directory))
            .remedy("use `~>`, or add an upper bound such as `< 6.0`")
            .fix(locked.and_then(|locked| fix(context, locked, constraint, text))),
    )
}

/// Adds the major release after the locked one as the bound.
fn fix(
    context: &ModuleContext<'_>,
    locked: &LockedProvider,
    constraint: &ProviderConstraint,
    text: &str,
) -> Option<Fix> {
    let (version, _) = locked.version.as_ref()?;
    let allowed = constraint.parsed.as_ref()?.as_ref().ok()?.allows(version);
    let here = constraint.place.path().parent() == context.module.directory && constraint.instance == 0;
    let bound = format!("{}, < {}.0.0", text.trim(), version.number(0).checked_add(1)?);
    (allowed && here).then(|| replace_string(&constraint.place, &bound)).flatten()
}
