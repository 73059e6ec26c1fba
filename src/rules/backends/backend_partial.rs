//! `backend-partial`

use super::backend_local::is_run_by_terragrunt;
use super::site::{self, list};
use crate::document::Kind as FileKind;
use crate::finding::{Confidence, FixAvailability, Level, Severity};
use crate::resolve::{Backend, Form, local_source};
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule};
use crate::text::RepoPath;
use std::collections::{BTreeMap, BTreeSet};

/// The rule.
pub static RULE: Rule = Rule {
    id: "backend-partial",
    group: Group::Backends,
    summary: "nothing in the repository says what completes a partial backend",
    severity: Severity::Low,
    recommended: Level::Note,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a `backend` block that lacks required arguments which no backend-config file, workflow, script or policy
supplies. It names the rules that could not be decided. Modules that are completed the same way make one finding.

## Why it matters
A partial backend is good practice, but where its rest comes from a place that is not in the repository, nobody can
tell from here whether the state is encrypted, locked and kept apart from other modules' state.

## Bad
```hcl
terraform {
  backend "s3" {}
}
```

## Good
```hcl main.tf
terraform {
  backend "s3" {
    key = "network/terraform.tfstate"
  }
}
```
```hcl prod.s3.tfbackend
bucket       = "org-terraform-state"
region       = "eu-west-1"
encrypt      = true
use_lockfile = true
```

## Remedy
Commit the backend-config file (without secrets), or say in the policy how these backends are completed:

```yaml
backends:
  - paths: ["namespaces/*/resources"]
    type: s3
    values: { bucket: org-terraform-state, region: eu-west-1, encrypt: true, use_lockfile: true }
```

## References
- <https://developer.hashicorp.com/terraform/language/backend#partial-configuration>
"#,
    check: Check::Repository(check),
};

/// Further places that a finding lists, at most.
const MAX_RELATED: usize = 5;

/// What makes two partial backends alike: the kind, what is set, and what could not be decided.
type Likeness<'b> = (&'b str, Vec<&'b str>, Vec<&'static str>);

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let by_terragrunt = terragrunt_modules(context);
    let mut undecided: BTreeMap<usize, BTreeSet<&'static str>> = BTreeMap::new();
    for (index, rule, _) in context.undecided {
        undecided.entry(*index).or_default().insert(rule);
    }
    let mut groups: BTreeMap<Likeness<'_>, BTreeMap<&RepoPath, &Backend>> = BTreeMap::new();
    for (index, backend) in context.backends.iter().enumerate() {
        let partial = backend.form == Form::Block && !backend.complete && !backend.missing().is_empty();
        let generated =
            by_terragrunt.contains(&backend.module) || is_run_by_terragrunt(context.program, &backend.module);
        if partial && !generated {
            let set = backend.settings.keys().map(String::as_str).collect();
            let rules = undecided.get(&index).into_iter().flatten().copied().collect();
            groups.entry((&backend.kind, set, rules)).or_default().entry(&backend.module).or_insert(backend);
        }
    }
    for ((kind, _, rules), modules) in &groups {
        findings.0.extend(finding(kind, rules, modules));
    }
}

/// Directories that Terragrunt's units run: they complete the backend there.
fn terragrunt_modules(context: &RepositoryContext<'_>) -> BTreeSet<RepoPath> {
    let units = context.repository.documents.iter().filter(|document| document.kind == FileKind::Terragrunt);
    let mut found = BTreeSet::new();
    for unit in units {
        for block in unit.body.iter().flat_map(|body| body.blocks_of("terraform")) {
            let source = block.body.attribute("source").and_then(|source| source.value.as_str());
            found.extend(source.and_then(|source| local_source(&unit.path().parent(), source)));
        }
    }
    found
}

fn finding(
    kind: &str,
    rules: &[&'static str],
    modules: &BTreeMap<&RepoPath, &Backend>,
) -> Option<crate::finding::Finding> {
    let (_, first) = modules.first_key_value()?;
    let missing: Vec<String> = first.missing().iter().map(|name| format!("`{name}`")).collect();
    let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
    let of = match modules.len() {
        1 => "this module".to_owned(),
        more => format!("{more} modules"),
    };
    let not_decided = match rules {
        [] => String::new(),
        rules => format!("; not decided: {}", list(rules)),
    };
    let message =
        format!("nothing in the repository supplies {} of the {kind} backend of {of}{not_decided}", list(&missing));
    let is_secret = |name: &&str| first.schema.and_then(|schema| schema.argument(name)).is_some_and(|a| a.secret);
    let values = first.missing().into_iter().filter(|name| !is_secret(name));
    let values: Vec<String> = values.map(|name| format!("{name}: ...")).collect();
    let remedy = format!(
        "commit the backend-config file, without secrets, or say in the policy how it is completed: \
         `backends: [{{ paths: [\"{}\"], type: {kind}, values: {{ {} }} }}]`",
        common(modules.keys().copied()),
        values.join(", "),
    );
    let mut found = site::finding(RULE.id, first, first.header.clone(), message)
        .remedy(remedy)
        .uncertain(Level::Note, Confidence::Medium);
    for (nth, backend) in modules.values().skip(1).take(MAX_RELATED).enumerate() {
        let left = modules.len().saturating_sub(1 + MAX_RELATED);
        let message = match nth + 1 == MAX_RELATED && left > 0 {
            true => format!("completed the same way, and {left} more"),
            false => "completed the same way".to_owned(),
        };
        found = found.related(backend.header.clone(), message);
    }
    Some(found)
}

/// A pattern that covers the directories: the one, or everything below what they have in common.
fn common<'p>(mut directories: impl Iterator<Item = &'p RepoPath>) -> String {
    let Some(first) = directories.next() else { return "**".into() };
    let mut shared: Vec<&str> = first.as_str().split('/').filter(|part| !part.is_empty()).collect();
    let mut alone = true;
    for directory in directories {
        alone = false;
        let parts = directory.as_str().split('/');
        let same = shared.iter().zip(parts).take_while(|(one, other)| *one == other).count();
        shared.truncate(same);
    }
    match (alone, shared.is_empty()) {
        (true, true) => ".".into(),
        (true, false) => shared.join("/"),
        (false, true) => "**".into(),
        (false, false) => format!("{}/**", shared.join("/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_all_directories() {
        let paths = |texts: &[&str]| texts.iter().map(|text| RepoPath::new(text)).collect::<Vec<_>>();
        assert_eq!(common(paths(&["a/b"]).iter()), "a/b");
        assert_eq!(common(paths(&["a/b", "a/c/d"]).iter()), "a/**");
        assert_eq!(common(paths(&["a", "b"]).iter()), "**");
        assert_eq!(common(paths(&[""]).iter()), ".");
    }
}
