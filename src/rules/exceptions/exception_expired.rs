//! `exception-expired`

use crate::finding::{FixAvailability, Level, Severity};
use crate::rules::{Check, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "exception-expired",
    group: Group::Exceptions,
    summary: "an exception is past its date",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports an inline ignore or an exception of the policy whose date has passed. What it hid is reported again.

## Why it matters
The date was set so that somebody looks again. Until then the finding was accepted; from now on it is not.

## Bad
```hcl
# credlint:ignore backend-local reason="moved in the next sprint" expires=2020-01-31
terraform {
  backend "local" {}
}
```

## Good
```hcl
# credlint:ignore backend-local reason="bootstraps the state bucket itself" expires=2999-12-31
terraform {
  backend "local" {}
}
```

## Remedy
Mend what was excepted and remove the exception, or decide anew and set a new date.

## References
- <https://github.com/credlint/credlint#exceptions>
"#,
    check: Check::Report,
};
