//! `provider-no-assume-role`

use super::content::{is_local, leaves};
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::resolve::{Backend, ProviderAddress, Value};
use crate::rules::{Check, Findings, Group, ProvidersContext, Rule, module_name};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "provider-no-assume-role",
    group: Group::Providers,
    summary: "an AWS provider in a repository of several accounts assumes no role",
    severity: Severity::Low,
    recommended: Level::Off,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Where the repository's AWS providers and backends name more than one account, reports a block of the provider `aws` with
no `assume_role`, `assume_role_with_web_identity` or `profile`.

## Why it matters
Such a provider works in the account of whoever runs Terraform. Where there are several, that is chance; with one role
for each account it is written down, and every call is made with a session that ends.

## Bad
```hcl
provider "aws" {
  alias  = "shared"
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/terraform"
  }
}

provider "aws" {
  alias  = "workload"
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::444455556666:role/terraform"
  }
}

provider "aws" {
  region = "eu-west-1"
}
```

## Good
```hcl
provider "aws" {
  alias  = "shared"
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/terraform"
  }
}

provider "aws" {
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::444455556666:role/terraform"
  }
}
```

## Remedy
Add `assume_role` with the role of the account that the provider works in.

## References
- <https://registry.terraform.io/providers/hashicorp/aws/latest/docs#assuming-an-iam-role>
- <https://developer.hashicorp.com/terraform/language/backend/s3#multi-account-aws-architecture>
"#,
    check: Check::Providers(check),
};

fn check(context: &ProvidersContext<'_>, findings: &mut Findings) {
    let aws = Some(ProviderAddress::implied("aws"));
    let providers: Vec<_> = context.providers.iter().filter(|provider| provider.provider() == aws).collect();
    let contents = providers.par_iter().flat_map_iter(|provider| &provider.contents);
    let mut accounts: BTreeSet<String> = contents.flat_map_iter(accounts_of_provider).collect();
    accounts.extend(context.backends.iter().flat_map(accounts_of_backend));
    if accounts.len() < 2 {
        return;
    }
    for provider in providers {
        let assumes = ["assume_role", "assume_role_with_web_identity", "profile"];
        let mut blocks = provider.declared.layers.iter().flat_map(|layer| &layer.block.body.blocks);
        if assumes.iter().any(|way| provider.declared.has(way))
            || blocks.any(|block| block.kind == "dynamic")
            || provider.contents.iter().any(is_local)
        {
            continue;
        }
        let message = "this AWS provider assumes no role, in a repository that works in several accounts";
        findings.push(
            Finding::new(RULE.id, provider.declared.first().header(), message)
                .address(&*provider.address)
                .attribute("assume_role")
                .module(module_name(provider.directory))
                .remedy("add `assume_role` with the role of the account that the provider works in"),
        );
    }
}

fn accounts_of_provider(content: &Value) -> Vec<String> {
    leaves(content).into_iter().filter_map(|(path, value)| account(&path, value.as_str()?)).collect()
}

fn accounts_of_backend(backend: &Backend) -> BTreeSet<String> {
    let leaves = backend.settings.iter().filter(|_| backend.kind == "s3").flat_map(|(name, setting)| {
        leaves(&setting.value).into_iter().map(move |(path, value)| (format!("{name}.{path}"), value))
    });
    leaves.filter_map(|(path, value)| account(&path, value.as_str()?)).collect()
}

/// The account in an ARN, or an account id in a list of allowed ones.
fn account(path: &str, text: &str) -> Option<String> {
    let id = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if path.starts_with("allowed_account_ids") && id(text) {
        return Some(text.to_owned());
    }
    let mut parts = text.split(':');
    let arn = parts.next() == Some("arn") && parts.next().is_some_and(|partition| partition.starts_with("aws"));
    parts.nth(2).filter(|account| arn && id(account)).map(str::to_owned)
}
