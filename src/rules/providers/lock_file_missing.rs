//! `lock-file-missing`

use super::common::{is_run_here, lock_file, module_place};
use crate::document::Repository;
use crate::finding::{Finding, FixAvailability, Level, Place, Severity};
use crate::resolve::requirements;
use crate::rules::{Check, Findings, Group, ModuleContext, Rule, module_name};
use crate::text::{RepoPath, Source, Span};
use ignore::gitignore::GitignoreBuilder;
use std::sync::Arc;

/// The rule.
pub static RULE: Rule = Rule {
    id: "lock-file-missing",
    group: Group::Providers,
    summary: "a root module has no committed dependency lock file",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a root module that uses providers and has no `.terraform.lock.hcl` in the repository: none at all, one that git
ignores, or one that is not committed.

## Why it matters
The lock file holds the exact version and the checksums of every provider. Without it each run selects anew, so that two
runs of one commit may differ, and a replaced package is not noticed. Providers run with the credentials of the run.

## Bad
```hcl
terraform {
  backend "s3" {}
}

provider "aws" {
  region = "eu-west-1"
}
```

## Good
```hcl main.tf
terraform {
  backend "s3" {}
}

provider "aws" {
  region = "eu-west-1"
}
```
```hcl .terraform.lock.hcl
provider "registry.terraform.io/hashicorp/aws" {
  version = "5.31.0"
  hashes = [
    "h1:ltxyuBWIy9cq0kIKDJH1jeWJy/y7XJLjS4QrsQK4plA=",
    "zh:0cdb9c2083bf0902442384f7309367791e4640581652dda456f2d6d7abf0de8d",
  ]
}
```

## Remedy
Run `terraform init` (and `terraform providers lock` for every platform in use), and commit `.terraform.lock.hcl`.

## References
- <https://developer.hashicorp.com/terraform/language/files/dependency-lock>
"#,
    check: Check::Module(check),
};

const NAME: &str = ".terraform.lock.hcl";

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    if !is_run_here(context) || requirements(context.tree).is_empty() {
        return;
    }
    let repository = context.tree.program.repository;
    let what = match lock_file(context.tree) {
        Some(document) if !repository.in_git || document.tracked => return,
        Some(_) => "this root module's dependency lock file is not committed",
        None if repository.on_demand.exists(&context.module.directory.join(NAME)) => return,
        None => "this root module has no dependency lock file",
    };
    let Some(place) = module_place(context.module) else { return };
    let message = format!("{what}: every run selects its providers anew, and none is held to its checksums");
    let mut finding = Finding::new(RULE.id, place, message)
        .address("terraform")
        .module(module_name(&context.module.directory))
        .remedy("create the lock file and commit it")
        .command("terraform init")
        .command(format!("git add {NAME}"));
    if let Some(ignored) = ignored_by(repository, &context.module.directory) {
        finding = finding.related(ignored, format!("git is told to ignore {NAME}: remove this pattern"));
    }
    findings.push(finding);
}

/// The line of a `.gitignore` in a directory or above it that keeps the lock file out of git; the nearest file that
/// speaks of it decides, and in it the last line.
fn ignored_by(repository: &Repository, directory: &RepoPath) -> Option<Place> {
    let mut home = directory.clone();
    loop {
        if let Some(source) = repository.text(&home.join(".gitignore")) {
            let inner = directory.as_str().get(home.as_str().len()..).unwrap_or("").trim_start_matches('/');
            if let Some(decision) = decision_in(&source, &RepoPath::new(inner).join(NAME)) {
                return decision;
            }
        }
        if home.as_str().is_empty() {
            return None;
        }
        home = home.parent();
    }
}

/// What a `.gitignore` says of a path: the line that ignores it, or that it is not ignored. None if it says nothing.
fn decision_in(source: &Arc<Source>, path: &RepoPath) -> Option<Option<Place>> {
    let lines = source.lines();
    for line in (1..=lines.count()).rev() {
        let range = lines.line_range(source.bytes(), line);
        let Ok(pattern) = std::str::from_utf8(&source.bytes()[range.clone()]) else { continue };
        let mut builder = GitignoreBuilder::new("");
        if builder.add_line(None, pattern).is_err() {
            continue;
        }
        let Ok(matcher) = builder.build() else { continue };
        let matched = matcher.matched_path_or_any_parents(path.as_str(), false);
        if !matched.is_none() {
            return Some(matched.is_ignore().then(|| Place::new(source, Span::new(range.start, range.end))));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_speaks_of_the_file_decides() {
        let decide = |text: &str| {
            let source = Arc::new(Source::new(RepoPath::new(".gitignore"), text.as_bytes()));
            decision_in(&source, &RepoPath::new("live/.terraform.lock.hcl")).map(|place| place.map(|p| p.start().line))
        };
        assert_eq!(decide("*.tfstate\n.terraform.lock.hcl\n"), Some(Some(2)));
        assert_eq!(decide("**/.terraform*\r\n"), Some(Some(1)));
        assert_eq!(decide("live/\n"), Some(Some(1)));
        assert_eq!(decide("*.hcl\n!.terraform.lock.hcl\n"), Some(None));
        assert_eq!(decide("# .terraform.lock.hcl\n.terraform/\n/.terraform.lock.hcl\n"), None);
    }
}
