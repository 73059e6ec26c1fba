//! `backend-no-locking`

use super::site;
use crate::document::edit::append_attribute;
use crate::finding::{Confidence, Finding, Fix, FixAvailability, Level, Severity};
use crate::resolve::{Answer, Backend, Form};
use crate::rules::{BackendContext, Check, Findings, Group, Rule, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-no-locking",
    group: Group::Backends,
    summary: "a backend does not lock the state while it is written",
    severity: Severity::High,
    recommended: Level::Warning,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an `s3` backend with neither `use_lockfile = true` nor a lock table, an `oss` backend without
`tablestore_table`, an `http` backend without `lock_address`, and `lock = false` of `consul` and others.

## Why it matters
Two runs at the same time overwrite each other's state: resources are created twice, or lost from the state together
with the knowledge of the secrets they hold.

## Bad
```hcl
terraform {
  required_version = ">= 1.11"

  backend "s3" {
    bucket  = "org-terraform-state"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    encrypt = true
  }
}
```

Over HTTP:
```hcl
terraform {
  backend "http" {
    address = "https://state.example.com/network"
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

Over HTTP:
```hcl
terraform {
  backend "http" {
    address        = "https://state.example.com/network"
    lock_address   = "https://state.example.com/network/lock"
    unlock_address = "https://state.example.com/network/lock"
  }
}
```

## Remedy
Set `use_lockfile = true` (Terraform and OpenTofu 1.10 and later) or, before that, `dynamodb_table`; then run
`terraform init -reconfigure`. Whoever runs Terraform needs to get, put and delete `<key>.tflock` in the bucket.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#state-locking>
- <https://developer.hashicorp.com/terraform/language/backend/http#lock_address>
"#,
    check: Check::Backend(check),
};

fn check(context: &BackendContext<'_>, findings: &mut Findings) -> Verdict {
    let backend = context.backend;
    if !matches!(backend.form, Form::Block | Form::Terragrunt) {
        return Verdict::Decided;
    }
    match backend.kind.as_str() {
        "s3" => s3(context, findings),
        "oss" => named(backend, "tablestore_table", findings),
        "http" => named(backend, "lock_address", findings),
        "consul" | "etcdv3" | "swift" => switched_off(backend, findings),
        _ => Verdict::Decided,
    }
}

fn s3(context: &BackendContext<'_>, findings: &mut Findings) -> Verdict {
    let backend = context.backend;
    let tables = ["dynamodb_table", "lock_table"];
    let table = tables.iter().flat_map(|name| backend.values(name));
    if table.into_iter().any(|(value, _)| value.as_str() != Some("")) {
        return Verdict::Decided;
    }
    let place = match backend.answer("use_lockfile") {
        Answer::Undecided => return Verdict::Undecided("use_lockfile"),
        Answer::Absent => None,
        Answer::Set(values) => {
            if values.iter().any(|(value, _)| value.as_bool().is_none()) {
                return Verdict::Undecided("use_lockfile");
            }
            match values.iter().find(|(value, _)| value.as_bool() == Some(false)) {
                Some((value, _)) => Some(*value),
                None => return Verdict::Decided,
            }
        }
    };
    let message = "the s3 backend does not lock the state: neither `use_lockfile` nor `dynamodb_table` is set";
    let finding = match place {
        Some(value) => {
            let finding = site::finding_at(RULE.id, backend, "use_lockfile", value, message);
            let own = site::is_own(backend, &finding.place).then(|| Fix::safe(finding.place.clone(), "true"));
            finding.fix(own)
        }
        None => site::finding(RULE.id, backend, backend.header.clone(), message).fix(insert(context)),
    };
    let text = if site::requires_at_least(context.module, 1, 10) {
        "set `use_lockfile = true` and initialise again"
    } else {
        "set `use_lockfile = true` (needs Terraform or OpenTofu 1.10, say so in `required_version`) or, before that, \
         `dynamodb_table`, and initialise again"
    };
    let finding = finding.remedy(text).command("terraform init -reconfigure");
    findings.push(site::softened(finding, backend));
    Verdict::Decided
}

/// Adds `use_lockfile = true` where every version that the module takes knows it.
fn insert(context: &BackendContext<'_>) -> Option<Fix> {
    let backend = context.backend;
    let may = backend.form == Form::Block
        && site::is_native(backend.header.path())
        && site::requires_at_least(context.module, 1, 10);
    let inner = backend.inner.filter(|_| may)?;
    let edit = append_attribute(&backend.header.source, inner, "use_lockfile", "true");
    edit.map(|(place, text)| Fix::safe(place, text))
}

/// Backends that lock when an argument names where.
fn named(backend: &Backend, argument: &'static str, findings: &mut Findings) -> Verdict {
    match backend.answer(argument) {
        Answer::Undecided => return Verdict::Undecided(argument),
        Answer::Set(values) if values.iter().any(|(value, _)| value.as_str() != Some("")) => return Verdict::Decided,
        Answer::Set(_) | Answer::Absent => {}
    }
    let message = format!("{} does not lock the state: `{argument}` is missing", site::noun(backend));
    let mut finding = site::finding(RULE.id, backend, backend.header.clone(), message)
        .remedy(format!("set `{argument}` and initialise again"))
        .command("terraform init -reconfigure");
    if backend.kind == "http" {
        // TF_HTTP_LOCK_ADDRESS supplies it as well.
        finding.confidence = Confidence::Medium;
    }
    findings.push(site::softened(finding, backend));
    Verdict::Decided
}

/// Backends that lock unless they are told not to.
fn switched_off(backend: &Backend, findings: &mut Findings) -> Verdict {
    for (value, _) in backend.values("lock") {
        match value.as_bool() {
            Some(true) => {}
            Some(false) => findings.push(site::softened(not_locking(backend, value), backend)),
            None => return Verdict::Undecided("lock"),
        }
    }
    Verdict::Decided
}

fn not_locking(backend: &Backend, value: &crate::resolve::Value) -> Finding {
    let message = format!("{} does not lock the state: `lock` is switched off", site::noun(backend));
    let finding = site::finding_at(RULE.id, backend, "lock", value, message)
        .remedy("remove `lock = false` and initialise again")
        .command("terraform init -reconfigure");
    let own = site::is_own(backend, &finding.place).then(|| Fix::safe(finding.place.clone(), "true"));
    finding.fix(own)
}
