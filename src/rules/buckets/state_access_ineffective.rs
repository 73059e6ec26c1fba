//! `state-access-ineffective`

use super::arns::{Meets, may_name_any, texts};
use super::stores::{Policy, Stores};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity};
use crate::resolve::Value;
use crate::rules::iam::{Document, Effect, Match, Statement};
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};
use std::collections::BTreeMap;

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

/// What a statement that allows something is about.
struct Grant<'d> {
    statement: (usize, &'d Statement),
    /// How all its resources together meet each bucket that any of them names.
    named: BTreeMap<&'d str, Meets>,
    /// How those meet every bucket that name none.
    of_all: Meets,
    /// Whether some of its resources are not known: one of them may be the right one.
    open: bool,
}

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let stores: &Stores = context.stores;
    for policy in &stores.policies {
        for document in &policy.own.documents {
            let statements = document.statements.iter().enumerate();
            let grants: Vec<Grant<'_>> = statements.filter_map(|statement| grant(statement, policy, stores)).collect();
            for grant in &grants {
                findings.0.extend(finding(grant, &grants, document, policy));
            }
        }
    }
}

fn grant<'d>(statement: (usize, &'d Statement), policy: &'d Policy, stores: &'d Stores) -> Option<Grant<'d>> {
    let (_, said) = statement;
    let allows = said.effect == Some(Effect::Allow) && !said.actions.negated;
    let resources = said.resources.as_ref().filter(|resources| allows && !resources.negated)?;
    let mut grant = Grant { statement, named: BTreeMap::new(), of_all: Meets::default(), open: false };
    for text in resources.values.iter().flat_map(|value| texts(value, &policy.references)) {
        grant.open |= may_name_any(&text);
        match stores.bucket_met(&text) {
            Some(met) if met.meets.by_name => grant.named.entry(met.name).or_default().add(met.meets),
            Some(met) => grant.of_all.add(met.meets),
            None => {}
        }
    }
    Some(grant)
}

fn finding(grant: &Grant<'_>, all: &[Grant<'_>], document: &Document, policy: &Policy) -> Option<Finding> {
    let (_, statement) = grant.statement;
    let actions = statement.actions.values.iter().filter_map(Value::as_str).filter(|_| !grant.open);
    let actions: Vec<(&str, AppliesTo)> = actions.filter_map(|action| Some((action, applies_to(action)?))).collect();
    grant.named.keys().find_map(|bucket| {
        let (action, wanted) = actions.iter().find(|(_, wanted)| !grant.meets(*wanted, bucket))?;
        let (granted_on, applies, right) = match wanted {
            AppliesTo::Bucket => ("objects of", "the bucket itself", format!("arn:aws:s3:::{bucket}")),
            AppliesTo::Objects => ("nothing but the bucket", "objects", format!("arn:aws:s3:::{bucket}/<key>")),
        };
        let message =
            format!("`{action}` is granted on {granted_on} `{bucket}` and applies to {applies}: this grants nothing");
        let found = policy.finding(RULE.id, grant.statement, message).remedy(format!("grant `{action}` on `{right}`"));
        let grants = |other: &Grant<'_>| {
            (other.open || other.meets(*wanted, bucket)) && other.statement.1.speaks_of(action) != Match::No
        };
        let certain = statement.certain && document.certain && !all.iter().any(grants);
        Some(if certain { found } else { found.uncertain(Level::Note, Confidence::Low) })
    })
}

impl Grant<'_> {
    /// Whether a bucket, or objects in it, are among its resources.
    fn meets(&self, wanted: AppliesTo, bucket: &str) -> bool {
        let named = self.named.get(bucket).copied().unwrap_or_default();
        wanted.is_met(named) || wanted.is_met(self.of_all)
    }
}

impl AppliesTo {
    fn is_met(self, meets: Meets) -> bool {
        if self == AppliesTo::Bucket { meets.itself } else { meets.inside }
    }
}

fn applies_to(action: &str) -> Option<AppliesTo> {
    let action = action.to_ascii_lowercase();
    ACTIONS.iter().find(|(start, _)| action.starts_with(start)).map(|(_, applies_to)| *applies_to)
}
