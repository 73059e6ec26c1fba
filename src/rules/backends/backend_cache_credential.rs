//! `backend-cache-credential`

use crate::document::artifact::{Format, Section};
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::rules::artifacts::{FoundSecret, directory_option, module_of, out_of_git};
use crate::rules::{ArtifactContext, Check, Findings, Group, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-cache-credential",
    group: Group::Backends,
    summary: "`.terraform/terraform.tfstate` holds credentials saved from an earlier init",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a credential in the file in which `terraform init` remembers the backend, `.terraform/terraform.tfstate`. It is
told by its content and in all shapes that Terraform has ever written; the `backend` and `remote` sections of old states
count as well. Git usually ignores the file: `credlint check --ignored` reads the one in your working tree.

## Why it matters
Terraform signs in with what the file remembers. After a rotation it goes on using the old key, whatever the environment
says, and fails with an error that does not name the file. Who gets hold of the file gets hold of the state.

## Bad
```json infra/.terraform/terraform.tfstate
{
  "version": 3,
  "terraform_version": "1.11.4",
  "backend": {
    "type": "s3",
    "config": {
      "access_key": "AKIAIOSFODNN7EXAMPLE",
      "bucket": "org-terraform-state",
      "key": "network/terraform.tfstate",
      "region": "eu-west-1",
      "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    },
    "hash": 1234567890
  }
}
```

## Good
```json infra/.terraform/terraform.tfstate
{
  "version": 3,
  "terraform_version": "1.11.4",
  "backend": {
    "type": "s3",
    "config": {
      "access_key": null,
      "bucket": "org-terraform-state",
      "key": "network/terraform.tfstate",
      "profile": "terraform",
      "region": "eu-west-1",
      "secret_key": null
    },
    "hash": 1234567890
  }
}
```

## Remedy
Take the credential out of the backend block and out of `-backend-config`, sign in by the environment, a profile or
better a role, and run `terraform init -reconfigure`. Rotate the credential if the file was committed or handed on.

## References
- <https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data>
- <https://developer.hashicorp.com/terraform/cli/commands/init#backend-initialization>
"#,
    check: Check::Artifact(check),
};

fn check(context: &ArtifactContext<'_>, findings: &mut Findings) {
    if matches!(context.analysis.format, Format::BackendCache | Format::State { .. }) {
        let secrets = context.analysis.secrets.iter();
        let of_backend = secrets.filter(|secret| secret.owner.section == Section::Backend);
        findings.0.extend(of_backend.map(|secret| finding(context, secret)));
    }
}

fn finding(context: &ArtifactContext<'_>, secret: &FoundSecret) -> Finding {
    let path = &context.file.path;
    let message = format!(
        "the backend's cache keeps `{}` of the {} backend from an earlier init, in plain text: it is used even after it was \
         rotated or taken out of the configuration",
        secret.attribute, secret.owner.kind
    );
    let mut finding = Finding::new(RULE.id, secret.place.clone(), message)
        .address(&secret.owner.address)
        .attribute(&secret.attribute)
        .module(module_name(&module_of(path)))
        .credential(secret.credential.clone())
        .remedy(
            "sign in by the environment or without a static key, initialise again, and rotate the credential if the file \
             was committed or handed on",
        )
        .command(format!("terraform{} init -reconfigure", directory_option(path)));
    finding.confidence = secret.confidence;
    out_of_git(finding, context)
}
