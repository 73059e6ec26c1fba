//! `live-state-bucket`

use super::told;
use crate::finding::{Finding, FixAvailability, Level, Severity, StateStore, StoreKind};
use crate::rules::backends::site::list;
use crate::rules::buckets::requests::undenied_by;
use crate::rules::{Check, Findings, Group, LiveContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "live-state-bucket",
    group: Group::Live,
    summary: "the real bucket of the state is less protected than state needs",
    severity: Severity::High,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Looks at the bucket of each S3 backend as AWS has it, with the AWS credentials of whoever runs the program, and reports
one that keeps no versions, does not encrypt with a KMS key by default, has no complete public access block of its own,
or whose policy lets unencrypted puts or plain HTTP through. It runs with `--verify` and `credlint verify` only, and
only reads. What these credentials may not look at is said to be unknown, and is no finding. A role that the backend
assumes is not assumed.

Whether the account as a whole blocks public access is not looked at: that block may stand before the bucket, and goes
with one change to the account that has nothing to do with state. The bucket's own block stays.

## Why it matters
State holds secrets in plain text. The bucket was mostly made by hand, before there was any Terraform, so that no
configuration tells what protects it.

## Bad
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
{ "bucket": { "is_versioned": false, "has_kms": true, "is_blocked": true, "policy": "" } }
```

## Good
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
{
  "bucket": { "is_versioned": true, "has_kms": true, "is_blocked": true, "policy": {
    "Version": "2012-10-17",
    "Statement": [
      {
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::org-terraform-state/*",
        "Condition": { "Bool": { "aws:SecureTransport": "false" } }
      },
      {
        "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::org-terraform-state/*",
        "Condition": { "StringNotEquals": { "s3:x-amz-server-side-encryption": "aws:kms" } }
      }
    ]
  } }
}
```

## Remedy
Switch on versioning (`aws s3api put-bucket-versioning`), default encryption with a key of your own
(`put-bucket-encryption`) and all four public access blocks (`put-public-access-block`), and give the bucket a policy
that denies puts without `aws:kms` and everything where `aws:SecureTransport` is false (`put-bucket-policy`).

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3>
- <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html>
- <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
"#,
    check: Check::Live(check),
};

fn check(context: &LiveContext<'_>, findings: &mut Findings) {
    let buckets = context.stores.iter().filter(|store| store.kind == StoreKind::Bucket);
    findings.0.extend(buckets.filter_map(finding));
}

fn finding(store: &StateStore) -> Option<Finding> {
    let bucket = &store.answer.as_ref()?.bucket;
    let policy = bucket.policy.as_deref();
    let undenied = policy.and_then(|policy| match policy {
        "" => Some("has no policy that denies unencrypted puts and plain HTTP".to_owned()),
        policy => undenied_by(policy, &store.name).map(|what| format!("has a policy that denies {what}")),
    });
    let lacks = [
        (bucket.is_versioned == Some(false)).then_some("keeps no versions"),
        (bucket.has_kms == Some(false)).then_some("does not encrypt with a KMS key by default"),
        (bucket.is_blocked == Some(false))
            .then_some("has no complete public access block of its own (the account's is not looked at)"),
        undenied.as_deref(),
    ];
    let lacks: Vec<&str> = lacks.into_iter().flatten().collect();
    let message = format!("the real bucket `{}` {}", store.name, list(&lacks));
    let remedy = "mend the bucket itself: versioning, default encryption with your own KMS key, all four public access \
                  blocks, a policy that denies unencrypted puts and plain HTTP";
    (!lacks.is_empty()).then(|| told::of_store(RULE.id, store, message).remedy(remedy))
}
