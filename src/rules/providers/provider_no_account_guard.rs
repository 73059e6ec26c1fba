//! `provider-no-account-guard`

use super::content::is_local;
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::resolve::ProviderAddress;
use crate::rules::{Check, Findings, Group, ProvidersContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "provider-no-account-guard",
    group: Group::Providers,
    summary: "an AWS provider works in whatever account its credentials belong to",
    severity: Severity::Low,
    recommended: Level::Off,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a block of the provider `aws` with neither `allowed_account_ids` nor `forbidden_account_ids`.

## Why it matters
With the wrong profile or role in the environment Terraform plans and applies in the wrong account. With the guard the
provider refuses before anything happens.

## Bad
```hcl
provider "aws" {
  region = "eu-west-1"
}
```

## Good
```hcl
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}
```

## Remedy
Add `allowed_account_ids` with the account that this configuration is for.

## References
- <https://registry.terraform.io/providers/hashicorp/aws/latest/docs#allowed_account_ids-1>
"#,
    check: Check::Providers(check),
};

fn check(context: &ProvidersContext<'_>, findings: &mut Findings) {
    let aws = Some(ProviderAddress::implied("aws"));
    for provider in context.providers.iter().filter(|provider| provider.provider() == aws) {
        let guarded = ["allowed_account_ids", "forbidden_account_ids"].iter().any(|ids| provider.declared.has(ids));
        if guarded || provider.contents.iter().any(is_local) {
            continue;
        }
        let message =
            "this AWS provider has no `allowed_account_ids`: it works in whatever account the credentials belong to";
        findings.push(
            Finding::new(RULE.id, provider.declared.first().header(), message)
                .address(&*provider.address)
                .attribute("allowed_account_ids")
                .module(module_name(provider.directory))
                .remedy("add `allowed_account_ids` with the account that this configuration is for"),
        );
    }
}
