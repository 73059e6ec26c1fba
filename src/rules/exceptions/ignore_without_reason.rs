//! `ignore-without-reason`

use crate::finding::{FixAvailability, Level, Severity};
use crate::rules::{Check, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "ignore-without-reason",
    group: Group::Exceptions,
    summary: "an inline ignore gives no reason",
    severity: Severity::Low,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a comment `credlint:ignore` without `reason="..."`. It still hides what it names.

## Why it matters
An exception is a decision. Without its reason nobody can tell later whether it still holds, so it stays for ever.

## Bad
```hcl
# credlint:ignore backend-local
terraform {
  backend "local" {}
}
```

## Good
```hcl
# credlint:ignore backend-local reason="bootstraps the state bucket itself" expires=2027-01-31
terraform {
  backend "local" {}
}
```

## Remedy
Say why, and until when: `reason="..." expires=YYYY-MM-DD`.

## References
- <https://github.com/credlint/credlint#exceptions>
"#,
    check: Check::Report,
};
