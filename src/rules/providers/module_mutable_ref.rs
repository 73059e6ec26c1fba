//! `module-mutable-ref`

use super::calls::{Call, of_documents, of_module};
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::resolve::{ModuleSource, SourceKind};
use crate::rules::{Check, Findings, Group, ModuleContext, RepositoryContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "module-mutable-ref",
    group: Group::Providers,
    summary: "a git module is pinned to a branch or tag, not to a commit",
    severity: Severity::Low,
    recommended: Level::Off,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a git source whose `ref` is no full commit id, and a Mercurial source whose `rev` is none.

## Why it matters
A branch moves with every commit, and who may write to the repository can move a tag: the same configuration then runs
other code, with the credentials of the run. The lock file does not cover modules.

## Bad
```hcl
module "network" {
  source = "git::https://git.example.com/terraform/network.git?ref=v1.4.0"
}
```

## Good
```hcl
module "network" {
  # v1.4.0
  source = "git::https://git.example.com/terraform/network.git?ref=9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c"
}
```

## Remedy
Put the commit that the tag points to in its place, and the tag's name into a comment.

## References
- <https://developer.hashicorp.com/terraform/language/modules/sources#selecting-a-revision>
"#,
    check: Check::Any(&[Check::Module(check), Check::Repository(check_documents)]),
};

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    of_module(context.tree, context.instance).iter().for_each(|call| judge(call, findings));
}

fn check_documents(context: &RepositoryContext<'_>, findings: &mut Findings) {
    of_documents(context.repository).iter().for_each(|call| judge(call, findings));
}

fn judge(call: &Call, findings: &mut Findings) {
    for value in call.source.alternatives() {
        let Some(source) = value.as_str().map(ModuleSource::parse) else { continue };
        let parameter = match source.kind {
            SourceKind::Git => "ref",
            SourceKind::Mercurial => "rev",
            _ => continue,
        };
        let Some(reference) = source.parameter(parameter) else { continue };
        if matches!(reference.len(), 40 | 64) && reference.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            continue;
        }
        let message = format!("the module {} is pinned to a branch or tag, which can be moved", source.shown());
        let mut finding = Finding::new(RULE.id, call.place(value), message)
            .address(&call.address)
            .attribute("source")
            .module(module_name(&call.directory))
            .remedy("put the full commit id in the place of the branch or tag");
        finding.related = call.trace(value);
        findings.push(finding);
    }
}
