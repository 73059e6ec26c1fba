//! `gitignore-incomplete`

use super::committed::{append, whole};
use super::wanted::{Wanted, wanted_in};
use crate::document::hcl::Body;
use crate::document::{Document, IgnoreRules, Kind};
use crate::finding::{Finding, Fix, FixAvailability, Level, Place, Severity};
use crate::resolve::{Module, Role};
use crate::rules::backends::site::list;
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule, module_name};
use crate::text::{RepoPath, Source, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rule.
pub static RULE: Rule = Rule {
    id: "gitignore-incomplete",
    group: Group::Artifacts,
    summary: "nothing keeps what a run leaves behind out of git",
    severity: Severity::Low,
    recommended: Level::Warning,
    fix: FixAvailability::Sometimes,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Asks git's own rules (every `.gitignore`, and `info/exclude`) in the directory of each root module whether what a run
leaves behind there is ignored, and reports once for the repository what is not:

- `.terraform/`, and where Terragrunt runs `.terragrunt-cache/`;
- `errored.tfstate`, which Terraform writes when it cannot upload the state; with a local backend `terraform.tfstate`
  and its backup too;
- saved plans, where not one of the usual names (`tfplan`, `*.tfplan`, `plan.out`, ...) is ignored;
- `crash.log` and `crash.*.log`, unless the module requires Terraform 1.1 or later, which writes none;
- `*.auto.tfvars`, where a sensitive variable without a default waits for its value and no such file is committed on
  purpose.

What is a user's own (`core.excludesFile`) does not count. Outside git, and when single paths are checked, nothing is
reported.

## Why it matters
All of these hold secrets in plain text, and `git add .` takes them all.

## Bad
```text .gitignore
*.swp
```
```hcl main.tf
terraform {
  backend "s3" {
    bucket = "org-terraform-state"
    key    = "network/terraform.tfstate"
    region = "eu-west-1"
  }
}
```

## Good
```text .gitignore
.terraform/
*.tfstate
*.tfstate.*
*.tfplan
tfplan
crash.log
crash.*.log
```
```hcl main.tf
terraform {
  backend "s3" {
    bucket = "org-terraform-state"
    key    = "network/terraform.tfstate"
    region = "eu-west-1"
  }
}
```

## Remedy
Add the missing lines to the `.gitignore` at the root; the fix does, where there is one. A file that is tracked already
stays tracked: take it out with `git rm --cached`.

## References
- <https://git-scm.com/docs/gitignore>
- <https://github.com/github/gitignore/blob/main/Terraform.gitignore>
"#,
    check: Check::Repository(check),
};

/// Root modules that are asked about; a repository with more keeps to one habit.
const MAX_MODULES: usize = 1000;

/// Modules that a message names.
const NAMED: usize = 2;

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let repository = context.repository;
    let places = run_places(context);
    let Some((first, _)) = places.first_key_value() else { return };
    if !repository.in_git || !repository.whole {
        return;
    }
    let mut rules = repository.ignore_rules();
    let open = open_places(&places, &mut rules);
    let missing: BTreeSet<Wanted> = open.values().flatten().copied().collect();
    if missing.is_empty() {
        return;
    }
    let mut lines: Vec<&str> = missing.iter().flat_map(|wanted| wanted.lines()).copied().collect();
    lines.dedup();
    let root = RepoPath::new("");
    let gitignore = repository.text(&root.join(".gitignore"));
    let (place, module) = match &gitignore {
        Some(source) => (whole(&source.path), root.clone()),
        None => match start_of(context, first) {
            Some(place) => (place, first.clone()),
            None => return,
        },
    };
    let names: Vec<&str> = missing.iter().map(|wanted| wanted.name()).collect();
    let message = format!("nothing keeps {} of {} out of git", list(&names), modules(&open));
    let mut finding = Finding::new(RULE.id, place, message)
        .module(module_name(&module))
        .remedy("add what is missing to the `.gitignore` at the root; what is tracked already stays tracked")
        .command(append(&lines));
    if let Some(source) = &gitignore {
        let (text, edited) = appended(source, &lines);
        rules.suppose(&root, &edited);
        // A pattern further down may take back what one at the root ignores.
        if open_places(&places, &mut rules).is_empty() {
            finding = finding.fix(Fix::safe(Place::new(source, Span::at(source.bytes().len())), text));
        }
    }
    findings.push(finding);
}

