//! `state-bucket-unversioned`

use super::said::unmet;
use crate::finding::{FixAvailability, Level, Severity};
use crate::resolve::Value;
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "state-bucket-unversioned",
    group: Group::Buckets,
    summary: "a bucket that holds state keeps no older versions of it",
    severity: Severity::High,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a bucket that a backend keeps its state in and that the repository makes without versioning: `aws_s3_bucket` and
`aws_s3_bucket_versioning`, `google_storage_bucket`, `azurerm_storage_account`. It is found by its name, as backends,
variables, locals and modules give it.

## Why it matters
A state that is overwritten or damaged, by a failed run or by a second module that uses the same key, is gone. With
versions it is a matter of minutes to restore the last good one.

## Bad
```hcl
terraform {
  backend "s3" {
    bucket  = "org-terraform-state"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    encrypt = true
  }
}

resource "aws_s3_bucket" "state" {
  bucket = "org-terraform-state"
}
```

Suspended:
```hcl
terraform {
  backend "s3" {
    bucket  = "org-terraform-state"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    encrypt = true
  }
}

resource "aws_s3_bucket" "state" {
  bucket = "org-terraform-state"
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id
  versioning_configuration {
    status = "Suspended"
  }
}
```

## Good
```hcl
terraform {
  backend "s3" {
    bucket  = "org-terraform-state"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    encrypt = true
  }
}

resource "aws_s3_bucket" "state" {
  bucket = "org-terraform-state"
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id
  versioning_configuration {
    status = "Enabled"
  }
}
```

## Remedy
Enable versioning. A lifecycle rule that removes versions after some months keeps old secrets from staying there for
ever.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3>
- <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_versioning>
"#,
    check: Check::Repository(check),
};

/// Where versioning is set, and off by default.
const VERSIONING: [(&str, &str); 4] = [
    ("aws_s3_bucket", "versioning.enabled"),
    ("aws_s3_bucket_versioning", "versioning_configuration.status"),
    ("google_storage_bucket", "versioning.enabled"),
    ("azurerm_storage_account", "blob_properties.versioning_enabled"),
];

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let is_enabled = |value: &Value| value.as_bool() == Some(true) || value.as_str() == Some("Enabled");
    for bucket in &context.stores.buckets {
        let message = |said: bool| {
            let (name, how) = (&bucket.name, if said { "not enabled" } else { "not set, and off by default" });
            format!("versioning of `{name}` is {how}: a state that is overwritten or damaged there cannot be restored")
        };
        let found = unmet(RULE.id, bucket, &VERSIONING, &is_enabled, &message);
        findings.0.extend(found.map(|finding| finding.remedy("enable versioning on the bucket")));
    }
}
