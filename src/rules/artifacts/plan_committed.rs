//! `plan-committed`

use super::committed::{pattern_of, taken_out, whole};
use crate::document::artifact::Format;
use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity};
use crate::rules::{ArtifactContext, Check, Findings, Group, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "plan-committed",
    group: Group::Artifacts,
    summary: "a saved plan is tracked by git",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a saved plan that git tracks, whatever it is called: what `terraform plan -out` writes, of all versions, and
what `terraform show -json` prints of it. The content decides. A plan that OpenTofu has encrypted is a note.

## Why it matters
A plan holds the state as it was, every planned value and every variable in plain text, the sensitive ones too, and the
backend's credentials. It serves one `apply` and is worthless afterwards, to everybody but a thief.

## Bad
```json plan.json
{
  "format_version": "1.2",
  "terraform_version": "1.11.4",
  "planned_values": { "root_module": {} },
  "resource_changes": []
}
```

## Good
```text .gitignore
*.tfplan
tfplan
```
```hcl main.tf
resource "terraform_data" "example" {}
```

## Remedy
Take the file out of the index (`git rm --cached`), name it in `.gitignore`, and rotate the credentials that it and the
state in it held. Between a pipeline's `plan` and `apply` hand plans on as a protected artifact that expires soon.

## References
- <https://developer.hashicorp.com/terraform/cli/commands/plan#out-filename>
- <https://developer.hashicorp.com/terraform/internals/json-format#plan-representation>
"#,
    check: Check::Artifact(check),
};

fn check(context: &ArtifactContext<'_>, findings: &mut Findings) {
    let path = &context.file.path;
    let (what, consequence) = match context.analysis.format {
        Format::Plan => ("a saved plan", HOLDS),
        Format::PlanJson => ("what `terraform show -json` prints of a plan", HOLDS),
        Format::EncryptedPlan => {
            ("a saved plan", "OpenTofu has encrypted it, so its values are safe as long as its key is")
        }
        _ => return,
    };
    if !context.file.tracked {
        return;
    }
    let finding = Finding::new(RULE.id, whole(path), format!("{what} is committed: {consequence}"))
        .module(module_name(&path.parent()))
        .remedy("take it out of git: a plan serves one `apply` and is made anew for the next");
    let finding = taken_out(finding, path, false, &[pattern_of(path)]);
    findings.push(match context.analysis.format {
        Format::EncryptedPlan => finding.uncertain(Level::Note, Confidence::High),
        _ => finding,
    });
}

const HOLDS: &str = "it holds the state, the planned values and the variables in plain text, the sensitive ones too";
