//! `unused-ignore`

use crate::finding::{FixAvailability, Level, Severity};
use crate::rules::{Check, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unused-ignore",
    group: Group::Exceptions,
    summary: "an exception hides nothing",
    severity: Severity::Low,
    recommended: Level::Note,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an inline ignore, an exception of the policy or an entry of the baseline that hides no finding, among them one
that names no rule or cannot be understood. Only a check of the whole tree can tell.

## Why it matters
What was excepted is mended. The exception would hide the next one in the same place.

## Bad
```hcl
# credlint:ignore backend-not-encrypted reason="the bucket encrypts by itself"
terraform {
  backend "s3" {
    bucket  = "org-terraform-state"
    key     = "network/terraform.tfstate"
    encrypt = true
  }
}
```

## Good
```hcl
terraform {
  backend "s3" {
    bucket  = "org-terraform-state"
    key     = "network/terraform.tfstate"
    encrypt = true
  }
}
```

## Remedy
Remove the exception; `credlint check --write-baseline FILE` writes the baseline anew.

## References
- <https://github.com/credlint/credlint#exceptions>
"#,
    check: Check::Report,
};
