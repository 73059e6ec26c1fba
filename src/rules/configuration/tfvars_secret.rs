//! `tfvars-secret`

use super::sinks::held;
use super::standing::{Standing, is_variable_file};
use super::told;
use super::variables::Given;
use crate::document::Document;
use crate::finding::{Finding, FixAvailability, Level, Place, Severity};
use crate::resolve::{AttributeIn, Program};
use crate::rules::{Check, Findings, Group, RepositoryContext, ResourceContext, Rule, module_name};
use crate::text::{RepoPath, shell};

/// The rule.
pub static RULE: Rule = Rule {
    id: "tfvars-secret",
    group: Group::Configuration,
    summary: "a committed tfvars file with a secret",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports the value that a committed variable file (`*.tfvars`, `*.tfvars.json`, any file that a command names with
`-var-file`) gives to a variable, if it is a secret: because it reaches an argument that a provider declares sensitive,
because the variable is declared `sensitive` or named as a secret, or because it has the form of a credential. Where
only a name tells, and the value could be something else, it is a warning. Files that git ignores are nobody else's.

## Why it matters
Whoever can read the repository, or its history, knows the secret.

## Bad
```hcl main.tf
variable "admin" {}

resource "aws_db_instance" "main" {
  engine   = "postgres"
  password = var.admin
}
```

```hcl prod.auto.tfvars
admin = "Aa12345678"
```

```hcl prod.tfvars
db_password = "hunter2-Sup3rS3cret"
```

## Good
```hcl main.tf
variable "db_password" {
  type      = string
  sensitive = true
}

variable "db_password_secret_name" {}

resource "aws_db_instance" "main" {
  engine   = "postgres"
  password = var.db_password
}
```

```hcl prod.auto.tfvars
db_password_secret_name = "prod-db-password"
```

## Remedy
Change the secret where it is used: what was committed stays in the history. Set the variable by `TF_VAR_name` or from a
file that git ignores, or take the value from a secret store.

## References
- <https://developer.hashicorp.com/terraform/language/values/variables#assigning-values-to-root-module-variables>
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data>
"#,
    check: Check::Any(&[Check::Resource(check_sinks), Check::Repository(check_files)]),
};

fn check_sinks(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    let program = resource.tree.program;
    let in_git = program.repository.in_git;
    let in_file = |place: &Place| match Standing::of(program, place) {
        Standing::VariableFile(document, _) => is_committed(document, in_git),
        _ => false,
    };
    for held in held(resource, in_file) {
        let Standing::VariableFile(_, name) = Standing::of(program, &held.place) else { continue };
        let message = format!(
            "this file sets `var.{name}` to a secret: it reaches `{}` as `{}`, {}",
            resource.address(),
            held.path,
            told::reason(&held.weighed)
        );
        let mut finding = finding(name, held.place.clone(), message);
        finding.related = held.related;
        findings.push(held.weighed.tell(finding, &held.place));
    }
}

fn check_files(context: &RepositoryContext<'_>, findings: &mut Findings) {
    let (repository, program) = (context.repository, context.program);
    let files = repository.documents.iter().filter(|document| is_variable_file(document) && document.asked);
    for document in files.filter(|document| is_committed(document, repository.in_git)) {
        let attributes = document.body.iter().flat_map(|body| &body.attributes);
        for attribute in attributes.filter(|attribute| is_name(&attribute.name)) {
            let expr = AttributeIn { source: &document.source, attribute };
            let name = attribute.name.as_str();
            let given = Given { name, expr, sensitive: is_declared_sensitive(program, document.path(), name) };
            for secret in given.secrets() {
                let message = format!("this file sets `var.{name}` to a secret, {}", told::reason(&secret.weighed));
                let finding = finding(name, secret.place.clone(), message);
                findings.push(secret.weighed.tell(finding, &secret.place));
            }
        }
    }
}

/// Whether a text can name a variable: what a damaged file has in its place may be a part of a value.
fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// Whether others get the file with the repository.
fn is_committed(document: &Document, in_git: bool) -> bool {
    document.tracked || !in_git
}

/// Whether the module that the file is for, in its directory or above it, declares the variable sensitive.
fn is_declared_sensitive(program: &Program<'_>, file: &RepoPath, name: &str) -> bool {
    /// How far above its module a file of an environment stands at most.
    const LEVELS: usize = 4;
    let above = |directory: &RepoPath| (!directory.as_str().is_empty()).then(|| directory.parent());
    let directories = std::iter::successors(Some(file.parent()), above).take(LEVELS);
    let mut modules = directories.flat_map(|directory| {
        program.modules_in(&directory).iter().map(|id| &program.modules[*id]).collect::<Vec<_>>()
    });
    let declared = modules.find_map(|module| module.variables.get(name));
    declared.is_some_and(|variable| variable.is("sensitive", false))
}

fn finding(name: &str, place: Place, message: String) -> Finding {
    let path = place.path().clone();
    let remedy = format!(
        "change the secret where it is used, as the history keeps this one; then set TF_VAR_{name} for the run, or keep \
         the file out of git"
    );
    Finding::new(RULE.id, place, message)
        .address(format!("var.{name}"))
        .attribute(name)
        .module(module_name(&path.parent()))
        .remedy(remedy)
        .command(format!("git rm --cached -- {}", shell::pathspec(&path)))
}
