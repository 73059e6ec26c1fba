//! `provider-no-assume-role`

use super::content::{is_local, leaves};
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::resolve::{
    Backend, InstanceId, ModuleId, ProviderAddress, Tree, Value, VariableFiles, provider_name, read_always,
};
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule, module_name};
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
    check: Check::Repository(check),
};

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let program = context.program;
    let judge_root = |root: &ModuleId| {
        let always = read_always(program.beside(&program.modules[*root].directory));
        let tree = Tree::new(program, *root, VariableFiles { always, sometimes: Vec::new() });
        let (mut accounts, mut without) = (BTreeSet::new(), Vec::new());
        for instance in 0..tree.instances.len() {
            judge_instance(&tree, instance, &mut accounts, &mut without);
        }
        (accounts, without)
    };
    let (accounts, without): (Vec<_>, Vec<_>) = program.starts.par_iter().map(judge_root).unzip();
    let mut accounts: BTreeSet<String> = accounts.into_iter().flatten().collect();
    accounts.extend(context.backends.iter().flat_map(accounts_of_backend));
    if accounts.len() > 1 {
        findings.0.extend(without.into_iter().flatten());
    }
}

fn judge_instance(tree: &Tree<'_>, instance: InstanceId, accounts: &mut BTreeSet<String>, without: &mut Vec<Finding>) {
    let aws = ProviderAddress::implied("aws");
    let module = tree.module(instance);
    for provider in &module.providers {
        let name = provider.label(0);
        let source = tree.provider_source(instance, name);
        let address = source.as_deref().map_or_else(|| Some(ProviderAddress::implied(name)), ProviderAddress::parse);
        if address.as_ref() != Some(&aws) {
            continue;
        }
        let address = tree.address(instance, &provider_name(provider));
        let evaluator = tree.evaluator(instance);
        let contents: Vec<Value> = provider.layers.iter().map(|layer| evaluator.block(*layer, &address)).collect();
        accounts.extend(contents.iter().flat_map(leaves).filter_map(|(path, value)| account(&path, value.as_str()?)));
        let assumes = ["assume_role", "assume_role_with_web_identity", "profile"].iter().any(|way| provider.has(way));
        let dynamic = provider.layers.iter().any(|layer| layer.block.body.blocks.iter().any(|b| b.kind == "dynamic"));
        if assumes || dynamic || contents.iter().any(is_local) {
            continue;
        }
        let message = "this AWS provider assumes no role, in a repository that works in several accounts";
        without.push(
            Finding::new(RULE.id, provider.first().header(), message)
                .address(address)
                .attribute("assume_role")
                .module(module_name(&module.directory))
                .remedy("add `assume_role` with the role of the account that the provider works in"),
        );
    }
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
