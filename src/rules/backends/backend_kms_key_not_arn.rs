//! `backend-kms-key-not-arn`

use super::site;
use crate::finding::{FixAvailability, Level, Severity};
use crate::resolve::{Form, Kind, Value};
use crate::rules::{BackendContext, Check, Findings, Group, Rule, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-kms-key-not-arn",
    group: Group::Backends,
    summary: "a backend's key is named by a bare id or alias, not by its full name",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a `kms_key_id` of an `s3` backend that is not an ARN, and a `kms_encryption_key` of a `gcs` backend that is not
the key's full resource name.

## Why it matters
A bare id or alias is looked up in the account and region of whoever runs Terraform. From another account it names
nothing, or another key: the state is then written with a key that its readers cannot use.

## Bad
```hcl
terraform {
  backend "s3" {
    bucket     = "org-terraform-state"
    key        = "network/terraform.tfstate"
    region     = "eu-west-1"
    encrypt    = true
    kms_key_id = "alias/terraform"
  }
}
```

A bare id:
```hcl
terraform {
  backend "s3" {
    bucket     = "org-terraform-state"
    key        = "network/terraform.tfstate"
    encrypt    = true
    kms_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"
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

## Remedy
Write the key's ARN. `aws kms describe-key --key-id ID --query KeyMetadata.Arn --output text` tells it; of an alias,
`aws kms list-aliases`. Then run `terraform init -reconfigure`.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#kms_key_id>
- <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/s3/validate.go> (what is taken)
- <https://cloud.google.com/kms/docs/getting-resource-ids>
"#,
    check: Check::Backend(check),
};

fn check(context: &BackendContext<'_>, findings: &mut Findings) -> Verdict {
    let backend = context.backend;
    if !matches!(backend.form, Form::Block | Form::Terragrunt) {
        return Verdict::Decided;
    }
    let (argument, full_name): (_, fn(&Value) -> bool) = match backend.kind.as_str() {
        "s3" => ("kms_key_id", may_be_arn),
        "gcs" => ("kms_encryption_key", may_be_resource_name),
        _ => return Verdict::Decided,
    };
    for (value, _) in backend.values(argument) {
        if full_name(value) {
            continue;
        }
        let (wanted, how) = match backend.kind.as_str() {
            "s3" => ("ARN", "aws kms describe-key --key-id KEY --query KeyMetadata.Arn --output text"),
            _ => ("resource name", "gcloud kms keys list --location LOCATION --keyring RING"),
        };
        let message = format!(
            "`{argument}` of {} is not the key's full {wanted}: it means whatever key bears that name in the account, \
             project or region of the one who runs Terraform",
            site::noun(backend)
        );
        let finding = site::finding_at(RULE.id, backend, argument, value, message)
            .remedy(format!("write the key's full {wanted} and initialise again"))
            .command(how)
            .command("terraform init -reconfigure");
        findings.push(site::softened(finding, backend));
    }
    Verdict::Decided
}

/// Whether a value is or may become an ARN; no value at all is nothing to judge.
fn may_be_arn(value: &Value) -> bool {
    starts_with(value, "arn:")
}

/// Whether a value is or may become `projects/P/locations/L/keyRings/R/cryptoKeys/K`.
fn may_be_resource_name(value: &Value) -> bool {
    let Kind::String(text) = &value.kind else { return starts_with(value, "projects/") };
    let parts: Vec<&str> = text.split('/').collect();
    let names = ["projects", "locations", "keyRings", "cryptoKeys"];
    let full = names.iter().enumerate().all(|(nth, name)| parts.get(2 * nth) == Some(name));
    text.is_empty() || (full && parts.len() >= 8)
}

/// Whether a value starts or may start with a text.
fn starts_with(value: &Value, prefix: &str) -> bool {
    let Some(start) = site::known_start(value) else { return true };
    start.is_empty() || start.starts_with(prefix) || (value.as_str().is_none() && prefix.starts_with(start))
}
