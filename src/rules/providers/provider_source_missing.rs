//! `provider-source-missing`

use super::common::lock_file;
use super::edits::{entry, indent_of, insert_in_object, is_json, newline_of};
use crate::document::hcl::ExprKind;
use crate::finding::{Finding, Fix, FixAvailability, Level, Place, Severity};
use crate::resolve::schema::ProviderSchema;
use crate::resolve::{AttributeIn, ProviderAddress, locked_providers};
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "provider-source-missing",
    group: Group::Providers,
    summary: "an entry of `required_providers` names no source",
    severity: Severity::Low,
    recommended: Level::Warning,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an entry of `required_providers` without `source`, also in its short form `aws = "~> 5.0"`.

## Why it matters
Without a source Terraform takes the provider of that name from the namespace `hashicorp`. For a provider of somebody
else that is the wrong one, or none; who reads the configuration cannot see whose program runs with the credentials.

## Bad
```hcl
terraform {
  required_providers {
    aws = {
      version = "~> 5.0"
    }
  }
}
```

```hcl
terraform {
  required_providers {
    random = "~> 3.5"
  }
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
```

## Remedy
Add `source`. The fix adds what the lock file says, or what Terraform assumes where that is the provider's home.

## References
- <https://developer.hashicorp.com/terraform/language/providers/requirements#source-addresses>
"#,
    check: Check::Module(check),
};

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    for (name, entry) in context.module.required_providers() {
        let value = context.tree.evaluator(context.instance).attribute(&entry);
        let has_source = match &entry.attribute.value.kind {
            ExprKind::Object(_) => !value.at("source").is_empty(),
            ExprKind::String(_) => false,
            _ => true,
        };
        let assumed = ProviderAddress::implied(name);
        if has_source || assumed.is_built_in() {
            continue;
        }
        let message = format!("the required provider {name} names no source: Terraform assumes {assumed}");
        let address = format!("terraform.required_providers.{name}");
        findings.push(
            Finding::new(RULE.id, Place::new(entry.source, entry.attribute.name_span), message)
                .address(context.tree.address(context.instance, &address))
                .attribute("source")
                .module(module_name(&context.module.directory))
                .remedy(format!("add the source, such as `source = \"{}\"`", known(context, name).unwrap_or(assumed)))
                .fix(fix(context, name, &entry)),
        );
    }
}

/// Where the provider is known to come from: by the lock file, or by its documentation.
fn known(context: &ModuleContext<'_>, name: &str) -> Option<ProviderAddress> {
    let locked = lock_file(context.tree).map(locked_providers).unwrap_or_default();
    let mut of_name = locked.into_iter().map(|locked| locked.address).filter(|address| address.name() == name);
    if let Some(address) = of_name.next() {
        return Some(address).filter(|_| of_name.next().is_none());
    }
    let source = ProviderSchema::ALL.iter().find(|schema| schema.name == name)?.source.split(' ').next()?;
    ProviderAddress::parse(source).filter(|_| source.contains('/'))
}

fn fix(context: &ModuleContext<'_>, name: &str, required: &AttributeIn<'_>) -> Option<Fix> {
    let address = known(context, name)?;
    let source = required.source;
    let (place, text) = match &required.attribute.value.kind {
        ExprKind::String(constraint) if !is_json(source) && !constraint.contains(['"', '\\', '$', '%']) => {
            let indent = indent_of(source, required.attribute.span.start);
            let text = entry(&indent, newline_of(source), &address, constraint);
            (Place::new(source, required.attribute.value.span), text)
        }
        _ => insert_in_object(source, &required.attribute.value, "source", &format!("\"{address}\""))?,
    };
    // Another namespace than the assumed one is another provider: state that names the old one needs
    // `terraform state replace-provider`.
    Some(Fix { safe: address == ProviderAddress::implied(name), edits: vec![(place, text)] })
}
