//! `sensitive-attribute-literal`

use super::sinks::{Held, held};
use super::standing::Standing;
use super::told;
use super::weigh::by_name;
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::resolve::schema::stateless::write_only_twin;
use crate::resolve::{AttributeIn, Mode, Resource};
use crate::rules::inside::is_plausible;
use crate::rules::names::names_a_secret;
use crate::rules::providers::content::{leaf, leaves};
use crate::rules::secret::{credential_use, kind_of};
use crate::rules::{Check, Findings, Group, ModuleContext, ResourceContext, Rule, module_name, trace_of};

/// The rule.
pub static RULE: Rule = Rule {
    id: "sensitive-attribute-literal",
    group: Group::Configuration,
    summary: "a literal in an argument that the provider declares sensitive",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a literal that reaches an argument which its provider declares sensitive: written there, or reached through
locals, templates, functions, loops and module calls, also in nested and `dynamic` blocks, in maps and in JSON
configuration. A password of a database counts whatever its strength. Write-only arguments and what a `connection` block
signs in with count as well. Literals in the defaults of variables and in variable files have rules of their own.

Of a map that is declared sensitive as a whole (`kubernetes_secret.data`) and of stores (`github_actions_secret`,
`aws_ssm_parameter` of type `SecureString`) the name of the entry has a say: a user's name is no secret, and a word may
be none. Where only a name tells - types that no table knows, arguments that no provider flags, calls of modules outside
the repository - and the value could be something else, it is a warning. So it is where the provider may have declared
too much (`password_strength`, `hashed_passwords`), and of an e-mail address, the name of a constant and a value that
only repeats its argument's name (`sharedSecret`). What was decoded from a JSON or YAML file of the repository is
reported at its line there.

## Why it matters
Whoever can read the repository, or its history, knows the secret, and so does whoever reads state and plans.

## Bad
```hcl
resource "azurerm_mssql_server" "main" {
  name                         = "main"
  administrator_login          = "sqladmin"
  administrator_login_password = "Aa12345678"
}
```

```hcl
locals {
  credentials = {
    username = "app"
    password = "hunter2-Sup3rS3cret"
  }
}

resource "aws_secretsmanager_secret_version" "app" {
  secret_id     = "app"
  secret_string = jsonencode(local.credentials)
}
```

## Good
```hcl
ephemeral "random_password" "admin" {
  length = 32
}

resource "azurerm_mssql_server" "main" {
  name                                    = "main"
  administrator_login                     = "sqladmin"
  administrator_login_password_wo         = ephemeral.random_password.admin.result
  administrator_login_password_wo_version = 1
}

resource "kubernetes_secret" "app" {
  metadata {
    name = "app"
  }
  data = {
    username = "app"
    host     = "db.example.com"
  }
}
```

## Remedy
Change the secret where it is used: what was committed stays in the history. Then give the argument an ephemeral value
through its write-only twin (Terraform 1.11), a data source of a secret store, or a variable that is marked `sensitive`
and set for the run.

## References
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data>
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only>
"#,
    check: Check::Any(&[Check::Resource(check), Check::Module(check_calls)]),
};

fn check(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    let program = resource.tree.program;
    let elsewhere = |place: &crate::finding::Place| matches!(Standing::of(program, place), Standing::Elsewhere);
    findings.0.extend(held(resource, elsewhere).into_iter().map(|held| finding(resource, held)));
}

fn finding(resource: &Resource<'_>, held: Held) -> Finding {
    let message = format!(
        "`{}` is given a literal for `{}`, {}: whoever reads the file knows it",
        resource.address(),
        held.path,
        told::reason(&held.weighed)
    );
    let mut finding = Finding::new(RULE.id, held.place.clone(), message)
        .address(resource.address())
        .attribute(&held.path)
        .module(module_name(&resource.tree.module(resource.instance).directory))
        .remedy(remedy(resource, &held.path));
    finding.related = held.related;
    held.weighed.tell(finding, &held.place)
}

fn remedy(resource: &Resource<'_>, path: &str) -> String {
    let twin = write_only_twin(resource.kind, path).filter(|_| resource.mode == Mode::Managed);
    let instead = match twin {
        Some(twin) => format!(
            "give an ephemeral value to `{twin}` (Terraform 1.11), which is kept in no state, or take it from a variable \
             that is marked `sensitive` and set for the run"
        ),
        None => {
            "take the value from a data source of a secret store, or from a variable that is marked `sensitive` and \
                 set for the run (TF_VAR_...)"
                .to_owned()
        }
    };
    format!("change the secret where it is used, as the history keeps this one; then {instead}")
}

/// What calls of modules are given that are not in the repository: only the names of their variables are known.
fn check_calls(context: &ModuleContext<'_>, findings: &mut Findings) {
    let (tree, instance) = (context.tree, context.instance);
    for (name, call) in &context.module.calls {
        if tree.program.callee(context.module, call).is_some() {
            continue;
        }
        let address = tree.address(instance, &format!("module.{name}"));
        let layers = call.layers.iter();
        for (layer, attribute) in layers.flat_map(|layer| layer.block.body.attributes.iter().map(move |a| (layer, a))) {
            if names_a_secret(&attribute.name) {
                let found = AttributeIn { source: layer.source, attribute };
                judge_input(context, &address, &found, findings);
            }
        }
    }
}

fn judge_input<'a>(context: &ModuleContext<'a>, address: &str, input: &AttributeIn<'a>, findings: &mut Findings) {
    let attribute = input.attribute.name.as_str();
    let value = context.tree.sink(context.instance, input, &format!("{address}.{attribute}"));
    for (path, value) in leaves(&value) {
        let name = if path.is_empty() { attribute } else { leaf(&path) };
        let (Some(text), Some(place)) = (value.as_str(), value.origin.literal.as_ref()) else { continue };
        let elsewhere = matches!(Standing::of(context.tree.program, place), Standing::Elsewhere);
        if !elsewhere || !names_a_secret(name) || !is_plausible(name, text) {
            continue;
        }
        let message = format!(
            "`{address}` is given a literal for `{attribute}`, which is named as a secret; the module is not in the \
             repository"
        );
        let (_, confidence) = by_name(text);
        let mut finding = Finding::new(RULE.id, place.clone(), message)
            .address(address)
            .attribute(attribute)
            .module(module_name(&context.module.directory))
            .remedy("change the secret where it is used, and take it from a variable that is marked `sensitive`")
            .uncertain(Level::Warning, confidence);
        finding.related = trace_of(value, place);
        finding.credential = credential_use(kind_of(name, text), value, text, None);
        findings.push(finding);
    }
}
