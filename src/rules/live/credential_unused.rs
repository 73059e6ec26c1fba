//! `credential-unused`

use super::told;
use crate::finding::{Finding, FixAvailability, Level, Severity, Status};
use crate::policy::settings::{OptionKind, OptionSpec};
use crate::rules::{Check, Findings, Group, LiveContext, LiveCredential, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "credential-unused",
    group: Group::Live,
    summary: "a credential works and has not been used for long",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[OptionSpec {
        name: "max_idle_days",
        kind: OptionKind::Integer { default: 90, min: 1, max: 36500 },
        summary: "days without use after which a credential is taken for forgotten",
    }],
    documentation: r#"
## What it does
Reports a credential that works and was last used more than `max_idle_days` ago, by its issuer's word. It runs with
`--verify` and `credlint verify` only. The last use of an AWS access key is told to the owner of its account: it is
known where the AWS credentials of whoever runs the program may call `iam:GetAccessKeyLastUsed`. It is read before the
key is asked about, which is a use as well.

## Why it matters
Nobody would miss it, and nobody would notice who uses it.

## Bad
```hcl
provider "aws" {
  region     = "eu-west-1"
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
```
```json verification.json
{ "status": "active", "last_used_at": "2026-02-03T04:05:06Z" }
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
{ "status": "active", "last_used_at": "2026-11-20T04:05:06Z" }
```

## Remedy
Switch it off, wait for somebody to miss it, then delete it: for an AWS access key `aws iam update-access-key --status
Inactive` and `aws iam delete-access-key`.

## Options
- `max_idle_days`: days without use (90).

## References
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html>
"#,
    check: Check::Live(check),
};

fn check(context: &LiveContext<'_>, findings: &mut Findings) {
    for credential in context.credentials.iter().filter(|credential| credential.verification.status == Status::Active) {
        let most = (context.settings)(credential.findings[0].place.path()).integer("max_idle_days");
        let used = credential.verification.last_used_at.map(|at| told::day(at, context.today));
        if let Some((day, days)) = used.filter(|(_, days)| *days > most) {
            findings.push(finding(credential, day, days));
        }
    }
}

fn finding(credential: &LiveCredential<'_>, day: jiff::civil::Date, days: i64) -> Finding {
    let whose = told::whose(credential.verification);
    let message = format!("this credential works{whose} and was last used on {day}, {days} days ago");
    told::finding(RULE.id, credential, message)
        .remedy("switch it off at its issuer, wait for somebody to miss it, then delete it")
}
