//! `module-unpinned`

use super::calls::{Call, of_documents, of_module};
use crate::document::Kind as FileKind;
use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity};
use crate::resolve::{ModuleSource, SourceKind, Value};
use crate::rules::{Check, Findings, Group, ModuleContext, RepositoryContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "module-unpinned",
    group: Group::Providers,
    summary: "a module from elsewhere is called without saying which version of it",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a call of a registry module without `version`, of a git or Mercurial repository without `ref` or `rev`, of an
OCI artifact without `tag` or `digest`, and of an archive whose address names neither a version nor a checksum. The
sources in Terragrunt's files count. Local modules are never reported.

## Why it matters
The lock file does not cover modules: without a version each `terraform init` takes what is newest. A module runs with
the credentials of the run and sees every secret that is passed to it.

## Bad
```hcl
module "vpc" {
  source = "terraform-aws-modules/vpc/aws"
}

module "network" {
  source = "git::https://git.example.com/terraform/network.git"
}
```

## Good
```hcl
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.5"
}

module "network" {
  source = "git::https://git.example.com/terraform/network.git?ref=v1.4.0"
}

module "dns" {
  source = "./modules/dns"
}
```

## Remedy
Add `version` to a registry module, `?ref=` with a tag or a commit to a git source.

## References
- <https://developer.hashicorp.com/terraform/language/modules/sources>
- <https://developer.hashicorp.com/terraform/language/modules/syntax#version>
"#,
    check: Check::Any(&[Check::Module(check), Check::Repository(check_documents)]),
};

fn check(context: &ModuleContext<'_>, findings: &mut Findings) {
    of_module(context.tree, context.instance).iter().for_each(|call| judge(call, findings));
}

fn check_documents(context: &RepositoryContext<'_>, findings: &mut Findings) {
    for call in of_documents(context.repository) {
        // What a test calls runs against nothing that lasts.
        if !matches!(FileKind::of(call.at.path()), FileKind::TfTest | FileKind::TfTestJson) {
            judge(&call, findings);
        }
    }
}

fn judge(call: &Call, findings: &mut Findings) {
    for value in call.source.alternatives() {
        let Some(source) = value.as_str().map(ModuleSource::parse) else { continue };
        if let Some((lacks, level)) = lacking(&source, call.version.is_some()) {
            findings.push(finding(call, value, &source, lacks, level));
        }
    }
}

/// What a source lacks to say which version it means, and how sure that is.
fn lacking(source: &ModuleSource<'_>, has_version: bool) -> Option<(&'static str, Level)> {
    let without = |name: &str| source.parameter(name).is_none();
    match source.kind {
        SourceKind::Registry if !has_version && without("version") => Some(("version", Level::Error)),
        SourceKind::Git if without("ref") => Some(("ref", Level::Error)),
        SourceKind::Mercurial if without("rev") => Some(("rev", Level::Error)),
        SourceKind::Oci if without("tag") && without("digest") => Some(("tag or digest", Level::Error)),
        SourceKind::Http if without("checksum") && !names_a_version(source) => {
            // A page without an archive's name leads somewhere by its `X-Terraform-Get` header: perhaps to a version.
            let level = if is_archive(source.address()) { Level::Error } else { Level::Note };
            Some(("checksum", level))
        }
        SourceKind::S3 if without("version") && !names_a_version(source) => Some(("version", Level::Note)),
        SourceKind::Gcs if !source.address().contains('#') && !names_a_version(source) => {
            Some(("version", Level::Note))
        }
        _ => None,
    }
}

/// <https://developer.hashicorp.com/terraform/language/modules/sources#fetching-archives-over-http>
fn is_archive(address: &str) -> bool {
    let package = address.split_once("://").map_or(address, |(_, rest)| rest);
    let package = package.split_once("//").map_or(package, |(package, _)| package);
    [".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar"].iter().any(|end| package.ends_with(end))
}

/// Whether a part of the address is a version (`1.2`, `v1.2.3`, a commit): who publishes under such a name does not
/// change what it means.
fn names_a_version(source: &ModuleSource<'_>) -> bool {
    let path = source.address().split_once("://").map_or(source.address(), |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    let is_commit = |part: &str| part.len() == 40 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let is_version = |part: &str| {
        let digits = part.trim_start_matches(['v', 'V']);
        let mut numbers = digits.split('.').take_while(|n| n.bytes().next().is_some_and(|b| b.is_ascii_digit()));
        digits.starts_with(|c: char| c.is_ascii_digit()) && numbers.by_ref().take(2).count() == 2
    };
    path.split(['/', '-', '_', '@']).any(|part| is_version(part) || is_commit(part))
}

fn finding(call: &Call, value: &Value, source: &ModuleSource<'_>, lacks: &'static str, level: Level) -> Finding {
    let (message, remedy) = match source.kind {
        SourceKind::Registry => (
            format!("the module {} is called without `version`: `init` takes the newest release", source.shown()),
            "add a `version` constraint, such as `version = \"~> 1.2\"`".to_owned(),
        ),
        SourceKind::Git | SourceKind::Mercurial => (
            format!(
                "the module {} is called without `{lacks}`: `init` takes what its default branch holds",
                source.shown()
            ),
            format!("add `?{lacks}=` with a tag or a commit to the source"),
        ),
        _ => (
            format!("the module {} is called without {lacks}: what stands there may be replaced", source.shown()),
            format!("name a version in the address, or add the {lacks}"),
        ),
    };
    let place = call.place(value);
    let mut finding = Finding::new(RULE.id, place, message)
        .address(&call.address)
        .attribute(if source.kind == SourceKind::Registry { "version" } else { "source" })
        .module(module_name(&call.directory))
        .remedy(remedy)
        .command("terraform init -upgrade");
    finding.related = call.trace(value);
    if level == Level::Error { finding } else { finding.uncertain(level, Confidence::Low) }
}
