//! `credential-of-root`

use super::told;
use crate::finding::{Finding, FixAvailability, Level, Severity, Status};
use crate::rules::{Check, Findings, Group, LiveContext, LiveCredential, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "credential-of-root",
    group: Group::Live,
    summary: "a credential found in the repository belongs to the root of all",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a credential that works and that, by its issuer's word, is the root's: an access key of an AWS account's root
user, a root token of Vault or OpenBao. It runs with `--verify` and `credlint verify` only.

## Why it matters
No policy restricts the root. Who has this credential can do everything, and can lock everybody else out.

## Bad
```hcl
provider "aws" {
  region     = "eu-west-1"
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
```
```json verification.json
{ "status": "active", "principal": "arn:aws:iam::111122223333:root", "root": true }
```

## Good
```hcl
provider "aws" {
  region     = "eu-west-1"
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
```
```json verification.json
{ "status": "active", "principal": "arn:aws:iam::111122223333:user/ci" }
```

## Remedy
Delete the key now: the root user needs none (`aws iam delete-access-key`, signed in as root). Give Terraform a role
with what it needs. A root token of Vault is revoked (`vault token revoke`) and, should one be needed again, generated.
Then look through the audit log for uses that are not yours.

## References
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html>
- <https://developer.hashicorp.com/vault/docs/concepts/tokens#root-tokens>
"#,
    check: Check::Live(check),
};

fn check(context: &LiveContext<'_>, findings: &mut Findings) {
    let roots = context.credentials.iter().filter(|credential| {
        let verification = credential.verification;
        verification.root && verification.status == Status::Active
    });
    roots.for_each(|credential| findings.push(finding(credential)));
}

fn finding(credential: &LiveCredential<'_>) -> Finding {
    let whose = told::whose(credential.verification);
    let message = format!("this credential works and is the root's{whose}: no policy restricts who has it");
    told::finding(RULE.id, credential, message)
        .remedy("delete it: the root needs no such credential; let Terraform sign in with a role instead")
}
