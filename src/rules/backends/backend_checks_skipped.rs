//! `backend-checks-skipped`

use super::site::{self, Service, service};
use crate::finding::{FixAvailability, Level, Severity};
use crate::resolve::Form;
use crate::resolve::schema::ArgumentKind;
use crate::rules::{BackendContext, Check, Findings, Group, Rule, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-checks-skipped",
    group: Group::Backends,
    summary: "a backend leaves out the checks of its credentials, account or region",
    severity: Severity::Low,
    recommended: Level::Note,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports `skip_credentials_validation`, `skip_requesting_account_id`, `skip_region_validation`,
`skip_metadata_api_check` and `skip_s3_checksum` set to `true` in an `s3` backend that speaks to AWS itself. A backend
with an endpoint of its own, such as a local emulator's, may need them and is not reported.

## Why it matters
These switches exist for services that only look like AWS. With them Terraform notices late or never that its
credentials are stale, belong to another account, or that the state was damaged on its way.

## Bad
```hcl
terraform {
  backend "s3" {
    bucket                      = "org-terraform-state"
    key                         = "network/terraform.tfstate"
    region                      = "eu-west-1"
    skip_credentials_validation = true
  }
}
```

## Good
```hcl
terraform {
  backend "s3" {
    bucket                      = "state"
    key                         = "network/terraform.tfstate"
    region                      = "us-east-1"
    endpoints                   = { s3 = "http://localhost:4566" }
    skip_credentials_validation = true
    skip_requesting_account_id  = true
  }
}
```

## Remedy
Remove the switch and run `terraform init -reconfigure`.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3>
"#,
    check: Check::Backend(check),
};

fn check(context: &BackendContext<'_>, findings: &mut Findings) -> Verdict {
    let backend = context.backend;
    if backend.kind != "s3" || backend.form == Form::Encryption {
        return Verdict::Decided;
    }
    let switches = backend.schema.into_iter().flat_map(|schema| schema.arguments);
    let mut verdict = Verdict::Decided;
    for switch in switches.filter(|argument| argument.kind == ArgumentKind::SkipCheck) {
        for (value, _) in backend.values(switch.path) {
            if value.as_bool() != Some(true) {
                continue;
            }
            match service(backend) {
                Service::Local | Service::Custom => return Verdict::Decided,
                Service::Unknown => verdict = Verdict::Undecided("endpoints"),
                Service::Default => {
                    let message =
                        format!("{} leaves out a check of AWS: `{}` is set", site::noun(backend), switch.path);
                    let finding = site::finding_at(RULE.id, backend, switch.path, value, message)
                        .remedy(format!("remove `{}` and initialise again", switch.path))
                        .command("terraform init -reconfigure");
                    findings.push(finding);
                }
            }
        }
    }
    verdict
}
