//! `provider-no-assume-role`

use super::content::{each_leaf, is_local};
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::resolve::{Backend, ConfiguredProvider, ProviderAddress, Value};
use crate::rules::{Check, Findings, Group, ProvidersContext, Rule, module_name};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The argument that lists account ids.
const ALLOWED: &str = "allowed_account_ids";

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
    let assumes_none: Vec<_> = providers.into_par_iter().filter(|provider| !may_assume_role(provider)).collect();
    for provider in assumes_none {
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

/// Whether the provider takes a role, or may take one, or works in no account at all.
fn may_assume_role(provider: &ConfiguredProvider<'_>) -> bool {
    let ways = ["assume_role", "assume_role_with_web_identity", "profile"];
    let mut blocks = provider.declared.layers.iter().flat_map(|layer| &layer.block.body.blocks);
    ways.iter().any(|way| provider.declared.has(way))
        || blocks.any(|block| block.kind == "dynamic")
        || provider.contents.iter().any(is_local)
}

fn accounts_of_provider(content: &Value) -> Vec<String> {
    let mut accounts = Vec::new();
    each_leaf(content, |path, value| {
        let is_list = path.first() == Some(&ALLOWED);
        accounts.extend(value.as_str().and_then(|text| account(is_list, text)));
    });
    accounts
}

fn accounts_of_backend(backend: &Backend) -> BTreeSet<String> {
    let mut accounts = BTreeSet::new();
    for (name, setting) in backend.settings.iter().filter(|_| backend.kind == "s3") {
        let is_list = name == ALLOWED;
        each_leaf(&setting.value, |_, value| accounts.extend(value.as_str().and_then(|text| account(is_list, text))));
    }
    accounts
}

/// The account in an ARN, or an account id in a list of allowed ones.
fn account(is_list: bool, text: &str) -> Option<String> {
    let id = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_list && id(text) {
        return Some(text.to_owned());
    }
    let mut parts = text.split(':');
    let arn = parts.next() == Some("arn") && parts.next().is_some_and(|partition| partition.starts_with("aws"));
    parts.nth(2).filter(|account| arn && id(account)).map(str::to_owned)
}
