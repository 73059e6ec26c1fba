//! `output-not-sensitive`

use super::marks::mark;
use super::springs::secret_spring;
use super::variables::is_first;
use crate::finding::{Confidence, Finding, FixAvailability, Level, Related, Severity};
use crate::resolve::{Seek, inflows, written};
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "output-not-sensitive",
    group: Group::Configuration,
    summary: "an output that exposes a sensitive value and is not `sensitive`",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an output that is not marked `sensitive` and is given a secret: an attribute that a provider declares sensitive,
a credential that a resource mints, a variable that is declared `sensitive`, also through locals, templates and modules.
What only computes something of a secret (`length`, `sha256`, ...) exposes none.

## Why it matters
`terraform output`, plans and logs show the value to everybody. Of a root module Terraform refuses the output, unless
the mark was lost on the way; and a data source often loses it.

## Bad
```hcl
resource "aws_db_instance" "main" {
  engine   = "postgres"
  password = var.password
}

variable "password" {
  sensitive = true
}

output "database" {
  value = "postgres://app:${aws_db_instance.main.password}@${aws_db_instance.main.endpoint}/app"
}
```

## Good
```hcl
resource "aws_db_instance" "main" {
  engine   = "postgres"
  password = var.password
}

variable "password" {
  sensitive = true
}

output "database" {
  value     = "postgres://app:${aws_db_instance.main.password}@${aws_db_instance.main.endpoint}/app"
  sensitive = true
}

output "endpoint" {
  value = aws_db_instance.main.endpoint
}

output "password_length" {
  value = length(var.password)
}
```

## Remedy
Mark the output `sensitive`; better, leave the secret in a store and give out its name. The state holds outputs in plain
text all the same.

## References
- <https://developer.hashicorp.com/terraform/language/values/outputs#sensitive-suppressing-values-in-cli-output>
"#,
    check: Check::Module(check),
};

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    let (tree, instance) = (context.tree, context.instance);
    if !is_first(tree, instance) {
        return;
    }
    for (name, output) in &context.module.outputs {
        if output.is("sensitive", false) || output.is("ephemeral", false) {
            continue;
        }
        let mut known = BTreeSet::new();
        for argument in written(output).iter().filter(|argument| argument.path == "value") {
            for inflow in inflows(tree, instance, output, argument, Seek::All) {
                let Some(spring) = secret_spring(tree, &inflow).filter(|spring| known.insert(spring.name.clone()))
                else {
                    continue;
                };
                let message = format!(
                    "the output `{name}` exposes `{}`, {}, and is not marked `sensitive`",
                    spring.name, spring.why
                );
                let mut finding = Finding::new(RULE.id, output.first().header(), message)
                    .address(format!("output.{name}"))
                    .attribute("sensitive")
                    .module(module_name(&context.module.directory))
                    .remedy("mark the output `sensitive`, or leave the secret in a store and give out its name")
                    .fix(mark(output));
                finding.related.push(Related::station(inflow.entry.clone(), spring.name));
                let stations = inflow.way.into_iter();
                finding.related.extend(stations.map(|one| Related::station(one.place, one.name.to_string())));
                if !spring.declared {
                    finding.confidence = Confidence::Medium;
                }
                findings.push(finding);
                break;
            }
        }
    }
}
