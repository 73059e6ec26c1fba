//! `secret-from-random-string`

use super::secret_arguments::{entry_at, secret_arguments};
use super::springs::{declaration, declares, is_of_type};
use crate::finding::{Finding, FixAvailability, Level, Related, Severity};
use crate::resolve::{Inflow, InstanceId, Resource, Seek, Spring, Tree, inflows, resources_of, written};
use crate::rules::names::names_a_secret;
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "secret-from-random-string",
    group: Group::Configuration,
    summary: "a password taken from a resource whose result is not sensitive",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an argument that takes a secret and is given the result of `random_string`, `random_id`, `random_pet`,
`random_integer` or `random_uuid`, also through locals, variables, templates and modules. Of a map that takes secrets
and other things the name of the entry counts, of a module that is not in the repository the name of its variable.

## Why it matters
These resources do not declare their results sensitive: plans and logs show the password in plain text. And not all of
them draw from the system's generator of random numbers for cryptography.

## Bad
```hcl
resource "random_string" "db" {
  length = 24
}

resource "aws_db_instance" "main" {
  engine   = "postgres"
  password = random_string.db.result
}
```

## Good
```hcl
resource "random_password" "db" {
  length = 24
}

resource "aws_db_instance" "main" {
  engine   = "postgres"
  password = random_password.db.result
}

resource "random_id" "suffix" {
  byte_length = 4
}

resource "aws_secretsmanager_secret" "main" {
  name = "main-${random_id.suffix.hex}"
}
```

## Remedy
Use `random_password`, or the ephemeral one with a write-only argument (Terraform 1.11), and change the password.

## References
- <https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password>
- <https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/string>
"#,
    check: Check::Module(check),
};

/// Resources that draw at random and hide nothing.
const KINDS: [&str; 5] = ["random_string", "random_id", "random_pet", "random_integer", "random_uuid"];

/// Once for a whole tree, at its root: what is drawn at random and what takes it may stand in any of the modules.
fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    let tree = context.tree;
    if context.instance != 0 || !declares(tree, &KINDS) {
        return;
    }
    for instance in 0..tree.instances.len() {
        resources_of(tree, instance).for_each(|resource| judge(&resource, findings));
        judge_calls(tree, instance, findings);
    }
}

fn judge(resource: &Resource<'_>, findings: &mut Findings) {
    for argument in secret_arguments(resource) {
        let path = &argument.written.path;
        for inflow in inflows(resource.tree, resource.instance, &resource.declared, &argument.written, Seek::References)
        {
            let Some(spring) = random(&inflow) else { continue };
            let entry = entry_at(&argument.written.attribute.attribute.value, &inflow.entry);
            if !argument.exact && !entry.is_none_or(names_a_secret) {
                continue;
            }
            let attribute = entry.map_or_else(|| path.clone(), |entry| format!("{path}.{entry}"));
            let module = module_name(&resource.tree.module(resource.instance).directory);
            findings.push(finding(resource.tree, (resource.address(), &attribute), spring, &inflow).module(module));
        }
    }
}

/// Of modules that are not in the repository only the names of their variables are known.
fn judge_calls(tree: &Tree<'_>, instance: InstanceId, findings: &mut Findings) {
    let module = tree.module(instance);
    for (name, call) in module.calls.iter().filter(|(_, call)| tree.program.callee(module, call).is_none()) {
        let address = tree.address(instance, &format!("module.{name}"));
        for argument in written(call).iter().filter(|argument| names_a_secret(&argument.path)) {
            for inflow in inflows(tree, instance, call, argument, Seek::References) {
                if let Some(spring) = random(&inflow) {
                    let finding = finding(tree, (&address, &argument.path), spring, &inflow);
                    findings.push(finding.module(module_name(&module.directory)));
                }
            }
        }
    }
}

/// The address and attribute of what is drawn at random, if that is what flows in.
fn random(inflow: &Inflow) -> Option<(&str, &str)> {
    match &inflow.spring {
        Spring::Resource { address, attribute } if is_of_type(address, &KINDS) => Some((address, attribute)),
        _ => None,
    }
}

fn finding(tree: &Tree<'_>, sink: (&str, &str), (address, drawn): (&str, &str), inflow: &Inflow) -> Finding {
    let (owner, attribute) = sink;
    let message = format!(
        "`{owner}` takes `{attribute}` from `{address}.{drawn}`, which is not sensitive: plans and logs show it in plain \
         text"
    );
    let remedy = "use `random_password`, whose result is sensitive, and change the password";
    let mut finding =
        Finding::new(RULE.id, inflow.entry.clone(), message).address(owner).attribute(attribute).remedy(remedy);
    finding.related.extend(declaration(tree, address).map(|place| Related::station(place, address)));
    let stations = inflow.way.iter().map(|one| Related::station(one.place.clone(), one.name.to_string()));
    finding.related.extend(stations);
    finding
}
