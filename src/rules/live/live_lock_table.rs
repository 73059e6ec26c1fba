//! `live-lock-table`

use super::told;
use crate::finding::{Finding, FixAvailability, Level, LockAnswer, Severity, StateStore, TableAnswer};
use crate::rules::backends::site::list;
use crate::rules::buckets::requests::{Who, says};
use crate::rules::iam::{Effect, Match};
use crate::rules::{Check, Findings, Group, LiveContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "live-lock-table",
    group: Group::Live,
    summary: "the state's real lock table does not exist or has the wrong key, or its lock file may not be written",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Looks at what an S3 backend locks with as AWS has it, with the AWS credentials of whoever runs the program. It runs with
`--verify` and `credlint verify` only, and only reads.

Of a DynamoDB table it reports one that does not exist, or of which the only key is not the string `LockID`. A table is
looked for in the account that the backend's bucket belongs to; where that is another account, nobody could tell.

Of a lock file (`use_lockfile = true`: `KEY.tflock` beside the state, and one for each workspace below
`workspace_key_prefix`, where that is set) it reports

- that the bucket's policy denies everybody to get, put or delete it;
- that whoever runs the program may write the state, and not do all three to its lock: their own policies do not allow
  it, as `iam:SimulatePrincipalPolicy` tells, and the bucket's does not either; or the bucket's denies it to them. Who
  may only read the state needs no lock and is not reported.

A denial under a condition that may not be met counts as none.

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

A lock file that nobody may delete:
```hcl
terraform {
  backend "s3" {
    bucket       = "org-terraform-state"
    key          = "network/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}
```
```json aws.json
{ "lock": { "arn": "arn:aws:s3:::org-terraform-state/network/terraform.tfstate.tflock", "policy": { "Statement": [
  {
    "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::org-terraform-state/*"
  }
] } } }
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
`use_lockfile = true` locks with a file beside the state. Whoever runs Terraform needs `s3:GetObject`, `s3:PutObject`
and `s3:DeleteObject` on that file; a policy that protects states from deletion leaves `*.tflock` out (`NotResource`).

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#dynamodb-state-locking>
- <https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions>
- <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>
"#,
    check: Check::Live(check),
};

fn check(context: &LiveContext<'_>, findings: &mut Findings) {
    findings.0.extend(context.stores.iter().filter_map(|store| of_table(store).or_else(|| of_file(store))));
}

fn of_table(store: &StateStore) -> Option<Finding> {
    let what = match store.answer.as_ref()?.table? {
        TableAnswer::Missing => "does not exist in the account and region of the state's bucket",
        TableAnswer::There { has_lock_id: false } => "has another key than the string `LockID`",
        TableAnswer::There { has_lock_id: true } => return None,
    };
    let message = format!("the real lock table `{}` {what}: no run can lock the state", store.name);
    let remedy = "make it with the partition key `LockID` of type string, or lock with `use_lockfile = true` instead";
    Some(told::of_store(RULE.id, store, message).remedy(remedy))
}

fn of_file(store: &StateStore) -> Option<Finding> {
    let (lock, name) = (store.answer.as_ref()?.lock.as_ref()?, &store.name);
    let denied = |who, action| policy_says(lock, Effect::Deny, who, action) == Match::Surely;
    let to_everybody: Vec<&str> =
        LockAnswer::ACTIONS.into_iter().filter(|action| denied(Who::Everybody, action)).collect();
    let message = if to_everybody.is_empty() {
        let operator = Who::One(&lock.operator);
        let lacks = |action: &&'static str| {
            let is_allowed =
                !lock.lacks.contains(action) || policy_says(lock, Effect::Allow, operator, action) != Match::No;
            lock.may_write_state && (!is_allowed || denied(operator, action))
        };
        let lacks: Vec<&str> = LockAnswer::ACTIONS.into_iter().filter(lacks).collect();
        let why = format!("may write the state, and lacks {} on its lock file `{name}`", list(&lacks));
        (!lacks.is_empty()).then(|| format!("`{}` {why}: its runs cannot lock the state", lock.operator))?
    } else {
        let what = format!("denies everybody {} on the lock file `{name}`", list(&to_everybody));
        format!("the policy of the state's bucket {what}: no run can lock the state")
    };
    let remedy = "let whoever runs Terraform get, put and delete the lock file, and keep it out of what is denied";
    Some(told::of_store(RULE.id, store, message).remedy(remedy))
}

/// What the policy of the lock's bucket says; a bucket without one says nothing.
fn policy_says(lock: &LockAnswer, effect: Effect, who: Who<'_>, action: &'static str) -> Match {
    match lock.policy.as_deref() {
        None => Match::Maybe,
        Some("") => Match::No,
        Some(policy) => says(policy, effect, who, action, &lock.arn),
    }
}
