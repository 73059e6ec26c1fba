//! `terraform-directory-committed`

use super::committed::{taken_out, whole};
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule, module_name};
use crate::text::RepoPath;
use std::collections::BTreeMap;

/// The rule.
pub static RULE: Rule = Rule {
    id: "terraform-directory-committed",
    group: Group::Artifacts,
    summary: "what `terraform init` has fetched and saved is tracked by git",
    severity: Severity::Medium,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports each `.terraform` directory, and each of Terragrunt's `.terragrunt-cache`, in which git tracks files.

## Why it matters
`terraform init` saves the backend's arguments there, with the credentials among them, and goes on using these copies
after a rotation. It also fetches modules and providers there: binaries of hundreds of megabytes for one platform,
which others then run instead of those that the lock file vouches for.

## Bad
```json infra/.terraform/modules/modules.json
{"Modules":[{"Key":"","Source":"","Dir":"."}]}
```
```text infra/.terraform/environment
prod
```

## Good
```text .gitignore
.terraform/
```
```hcl infra/main.tf
resource "terraform_data" "example" {}
```

## Remedy
Take the directory out of the index (`git rm -r --cached`), name it in `.gitignore`, run `terraform init`, and commit
`.terraform.lock.hcl` instead. Rotate the credentials that its `terraform.tfstate` holds.

## References
- <https://developer.hashicorp.com/terraform/cli/init#working-directory-contents>
- <https://terragrunt.gruntwork.io/docs/features/caching/>
"#,
    check: Check::Repository(check),
};

/// What stands in one directory.
#[derive(Default)]
struct Contents {
    /// The file at which the finding stands: the backend's cache, else the first.
    first: Option<RepoPath>,
    files: usize,
    providers: bool,
    modules: bool,
    cache: bool,
}

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    if !context.repository.in_git {
        return;
    }
    let mut directories: BTreeMap<RepoPath, Contents> = BTreeMap::new();
    for path in context.repository.on_demand.tracked() {
        if let Some(directory) = data_directory(&path) {
            directories.entry(directory).or_default().add(path);
        }
    }
    for (directory, contents) in directories {
        let Some(first) = &contents.first else { continue };
        let finding = Finding::new(RULE.id, whole(first), contents.message(&directory))
            .module(module_name(&directory.parent()))
            .remedy("take it out of git: `terraform init` makes all of it anew");
        findings.push(taken_out(finding, &directory, true, &[format!("{}/", directory.name())]));
    }
}

/// The outermost directory above a file that is `init`'s or Terragrunt's own.
fn data_directory(file: &RepoPath) -> Option<RepoPath> {
    let path = file.as_str();
    let ends = path.match_indices('/').map(|(at, _)| RepoPath::new(&path[..at]));
    ends.into_iter().find(|directory| matches!(directory.name(), ".terraform" | ".terragrunt-cache"))
}

impl Contents {
    fn add(&mut self, path: RepoPath) {
        self.files += 1;
        let cache = path.name() == "terraform.tfstate" && path.parent().name() == ".terraform";
        // <https://developer.hashicorp.com/terraform/internals/provider-registry-protocol>: names of their binaries.
        self.providers |= path.name().starts_with("terraform-provider-");
        self.modules |= path.as_str().contains(".terraform/modules/") && path.name() != "modules.json";
        if self.first.is_none() || (cache && !self.cache) {
            self.first = Some(path);
        }
        self.cache |= cache;
    }

    fn message(&self, directory: &RepoPath) -> String {
        let files = if self.files == 1 { "1 file".to_owned() } else { format!("{} files", self.files) };
        let named = [
            (self.cache, "the backend's saved arguments"),
            (self.providers, "binaries of providers"),
            (self.modules, "copies of modules"),
        ];
        let named: Vec<&str> = named.into_iter().filter(|(there, _)| *there).map(|(_, name)| name).collect();
        let among = if named.is_empty() { String::new() } else { format!(", among them {}", named.join(" and ")) };
        let why = if self.cache {
            "`terraform init` saves the backend's credentials there and goes on using them after a rotation"
        } else {
            "the next `terraform init` saves the backend's credentials there"
        };
        format!("`{}` is committed with {files}{among}: {why}", directory.name())
    }
}
