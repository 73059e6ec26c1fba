//! `provider-version-in-block`

use super::edits::{insert_entry, insert_in_object, is_json};
use crate::document::edit::remove_attribute;
use crate::document::hcl::ExprKind;
use crate::finding::{Finding, Fix, FixAvailability, Level, Place, Severity};
use crate::resolve::{BlockIn, ProviderAddress};
use crate::rules::{Check, Findings, Group, ProviderContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "provider-version-in-block",
    group: Group::Providers,
    summary: "a provider block holds the deprecated argument `version`",
    severity: Severity::Low,
    recommended: Level::Warning,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports the argument `version` in a `provider` block.

## Why it matters
It has been deprecated since Terraform 0.13. The constraint counts, but it stands where nobody looks for it, and cannot
be kept in one place for several configurations of one provider. A future Terraform is to refuse it.

## Bad
```hcl
provider "aws" {
  version = "~> 5.0"
  region  = "eu-west-1"
}
```

## Good
```hcl
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}
```

## Remedy
Move the constraint to `required_providers`; the fix does.

## References
- <https://developer.hashicorp.com/terraform/language/providers/configuration#version-deprecated>
"#,
    check: Check::Provider(check),
};

/// Blocks of one provider in a module for which a fix is sought; there are a handful.
const MAX_BLOCKS: usize = 64;

fn check(context: &ProviderContext<'_>, findings: &mut Findings) {
    let Some(version) = context.block.block.body.attribute("version") else { return };
    let place = Place::new(context.block.source, version.span);
    let message = format!(
        "`version` in the block of the provider {} is deprecated since Terraform 0.13: it belongs in `required_providers`",
        context.name
    );
    let module = context.tree.module(context.instance);
    findings.push(
        Finding::new(RULE.id, place, message)
            .address(context.address)
            .attribute("version")
            .module(module_name(&module.directory))
            .remedy("move the constraint to `required_providers`")
            .command("terraform init")
            .fix(fix(context)),
    );
}

/// Removes the argument, and puts its constraint into `required_providers` unless it stands there already.
fn fix(context: &ProviderContext<'_>) -> Option<Fix> {
    let BlockIn { source, block } = context.block;
    let version = block.body.attribute("version")?;
    let constraint = version.value.as_str()?;
    let module = context.tree.module(context.instance);
    if is_json(source) || !constraint.chars().all(|c| c.is_ascii_alphanumeric() || " .,<>=!~+-".contains(c)) {
        return None;
    }
    // Configurations of one provider with different constraints: which of them counts is a person's decision.
    let others = module.providers.iter().filter(|other| other.label(0) == context.name);
    let texts: Vec<_> = others.filter_map(|other| other.attribute("version")).take(MAX_BLOCKS + 1).collect();
    if texts.len() > MAX_BLOCKS || texts.iter().any(|other| other.attribute.value.as_str() != Some(constraint)) {
        return None;
    }
    let mut edits = vec![remove_attribute(source, version.span)];
    match module.required_provider(context.name) {
        None => {
            let address = ProviderAddress::implied(context.name);
            let anchor = module.providers.iter().find(|one| one.label(0) == context.name).map(|one| one.first());
            edits.push(insert_entry(module, anchor, context.name, &address, constraint)?);
        }
        Some(entry) => match &entry.attribute.value.kind {
            ExprKind::String(text) if **text == *constraint => {}
            ExprKind::Object(entries) => {
                let named = |key: &crate::document::hcl::Expr| match &key.kind {
                    ExprKind::Variable(name) => name == "version",
                    _ => key.as_str() == Some("version"),
                };
                match entries.iter().find(|(key, _)| named(key)) {
                    Some((_, value)) if value.as_str() == Some(constraint) => {}
                    Some(_) => return None,
                    None => {
                        let value = format!("\"{constraint}\"");
                        edits.push(insert_in_object(entry.source, &entry.attribute.value, "version", &value)?);
                    }
                }
            }
            _ => return None,
        },
    }
    Some(Fix { safe: true, edits })
}