/// Directories that Terraform or Terragrunt is run in, and what must be ignored there.
fn run_places(context: &RepositoryContext<'_>) -> BTreeMap<RepoPath, BTreeSet<Wanted>> {
    let program = context.program;
    let mut places: BTreeMap<RepoPath, BTreeSet<Wanted>> = BTreeMap::new();
    let is_root = |(_, role): &(&Module<'_>, &Role)| matches!(role, Role::Root(_));
    for (module, _) in program.modules.iter().zip(&program.roles).filter(is_root).take(MAX_MODULES) {
        places.entry(module.directory.clone()).or_default().extend(wanted_in(context, module));
    }
    let units = context.repository.documents.iter().filter(|document| document.kind == Kind::Terragrunt);
    for unit in units.filter(|unit| unit.path().name() == "terragrunt.hcl").take(MAX_MODULES) {
        if unit.body.as_ref().is_some_and(is_unit) {
            places.entry(unit.path().parent()).or_default().insert(Wanted::TerragruntCache);
        }
    }
    places
}

/// Whether Terragrunt is run with that file itself, which does not only serve others as their parent.
fn is_unit(body: &Body) -> bool {
    let mut blocks = body.blocks.iter();
    blocks.any(|b| b.kind == "include" || (b.kind == "terraform" && b.body.attribute("source").is_some()))
}

/// What git would take, by directory.
fn open_places(
    places: &BTreeMap<RepoPath, BTreeSet<Wanted>>,
    rules: &mut IgnoreRules<'_>,
) -> BTreeMap<RepoPath, BTreeSet<Wanted>> {
    let mut open = BTreeMap::new();
    for (directory, wanted) in places {
        let missing: BTreeSet<Wanted> =
            wanted.iter().filter(|wanted| !wanted.is_ignored(directory, rules)).copied().collect();
        if !missing.is_empty() {
            open.insert(directory.clone(), missing);
        }
    }
    open
}

/// Where the configuration of a directory begins.
fn start_of(context: &RepositoryContext<'_>, directory: &RepoPath) -> Option<Place> {
    let beside = context.program.beside(directory);
    let runs = |document: &&&Document| document.kind.is_configuration() || document.kind == Kind::Terragrunt;
    let document = beside.iter().find(runs)?;
    Some(Place::new(&document.source, Span::at(0)))
}

/// What is appended to a `.gitignore`, and what it then holds.
fn appended(source: &Arc<Source>, lines: &[&str]) -> (String, Vec<u8>) {
    let bytes = source.bytes();
    let newline = if memchr::memmem::find(bytes, b"\r\n").is_some() { "\r\n" } else { "\n" };
    let mut text = if bytes.is_empty() || bytes.ends_with(b"\n") { String::new() } else { newline.to_owned() };
    lines.iter().for_each(|line| text.extend([line, newline]));
    let edited = [bytes, text.as_bytes()].concat();
    (text, edited)
}

fn modules(open: &BTreeMap<RepoPath, BTreeSet<Wanted>>) -> String {
    let named: Vec<String> = open.keys().take(NAMED).map(|directory| format!("`{}`", directory.shown())).collect();
    match open.len() - named.len() {
        0 => format!("the root module{} {}", if named.len() > 1 { "s" } else { "" }, named.join(" and ")),
        more => format!("the root modules {} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_appended_as_the_others_end() {
        let after = |before: &str| {
            let source = Arc::new(Source::new(RepoPath::new(".gitignore"), before.as_bytes()));
            String::from_utf8(appended(&source, &["x", "y"]).1).unwrap()
        };
        assert_eq!(after(""), "x\ny\n");
        assert_eq!(after("a"), "a\nx\ny\n");
        assert_eq!(after("a\r\nb"), "a\r\nb\r\nx\r\ny\r\n");
    }
}
