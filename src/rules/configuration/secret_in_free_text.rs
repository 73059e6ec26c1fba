//! `secret-in-free-text`

use super::free_texts::{FreeText, of_call, of_resource};
use super::spot::Literals;
use crate::finding::{Confidence, CredentialUse, Finding, FixAvailability, Level, Place, Related, Severity};
use crate::resolve::{Declared, InstanceId, Kind, Tree};
use crate::rules::inside::{self, Inside};
use crate::rules::secret::occurrence;
use crate::rules::{Check, Findings, Group, ModuleContext, ResourceContext, Rule, module_name, trace_of};

/// The rule.
pub static RULE: Rule = Rule {
    id: "secret-in-free-text",
    group: Group::Configuration,
    summary: "a secret inside user data, container definitions, environment maps, provisioners or a heredoc",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a secret inside an argument that carries any text: user data, container definitions, environments of functions
and pods, commands and connections of provisioners, Helm values, Kubernetes manifests, templates, every heredoc, and
what modules outside the repository are given of the kind. A secret is told by its format, or by the name before it
(`DB_PASSWORD=...`, `{"name": "DB_PASSWORD", "value": "..."}`, `password: ...`) where the value looks like one; where
only the name says so, it is a warning. JSON in strings and base64 are looked into. References are followed: a secret
counts wherever it is written, and an interpolated value that is not known counts nowhere.

## Why it matters
Nothing marks such text as sensitive: plans print it, consoles and APIs show it to whoever may describe the resource
(`ec2:DescribeInstanceAttribute`, `lambda:GetFunctionConfiguration`), and the state holds it.

## Bad
```hcl
resource "aws_instance" "app" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
  user_data     = <<-EOF
    #!/bin/sh
    export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
    export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
  EOF
}
```

```hcl
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name        = "app"
    image       = "app"
    environment = [{ name = "DB_PASSWORD", value = "Rk2dYf7PsUo9WgEn" }]
  }])
}
```

## Good
```hcl
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name        = "app"
    image       = "app"
    environment = [{ name = "DB_HOST", value = "db.example.com" }]
    secrets     = [{ name = "DB_PASSWORD", valueFrom = aws_secretsmanager_secret.db.arn }]
  }])
}

resource "aws_instance" "app" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
  user_data     = <<-EOF
    #!/bin/sh
    export DB_PASSWORD="$(aws ssm get-parameter --with-decryption --name /app/db --query Parameter.Value)"
  EOF
}
```

## Remedy
Change the secret where it is used: the history keeps this one. Then let the machine fetch it when it runs, from a store
of secrets and with an identity of its own (`secrets` of a container definition, an external secret, a call in the
script), instead of handing it over in text.

## References
- <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html>
- <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html>
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data>
"#,
    check: Check::Any(&[Check::Resource(check), Check::Module(check_calls)]),
};

/// What holds a free text.
struct Holder<'h, 't> {
    tree: &'h Tree<'t>,
    instance: InstanceId,
    address: &'h str,
    declared: &'h Declared<'t>,
}

fn check(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    for text in of_resource(resource) {
        let (tree, instance) = (resource.tree, resource.instance);
        Holder { tree, instance, address: resource.address(), declared: &resource.declared }.judge(&text, findings);
    }
}

/// What modules are called with that are not in the repository.
fn check_calls(context: &ModuleContext<'_>, findings: &mut Findings) {
    let (tree, instance) = (context.tree, context.instance);
    for (name, call) in &context.module.calls {
        if tree.program.callee(context.module, call).is_some() {
            continue;
        }
        let address = tree.address(instance, &format!("module.{name}"));
        for text in of_call(tree, instance, &address, call) {
            Holder { tree, instance, address: &address, declared: call }.judge(&text, findings);
        }
    }
}

impl Holder<'_, '_> {
    fn judge(&self, text: &FreeText, findings: &mut Findings) {
        let literals = || Literals::of(self.tree, self.instance, self.declared, &text.argument);
        let found = match &text.value.kind {
            Kind::Unknown(_) => inside::find(&literals().joined(), true),
            _ => inside::find_in(&text.known()),
        };
        if !found.is_empty() {
            let literals = literals();
            findings.0.extend(found.into_iter().map(|secret| self.finding(text, &literals, secret)));
        }
    }

    fn finding(&self, text: &FreeText, literals: &Literals, inside: Inside) -> Finding {
        let mut spots = literals.spots_of(inside.secret.expose()).into_iter();
        let (place, mut related) = match spots.next() {
            Some(spot) => {
                let stations = spot.way.iter().map(|one| (one.place.clone(), one.name.to_string()));
                let way = stations.map(|(place, message)| Related::station(place, message)).collect();
                (spot.place, way)
            }
            None => {
                let place = self.fallback(text);
                let way = trace_of(&text.value, &place);
                (place, way)
            }
        };
        related.extend(spots.map(|spot| Related::other(spot.place, "the same secret")));
        let id = inside.id.iter().flat_map(|id| literals.spots_of(id));
        related.extend(id.map(|spot| Related::other(spot.place, "its access key id")));
        let sure = !inside.by_name || text.signs_in_with(inside.secret.expose());
        let Inside { kind, secret, id, beside, strength, confidence, by_name } = inside;
        let told = if by_name { "by the name before it" } else { "by its format" };
        let message = format!(
            "`{}` of `{}` holds a secret ({kind}, told {told}): whoever reads the file knows it, and nothing hides it in \
             plans and consoles",
            text.path, self.address
        );
        let found_in = occurrence(place.path());
        let mut finding = Finding::new(RULE.id, place.clone(), message)
            .address(self.address)
            .attribute(&text.path)
            .module(module_name(&self.tree.module(self.instance).directory))
            .remedy(
                "change the secret where it is used, as the history keeps this one; then let the machine fetch it from a \
                 store of secrets when it runs",
            )
            .credential(CredentialUse::new(kind, secret, strength, found_in, place).id(id).beside(beside));
        finding.related = related;
        let at_most = if sure || confidence > Confidence::Low { Level::Error } else { Level::Warning };
        finding.uncertain(at_most, if sure && by_name { Confidence::High } else { confidence })
    }

    /// Where a text is written whose secret stands in no literal as it is: in base64, put together by a function.
    fn fallback(&self, text: &FreeText) -> Place {
        let literal = text.value.origin.literal.clone();
        let argument = self.declared.attribute(&text.argument).map(|argument| argument.place());
        literal.or(argument).unwrap_or_else(|| self.declared.first().header())
    }
}
