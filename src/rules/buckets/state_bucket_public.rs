//! `state-bucket-public`

use super::said::{Said, said, said_by};
use super::stores::{Bucket, Part};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity};
use crate::resolve::Value;
use crate::rules::backends::site::list;
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "state-bucket-public",
    group: Group::Buckets,
    summary: "nothing keeps a bucket that holds state from being made public",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a bucket that a backend keeps its state in and that the repository makes without a complete public access block:
all four switches of `aws_s3_bucket_public_access_block` (or of the account's). For GCS it reports a grant to `allUsers`
or `allAuthenticatedUsers` and a missing `public_access_prevention = "enforced"`, for Azure a container that is not
private and an account that lets containers be made public; what is only not prevented there is a warning.

## Why it matters
State holds every secret that passed through a resource. One policy or access list that is too wide, now or later, shows
it to everybody; a public access block makes such a mistake harmless.

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

resource "aws_s3_bucket_public_access_block" "state" {
  bucket              = aws_s3_bucket.state.id
  block_public_acls   = true
  block_public_policy = true
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

resource "aws_s3_bucket_public_access_block" "state" {
  bucket                  = aws_s3_bucket.state.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
```

## Remedy
Add the public access block with all four switches. Buckets made since April 2023 have one from the start, which the
resource then keeps from being taken away.

## References
- <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
- <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_public_access_block>
- <https://cloud.google.com/storage/docs/public-access-prevention>
- <https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent>
"#,
    check: Check::Repository(check),
};

/// The switches of a public access block: all off by default.
const SWITCHES: [&str; 4] =
    ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
/// What has these switches: for the bucket, for all buckets of the account.
const BLOCKS: [&str; 2] = ["aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block"];

/// What grants access to a bucket of GCS, and the argument that says to whom.
const GRANTS: [(&str, &str); 4] = [
    ("google_storage_bucket_iam_member", "member"),
    ("google_storage_bucket_iam_binding", "members"),
    ("google_storage_bucket_access_control", "entity"),
    ("google_storage_bucket_acl", "predefined_acl"),
];

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    for bucket in &context.stores.buckets {
        findings.0.extend(match bucket.own.of_type.as_str() {
            "aws_s3_bucket" => of_s3(bucket),
            "google_storage_bucket" => of_gcs(bucket),
            _ => of_azure(bucket, &context.stores.containers),
        });
    }
}

fn of_s3(bucket: &Bucket) -> Option<Finding> {
    let is_on = |value: &Value| value.as_bool() == Some(true);
    let (mut off, mut at) = (Vec::new(), None);
    for switch in SWITCHES {
        match said(bucket, &BLOCKS.map(|block| (block, switch)), &is_on) {
            Said::Well | Said::Open => continue,
            Said::Otherwise(part, place) => at = at.or(Some((part, place))),
            Said::Nothing => {}
        }
        off.push(format!("`{switch}`"));
    }
    if off.is_empty() {
        return None;
    }
    let name = &bucket.name;
    let after = "one policy or access list that is too wide shows the state to everybody";
    let block = BLOCKS.iter().find_map(|block| bucket.parts_of(block).next());
    let finding = match at.or(block.map(|part| (part, part.header.clone()))) {
        Some((part, place)) => {
            let off = list(&off.iter().map(String::as_str).collect::<Vec<_>>());
            bucket.finding(
                RULE.id,
                part,
                place,
                format!("the public access block of `{name}` leaves {off} off: {after}"),
            )
        }
        None => bucket.missing(RULE.id, &BLOCKS, format!("`{name}` has no public access block: {after}")),
    };
    Some(finding.remedy(format!("set {} to true in the bucket's public access block", list(&SWITCHES))))
}

/// <https://cloud.google.com/storage/docs/public-access-prevention>
fn of_gcs(bucket: &Bucket) -> Option<Finding> {
    let (name, public) = (&bucket.name, ["allUsers", "allAuthenticatedUsers", "publicRead", "publicReadWrite"]);
    let is_private = |value: &Value| {
        let members = value.as_list().unwrap_or(std::slice::from_ref(value));
        !members.iter().filter_map(Value::as_str).any(|member| public.contains(&member))
    };
    let is_enforced = |value: &Value| value.as_str() == Some("enforced");
    let prevention = said(bucket, &[("google_storage_bucket", "public_access_prevention")], &is_enforced);
    if matches!(prevention, Said::Well | Said::Open) {
        return None;
    }
    for grant in GRANTS {
        for part in bucket.parts_of(grant.0) {
            if let Said::Otherwise(part, place) = said_by(part, grant.1, &is_private) {
                let message = format!("`{name}` is public: everybody may read the state in it");
                let finding = bucket.finding(RULE.id, part, place, message);
                return Some(finding.remedy("remove the grant, and set `public_access_prevention = \"enforced\"`"));
            }
        }
    }
    let (part, place) = match prevention {
        Said::Otherwise(part, place) => (part, place),
        _ => (&bucket.own, bucket.own.header.clone()),
    };
    let message = format!("nothing here keeps `{name}` from being made public, unless the organization's policy does");
    let finding = bucket.finding(RULE.id, part, place, message);
    Some(finding.remedy("set `public_access_prevention = \"enforced\"`").uncertain(Level::Warning, Confidence::Medium))
}

/// <https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent>
fn of_azure(bucket: &Bucket, containers: &BTreeSet<(String, String)>) -> Option<Finding> {
    let name = &bucket.name;
    let is_off = |value: &Value| value.as_bool() == Some(false);
    let setting = ["allow_nested_items_to_be_public", "allow_blob_public_access"];
    let account = said(bucket, &setting.map(|argument| ("azurerm_storage_account", argument)), &is_off);
    if matches!(account, Said::Well | Said::Open) {
        return None;
    }
    let holds_state = |part: &&Part| {
        let names = part.content.at("name").into_iter().filter_map(Value::as_str);
        names.into_iter().any(|container| containers.contains(&(name.clone(), container.to_owned())))
    };
    for part in bucket.parts_of("azurerm_storage_container").filter(holds_state) {
        let is_private = |value: &Value| value.as_str() == Some("private");
        if let Said::Otherwise(part, place) = said_by(part, "container_access_type", &is_private) {
            let message =
                format!("the container of the state in `{name}` is public: everybody may read the state in it");
            let finding = bucket.finding(RULE.id, part, place, message);
            return Some(finding.remedy("set `container_access_type = \"private\"`"));
        }
    }
    let (part, place) = match account {
        Said::Otherwise(part, place) => (part, place),
        _ => (&bucket.own, bucket.own.header.clone()),
    };
    let message = format!("`{name}` lets its containers be made public, and one of them holds the state");
    let finding = bucket.finding(RULE.id, part, place, message);
    Some(finding.remedy("set `allow_nested_items_to_be_public = false`").uncertain(Level::Warning, Confidence::Medium))
}
