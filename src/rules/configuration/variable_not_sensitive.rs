//! `variable-not-sensitive`

use super::marks::mark;
use super::secret_arguments::secret_arguments;
use super::springs::variable_at;
use super::variables::is_first;
use crate::document::hcl::{Expr, ExprKind};
use crate::finding::{Confidence, Finding, Fix, FixAvailability, Level, Place, Related, Severity};
use crate::resolve::{Declared, Module, Seek, Spring, inflows};
use crate::rules::inside::is_plausible;
use crate::rules::names::{names_a_secret, names_no_secret};
use crate::rules::secret::{Judgement, judge_secret};
use crate::rules::{Check, Findings, Group, ModuleContext, ResourceContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "variable-not-sensitive",
    group: Group::Configuration,
    summary: "a variable that takes a secret and is not `sensitive`",
    severity: Severity::Low,
    recommended: Level::Warning,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a variable that is not marked `sensitive` although it is given to an argument that a provider declares
sensitive, also through locals and modules, or is named as a secret (`db_password`, `api_token`; not
`db_password_length`, `token_endpoint`, `secret_arn`).

## Why it matters
Terraform shows the value in plans, logs and error messages.

## Bad
```hcl
variable "db_password" {
  type = string
}
```

```hcl
variable "admin" {
  type = string
}

resource "aws_db_instance" "main" {
  engine   = "postgres"
  password = var.admin
}
```

## Good
```hcl
variable "admin" {
  type      = string
  sensitive = true
}

variable "db_password_length" {
  type    = number
  default = 20
}

resource "aws_db_instance" "main" {
  engine   = "postgres"
  password = var.admin
}
```

## Remedy
Mark the variable `sensitive`. The fix does so where nothing in the module has to change with it: outputs that show the
value, and loops over it, would be refused.

## References
- <https://developer.hashicorp.com/terraform/language/values/variables#suppressing-values-in-cli-output>
"#,
    check: Check::Any(&[Check::Module(check_names), Check::Resource(check_sinks)]),
};

fn check_names(context: &ModuleContext<'_>, findings: &mut Findings) {
    if !is_first(context.tree, context.instance) {
        return;
    }
    for (name, variable) in context.module.variables.iter().filter(|(name, _)| names_a_secret(name)) {
        if !is_marked(variable) && may_be_text(variable) && !names_a_name(name, variable) {
            let message = format!("`var.{name}` is named as a secret and is not marked `sensitive`");
            let mut finding = finding(context.module, variable, message);
            finding.confidence = Confidence::Medium;
            findings.push(finding);
        }
    }
}

fn check_sinks(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    let tree = resource.tree;
    for argument in secret_arguments(resource) {
        if !argument.exact || !is_reference(&argument.written.attribute.attribute.value) {
            continue;
        }
        for inflow in inflows(tree, resource.instance, &resource.declared, &argument.written, Seek::All) {
            let unset = match &inflow.spring {
                Spring::Variable { address } => Some(address),
                _ => None,
            };
            for address in inflow.way.iter().map(|station| &station.name).chain(unset) {
                let Some(variable) = variable_at(tree, address) else { continue };
                let (name, module) = (variable.label(0), variable.first().source.path.parent());
                if is_marked(variable) || names_no_secret(name) {
                    continue;
                }
                let (path, sink) = (&argument.written.path, resource.address());
                let message = format!(
                    "`var.{name}` is given to `{path}` of `{sink}`, which the provider declares sensitive, and is not \
                     marked `sensitive`"
                );
                let modules = tree.program.modules_in(&module).iter().map(|id| &tree.program.modules[*id]);
                for module in modules.take(1) {
                    let place = argument.written.attribute.place();
                    let mut finding = finding(module, variable, message.clone());
                    finding.related.push(Related::other(place, format!("{sink}.{path}")));
                    findings.push(finding);
                }
            }
        }
    }
}

fn finding(module: &Module<'_>, variable: &Declared<'_>, message: String) -> Finding {
    let name = variable.label(0);
    Finding::new(RULE.id, variable.first().header(), message)
        .address(format!("var.{name}"))
        .attribute("sensitive")
        .module(module_name(&module.directory))
        .remedy("mark the variable `sensitive`")
        .fix(mark_alone(module, variable))
}

/// Ephemeral values are not shown either.
/// <https://developer.hashicorp.com/terraform/language/values/variables#exclude-values-from-state>
fn is_marked(variable: &Declared<'_>) -> bool {
    variable.is("sensitive", false) || variable.is("ephemeral", false)
}

/// Whether the variable may hold a text: no number or switch.
fn may_be_text(variable: &Declared<'_>) -> bool {
    let of = |name: &str| variable.attribute(name).map(|attribute| &attribute.attribute.value.kind);
    let typed = match of("type") {
        Some(ExprKind::Variable(name)) => Some(name.as_str()),
        Some(ExprKind::String(text)) => Some(&**text),
        _ => None,
    };
    !matches!(typed, Some("number" | "bool")) && !matches!(of("default"), Some(ExprKind::Bool(_) | ExprKind::Number(_)))
}

/// Whether the default shows that the value is what a secret is called elsewhere, or where it lies.
fn names_a_name(name: &str, variable: &Declared<'_>) -> bool {
    let default = variable.attribute("default");
    let text = default.as_ref().and_then(|default| default.attribute.value.as_str());
    text.is_some_and(|text| judge_secret(text) == Judgement::Secret && !is_plausible(name, text))
}

/// Whether a value is taken over whole.
fn is_reference(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Variable(_) | ExprKind::Traversal(_) => true,
        ExprKind::Parenthesis(inner) => is_reference(inner),
        ExprKind::Conditional(parts) => is_reference(&parts.1) || is_reference(&parts.2),
        ExprKind::Call(call) => {
            let same = ["try", "coalesce", "sensitive", "nonsensitive", "one"].contains(&call.name.as_str());
            same && call.arguments.iter().any(is_reference)
        }
        _ => false,
    }
}

/// The fix, where nothing else in the module has to change with it.
fn mark_alone(module: &Module<'_>, variable: &Declared<'_>) -> Option<Fix> {
    let reference = format!("var.{}", variable.label(0));
    let mentions = |place: &Place| {
        let text = place.source.text(place.span).unwrap_or("");
        text.match_indices(&reference).any(|(at, _)| {
            let next = text[at + reference.len()..].chars().next();
            !next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        })
    };
    let shown = module.outputs.values().filter(|output| !output.is("sensitive", false));
    let shown = shown.filter_map(|output| output.attribute("value"));
    let passed = module.calls.values().flat_map(|call| call.layers.iter());
    let passed = passed.flat_map(|layer| layer.block.body.attributes.iter().map(|one| layer.place(one.value.span)));
    let repeated = module.resources.values().flat_map(|one| ["for_each", "count"].map(|name| one.attribute(name)));
    let nested = module.resources.values().flat_map(|one| one.layers.iter());
    let nested = nested.flat_map(|layer| layer.block.body.blocks_of("dynamic").map(|block| layer.place(block.span)));
    let places = shown.chain(module.locals.values().copied()).chain(repeated.flatten()).map(|one| one.place());
    if places.chain(passed).chain(nested).any(|place| mentions(&place)) {
        return None;
    }
    mark(variable)
}
