//! `secret-unwrapped`

use super::springs::{SecretSpring, secret_spring};
use super::variables::is_first;
use crate::document::hcl::{Body, Expr, ExprKind, Part, Step};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Place, Related, Severity};
use crate::resolve::inflows_of;
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};
use crate::text::Source;
use std::sync::Arc;

/// The rule.
pub static RULE: Rule = Rule {
    id: "secret-unwrapped",
    group: Group::Configuration,
    summary: "`nonsensitive()` over a sensitive value",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports `nonsensitive()` over a value that is a secret: a variable that is declared `sensitive`, an attribute that a
provider declares sensitive, also through locals and modules. What only computes something of a secret (`length`,
`sha256`, `keys`, ...) may be shown.

## Why it matters
Plans, logs and outputs show the value in plain text from there on.

## Bad
```hcl
variable "api_key" {
  sensitive = true
}

resource "aws_ssm_parameter" "api" {
  name  = "/app/api-key"
  type  = "String"
  value = nonsensitive(var.api_key)
}
```

## Good
```hcl
variable "api_key" {
  sensitive = true
}

resource "aws_ssm_parameter" "api" {
  name  = "/app/api-key"
  type  = "SecureString"
  value = var.api_key
}

output "fingerprint" {
  value = nonsensitive(sha256(var.api_key))
}
```

## Remedy
Leave `nonsensitive()` out. Where a part of the value is no secret, take that part out first.

## References
- <https://developer.hashicorp.com/terraform/language/functions/nonsensitive>
"#,
    check: Check::Module(check),
};

/// Expressions within each other that are searched: the parser takes no deeper ones.
const MAX_DEPTH: usize = 200;

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    if !is_first(context.tree, context.instance) {
        return;
    }
    for document in &context.module.documents {
        if memchr::memmem::find(document.source.bytes(), b"nonsensitive").is_none() {
            continue;
        }
        let mut calls = Vec::new();
        document.body.iter().for_each(|body| in_body(body, "", &mut calls));
        for call in calls {
            findings.0.extend(judge(context, &document.source, &call));
        }
    }
}

/// A call of `nonsensitive` and what it stands in.
struct Unwrapped<'d> {
    address: String,
    call: &'d Expr,
    argument: &'d Expr,
}

fn judge(context: &ModuleContext<'_>, source: &Arc<Source>, found: &Unwrapped<'_>) -> Option<Finding> {
    let document = context.module.documents.iter().find(|document| Arc::ptr_eq(&document.source, source))?;
    let inflows = inflows_of(context.tree, context.instance, &document.source, found.argument);
    let secret = inflows.into_iter().find_map(|inflow| {
        let spring = secret_spring(context.tree, &inflow).filter(|spring| spring.declared)?;
        Some((spring, inflow))
    });
    let (SecretSpring { name, why, general, .. }, inflow) = secret?;
    let message = format!("`nonsensitive()` unwraps `{name}`, {why}: plans and logs show it from here on");
    let mut finding = Finding::new(RULE.id, Place::new(source, found.call.span), message)
        .address(&found.address)
        .attribute("nonsensitive")
        .module(module_name(&context.module.directory))
        .remedy("leave `nonsensitive()` out, or take the part that is no secret out first");
    if general {
        finding = finding.uncertain(Level::Note, Confidence::Low);
    }
    let stations = inflow.way.into_iter();
    finding.related.extend(stations.map(|one| Related::station(one.place, one.name.to_string())));
    Some(finding)
}

fn in_body<'d>(body: &'d Body, address: &str, found: &mut Vec<Unwrapped<'d>>) {
    for attribute in &body.attributes {
        let inner = if address == "locals" { format!("local.{}", attribute.name) } else { address.to_owned() };
        in_expr(&attribute.value, &inner, 0, found);
    }
    for block in &body.blocks {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.text.as_str()).collect();
        let own = match (block.kind.as_str(), address) {
            ("resource", "") => labels.join("."),
            (kind, "") if labels.is_empty() => kind.to_owned(),
            ("variable", "") => format!("var.{}", labels.join(".")),
            (kind, "") => format!("{kind}.{}", labels.join(".")),
            _ => address.to_owned(),
        };
        in_body(&block.body, &own, found);
    }
}

fn in_expr<'d>(expr: &'d Expr, address: &str, depth: usize, found: &mut Vec<Unwrapped<'d>>) {
    if depth > MAX_DEPTH {
        return;
    }
    if let ExprKind::Call(call) = &expr.kind
        && call.name.trim_start_matches("core::") == "nonsensitive"
        && let Some(argument) = call.arguments.first()
    {
        found.push(Unwrapped { address: address.to_owned(), call: expr, argument });
    }
    let mut each = |inner: &'d Expr| in_expr(inner, address, depth + 1, found);
    match &expr.kind {
        ExprKind::Template(parts) => in_parts(parts, address, depth + 1, found),
        ExprKind::Tuple(items) => items.iter().for_each(each),
        ExprKind::Object(entries) => entries.iter().for_each(|(_, value)| each(value)),
        ExprKind::Traversal(traversal) => {
            each(&traversal.source);
            if let Step::Index(key) = &traversal.step {
                each(key);
            }
        }
        ExprKind::Call(call) => call.arguments.iter().for_each(each),
        ExprKind::Unary(_, operand) | ExprKind::Parenthesis(operand) => each(operand),
        ExprKind::Binary(left, _, right) => [left, right].into_iter().for_each(|side| each(side)),
        ExprKind::Conditional(parts) => [&parts.0, &parts.1, &parts.2].into_iter().for_each(each),
        ExprKind::For(parts) => {
            [&parts.collection, &parts.result]
                .into_iter()
                .chain(&parts.result_key)
                .chain(&parts.condition)
                .for_each(each);
        }
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Variable(_)
        | ExprKind::Unparsed => {}
    }
}

fn in_parts<'d>(parts: &'d [Part], address: &str, depth: usize, found: &mut Vec<Unwrapped<'d>>) {
    if depth > MAX_DEPTH {
        return;
    }
    for part in parts {
        match part {
            Part::Literal(..) => {}
            Part::Interpolation(inner) => in_expr(inner, address, depth + 1, found),
            Part::If(directive) => {
                in_expr(&directive.condition, address, depth + 1, found);
                in_parts(&directive.then, address, depth + 1, found);
                in_parts(&directive.otherwise, address, depth + 1, found);
            }
            Part::For { collection, body, .. } => {
                in_expr(collection, address, depth + 1, found);
                in_parts(body, address, depth + 1, found);
            }
        }
    }
}
