//! `backend-not-encrypted`

use super::site;
use crate::document::edit::append_attribute;
use crate::finding::{Finding, Fix, FixAvailability, Level, Place, Severity};
use crate::resolve::{Answer, Backend, Form, Value};
use crate::rules::{BackendContext, Check, Findings, Group, Rule, Verdict, trace_of};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-not-encrypted",
    group: Group::Backends,
    summary: "a backend writes the state without asking for encryption",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an `s3` backend (and an `oss` backend) that does not set `encrypt = true`, and a `cos` backend that sets
`encrypt = false`.

## Why it matters
State holds every secret that passed through a resource. Without `encrypt = true` Terraform sends no server-side
encryption header: `kms_key_id` alone has no effect, and a bucket policy that denies unencrypted puts refuses the state.

## Bad
```hcl
terraform {
  backend "s3" {
    bucket     = "org-terraform-state"
    key        = "network/terraform.tfstate"
    region     = "eu-west-1"
    kms_key_id = "arn:aws:kms:eu-west-1:111122223333:alias/terraform"
  }
}
```

Switched off:
```hcl
terraform {
  backend "s3" {
    bucket  = "org-terraform-state"
    key     = "network/terraform.tfstate"
    encrypt = false
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

A backend whose arguments are supplied elsewhere is not judged:
```hcl
terraform {
  backend "s3" {}
}
```

## Remedy
Set `encrypt = true` and run `terraform init -reconfigure`; the next apply writes the state encrypted.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#encrypt>
- <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/s3/client.go> (the header)
"#,
    check: Check::Backend(check),
};

fn check(context: &BackendContext<'_>, findings: &mut Findings) -> Verdict {
    let backend = context.backend;
    if !matches!(backend.form, Form::Block | Form::Terragrunt) {
        return Verdict::Decided;
    }
    let absent_is_bad = match backend.kind.as_str() {
        "s3" | "oss" => true,
        "cos" => false,
        _ => return Verdict::Decided,
    };
    match backend.answer("encrypt") {
        Answer::Undecided => Verdict::Undecided("encrypt"),
        Answer::Absent => {
            if absent_is_bad {
                let finding = finding(backend, backend.header.clone(), "is missing").fix(insert(backend));
                findings.push(site::softened(finding, backend));
            }
            Verdict::Decided
        }
        Answer::Set(values) => {
            let mut verdict = Verdict::Decided;
            for (value, _) in values {
                match value.as_bool() {
                    Some(true) => {}
                    Some(false) => findings.push(site::softened(switched_off(backend, value), backend)),
                    None => verdict = Verdict::Undecided("encrypt"),
                }
            }
            verdict
        }
    }
}

fn switched_off(backend: &Backend, value: &Value) -> Finding {
    let place = site::place_of(value, backend);
    let fix = site::is_own(backend, &place).then(|| Fix::safe(place.clone(), "true"));
    let mut finding = finding(backend, place, "is switched off").attribute("encrypt").fix(fix);
    finding.related.extend(trace_of(value, &finding.place));
    finding
}

fn finding(backend: &Backend, place: Place, what: &str) -> Finding {
    let key = if backend.values("kms_key_id").is_empty() { "" } else { "; `kms_key_id` alone has no effect" };
    let message = format!("{} does not encrypt the state: `encrypt = true` {what}{key}", site::noun(backend));
    site::finding(RULE.id, backend, place, message)
        .remedy("set `encrypt = true` in the backend and initialise again; the next apply writes the state encrypted")
        .command("terraform init -reconfigure")
}

/// Inserts the argument at the end of the block.
fn insert(backend: &Backend) -> Option<Fix> {
    let inner = backend.inner.filter(|_| backend.form == Form::Block && site::is_native(backend.header.path()))?;
    let edit = append_attribute(&backend.header.source, inner, "encrypt", "true");
    edit.map(|(place, text)| Fix::safe(place, text))
}
