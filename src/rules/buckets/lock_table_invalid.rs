//! `lock-table-invalid`

use super::said::place_of;
use super::stores::{Part, Table};
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::resolve::Value;
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "lock-table-invalid",
    group: Group::Buckets,
    summary: "the table that locks the state has another key than the string `LockID`",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a DynamoDB table that a backend names as its lock table and whose key is not the one that Terraform writes: the
partition key must be `LockID`, in just this spelling, of type string, without a sort key.

## Why it matters
Terraform finds its lock by that key. With another one every run fails, or people turn locking off to get on, and two
runs at once damage the state.

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

resource "aws_dynamodb_table" "locks" {
  name         = "terraform-locks"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "LockId"

  attribute {
    name = "LockId"
    type = "S"
  }
}
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

resource "aws_dynamodb_table" "locks" {
  name         = "terraform-locks"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "LockID"

  attribute {
    name = "LockID"
    type = "S"
  }
}
```

## Remedy
Make the table anew with `LockID` of type `S` as its only key; or do without it: since Terraform 1.10
`use_lockfile = true` locks in the bucket itself.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#dynamodb-state-locking>
"#,
    check: Check::Repository(check),
};

/// The key that Terraform writes: case counts.
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/s3/client.go>
const KEY: &str = "LockID";

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    for table in &context.stores.tables {
        findings.0.extend(finding(table));
    }
}

fn finding(table: &Table) -> Option<Finding> {
    let (attribute, value, what) = wrong(&table.own)?;
    let message = format!("{what}, and Terraform looks for its lock by the string `{KEY}`: it can lock nothing here");
    let finding = table.own.finding(RULE.id, place_of(value, &table.own), message).attribute(attribute);
    let finding = finding.related(table.used_at.clone(), "the backend that locks by this table");
    Some(
        finding
            .remedy(format!("make `{KEY}` of type `S` its only key, or lock in the bucket by `use_lockfile = true`")),
    )
}

/// What is wrong with a table's key, and the value that says so.
fn wrong(table: &Part) -> Option<(&'static str, &Value, String)> {
    let keys = table.content.at("hash_key").into_iter().flat_map(Value::alternatives);
    let keys: Vec<&Value> = keys.collect();
    if let [first, ..] = keys.as_slice()
        && keys.iter().all(|key| key.as_str().is_some_and(|key| key != KEY))
    {
        return Some(("hash_key", first, format!("the key of this table is `{}`", first.as_str().unwrap_or_default())));
    }
    let ranges = table.content.at("range_key").into_iter().flat_map(Value::alternatives);
    if let Some(range) = ranges.into_iter().find(|range| range.as_str().is_some_and(|key| !key.is_empty())) {
        return Some(("range_key", range, "this table has a sort key".to_owned()));
    }
    let attributes = table.content.at("attribute").into_iter().filter_map(Value::as_list).flatten();
    let of_key = attributes.filter(|one| one.at("name").first().and_then(|name| name.as_str()) == Some(KEY));
    let mut types = of_key.flat_map(|one| one.at("type"));
    let other = types.find(|of_type| of_type.as_str().is_some_and(|text| text != "S"))?;
    Some((
        "attribute.type",
        other,
        format!("the key of this table is of type `{}`", other.as_str().unwrap_or_default()),
    ))
}
