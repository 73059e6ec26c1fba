//! `credential-overdue`

use super::analysis::Birth;
use super::told::{module_of, replaced};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity, Status};
use crate::policy::settings::{OptionKind, OptionSpec};
use crate::rules::live::told;
use crate::rules::{ArtifactContext, Check, Findings, Group, LiveContext, LiveCredential, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "credential-overdue",
    group: Group::Live,
    summary: "a credential is older than it may get",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[OptionSpec {
        name: "max_age_days",
        kind: OptionKind::Integer { default: 90, min: 1, max: 36500 },
        summary: "days that a credential may live before it is replaced",
    }],
    documentation: r#"
## What it does
Reports a credential that is older than `max_age_days`, where a state tells when it was made: `create_date` of an
`aws_iam_access_key`, `valid_after` of a `google_service_account_key`, `start_date` of an `azuread_application_password`
and the like, counted to the day of the run. A key that the state says is inactive is left out. A state tells what was
there when it was written: whether the credential is there still, only its issuer knows, so this is a warning. With
`--verify` and `credlint verify` the issuer is asked, and a credential that works is an error, wherever it was found.
What the issuer says is dead is still a warning where a state has it: Terraform manages it.

## Why it matters
The longer a static credential lives, the more places have a copy of it, and the more people who have left can use it.

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
      "mode": "managed",
      "type": "aws_iam_access_key",
      "name": "ci",
      "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
      "instances": [
        {
          "schema_version": 0,
          "attributes": {
            "create_date": "2020-02-03T04:05:06Z",
            "id": "AKIAIOSFODNN7EXAMPLE",
            "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "status": "Active",
            "user": "ci"
          }
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
      "type": "aws_iam_access_key",
      "name": "ci",
      "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
      "instances": [
        {
          "schema_version": 0,
          "attributes": { "create_date": "2020-02-03T04:05:06Z", "id": "AKIAIOSFODNN7EXAMPLE", "status": "Inactive" }
        }
      ]
    }
  ]
}
```

## Remedy
Replace the resource (`terraform apply -replace=ADDRESS`, with `create_before_destroy` so that its users can move), let
`time_rotating` do so in the future, or better do without: OIDC, workload identity, a role.

## Options
- `max_age_days`: days that a credential may live (90).

## References
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#update-access-keys>
- <https://registry.terraform.io/providers/hashicorp/time/latest/docs/resources/rotating>
"#,
    check: Check::Any(&[Check::Artifact(check), Check::Live(check_answers)]),
};

fn check(context: &ArtifactContext<'_>, findings: &mut Findings) {
    let most = context.settings.integer("max_age_days");
    for birth in &context.analysis.births {
        let age = context.today.since(birth.date).map_or(0, |span| i64::from(span.get_days()));
        if age > most {
            findings.push(finding(context, birth, age, most));
        }
    }
}

fn finding(context: &ArtifactContext<'_>, birth: &Birth, age: i64, most: i64) -> Finding {
    let (address, path) = (&birth.owner.address, &context.file.path);
    let message = format!("`{address}` was made on {}, {age} days ago: it may live for {most} days", birth.date);
    let finding = Finding::new(RULE.id, birth.place.clone(), message)
        .address(address)
        .attribute(birth.attribute)
        .module(module_name(&module_of(path)));
    // A state tells what was there when it was written: whether the key is there still only its issuer knows.
    let mut finding = replaced(finding, &birth.owner, None, path).uncertain(Level::Warning, Confidence::Medium);
    finding.credential = birth.credential.clone();
    finding
}

/// What works, by the day that its issuer tells.
fn check_answers(context: &LiveContext<'_>, findings: &mut Findings) {
    for credential in context.credentials.iter().filter(|credential| credential.verification.status == Status::Active) {
        let known = credential.findings.iter().copied().find(|finding| finding.rule == RULE.id);
        let path = known.unwrap_or(credential.findings[0]).place.path();
        let most = (context.settings)(path).integer("max_age_days");
        let made = credential.verification.created_at.map(|at| told::day(at, context.today));
        let overdue = made.filter(|(_, age)| *age > most);
        findings.0.extend(match (known, overdue) {
            // The report makes one of two findings that stand at one place, and takes the graver level.
            (Some(known), _) => Some(Finding { at_most: Level::Error, confidence: Confidence::High, ..known.clone() }),
            (None, Some((day, age))) => Some(told_by_issuer(credential, day, age, most)),
            (None, None) => None,
        });
    }
}

fn told_by_issuer(credential: &LiveCredential<'_>, day: jiff::civil::Date, age: i64, most: i64) -> Finding {
    let whose = told::whose(credential.verification);
    let message =
        format!("this credential works{whose} and was made on {day}, {age} days ago: it may live for {most} days");
    told::finding(RULE.id, credential, message)
        .remedy("replace it by a fresh one, or better by signing in without a static key, then delete it")
}
