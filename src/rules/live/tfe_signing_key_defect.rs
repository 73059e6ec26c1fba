//! `tfe-signing-key-defect`

use super::told;
use crate::finding::{Finding, FixAvailability, IssuerTrust, Level, Severity};
use crate::rules::{Check, Findings, Group, LiveContext, LiveCredential, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "tfe-signing-key-defect",
    group: Group::Live,
    summary: "a Terraform Enterprise before v202407-1, of which dynamic credentials fail after its tenth signing key",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a token of a Terraform Enterprise that says of itself, in the header `X-TFE-Version`, that it is a release
before v202407-1. It runs with `--verify` and `credlint verify` only, and asks no more than the token's verification
does. Releases are named after their month (`v202406-2`) or, since then, counted from 1.0; what names its release in no
such way, HCP Terraform among it, is no finding. Where the configuration trusts that host (identity providers of AWS and
Google, federated credentials of Azure, JWT methods of Vault) is named as well: that is what breaks.

## Why it matters
These releases sign workload identity tokens with keys whose versions they compare as texts: version 10 stands before
version 9. After the ninth rotation a token names the newest key and is signed by an older one. Every workspace with
dynamic provider credentials fails from one hour to the next (`failed to verify id token signature` in Vault,
`InvalidIdentityToken: Token signature invalid` in AWS, `AADSTS7000274` in Azure), and does so again at version 100.

## Bad
```hcl
terraform {
  cloud {
    hostname     = "tfe.example.com"
    organization = "example"
    token        = "ExampleExample.atlasv1.ExampleExampleExampleExampleExampleExampleExample0123456789"

    workspaces { name = "network" }
  }
}
```
```json verification.json
{ "status": "active", "issuer_version": "v202406-1" }
```

## Good
```hcl
terraform {
  cloud {
    hostname     = "tfe.example.com"
    organization = "example"
    token        = "ExampleExample.atlasv1.ExampleExampleExampleExampleExampleExampleExample0123456789"

    workspaces { name = "network" }
  }
}
```
```json verification.json
{ "status": "active", "issuer_version": "v202407-1" }
```

## Remedy
Upgrade Terraform Enterprise to v202407-1 or later. Until then the support article's workaround holds up to version 99:
rotate the signing key often enough that the newest version stands last as a text too, then trim the old ones.

## References
- <https://support.hashicorp.com/hc/en-us/articles/31715716966419>
- <https://developer.hashicorp.com/terraform/enterprise/releases>
- <https://developer.hashicorp.com/terraform/enterprise/workspaces/dynamic-provider-credentials/workload-identity-tokens>
"#,
    check: Check::Live(check),
};

/// The first release without the defect, as year and month, and number within the month.
const MENDED: (u32, u32) = (202_407, 1);

fn check(context: &LiveContext<'_>, findings: &mut Findings) {
    findings.0.extend(context.credentials.iter().filter_map(|credential| finding(credential, context.trusts)));
}

fn finding(credential: &LiveCredential<'_>, trusts: &[IssuerTrust]) -> Option<Finding> {
    let release = credential.verification.issuer_version.as_deref().filter(|release| is_defective(release))?;
    let message = format!(
        "this token's Terraform Enterprise is {release}: before v202407-1 the tenth version of its signing key breaks \
         dynamic credentials, whose tokens are then signed by another key than they name"
    );
    let remedy = "upgrade Terraform Enterprise to v202407-1 or later; until then see the support article's workaround";
    let mut finding = told::finding(RULE.id, credential, message).remedy(remedy);
    finding.remedy.commands.clear();
    Some(told::trusted(finding, credential.verification.issuer_host.as_deref(), trusts))
}

/// Whether a release is named after a month, as all were that had the defect, and came before it was mended.
fn is_defective(release: &str) -> bool {
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let month_and_number = release.strip_prefix('v').and_then(|rest| rest.split_once('-'));
    let (month, at) = match month_and_number {
        Some((month, at)) if month.len() == 6 => (number(month), number(at)),
        _ => return false,
    };
    month.zip(at).is_some_and(|of| of < MENDED)
}

#[cfg(test)]
mod tests {
    use super::is_defective;

    #[test]
    fn releases_are_ordered_by_month_and_number() {
        for old in ["v202406-1", "v202406-12", "v202312-3", "v201709-1"] {
            assert!(is_defective(old), "{old}");
        }
        for new in ["v202407-1", "v202407-2", "v202410-1", "v202507-1", "1.0.0", "v1.0.0", "2.4.0", "v0.1.0"] {
            assert!(!is_defective(new), "{new}");
        }
        for unknown in ["", "v", "v202406", "v20240-1", "v202406-", "v202406-x", "v+20240-1", "202406-1", "v202406-1-2"]
        {
            assert!(!is_defective(unknown), "{unknown}");
        }
    }
}
