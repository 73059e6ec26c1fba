//! `terraform-version-unpinned`

use super::common::{is_parsed, is_run_here, may_be_generated, module_place};
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "terraform-version-unpinned",
    group: Group::Providers,
    summary: "a root module does not say which Terraform it is for",
    severity: Severity::Low,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a root module without `required_version`.

## Why it matters
State that a newer Terraform has written cannot be read by an older one, and what keeps secrets out of state (ephemeral
values from 1.10, write-only arguments from 1.11) is missing in older ones. Without `required_version` whoever runs next
decides.

## Bad
```hcl
terraform {
  backend "s3" {}
}
```

## Good
```hcl
terraform {
  required_version = "~> 1.11"
  backend "s3" {}
}
```

## Remedy
Add `required_version` with the version in use.

## References
- <https://developer.hashicorp.com/terraform/language/terraform#terraform-required_version>
"#,
    check: Check::Module(check),
};

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    if !is_run_here(context) || !context.module.required_versions().is_empty() {
        return;
    }
    if !is_parsed(context.module) || may_be_generated(context, "required_version") {
        return;
    }
    let Some(place) = module_place(context.module) else { return };
    let message = "this root module has no `required_version`: any Terraform may run it and write its state";
    findings.push(
        Finding::new(RULE.id, place, message)
            .address("terraform")
            .attribute("required_version")
            .module(module_name(&context.module.directory))
            .remedy("add `required_version` to the `terraform` block, such as `required_version = \"~> 1.11\"`"),
    );
}
