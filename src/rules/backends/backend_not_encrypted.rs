//! `backend-not-encrypted`

use crate::finding::{Finding, Fix, FixAvailability, Level, Place, Severity};
use crate::resolve::{Answer, Form};
use crate::rules::{BackendContext, Check, Findings, Group, Rule, Verdict, module_name};

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
Set `encrypt = true` and run `terraform init -reconfigure`; the next apply writes the state encrypted.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3>
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
        Answer::Absent if absent_is_bad => {
            findings.push(finding(context, backend.header.clone()).fix(insert(context)));
            Verdict::Decided
        }
        Answer::Absent => Verdict::Decided,
        Answer::Set(values) => {
            let mut verdict = Verdict::Decided;
            for (value, _) in values {
                match value.as_bool() {
                    Some(true) => {}
                    Some(false) => {
                        let place = value.origin.literal.clone().unwrap_or_else(|| backend.header.clone());
                        let fix = Fix::safe(place.clone(), "true");
                        findings.push(finding(context, place).attribute("encrypt").fix(fix));
                    }
                    None => verdict = Verdict::Undecided("encrypt"),
                }
            }
            verdict
        }
    }
}

fn finding(context: &BackendContext<'_>, place: Place) -> Finding {
    let backend = context.backend;
    let key = if backend.values("kms_key_id").is_empty() { "" } else { "; `kms_key_id` alone has no effect" };
    let message = format!("the {} backend does not encrypt the state: `encrypt = true` is missing{key}", backend.kind);
    Finding::new(RULE.id, place, message)
        .address(&backend.address)
        .module(module_name(&backend.module))
        .remedy("set `encrypt = true` in the backend and initialise again")
        .command("terraform init -reconfigure")
}

/// Inserts the argument at the end of the block.
fn insert(context: &BackendContext<'_>) -> Option<Fix> {
    let backend = context.backend;
    crate::document::edit::append_attribute(&backend.header.source, backend.inner?, "encrypt", "true")
        .map(|(place, text)| Fix::safe(place, text))
}
