//! `backend-shared-credential`

use super::credentials::{self, is_session_token};
use super::purpose::Purpose;
use super::site::{self, Service, list, service};
use crate::finding::{Confidence, CredentialUse, Finding, FixAvailability, Level, Place, Severity};
use crate::resolve::{Backend, Form};
use crate::rules::secret::Judgement;
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};
use std::collections::HashMap;

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-shared-credential",
    group: Group::Backends,
    summary: "one credential serves backends of several regions, accounts or environments",
    severity: Severity::High,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a static credential that backends of several regions, of several accounts or of several environments hold. The
account is that of the role, key or subscription that the backend names; the environment is what the state's key, its
bucket, a backend-config file or the directory is called. One credential for all modules of one environment is none of
this rule's business.

## Why it matters
Whoever gets hold of the credential where it is kept most carelessly, mostly in development, has the state of
production, and every secret in it. Nor can it be rotated in one place without breaking the others.

## Bad
```hcl dev/main.tf
terraform {
  backend "s3" {
    bucket     = "org-terraform-state"
    key        = "dev/terraform.tfstate"
    region     = "eu-west-1"
    encrypt    = true
    access_key = "AKIAIOSFODNN7EXAMPLE"
    secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  }
}
```
```hcl prod/main.tf
terraform {
  backend "s3" {
    bucket     = "org-terraform-state"
    key        = "prod/terraform.tfstate"
    region     = "eu-west-1"
    encrypt    = true
    access_key = "AKIAIOSFODNN7EXAMPLE"
    secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  }
}
```

## Good
```hcl dev/main.tf
terraform {
  backend "s3" {
    bucket  = "org-terraform-state-dev"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    encrypt = true
    assume_role = {
      role_arn = "arn:aws:iam::111122223333:role/terraform-state-dev"
    }
  }
}
```
```hcl prod/main.tf
terraform {
  backend "s3" {
    bucket  = "org-terraform-state-prod"
    key     = "network/terraform.tfstate"
    region  = "eu-west-1"
    encrypt = true
    assume_role = {
      role_arn = "arn:aws:iam::444455556666:role/terraform-state-prod"
    }
  }
}
```

## Remedy
Give each region, account and environment a credential of its own that reaches its own state alone; better, let each
sign in with a role of its own and keep no static credential at all. Then revoke the shared one.

## References
- <https://developer.hashicorp.com/terraform/language/backend/s3#multi-account-aws-architecture>
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html>
"#,
    check: Check::Repository(check),
};

/// Further places that a finding lists, at most.
const MAX_RELATED: usize = 5;
/// Names of regions and the like that a message lists, at most.
const MAX_NAMES: usize = 4;

/// A backend that holds a credential.
struct Holder<'b> {
    backend: &'b Backend,
    attribute: String,
    credential: CredentialUse,
    purpose: Purpose,
}

impl Holder<'_> {
    fn place(&self) -> &Place {
        &self.credential.place
    }
}

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let held = context.backends.iter().filter(|backend| matches!(backend.form, Form::Block | Form::Terragrunt));
    let holders: Vec<Holder<'_>> = held.flat_map(holders).collect();
    let mut by_secret: HashMap<&str, Vec<&Holder<'_>>> = HashMap::new();
    for holder in &holders {
        by_secret.entry(holder.credential.secret.expose()).or_default().push(holder);
    }
    for mut holders in by_secret.into_values() {
        holders.sort_by_key(|holder| (holder.place(), &holder.backend.header));
        findings.0.extend(finding(&holders));
    }
}

/// The credentials in a backend's arguments, each with what the backend serves.
fn holders(backend: &Backend) -> Vec<Holder<'_>> {
    let mut found = credentials::of(backend, |_| true);
    found.retain(|found| found.judgement == Judgement::Secret && found.credential.is_some());
    if found.is_empty() || service(backend) == Service::Local || site::is_demonstration(&backend.module) {
        return Vec::new();
    }
    let purpose = Purpose::of(backend);
    // Of several credentials it is not known which one serves which region.
    let several = |path: &str| backend.values(path).len() > 1;
    let keys = found.into_iter().filter(|found| !is_session_token(backend, found));
    keys.filter_map(|found| {
        let purpose = if several(&found.path) { purpose.clone().sole() } else { purpose.clone() };
        Some(Holder { backend, attribute: found.path, credential: found.credential?, purpose })
    })
    .collect()
}

fn finding(holders: &[&Holder<'_>]) -> Option<Finding> {
    let first = holders.first()?;
    let mut all = Purpose::default();
    holders.iter().for_each(|holder| all.add(&holder.purpose));
    let environments = all.different_environments();
    let regions: Vec<&str> = all.regions.iter().map(String::as_str).collect();
    let accounts: Vec<&str> = all.accounts.iter().map(String::as_str).collect();
    let aspects = [("environments", environments), ("accounts", accounts), ("regions", regions)];
    let (what, names) = aspects.iter().find(|(_, names)| names.len() > 1)?;
    let message = format!(
        "one credential serves the backends of several {what} ({}): whoever gets it in one has the state of all",
        shown(names)
    );
    let mut found = site::finding(RULE.id, first.backend, first.place().clone(), message)
        .attribute(&first.attribute)
        .remedy(format!("give each of the {what} a credential or a role of its own, then revoke this one"));
    let mut places = vec![first.place()];
    for holder in holders {
        // One literal may serve several: then their blocks tell them apart.
        let place = if places.contains(&holder.place()) { &holder.backend.header } else { holder.place() };
        if places.len() <= MAX_RELATED && !places.contains(&place) {
            places.push(place);
            found = found.related(place.clone(), "the same credential");
        }
    }
    // What an environment is called is a habit, no fact.
    if *what == "environments" {
        found = found.uncertain(Level::Warning, Confidence::Medium);
    }
    Some(found.credential(first.credential.clone()))
}

/// The names in a row, the first few of many.
fn shown(names: &[&str]) -> String {
    let mut words: Vec<String> = names.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    if names.len() > MAX_NAMES {
        words.push(format!("{} more", names.len() - MAX_NAMES));
    }
    list(&words.iter().map(String::as_str).collect::<Vec<_>>())
}
