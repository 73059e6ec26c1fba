//! `secret-in-state-avoidable`

use super::secret_arguments::secret_arguments;
use crate::document::hcl::ExprKind;
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::resolve::schema::stateless::{has_ephemeral, write_only_twin};
use crate::resolve::{Mode, Resource, Seek, Spring, inflows};
use crate::rules::backends::site::requires_at_least;
use crate::rules::{Check, Findings, Group, ResourceContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "secret-in-state-avoidable",
    group: Group::Configuration,
    summary: "a secret argument whose value need not be in state",
    severity: Severity::Low,
    recommended: Level::Note,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a secret argument for which the provider has a write-only twin (`password_wo` of `password`), in modules whose
`required_version` admits only Terraform 1.11 and later, which has write-only arguments.

## Why it matters
What an ordinary argument is given stands in state and in every saved plan in plain text. What a write-only argument is
given stands in neither.

## Bad
```hcl
terraform {
  required_version = "~> 1.11"
}

variable "password" {
  sensitive = true
}

resource "aws_db_instance" "main" {
  engine   = "postgres"
  password = var.password
}
```

## Good
```hcl
terraform {
  required_version = "~> 1.11"
}

variable "password" {
  sensitive = true
  ephemeral = true
}

resource "aws_db_instance" "main" {
  engine              = "postgres"
  password_wo         = var.password
  password_wo_version = 1
}
```

## Remedy
Give the value to the write-only argument, and raise its version whenever the value changes. Draw it in an `ephemeral`
block, or mark the variable `ephemeral`. Then change the secret: old states hold it.

## References
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only>
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral>
"#,
    check: Check::Resource(check),
};

fn check(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    let module = resource.tree.module(resource.instance);
    if resource.mode != Mode::Managed {
        return;
    }
    let twins = || resource.written().into_iter().any(|name| write_only_twin(resource.kind, name).is_some());
    if !twins() || !requires_at_least(Some(module), 1, 11) {
        return;
    }
    for argument in secret_arguments(resource) {
        let (path, attribute) = (&argument.written.path, &argument.written.attribute);
        let Some(twin) = write_only_twin(resource.kind, path).filter(|_| argument.exact) else { continue };
        // A literal has to go for other reasons, and nothing is no secret.
        if matches!(attribute.attribute.value.kind, ExprKind::String(_) | ExprKind::Null) {
            continue;
        }
        let message = format!(
            "`{}` keeps `{path}` in its state: the provider takes it as `{twin}` as well, which is kept nowhere",
            resource.address()
        );
        let remedy = format!(
            "give the value to `{twin}` and set `{twin}_version`{}; then change the secret, which old states hold",
            drawn_by(resource, &argument.written)
        );
        findings.push(
            Finding::new(RULE.id, attribute.place(), message)
                .address(resource.address())
                .attribute(path)
                .module(module_name(&module.directory))
                .remedy(remedy),
        );
    }
}

/// How what draws or reads the value leaves no trace either, as the middle of a remedy.
fn drawn_by<'t>(resource: &Resource<'t>, argument: &crate::resolve::Written<'t>) -> String {
    let inflows = inflows(resource.tree, resource.instance, &resource.declared, argument, Seek::References);
    let of_type = inflows.iter().find_map(|inflow| match &inflow.spring {
        Spring::Resource { address, .. } => address.rsplit('.').nth(1).filter(|kind| has_ephemeral(kind)),
        _ => None,
    });
    of_type.map_or_else(String::new, |kind| format!(", from an ephemeral `{kind}` (Terraform 1.10)"))
}
