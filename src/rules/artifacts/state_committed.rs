//! `state-committed`

use super::committed::{pattern_of, taken_out, whole};
use crate::document::Kind;
use crate::document::artifact::{ArtifactFile, Format, MAX_WHOLE_BYTES};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity};
use crate::rules::{ArtifactContext, Check, Findings, Group, Rule, module_name};
use crate::text::{RepoPath, shell};

/// The rule.
pub static RULE: Rule = Rule {
    id: "state-committed",
    group: Group::Artifacts,
    summary: "a state file is tracked by git",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a state file that git tracks, whatever it is called: of every version, backups, `errored.tfstate`, the state of
a workspace (`terraform.tfstate.d/NAME`), and what `terraform show -json` prints of a state. The content decides. An
empty state counts too, as the next `apply` fills it. A state that OpenTofu has encrypted is a note.

## Why it matters
State holds every attribute of every resource in plain text: generated passwords, private keys, connection strings,
whatever is marked `sensitive`. Everybody who can read the repository can read it, and so can everybody who ever gets
hold of a clone. Two people who apply from two branches also overwrite each other's state: git has no lock.

## Bad
```json legacy/terraform.tfstate
{
  "version": 4,
  "terraform_version": "1.11.4",
  "serial": 3,
  "lineage": "5d0b8bd6-3a5c-1f3c-9d0c-7f3b1c9b2f10",
  "outputs": {},
  "resources": []
}
```

Under another name:
```json backup/network-2021.json
{
  "version": 3,
  "terraform_version": "0.11.14",
  "serial": 12,
  "lineage": "5d0b8bd6-3a5c-1f3c-9d0c-7f3b1c9b2f10",
  "modules": [{ "path": ["root"], "outputs": {}, "resources": {}, "depends_on": [] }]
}
```

## Good
```hcl
terraform {
  backend "s3" {
    bucket       = "org-terraform-state"
    key          = "network/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}
```

## Remedy
Keep state in a backend that encrypts, locks and versions it (`terraform init -migrate-state`). Take the file out of
the index (`git rm --cached`) and name it in `.gitignore`. Then rotate every credential that it held, as history keeps
it. Rewriting history (`git filter-repo --invert-paths`) is worth the trouble only after that: it needs a forced push
and new clones for everybody, and forks and the forge's caches keep the old commits until their owner drops them.

## References
- <https://developer.hashicorp.com/terraform/language/state/sensitive-data>
- <https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository>
- <https://opentofu.org/docs/language/state/encryption/>
"#,
    check: Check::Artifact(check),
};

fn check(context: &ArtifactContext<'_>, findings: &mut Findings) {
    let file = context.file;
    let Some(what) = what(context.analysis.format, file).filter(|_| file.tracked) else { return };
    let encrypted = context.analysis.format == Format::EncryptedState;
    let consequence = if encrypted {
        "is committed: OpenTofu has encrypted it, so its values are safe as long as its key is; git still gives it no lock"
    } else {
        "is committed: whoever reads the repository or its history reads every value in it, passwords and keys included"
    };
    let module = module_of(&file.path);
    let finding = Finding::new(RULE.id, whole(&file.path), format!("{what} {consequence}"))
        .module(module_name(&module))
        .remedy("keep state in a backend that encrypts, locks and versions it, and take this file out of git");
    let finding = taken_out(kept_elsewhere(finding, file, &module), &file.path, false, &patterns(file));
    findings.push(if encrypted { finding.uncertain(Level::Note, Confidence::High) } else { finding });
}

/// What the state is, in words; None for what is none.
fn what(format: Format, file: &ArtifactFile) -> Option<String> {
    let name = file.path.name();
    let version = match format {
        Format::State { version } => format!(" (version {version})"),
        Format::StateJson => return Some("what `terraform show -json` prints of a state".to_owned()),
        Format::EncryptedState => String::new(),
        // What is too large to be read as a whole goes by its name.
        Format::Other | Format::Log if file.kind == Kind::State && file.size > MAX_WHOLE_BYTES => String::new(),
        _ => return None,
    };
    let kind = if name == "errored.tfstate" {
        "a state that Terraform could not upload"
    } else if name.contains(".backup") || name.ends_with(".bak") {
        "a backup of a state"
    } else {
        "a state file"
    };
    let workspace = workspace(&file.path).map(|name| format!(" of the workspace `{name}`")).unwrap_or_default();
    Some(format!("{kind}{version}{workspace}"))
}

/// The workspace whose state lies at a path of the local backend.
///
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/local/backend.go> (`DefaultWorkspaceDir`)
fn workspace(path: &RepoPath) -> Option<String> {
    let directory = path.parent();
    (directory.parent().name() == "terraform.tfstate.d").then(|| directory.name().to_owned())
}

/// The directory of the module that a state belongs to.
fn module_of(path: &RepoPath) -> RepoPath {
    let directory = path.parent();
    match workspace(path) {
        Some(_) => directory.parent().parent(),
        None if matches!(directory.name(), ".terraform" | "terraform.tfstate.d") => directory.parent(),
        None => directory,
    }
}

/// Adds the command that brings the state to where it belongs, where the name tells what it is.
fn kept_elsewhere(finding: Finding, file: &ArtifactFile, module: &RepoPath) -> Finding {
    let at = match module.as_str() {
        "" => String::new(),
        _ => format!(" -chdir={}", shell::quote(module.as_str())),
    };
    match file.path.name() {
        "terraform.tfstate" => finding.command(format!("terraform{at} init -migrate-state")),
        "errored.tfstate" => finding.command(format!("terraform{at} state push errored.tfstate")),
        _ => finding,
    }
}

fn patterns(file: &ArtifactFile) -> Vec<String> {
    match file.kind {
        Kind::State => vec!["*.tfstate".to_owned(), "*.tfstate.*".to_owned()],
        Kind::BackendCache => vec![".terraform/".to_owned()],
        _ => vec![pattern_of(&file.path)],
    }
}
