//! `live-kms-rotation`

use super::told;
use crate::finding::{Finding, FixAvailability, Level, Severity, StateStore};
use crate::rules::{Check, Findings, Group, LiveContext, Rule};
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "live-kms-rotation",
    group: Group::Live,
    summary: "the real key that encrypts the state does not rotate",
    severity: Severity::Low,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Looks at the KMS key that an S3 backend names, and at the one that its bucket encrypts with by default, as AWS has them,
with the AWS credentials of whoever runs the program, and reports one whose material AWS does not replace by itself. It
runs with `--verify` and `credlint verify` only, and only reads. Keys that AWS manages rotate every year.

## Why it matters
Whoever once had the key's material can read every state that was ever encrypted with it.

## Bad
```hcl
terraform {
  backend "s3" {
    bucket       = "org-terraform-state"
    key          = "network/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    kms_key_id   = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    use_lockfile = true
  }
}
```
```json aws.json
{ "key": { "arn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "rotates": false } }
```

## Good
```hcl
terraform {
  backend "s3" {
    bucket       = "org-terraform-state"
    key          = "network/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    kms_key_id   = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    use_lockfile = true
  }
}
```
```json aws.json
{ "key": { "arn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "rotates": true } }
```

## Remedy
`aws kms enable-key-rotation --key-id KEY`: what is encrypted already stays readable. A key with imported material does
not rotate by itself: replace it.

## References
- <https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>
"#,
    check: Check::Live(check),
};

fn check(context: &LiveContext<'_>, findings: &mut Findings) {
    let mut said = BTreeSet::new();
    for store in context.stores {
        let Some(key) = store.answer.as_ref().and_then(|answer| answer.key.as_ref()) else { continue };
        // One key may encrypt many states.
        if !key.rotates && said.insert(&key.arn) {
            findings.push(finding(store, &key.arn));
        }
    }
}

fn finding(store: &StateStore, arn: &str) -> Finding {
    let message = format!("the key that encrypts the state does not rotate: {arn}");
    told::of_store(RULE.id, store, message)
        .remedy("let AWS rotate it: what is encrypted already stays readable")
        .command(format!("aws kms enable-key-rotation --key-id {arn}"))
}
