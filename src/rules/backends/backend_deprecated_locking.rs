//! `backend-deprecated-locking`

use super::site;
use crate::document::edit::remove_attribute;
use crate::finding::{Fix, FixAvailability, Level, Severity};
use crate::resolve::{Backend, Form};
use crate::rules::{BackendContext, Check, Findings, Group, Rule, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-deprecated-locking",
    group: Group::Backends,
    summary: "a lock table is used where the required Terraform version has use_lockfile",
    severity: Severity::Low,
    recommended: Level::Note,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports `dynamodb_table` of an `s3` backend in a module whose `required_version` admits only releases that have
`use_lockfile` (1.10 and later). The fix is offered from 1.11 on, where `use_lockfile` is no longer experimental.

## Why it matters
Locking by DynamoDB is deprecated since Terraform 1.11 and will be removed. It needs a table, and rights on that table
which are often granted too broadly. Terraform before 1.15 shows its deprecation warning only beside an error, so that
nobody sees it.

## Bad
```hcl
terraform {
  required_version = ">= 1.11"

  backend "s3" {
    bucket         = "org-terraform-state"
    key            = "network/terraform.tfstate"
    region         = "eu-west-1"
    encrypt        = true
    dynamodb_table = "terraform-locks"
  }
}
```

## Good
```hcl
terraform {
  required_version = ">= 1.11"

  backend "s3" {
    bucket       = "org-terraform-state"
    key          = "network/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}
```

Where older releases are admitted, the table is the way to lock:
```hcl
terraform {
  required_version = ">= 1.5"

  backend "s3" {
    bucket         = "org-terraform-state"
    key            = "network/terraform.tfstate"
    encrypt        = true
    dynamodb_table = "terraform-locks"
  }
}
```

## Remedy
Set `use_lockfile = true` beside `dynamodb_table`, so that both locks are taken while older runs may still be under way;
when everybody has initialised again, remove `dynamodb_table`. Those who run Terraform need to get, put and delete
`<key>.tflock`.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#dynamodb-state-locking>
- <https://github.com/hashicorp/terraform/blob/v1.11.0/CHANGELOG.md>
"#,
    check: Check::Backend(check),
};

fn check(context: &BackendContext<'_>, findings: &mut Findings) -> Verdict {
    let backend = context.backend;
    let judged = backend.form == Form::Block && backend.kind == "s3" && site::requires_at_least(context.module, 1, 10);
    if !judged {
        return Verdict::Decided;
    }
    let lockfile = backend.values("use_lockfile").iter().any(|(value, _)| value.as_bool() == Some(true));
    for (value, _) in backend.values("dynamodb_table") {
        if value.as_str() == Some("") {
            continue;
        }
        let message = if lockfile {
            "`dynamodb_table` is deprecated since Terraform 1.11; `use_lockfile` already locks the state beside it"
        } else {
            "`dynamodb_table` is deprecated since Terraform 1.11; every version that this module takes has `use_lockfile`"
        };
        let finding = site::finding_at(RULE.id, backend, "dynamodb_table", value, message)
            .remedy(
                "lock with `use_lockfile = true`, initialise again, and remove `dynamodb_table` once every run does so",
            )
            .command("terraform init -reconfigure");
        let stable = site::requires_at_least(context.module, 1, 11);
        findings.push(finding.fix(if stable { fix(backend, lockfile) } else { None }));
    }
    Verdict::Decided
}

/// Replaces the argument, or removes it where the other one is there already.
fn fix(backend: &Backend, lockfile: bool) -> Option<Fix> {
    let place = site::own_attribute(backend, "dynamodb_table")?;
    if lockfile {
        let (place, text) = remove_attribute(&place.source, place.span);
        return Some(Fix::safe(place, text));
    }
    if backend.settings.contains_key("use_lockfile") {
        return None;
    }
    // The `=` stays in its column.
    let text = place.source.text(place.span)?;
    let before = text.find('=')?;
    let text = format!("{:before$}= true", "use_lockfile");
    Some(Fix::safe(place, text))
}
