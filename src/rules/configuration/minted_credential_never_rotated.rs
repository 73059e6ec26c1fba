//! `minted-credential-never-rotated`

use super::minted::{finding, minting_of, open_question};
use super::rotation::{Rotation, rotation_of};
use crate::finding::{FixAvailability, Level, Severity};
use crate::policy::settings::{OptionKind, OptionSpec};
use crate::rules::{Check, Findings, Group, ResourceContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "minted-credential-never-rotated",
    group: Group::Configuration,
    summary: "nothing replaces a minted credential in time",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[OptionSpec {
        name: "max_age_days",
        kind: OptionKind::Integer { default: 90, min: 1, max: 36500 },
        summary: "days that a minted credential may live before it is replaced",
    }],
    documentation: r#"
## What it does
Reports a resource that mints a long-lived credential when nothing in the configuration replaces it within
`max_age_days`: no `time_rotating` reaches it (through `replace_triggered_by`, `keepers`, `rotate_when_changed` or
another argument), and no argument makes it expire. A rotation or an expiry that takes longer counts as none. Where it
is replaced only when somebody changes a value, that is a note.

## Why it matters
A key that nobody replaces works for whoever has ever seen it: former colleagues, old logs, every backup of the state.

## Bad
```hcl
resource "aws_iam_access_key" "ci" {
  user = "ci"
}
```

```hcl
resource "time_rotating" "year" {
  rotation_days = 365
}

resource "google_service_account_key" "deploy" {
  service_account_id = "deploy"
  keepers            = { rotation = time_rotating.year.rotation_rfc3339 }
}
```

## Good
```hcl
resource "time_rotating" "key" {
  rotation_days = 60
}

resource "aws_iam_access_key" "ci" {
  user = "ci"

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [time_rotating.key]
  }
}

resource "azuread_application_password" "app" {
  application_id      = "/applications/00000000-0000-0000-0000-000000000000"
  rotate_when_changed = { rotation = time_rotating.key.id }
}

resource "cloudflare_api_token" "dns" {
  name       = "dns"
  expires_on = var.token_expiry
}
```

## Remedy
Do without the credential where that can be. Else let a `time_rotating` replace it, with `create_before_destroy` so that
its users can move before the old one is revoked, and apply on a schedule: Terraform rotates only when it runs.

## Options
- `max_age_days`: days that a minted credential may live before it is replaced (90)

## References
- <https://registry.terraform.io/providers/hashicorp/time/latest/docs/resources/rotating>
- <https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#replace_triggered_by>
"#,
    check: Check::Resource(check),
};

fn check(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    let Some(minting) = minting_of(resource) else { return };
    #[expect(clippy::cast_precision_loss, reason = "days are few")]
    let most = context.settings.integer("max_age_days") as f64;
    let rotation = rotation_of(resource);
    let mut message = format!("nothing replaces what `{}` mints ({})", resource.kind, minting.mints);
    let by_hand = matches!(rotation, Rotation::ByHand);
    match rotation {
        Rotation::After(days) if days.is_none_or(|days| days <= most) => return,
        Rotation::After(days) => {
            message += &format!(" within {most} days: it lives for {:.0}", days.unwrap_or_default());
        }
        Rotation::ByHand => message += " unless somebody changes a value",
        Rotation::None => {}
    }
    let rotation = minting.rotation.replace("{addr}", resource.address());
    let remedy = format!("let a `time_rotating` of at most {most} days replace it ({rotation})");
    let finding = finding(RULE.id, resource, message).remedy(remedy);
    findings.push(if by_hand { open_question(finding) } else { finding });
}
