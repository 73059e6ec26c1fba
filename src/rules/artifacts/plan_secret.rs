//! `plan-secret`

use super::told;
use crate::document::artifact::Format;
use crate::finding::{FixAvailability, Level, Severity};
use crate::rules::{ArtifactContext, Check, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "plan-secret",
    group: Group::Artifacts,
    summary: "a plan holds a secret",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports every secret in a saved plan (`terraform plan -out`) and in what `terraform show -json` prints of one, by its
address and attribute: in planned and prior values, in variables, in the backend and in provider configurations. What
counts as a secret is told as in `state-secret`; variables count where they are sensitive or named as a secret.

## Why it matters
A plan keeps in plain text all that the state keeps, and the variables, the backend's credentials and the configuration
as well. It is often handed on as a build artifact or pasted into a review.

## Bad
```json plan.json
{
  "format_version": "1.2",
  "terraform_version": "1.11.4",
  "variables": { "db_password": { "value": "Rk2dYf7PsUo9WgEn" } },
  "planned_values": { "root_module": {} },
  "resource_changes": [],
  "configuration": { "root_module": { "variables": { "db_password": { "sensitive": true } } } }
}
```

## Good
```json plan.json
{
  "format_version": "1.2",
  "terraform_version": "1.11.4",
  "variables": { "region": { "value": "eu-west-1" } },
  "planned_values": { "root_module": {} },
  "resource_changes": [],
  "configuration": { "root_module": { "variables": { "region": {} } } }
}
```

## Remedy
Rotate the credential, and delete the plan wherever it was handed on. Make variables that carry secrets `ephemeral`
(Terraform 1.10), so that plans do not keep them, and plan and apply in one place.

## References
- <https://developer.hashicorp.com/terraform/cli/commands/plan#out-filename>
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral>
"#,
    check: Check::Artifact(check),
};

fn check(context: &ArtifactContext<'_>, findings: &mut Findings) {
    if matches!(context.analysis.format, Format::Plan | Format::PlanJson) {
        let secrets = context.analysis.secrets.iter();
        findings.0.extend(secrets.map(|secret| told::finding(RULE.id, context, secret, "plan")));
    }
}
