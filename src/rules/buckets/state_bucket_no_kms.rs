//! `state-bucket-no-kms`

use super::said::unmet;
use crate::finding::{FixAvailability, Level, Severity};
use crate::resolve::Value;
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "state-bucket-no-kms",
    group: Group::Buckets,
    summary: "a bucket that holds state encrypts with no key of a key management service by default",
    severity: Severity::High,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a bucket that a backend keeps its state in and that the repository makes without default encryption by a key
management service: for S3 `sse_algorithm = "aws:kms"` (or `aws:kms:dsse`), for GCS a `default_kms_key_name`.

## Why it matters
State holds secrets in clear. Encrypted by the storage service's own key, whoever may read the object may read them; a
key of a key management service has a policy and a log of its own, and can be taken away. The bucket's default holds
for what is written by other means than a backend with `kms_key_id`, such as copies, restored versions and lock files.

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

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
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

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "arn:aws:kms:eu-west-1:111122223333:alias/terraform"
    }
  }
}
```

## Remedy
Set the bucket's default encryption to a key of your own and let it rotate. Objects that are there already keep their
encryption until they are written again.

## References
- <https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html>
- <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_server_side_encryption_configuration>
- <https://cloud.google.com/storage/docs/encryption/customer-managed-keys>
"#,
    check: Check::Repository(check),
};

/// Where default encryption is set.
const ENCRYPTION: [(&str, &str); 3] = [
    (
        "aws_s3_bucket",
        "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm",
    ),
    (
        "aws_s3_bucket_server_side_encryption_configuration",
        "rule.apply_server_side_encryption_by_default.sse_algorithm",
    ),
    ("google_storage_bucket", "encryption.default_kms_key_name"),
];

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    for bucket in &context.stores.buckets {
        let is_google = bucket.own.of_type == "google_storage_bucket";
        let is_kms = |value: &Value| match value.as_str() {
            Some(text) if is_google => !text.is_empty(),
            Some(text) => matches!(text, "aws:kms" | "aws:kms:dsse"),
            None => false,
        };
        let message = |said: bool| {
            let how = if said { "by no key of a key management service" } else { "by the storage service's own key" };
            let name = &bucket.name;
            format!("`{name}` encrypts {how} by default: whoever may read the objects reads the secrets in the state")
        };
        let found = unmet(RULE.id, bucket, &ENCRYPTION, &is_kms, &message);
        findings.0.extend(found.map(|finding| {
            finding.remedy(match is_google {
                true => "name a key of your own in `encryption { default_kms_key_name }`",
                false => "set `sse_algorithm = \"aws:kms\"` with a key of your own as the bucket's default encryption",
            })
        }));
    }
}
