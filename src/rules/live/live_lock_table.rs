//! `live-lock-table`

use super::told;
use crate::finding::{Finding, FixAvailability, Level, Severity, StateStore, TableAnswer};
use crate::rules::{Check, Findings, Group, LiveContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "live-lock-table",
    group: Group::Live,
    summary: "the real lock table of the state does not exist or has the wrong key",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Looks at the DynamoDB table that an S3 backend locks with as AWS has it, with the AWS credentials of whoever runs the
program, and reports one that does not exist, or of which the only key is not the string `LockID`. It runs with
`--verify` and `credlint verify` only, and only reads. A table is looked for in the account that the backend's bucket
belongs to; where that is another account, nobody could tell.

## Why it matters
Every run that locks fails, and people take to `-lock=false`: two runs at once can then destroy the state.

## Bad
```hcl
terraform {
  backend "s3" {
    bucket         = "org-terraform-state"
    key            = "network/terraform.tfstate"
    region         = "eu-west-1"
    encrypt        = true
    dynamodb_table = "terraform-locks"
  }
}
```
```json aws.json
{ "table": { "has_lock_id": false } }
```

## Good
```hcl
terraform {
  backend "s3" {
    bucket         = "org-terraform-state"
    key            = "network/terraform.tfstate"
    region         = "eu-west-1"
    encrypt        = true
    dynamodb_table = "terraform-locks"
  }
}
```
```json aws.json
{ "table": { "has_lock_id": true } }
```

## Remedy
Make the table with the partition key `LockID` of type string, or do without one: since Terraform 1.10 and OpenTofu 1.10
`use_lockfile = true` locks with a file beside the state.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#dynamodb-state-locking>
"#,
    check: Check::Live(check),
};

fn check(context: &LiveContext<'_>, findings: &mut Findings) {
    findings.0.extend(context.stores.iter().filter_map(finding));
}

fn finding(store: &StateStore) -> Option<Finding> {
    let what = match store.answer.as_ref()?.table? {
        TableAnswer::Missing => "does not exist in the account and region of the state's bucket",
        TableAnswer::There { has_lock_id: false } => "has another key than the string `LockID`",
        TableAnswer::There { has_lock_id: true } => return None,
    };
    let message = format!("the real lock table `{}` {what}: no run can lock the state", store.name);
    let remedy = "make it with the partition key `LockID` of type string, or lock with `use_lockfile = true` instead";
    Some(told::of_store(RULE.id, store, message).remedy(remedy))
}
