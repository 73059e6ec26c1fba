//! `state-access-too-broad`

use super::arns::texts;
use super::stores::{Met, Policy, Stores};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity};
use crate::rules::iam::{Effect, Match, Statement, is_action};
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "state-access-too-broad",
    group: Group::Buckets,
    summary: "a policy grants everything on the state bucket or the lock table",
    severity: Severity::High,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a statement of an IAM policy or a bucket policy that allows `*`, `s3:*` or `dynamodb:*` (or everything but some
actions) on a bucket or lock table that a backend uses. Policies are read from the `aws_iam_*_policy` resources, inline
policies of roles, bucket and table policies, as `aws_iam_policy_document`, `jsonencode` or JSON. What is granted on
everything counts where the bucket or table is made by the same configuration, with medium confidence: whether it is of
the same account is not written there.

## Why it matters
Terraform needs to list the bucket and to get, put and delete its own objects. Who may do everything may also delete all
versions, switch off versioning and encryption, and open the bucket to others.

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
      Action   = "s3:*"
      Resource = ["arn:aws:s3:::org-terraform-state", "arn:aws:s3:::org-terraform-state/*"]
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
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = "arn:aws:s3:::org-terraform-state"
      },
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        Resource = "arn:aws:s3:::org-terraform-state/network/*"
      },
    ]
  })
}
```

## Remedy
Grant `s3:ListBucket` on the bucket, `s3:GetObject`, `s3:PutObject` and `s3:DeleteObject` on the keys of the state and
its lock file, and on a lock table `dynamodb:DescribeTable`, `GetItem`, `PutItem` and `DeleteItem`.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required>
"#,
    check: Check::Repository(check),
};

/// Services, with an action that none of them has: what matches it matches all.
const PROBES: [(&str, &str); 2] = [("s3", "s3:AnyActionAtAll"), ("dynamodb", "dynamodb:AnyActionAtAll")];

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let stores: &Stores = context.stores;
    for policy in &stores.policies {
        for document in &policy.own.documents {
            let statements = document.statements.iter().enumerate();
            let allowed = statements.filter(|(_, one)| one.effect == Some(Effect::Allow));
            findings.0.extend(allowed.filter_map(|(nth, statement)| {
                let found = finding((nth, statement), policy, stores)?;
                let certain = statement.certain && document.certain;
                Some(if certain { found } else { found.uncertain(Level::Note, Confidence::Low) })
            }));
        }
    }
}

fn finding((nth, statement): (usize, &Statement), policy: &Policy, stores: &Stores) -> Option<Finding> {
    let broad = PROBES.iter().filter_map(|(service, probe)| Some((*service, all_actions(statement, probe)?)));
    let broad: Vec<(&str, String)> = broad.collect();
    let resources = statement.resources.as_ref().filter(|_| !broad.is_empty())?;
    let mut widest: Option<(Met<'_>, &str, bool)> = None;
    for text in resources.values.iter().flat_map(|value| texts(value, &policy.references)) {
        for (service, actions) in &broad {
            let met = if *service == "s3" { stores.bucket_met(&text) } else { stores.table_met(&text) };
            if let Some(met) = met.filter(|met| !resources.negated || !met.meets.by_name)
                && widest.as_ref().is_none_or(|(known, ..)| met.meets.by_name && !known.meets.by_name)
            {
                widest = Some((met, actions, *service == "s3"));
            }
        }
    }
    let (met, actions, is_bucket) = widest?;
    if !met.meets.by_name && !policy.beside {
        return None;
    }
    let what = if is_bucket { "the bucket of the state" } else { "the lock table" };
    let message = format!(
        "{actions} is granted on {what} `{}`: whoever has this policy may do away with the state and what protects it",
        met.name
    );
    let needed = match is_bucket {
        true => {
            "`s3:ListBucket` on the bucket, and `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` on the state's keys"
        }
        false => "`dynamodb:DescribeTable`, `dynamodb:GetItem`, `dynamodb:PutItem` and `dynamodb:DeleteItem`",
    };
    let found = policy.finding(RULE.id, (nth, statement), message).remedy(format!("grant no more than {needed}"));
    Some(if met.meets.by_name { found } else { found.uncertain(Level::Warning, Confidence::Medium) })
}

/// What a statement says where it speaks of all actions of a service.
fn all_actions(statement: &Statement, probe: &str) -> Option<String> {
    let actions = &statement.actions;
    if actions.negated {
        let all = !actions.values.is_empty() && actions.matches(|pattern| is_action(pattern, probe)) == Match::Surely;
        return all.then(|| "all but some actions".to_owned());
    }
    let pattern = actions.values.iter().find(|pattern| is_action(pattern, probe) == Match::Surely)?;
    Some(pattern.as_str().map_or_else(|| "every action".to_owned(), |text| format!("`{text}`")))
}
