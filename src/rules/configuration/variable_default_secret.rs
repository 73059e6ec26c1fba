//! `variable-default-secret`

use super::sinks::{Held, held};
use super::standing::Standing;
use super::told;
use super::variables::{self, Given};
use crate::finding::{Finding, FixAvailability, Level, Place, Severity};
use crate::resolve::{Declared, Resource};
use crate::rules::{Check, Findings, Group, ModuleContext, ResourceContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "variable-default-secret",
    group: Group::Configuration,
    summary: "a variable with a secret default",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports the default of a variable that is a secret: because it reaches an argument that a provider declares sensitive,
because the variable is marked `sensitive` or named as a secret (`db_password`; not `db_password_length`), or because it
has the form of a credential. Where only a name tells, and the value could be something else, it is a warning.

## Why it matters
Whoever can read the repository, or its history, knows the secret, and so does every state that took the default.

## Bad
```hcl
variable "admin" {
  default = "Aa12345678"
}

resource "aws_db_instance" "main" {
  engine   = "postgres"
  password = var.admin
}
```

```hcl
variable "db_password" {
  type      = string
  sensitive = true
  default   = "hunter2-Sup3rS3cret"
}
```

## Good
```hcl
variable "db_password" {
  type      = string
  sensitive = true
}

variable "db_password_length" {
  default = 20
}

variable "db_password_secret_name" {
  default = "prod-db-password"
}
```

## Remedy
Change the secret where it is used: what was committed stays in the history. Remove the default, mark the variable
`sensitive`, and set it for the run.

## References
- <https://developer.hashicorp.com/terraform/language/values/variables#suppressing-values-in-cli-output>
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data>
"#,
    check: Check::Any(&[Check::Resource(check_sinks), Check::Module(check_names)]),
};

const REMEDY: &str = "change the secret where it is used, as the history keeps this one; then remove the default, mark \
                      the variable `sensitive` and set it for the run (TF_VAR_...)";

fn check_sinks(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    let program = resource.tree.program;
    let in_default = |place: &Place| matches!(Standing::of(program, place), Standing::Default(_));
    for held in held(resource, in_default) {
        if let Standing::Default(variable) = Standing::of(program, &held.place) {
            findings.push(of_sink(resource, variable, held));
        }
    }
}

fn of_sink(resource: &Resource<'_>, variable: &Declared<'_>, held: Held) -> Finding {
    let name = variable.label(0);
    let message = format!(
        "the default of `var.{name}` is a secret: it reaches `{}` as `{}`, {}",
        resource.address(),
        held.path,
        told::reason(&held.weighed)
    );
    let mut finding = finding(name, held.place.clone(), message);
    finding.related = held.related;
    held.weighed.tell(finding, &held.place)
}

fn check_names(context: &ModuleContext<'_>, findings: &mut Findings) {
    if !variables::is_first(context.tree, context.instance) {
        return;
    }
    for (name, variable) in &context.module.variables {
        let Some(default) = variable.attribute("default") else { continue };
        let given = Given { name, expr: default, sensitive: variable.is("sensitive", false) };
        for secret in given.secrets() {
            let message = format!("the default of `var.{name}` is a secret, {}", told::reason(&secret.weighed));
            let finding = finding(name, secret.place.clone(), message);
            findings.push(secret.weighed.tell(finding, &secret.place));
        }
    }
}

fn finding(name: &str, place: Place, message: String) -> Finding {
    let module = module_name(&place.path().parent());
    Finding::new(RULE.id, place, message)
        .address(format!("var.{name}"))
        .attribute("default")
        .module(module)
        .remedy(REMEDY)
}
