//! `policy-weakened`

use crate::finding::{FixAvailability, Level, Severity};
use crate::rules::{Check, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-weakened",
    group: Group::Exceptions,
    summary: "a change weakens the policy, the ignores or the baseline it is judged by",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a change, judged against `--base` or `--policy-ref`, that lowers a rule's level, turns it off, widens an
exception or a scope, adds an ignore or adds entries to the baseline; that names a host which credentials would be sent
to, or lets credentials be asked about no longer (`verify:`). What such a change says of hosts and accounts is not
followed when the change itself is judged.

## Why it matters
Who may change the code may not thereby change what it is judged by: a change that brings a secret and its own
exception would pass unseen.

## Bad
The change adds the ignore together with what it hides:
```hcl
# credlint:ignore backend-not-encrypted reason="later"
terraform {
  backend "s3" {
    bucket = "org-terraform-state"
    key    = "network/terraform.tfstate"
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
Make the exception a change of its own, reviewed by those who own the policy; mark rules that nobody may except with
`ignorable: false`.

## References
- <https://github.com/credlint/credlint#exceptions>
"#,
    check: Check::Report,
};
