//! `module-loosely-pinned`

use super::calls::of_module;
use super::common::shown;
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::resolve::version::{Constraints, Flavour};
use crate::resolve::{ModuleSource, SourceKind};
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "module-loosely-pinned",
    group: Group::Providers,
    summary: "a constraint on a registry module has no upper bound",
    severity: Severity::Low,
    recommended: Level::Note,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports the `version` of a registry module that has no upper bound. Note that `~> 5` has none for a module, while it
ends before 6 for a provider.

## Why it matters
No lock file covers modules: with the next major release `terraform init` takes it, and runs it with the credentials of
the run.

## Bad
```hcl
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5"
}

module "iam" {
  source  = "terraform-aws-modules/iam/aws"
  version = ">= 5.0"
}
```

## Good
```hcl
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.5"
}

module "iam" {
  source  = "terraform-aws-modules/iam/aws"
  version = ">= 5.0, < 6.0"
}
```

## Remedy
Name the minor version behind `~>`, or add an upper bound.

## References
- <https://developer.hashicorp.com/terraform/language/expressions/version-constraints>
- <https://github.com/hashicorp/go-version/blob/v1.7.0/constraint.go>
"#,
    check: Check::Module(check),
};

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    for call in of_module(context.tree, context.instance) {
        let Some((version, at)) = &call.version else { continue };
        let registry = |source: &str| ModuleSource::parse(source).kind == SourceKind::Registry;
        if !call.source.alternatives().iter().all(|source| source.as_str().is_some_and(registry)) {
            continue;
        }
        for value in version.alternatives() {
            let Some(text) = value.as_str() else { continue };
            let Ok(constraints) = Constraints::parse(text, Flavour::Module) else { continue };
            if constraints.has_upper_bound() {
                continue;
            }
            let why = match text.contains("~>") {
                true => "for a module `~>` with one number sets no upper bound",
                false => "the next major release satisfies it",
            };
            let message = format!("the constraint \"{}\" of {} has no upper bound: {why}", shown(text), call.address);
            findings.push(
                Finding::new(RULE.id, value.origin.literal.clone().unwrap_or_else(|| at.clone()), message)
                    .address(&call.address)
                    .attribute("version")
                    .module(module_name(&call.directory))
                    .remedy("name the minor version behind `~>`, or add an upper bound"),
            );
        }
    }
}
