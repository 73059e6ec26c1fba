//! `state-secret`

use super::told;
use crate::document::artifact::{Format, Section};
use crate::finding::{FixAvailability, Level, Severity};
use crate::rules::{ArtifactContext, Check, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "state-secret",
    group: Group::Artifacts,
    summary: "a state file holds a secret",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports every secret in a state file of any version (also in backups, `errored.tfstate`, what `terraform show -json` and
`terraform output -json` print) by its address and attribute: what the provider declares sensitive, what the state marks
(`sensitive_attributes`, sensitive outputs), credentials of known formats, also inside user data, container definitions
and environments, in base64 and in JSON within strings, and copies of any of these at other addresses. What only a name
tells (`DB_PASSWORD` in an environment) is a warning, unless the value looks generated. Hashes, ids, ARNs, public keys,
certificates and what is encrypted are no secrets, whatever the state marks.

## Why it matters
State keeps everything in plain text. `sensitive` hides a value on the screen, never in the file.

## Bad
```json terraform.tfstate
{
  "version": 4,
  "terraform_version": "1.11.4",
  "serial": 3,
  "lineage": "5d0b8bd6-3a5c-1f3c-9d0c-7f3b1c9b2f10",
  "outputs": {},
  "resources": [
    {
      "module": "module.db",
      "mode": "managed",
      "type": "random_password",
      "name": "admin",
      "provider": "provider[\"registry.terraform.io/hashicorp/random\"]",
      "instances": [
        {
          "schema_version": 3,
          "attributes": { "id": "none", "length": 16, "result": "Rk2dYf7PsUo9WgEn" },
          "sensitive_attributes": []
        }
      ]
    }
  ]
}
```

## Good
```json terraform.tfstate
{
  "version": 4,
  "terraform_version": "1.11.4",
  "serial": 3,
  "lineage": "5d0b8bd6-3a5c-1f3c-9d0c-7f3b1c9b2f10",
  "outputs": {},
  "resources": [
    {
      "mode": "managed",
      "type": "aws_db_instance",
      "name": "main",
      "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
      "instances": [
        {
          "schema_version": 2,
          "attributes": { "id": "main", "password": null, "password_wo": null, "password_wo_version": 1 },
          "sensitive_attributes": []
        }
      ]
    }
  ]
}
```

## Remedy
Rotate the credential: `terraform apply -replace=ADDRESS` where the resource mints it, else with whoever issued it. Keep
state in an encrypted backend, take the file out of git, and keep the next secret out of state: write-only arguments
(Terraform 1.11), ephemeral resources (1.10), or no static credential at all.

## References
- <https://developer.hashicorp.com/terraform/language/state/sensitive-data>
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data>
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only>
"#,
    check: Check::Artifact(check),
};

fn check(context: &ArtifactContext<'_>, findings: &mut Findings) {
    let noun = match context.analysis.format {
        Format::State { .. } | Format::StateJson => "state",
        Format::OutputsJson => "list of outputs",
        // Up to Terraform 0.8 the cache held a copy of the remote state.
        Format::BackendCache => "copy of a remote state",
        _ => return,
    };
    let secrets = context.analysis.secrets.iter().filter(|secret| secret.owner.section != Section::Backend);
    findings.0.extend(secrets.map(|secret| told::finding(RULE.id, context, secret, noun)));
}
