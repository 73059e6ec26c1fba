//! `long-lived-credential-minted`

use super::minted::{finding, instead, minting_of};
use crate::finding::{FixAvailability, Level, Severity};
use crate::rules::{Check, Findings, Group, ResourceContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "long-lived-credential-minted",
    group: Group::Configuration,
    summary: "a resource mints a long-lived credential where a keyless way exists",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a resource whose purpose is a credential that works until somebody ends it (`aws_iam_access_key`,
`google_service_account_key`, `azuread_application_password`, tokens of many services), where its provider knows a way
without a static credential. A resource that is known to mint nothing (`count = 0`, a public key that is given) is left
out, and so is one that has a password besides other things, such as a database.

## Why it matters
Terraform writes the credential into its state, and whoever reads the state can use it until somebody revokes it. An
identity that the platform vouches for (OIDC, workload identity, a role) has nothing that could be copied.

## Bad
```hcl
resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "ci" {
  user = aws_iam_user.ci.name
}
```

```hcl
resource "google_service_account_key" "deploy" {
  service_account_id = "deploy@example-project.iam.gserviceaccount.com"
}
```

## Good
```hcl
resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = data.aws_iam_policy_document.github.json
}

resource "google_service_account_key" "uploaded" {
  service_account_id = "deploy@example-project.iam.gserviceaccount.com"
  public_key_data    = filebase64("deploy.crt")
}

resource "aws_iam_access_key" "unused" {
  count = 0
  user  = "ci"
}
```

## Remedy
Let the platform vouch for whoever uses the credential, as the finding says for its type. Then remove the resource:
that revokes the credential.

## References
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp>
- <https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys>
- <https://learn.microsoft.com/entra/workload-id/workload-identity-federation>
"#,
    check: Check::Resource(check),
};

fn check(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    let Some(minting) = minting_of(resource).filter(|minting| minting.has_keyless_way) else { return };
    let message =
        format!("`{}` mints a long-lived credential ({}), where a keyless way exists", resource.kind, minting.mints);
    findings.push(finding(RULE.id, resource, message).remedy(instead(&minting)));
}
