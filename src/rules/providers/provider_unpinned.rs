//! `provider-unpinned`

use super::common::{is_whole, locked, may_be_generated, shown};
use super::edits::{insert_entry, insert_in_object};
use crate::document::Kind as FileKind;
use crate::finding::{Confidence, Finding, Fix, FixAvailability, Level, Severity};
use crate::policy::settings::{OptionKind, OptionSpec};
use crate::resolve::{LockedProvider, Requirement, Role, Tree, UsedBy, VariableFiles, requirements};
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "provider-unpinned",
    group: Group::Providers,
    summary: "a provider in use has no version constraint",
    severity: Severity::Medium,
    recommended: Level::Error,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[OptionSpec {
        name: "operators",
        kind: OptionKind::Strings { default: &[], allowed: &["=", "!=", ">", ">=", "<", "<=", "~>"] },
        summary: "a constraint must use one of these operators; a bare version counts as `=`; empty for any",
    }],
    documentation: r#"
## What it does
Reports a provider that a configuration uses, by a `provider` block, a resource or an entry of `required_providers`,
while no module of the same configuration constrains its version. Terraform merges the constraints of all modules, so a
constraint in a called module counts. Built-in providers have no version.

## Why it matters
A provider runs with the credentials of the run. Without a constraint `terraform init` takes the newest release there
is, also a major release that changes what is applied, also one that was published by somebody else an hour ago.

## Bad
```hcl
provider "aws" {
  region = "eu-west-1"
}
```

```hcl main.tf
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

resource "aws_s3_bucket" "logs" {
  bucket = "org-logs"
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
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}
```

## Remedy
Name the version in `required_providers`, and commit `.terraform.lock.hcl`, which fixes the exact release. The fix takes
the version that the lock file holds.

## Options
- `operators`: a list such as `["=", "~>"]`; a provider's constraints must use at least one of them.

## References
- <https://developer.hashicorp.com/terraform/language/providers/requirements#version>
- <https://developer.hashicorp.com/terraform/language/expressions/version-constraints>
"#,
    check: Check::Module(check),
};

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    if context.instance != 0 {
        return;
    }
    let operators = context.settings.strings("operators");
    let known = is_whole(context.tree) && !may_be_generated(context, "required_providers");
    let locked = locked(context.tree);
    for required in requirements(context.tree) {
        if required.constraints.is_empty() && (!known || pinned_where_tested(context, required)) {
            continue;
        }
        if required.constraints.is_empty() {
            findings.0.extend(unpinned(context, required, locked.get(&required.address)));
        } else if !operators.is_empty() {
            findings.0.extend(other_operators(context, required, operators));
        }
    }
}

fn unpinned(context: &ModuleContext<'_>, required: &Requirement, locked: Option<&LockedProvider>) -> Option<Finding> {
    let at = required.uses.first()?;
    let held = match locked.and_then(|locked| locked.version.as_ref()) {
        Some((version, _)) => format!("only the lock file holds it at {version}"),
        None => "terraform init takes the newest release there is".to_owned(),
    };
    let message = format!("the provider {} has no version constraint: {held}", required.address);
    let finding = Finding::new(RULE.id, at.place.clone(), message)
        .address(&at.thing)
        .module(module_name(&context.tree.module(at.instance).directory))
        .remedy(format!("add a constraint on {} to `required_providers`", required.address))
        .command("terraform init")
        .fix(locked.and_then(|locked| fix(context, required, locked)));
    // Who runs a module that nothing runs here may constrain the provider there: one that states no requirements at all
    // may be a fragment that is copied elsewhere.
    let stated = !context.module.terraform.is_empty() && context.module.duplicates.is_empty();
    Some(match context.role {
        Role::Library if !stated => finding.uncertain(Level::Warning, Confidence::Medium),
        Role::Library | Role::Root(_) | Role::Called(_) => finding,
    })
}

/// Whether a module that only tests call gets its constraint from the module that they test: Terraform merges the
/// requirements of both.
///
/// <https://developer.hashicorp.com/terraform/language/tests#modules>
fn pinned_where_tested(context: &ModuleContext<'_>, required: &Requirement) -> bool {
    let Role::Called(caller) = context.role else { return false };
    if !matches!(FileKind::of(caller), FileKind::TfTest | FileKind::TfTestJson) {
        return false;
    }
    let program = context.tree.program;
    let beside = caller.parent();
    [beside.parent(), beside].iter().flat_map(|directory| program.modules_in(directory)).any(|id| {
        let tree = Tree::new(program, *id, VariableFiles::default());
        let same = |one: &Requirement| one.address == required.address && !one.constraints.is_empty();
        requirements(&tree).iter().any(same)
    })
}

/// Pins the provider to the patch releases of what the lock file holds, in the root module.
fn fix(context: &ModuleContext<'_>, required: &Requirement, locked: &LockedProvider) -> Option<Fix> {
    let (version, _) = locked.version.as_ref()?;
    let constraint = format!("~> {version}");
    let module = context.module;
    let here = required.uses.iter().filter(|one| one.instance == 0);
    let entry = here.clone().find(|one| one.by == UsedBy::Entry);
    let edit = match entry {
        Some(one) => {
            let entry = module.required_provider(&one.local_name)?;
            insert_in_object(entry.source, &entry.attribute.value, "version", &format!("\"{constraint}\""))
        }
        None => {
            let one = here.into_iter().next()?;
            let block = module.providers.iter().find(|provider| provider.label(0) == one.local_name);
            insert_entry(module, block.map(|block| block.first()), &one.local_name, &required.address, &constraint)
        }
    };
    edit.map(|(place, text)| Fix::safe(place, text))
}

fn other_operators(context: &ModuleContext<'_>, required: &Requirement, allowed: &[String]) -> Option<Finding> {
    for constraint in &required.constraints {
        // What is not known, or what Terraform refuses, is not judged.
        let parsed = constraint.parsed.as_ref()?.as_ref().ok()?;
        if parsed.operators().any(|operator| allowed.iter().any(|one| one == operator)) {
            return None;
        }
    }
    let constraint = required.constraints.first()?;
    let text = shown(constraint.text.as_deref().unwrap_or(""));
    let allowed = allowed.join(", ");
    let message = format!("the constraint \"{text}\" on the provider {} uses none of: {allowed}", required.address);
    let at = required.uses.iter().find(|one| one.instance == constraint.instance)?;
    Some(
        Finding::new(RULE.id, constraint.place.clone(), message)
            .address(&at.thing)
            .attribute("version")
            .module(module_name(&context.tree.module(constraint.instance).directory))
            .remedy(format!("constrain {} with one of: {allowed}", required.address)),
    )
}
