//! `state-access-ineffective`

use super::arns::{is_open, meets_bucket, texts};
use super::stores::{Policy, Stores};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity};
use crate::resolve::Value;
use crate::rules::iam::{Document, Effect, Match, Statement};
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "state-access-ineffective",
    group: Group::Buckets,
    summary: "a policy grants an action on an ARN of the state bucket to which it does not apply",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a statement that allows `s3:ListBucket` (or another action on buckets) on nothing but objects of a bucket that a
backend uses, and one that allows `s3:GetObject` (or another action on objects) on nothing but the bucket itself. Such a
statement grants nothing. If another statement grants it as it is meant, this is a note.

## Why it matters
Who finds that Terraform still is refused, as it cannot list or read the state, mostly ends up granting `s3:*` on
everything. And who reads the policy takes it for something that it is not.

## Bad
```hcl
terraform {
  backend "s3" {
    bucket  = "org-terraform-state"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    encrypt = true
  }
}

resource "aws_iam_policy" "state" {
  name = "terraform-state"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = "arn:aws:s3:::org-terraform-state/*"
    }]
  })
}
```

## Good
```hcl
terraform {
  backend "s3" {
    bucket  = "org-terraform-state"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    encrypt = true
  }
}

resource "aws_iam_policy" "state" {
  name = "terraform-state"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = "arn:aws:s3:::org-terraform-state"
    }]
  })
}
```

## Remedy
Grant `s3:ListBucket` on the bucket's ARN (to single keys it is limited by the condition `s3:prefix`), and
`s3:GetObject` and its kin on `<bucket's ARN>/<key>`.

## References
- <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
- <https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required>
"#,
    check: Check::Repository(check),
};

/// What an action applies to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AppliesTo {
    Bucket,
    Objects,
}

/// Starts of the names of actions that apply to one of the two alone, in lower case.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
const ACTIONS: [(&str, AppliesTo); 8] = [
    ("s3:listbucket", AppliesTo::Bucket),
    ("s3:getbucket", AppliesTo::Bucket),
    ("s3:putbucket", AppliesTo::Bucket),
    ("s3:deletebucket", AppliesTo::Bucket),
    ("s3:getobject", AppliesTo::Objects),
    ("s3:putobject", AppliesTo::Objects),
    ("s3:deleteobject", AppliesTo::Objects),
    ("s3:restoreobject", AppliesTo::Objects),
];

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let stores: &Stores = context.stores;
    for policy in &stores.policies {
        for document in &policy.own.documents {
            for (nth, statement) in document.statements.iter().enumerate().filter(|(_, one)| is_allowing(one)) {
                findings.0.extend(finding((nth, statement), document, policy, stores));
            }
        }
    }
}

fn is_allowing(statement: &Statement) -> bool {
    statement.effect == Some(Effect::Allow) && !statement.actions.negated
}

fn finding(
    (nth, statement): (usize, &Statement),
    document: &Document,
    policy: &Policy,
    stores: &Stores,
) -> Option<Finding> {
    let actions = statement.actions.values.iter().filter_map(Value::as_str);
    let actions: Vec<(&str, AppliesTo)> = actions.filter_map(|action| Some((action, applies_to(action)?))).collect();
    let resources = statement.resources.as_ref().filter(|resources| !resources.negated && !actions.is_empty())?;
    let named: Vec<String> = resources.values.iter().flat_map(|value| texts(value, &policy.references)).collect();
    // What is not known may be the right one.
    if named.iter().any(|text| is_open(text)) {
        return None;
    }
    for text in &named {
        let Some(met) = stores.bucket_met(text).filter(|met| met.meets.by_name) else { continue };
        let meets = |wanted: AppliesTo| {
            let mut meets = named.iter().map(|text| meets_bucket(text, met.name));
            meets.any(|meets| if wanted == AppliesTo::Bucket { meets.itself } else { meets.inside })
        };
        let Some((action, wanted)) = actions.iter().find(|(_, wanted)| !meets(*wanted)) else { continue };
        let (granted_on, applies) = match wanted {
            AppliesTo::Bucket => ("objects of", "the bucket itself"),
            AppliesTo::Objects => ("nothing but the bucket", "objects"),
        };
        let message = format!(
            "`{action}` is granted on {granted_on} `{}` and applies to {applies}: this grants nothing",
            met.name
        );
        let right = match wanted {
            AppliesTo::Bucket => format!("arn:aws:s3:::{}", met.name),
            AppliesTo::Objects => format!("arn:aws:s3:::{}/<key>", met.name),
        };
        let found = policy.finding(RULE.id, (nth, statement), message).remedy(format!("grant `{action}` on `{right}`"));
        let elsewhere = document
            .statements
            .iter()
            .filter(|one| is_allowing(one))
            .any(|other| grants(other, action, *wanted, met.name, policy));
        let certain = statement.certain && document.certain && !elsewhere;
        return Some(if certain { found } else { found.uncertain(Level::Note, Confidence::Low) });
    }
    None
}

fn applies_to(action: &str) -> Option<AppliesTo> {
    let action = action.to_ascii_lowercase();
    ACTIONS.iter().find(|(start, _)| action.starts_with(start)).map(|(_, applies_to)| *applies_to)
}

/// Whether a statement grants an action where it applies.
fn grants(statement: &Statement, action: &str, wanted: AppliesTo, bucket: &str, policy: &Policy) -> bool {
    let Some(resources) = &statement.resources else { return false };
    let mut texts = resources.values.iter().flat_map(|value| texts(value, &policy.references));
    statement.speaks_of(action) != Match::No
        && texts.any(|text| {
            let meets = meets_bucket(&text, bucket);
            is_open(&text) || if wanted == AppliesTo::Bucket { meets.itself } else { meets.inside }
        })
}
