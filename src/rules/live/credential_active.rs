//! `credential-active`

use super::told;
use crate::finding::{Confidence, CredentialUse, Finding, FixAvailability, Level, Severity, Status};
use crate::rules::{Check, Findings, Group, LiveContext, LiveCredential, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "credential-active",
    group: Group::Live,
    summary: "a credential found in the repository still works",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a credential of the repository that its own issuer accepts, with whose it is. It runs with `--verify` and
`credlint verify` only: each credential is sent to its issuer and to nobody else, in a call that changes nothing. What
the issuer does not answer clearly is no finding of this rule; the inventory says that it is unknown, and why.

Of an AWS access key of which only the id was found, the owner of its account can tell whether it is switched on: where
whoever runs the program is that, such a key is a warning. Nobody can use it by its id; who wrote the id down had the
secret.

## Why it matters
A leaked credential that is dead is housekeeping. One that works is an open door for everybody who has ever had a copy
of the repository.

## Bad
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

## Good
```hcl
provider "aws" {
  region     = "eu-west-1"
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
```
```json verification.json
{ "status": "inactive", "reason": "not-found" }
```

## Remedy
Revoke or rotate it at its issuer now, before it is taken out of the files: everybody who has a clone has it. Then look
through the issuer's audit log for uses that are not yours.

## References
- <https://docs.github.com/en/code-security/secret-scanning/working-with-secret-scanning-and-push-protection>
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html>
"#,
    check: Check::Live(check),
};

fn check(context: &LiveContext<'_>, findings: &mut Findings) {
    let active = context.credentials.iter().filter(|credential| credential.verification.status == Status::Active);
    active.for_each(|credential| findings.push(finding(credential)));
}

fn finding(credential: &LiveCredential<'_>) -> Finding {
    let verification = credential.verification;
    let kind = credential.findings[0].credential.as_ref().map_or("credential", |found| found.kind);
    let (what, whose) = (kind.replace('-', " "), told::whose(verification));
    let since = verification.created_at.map(|at| format!(", made on {}", at.strftime("%Y-%m-%d"))).unwrap_or_default();
    let is_whole = |finding: &&Finding| finding.credential.as_ref().is_some_and(CredentialUse::is_whole);
    if !credential.findings.iter().any(is_whole) {
        let message =
            format!("the key of this id is switched on ({what}{whose}{since}); its secret half was not found");
        return told::finding(RULE.id, credential, message)
            .remedy("find out where its secret half is; switch it off if nobody needs it")
            .uncertain(Level::Warning, Confidence::Medium);
    }
    let message =
        format!("this credential works ({what}{whose}{since}): whoever has a copy of the repository can use it");
    told::finding(RULE.id, credential, message)
        .remedy("revoke or rotate it at its issuer first, then take it out of the files and look through the audit log")
}
