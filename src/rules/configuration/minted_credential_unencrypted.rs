//! `minted-credential-unencrypted`

use super::minted::{finding, is_set, minting_of};
use crate::finding::{FixAvailability, Level, Severity};
use crate::rules::{Check, Findings, Group, ResourceContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "minted-credential-unencrypted",
    group: Group::Configuration,
    summary: "a minted credential lies in the state in the clear, where its resource could encrypt it",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an `aws_iam_access_key` without `pgp_key`, and resources of other types that mint a credential and can encrypt
it to an OpenPGP key in the same way (`aws_iam_user_login_profile`, `aws_lightsail_key_pair`, `alicloud_ram_access_key`,
...). A `pgp_key` whose value the repository does not know counts as one.

## Why it matters
Without it the secret stands in the state in the clear, and whoever can read the state or a plan has the credential.
With it the state holds only ciphertext for the holder of the private key.

## Bad
```hcl
resource "aws_iam_access_key" "ci" {
  user = "ci"
}
```

## Good
```hcl
resource "aws_iam_access_key" "ci" {
  user    = "ci"
  pgp_key = "keybase:platform"
}
```

## Remedy
Do without the credential where that can be. Else set `pgp_key`, take the secret from the encrypted attribute, and
replace the credential that the state has held so far.

## References
- <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_access_key#pgp_key>
"#,
    check: Check::Resource(check),
};

fn check(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    let Some(minting) = minting_of(resource) else { return };
    let Some(argument) = minting.encryption().filter(|argument| !is_set(resource, argument)) else { return };
    let message = format!(
        "`{}` without `{argument}` keeps what it mints ({}) in the state in the clear",
        resource.kind, minting.mints
    );
    let remedy = format!(
        "set `{argument}`, or do without the credential; then replace it, for the state holds the present one already"
    );
    findings.push(finding(RULE.id, resource, message).remedy(remedy).attribute(argument));
}
