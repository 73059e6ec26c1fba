//! `backend-no-kms-key`

use super::site;
use crate::finding::{FixAvailability, Level, Severity};
use crate::resolve::{Answer, Backend, Form};
use crate::rules::{BackendContext, Check, Findings, Group, Rule, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-no-kms-key",
    group: Group::Backends,
    summary: "an encrypted backend names no key of the customer's own",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an `s3` backend with `encrypt = true` and neither `kms_key_id` nor `sse_customer_key`, and a `gcs` backend with
neither `kms_encryption_key` nor `encryption_key`.

## Why it matters
Without a key of its own the state is encrypted with a key that the storage service manages for everybody: whoever may
read the object reads the state. A customer-managed key has a policy of its own, logs each use and can be withdrawn.

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
```

In Google's storage:
```hcl
terraform {
  backend "gcs" {
    bucket = "org-terraform-state"
    prefix = "network"
  }
}
```

## Good
```hcl
terraform {
  backend "s3" {
    bucket     = "org-terraform-state"
    key        = "network/terraform.tfstate"
    region     = "eu-west-1"
    encrypt    = true
    kms_key_id = "arn:aws:kms:eu-west-1:111122223333:alias/terraform"
  }
}
```

In Google's storage:
```hcl
terraform {
  backend "gcs" {
    bucket             = "org-terraform-state"
    prefix             = "network"
    kms_encryption_key = "projects/org/locations/europe-west1/keyRings/terraform/cryptoKeys/state"
  }
}
```

## Remedy
Create a key, grant those who run Terraform `kms:Encrypt`, `kms:Decrypt` and `kms:GenerateDataKey` on it, name it by its
ARN in `kms_key_id` and run `terraform init -reconfigure`.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#kms_key_id>
- <https://developer.hashicorp.com/terraform/language/backend/gcs#kms_encryption_key>
"#,
    check: Check::Backend(check),
};

fn check(context: &BackendContext<'_>, findings: &mut Findings) -> Verdict {
    let backend = context.backend;
    if !matches!(backend.form, Form::Block | Form::Terragrunt) {
        return Verdict::Decided;
    }
    let (key, other) = match backend.kind.as_str() {
        "s3" => ("kms_key_id", "sse_customer_key"),
        "gcs" => ("kms_encryption_key", "encryption_key"),
        _ => return Verdict::Decided,
    };
    if names_a_key(backend, key) || names_a_key(backend, other) {
        return Verdict::Decided;
    }
    if backend.kind == "s3" {
        match backend.answer("encrypt") {
            Answer::Undecided => return Verdict::Undecided("encrypt"),
            // Without encryption the key is not the first thing to mend.
            Answer::Absent => return Verdict::Decided,
            Answer::Set(values) => match values.iter().map(|(value, _)| value.as_bool()).collect::<Option<Vec<bool>>>()
            {
                None => return Verdict::Undecided("encrypt"),
                Some(known) if known.contains(&false) => return Verdict::Decided,
                Some(_) => {}
            },
        }
    }
    if !backend.complete {
        return Verdict::Undecided(key);
    }
    let message = format!("{} encrypts the state with the service's own key: `{key}` is missing", site::noun(backend));
    let finding = site::finding(RULE.id, backend, backend.header.clone(), message)
        .remedy(format!("name a customer-managed key in `{key}` and initialise again"))
        .command("terraform init -reconfigure");
    findings.push(site::softened(finding, backend));
    Verdict::Decided
}

/// Whether an argument is set to anything but the empty string.
fn names_a_key(backend: &Backend, argument: &str) -> bool {
    backend.values(argument).iter().any(|(value, _)| value.as_str() != Some(""))
}
