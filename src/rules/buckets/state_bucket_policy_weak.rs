//! `state-bucket-policy-weak`

use super::requests::undenied;
use super::stores::{Bucket, Part};
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "state-bucket-policy-weak",
    group: Group::Buckets,
    summary: "no policy of a bucket that holds state denies unencrypted puts and plain HTTP",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an S3 bucket that a backend keeps its state in and that the repository makes, where no bucket policy denies
both: putting objects without asking for encryption, and any access by plain HTTP. The policy is read from
`aws_s3_bucket_policy`, as `aws_iam_policy_document`, `jsonencode` or JSON. A statement counts if it meets everybody,
and every object.

## Why it matters
The policy is what holds for every client, also for one whose backend block lost its `encrypt = true`, or that is told
to talk to a plain endpoint: then state, with its secrets, is written or read in clear.

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

data "aws_iam_policy_document" "state" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.state.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["aws:kms"]
    }
  }
}

resource "aws_s3_bucket_policy" "state" {
  bucket = aws_s3_bucket.state.id
  policy = data.aws_iam_policy_document.state.json
}
```

## Remedy
Add the two statements to the bucket's policy, and `encrypt = true` to every backend that uses it: the policy refuses
what does not ask for encryption. Lock files of OpenTofu before 1.10.2 are among that.

## References
- <https://repost.aws/knowledge-center/s3-bucket-store-kms-encrypted-objects>
- <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html>
"#,
    check: Check::Repository(check),
};

/// What has a bucket policy.
const POLICY: &str = "aws_s3_bucket_policy";

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    for bucket in context.stores.buckets.iter().filter(|bucket| bucket.own.of_type == "aws_s3_bucket") {
        findings.0.extend(finding(bucket));
    }
}

fn finding(bucket: &Bucket) -> Option<Finding> {
    let name = &bucket.name;
    let with_policy = |part: &&Part| !part.documents.is_empty();
    let Some(part) = bucket.parts_of(POLICY).chain([&bucket.own]).find(with_policy) else {
        let message =
            format!("`{name}` has no policy that denies unencrypted puts and plain HTTP, whatever a client asks for");
        return Some(remedied(bucket.missing(RULE.id, &[POLICY], message)));
    };
    let lacks = undenied(&part.documents, bucket)?;
    let message = format!("the policy of `{name}` denies {lacks}: a client that asks for it writes or reads state so");
    Some(remedied(bucket.finding(RULE.id, part, part.header.clone(), message)))
}

fn remedied(finding: Finding) -> Finding {
    finding.remedy(
        "deny `s3:PutObject` where `s3:x-amz-server-side-encryption` is not `aws:kms`, and `s3:*` where \
         `aws:SecureTransport` is false, to everybody",
    )
}
