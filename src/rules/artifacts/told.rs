//! How the rules speak of a secret in an artifact, and how it is mended.

use super::analysis::{FoundSecret, Why};
use crate::document::artifact::{Owner, Section};
use crate::finding::{Confidence, Finding, Level};
use crate::resolve::schema::Minting;
use crate::rules::{ArtifactContext, module_name};
use crate::text::{RepoPath, shell};

/// The finding of a secret in a state or plan; `noun` says what the file is.
pub(super) fn finding(rule: &'static str, context: &ArtifactContext<'_>, secret: &FoundSecret, noun: &str) -> Finding {
    let (module, name) = (module_of(&context.file.path), named(&secret.owner, &secret.attribute));
    let reason = reason(secret);
    let message = format!("{name} stands in this {noun} in plain text: {reason}; whoever reads the file can use it");
    let mut finding = Finding::new(rule, secret.place.clone(), message)
        .module(module_name(&module))
        .credential(secret.credential.clone());
    if !secret.owner.address.is_empty() {
        finding = finding.address(&secret.owner.address);
    }
    if secret.owner.section != Section::Configuration {
        finding = finding.attribute(attribute(&secret.attribute));
    }
    finding.confidence = secret.confidence;
    // Where only a name speaks, or the file is a developer's own, it is no error.
    if secret.confidence == Confidence::Low || context.file.ignored {
        finding.at_most = Level::Warning;
    }
    out_of_git(rotated(finding, secret, &context.file.path), context)
}

/// A thing by address and attribute: `` `module.db.random_password.admin` → `result` ``.
pub(super) fn named(owner: &Owner, path: &str) -> String {
    match (owner.address.as_str(), attribute(path)) {
        (file, _) if owner.section == Section::Configuration => format!("a value in `{file}`"),
        ("", attribute) => format!("`{attribute}`"),
        (address, attribute) => format!("`{address}` → `{attribute}`"),
    }
}

/// An output's and a variable's own value has no name.
fn attribute(path: &str) -> &str {
    if path.is_empty() { "value" } else { path }
}

fn reason(secret: &FoundSecret) -> String {
    match (secret.why, &secret.original) {
        (Why::Provider, _) => "the provider declares it sensitive".to_owned(),
        (Why::Marked, _) => "Terraform marks it as sensitive, which hides it on the screen only".to_owned(),
        (Why::Format, _) => format!("it has the form of a credential ({})", secret.credential.kind),
        (Why::Argument, _) => match secret.owner.section {
            Section::Backend => "the backend signs in with it".to_owned(),
            _ => "the provider signs in with it".to_owned(),
        },
        (Why::Named, _) => format!("it is named as a secret ({})", secret.credential.kind),
        (Why::Copy, Some((owner, path))) => format!("it is a copy of {}", named(owner, path)),
        (Why::Copy, None) => "it is a copy of a secret that stands elsewhere in the repository".to_owned(),
    }
}

/// Adds how the credential is replaced: at the resource that mints it, where there is one that can be replaced.
fn rotated(finding: Finding, secret: &FoundSecret, path: &RepoPath) -> Finding {
    let (owner, attribute) = match &secret.original {
        Some((owner, attribute)) => (owner, attribute),
        None => (&secret.owner, &secret.attribute),
    };
    replaced(finding, owner, Some(attribute), path)
}

/// Adds how what a resource mints is replaced; `attribute` is the one that is asked for, None for all that it mints.
pub(super) fn replaced(finding: Finding, owner: &Owner, attribute: Option<&str>, path: &RepoPath) -> Finding {
    let minting = match owner.section {
        Section::Resource => Minting::of_resource(&owner.kind),
        Section::Data => Minting::of_data_source(&owner.kind),
        _ => None,
    };
    let minting = minting.filter(|minting| attribute.is_none_or(|attribute| minting.has(attribute)));
    match minting {
        Some(minting) if minting.is_replaceable() => {
            let at = directory_option(path);
            let address = shell::quote(&format!("-replace={}", owner.address));
            let selected = workspace(path).map(|name| format!("terraform{at} workspace select {}", shell::quote(name)));
            let mut finding = finding.remedy(format!("replace the resource that mints it ({})", minting.mints));
            finding.remedy.commands.extend(selected);
            finding.command(format!("terraform{at} apply {address}"))
        }
        Some(minting) if !minting.long_lived => {
            finding.remedy(format!("it expires by itself ({}: {})", minting.mints, minting.rotation))
        }
        Some(minting) => finding.remedy(format!("rotate it: {}", minting.rotation)),
        None => finding.remedy("rotate it with whoever issued it"),
    }
}

/// Adds how the file leaves the index and, where that is worth the trouble, the history.
///
/// <https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository>
pub(in crate::rules) fn out_of_git(mut finding: Finding, context: &ArtifactContext<'_>) -> Finding {
    let path = &context.file.path;
    if !context.file.tracked {
        return finding;
    }
    finding.remedy.text.to_mut().push_str(
        "; take the file out of git. History keeps it: rewriting that (the last command) needs a fresh clone, a forced \
         push and new clones for everybody",
    );
    finding
        .command(format!("git rm --cached -- {}", shell::pathspec(path)))
        .command(format!("git filter-repo --invert-paths --path={}", shell::quote(path.as_str())))
}

/// ` -chdir=DIR`, where the path tells the directory that Terraform is run in.
pub(in crate::rules) fn directory_option(path: &RepoPath) -> String {
    let module = module_of(path);
    let told = path.name().starts_with("terraform.tfstate") || path.name() == "errored.tfstate";
    match module.as_str() {
        directory if told && !directory.is_empty() => format!(" {}", shell::quote(&format!("-chdir={directory}"))),
        _ => String::new(),
    }
}

/// The workspace whose state lies at a path of the local backend.
fn workspace(path: &RepoPath) -> Option<&str> {
    let mut parts = path.as_str().rsplit('/').skip(1);
    let name = parts.next()?;
    (parts.next() == Some("terraform.tfstate.d")).then_some(name)
}

/// The directory of the module that a state, cache or plan belongs to.
pub(in crate::rules) fn module_of(path: &RepoPath) -> RepoPath {
    let directory = path.parent();
    match workspace(path) {
        Some(_) => directory.parent().parent(),
        None if matches!(directory.name(), ".terraform" | "terraform.tfstate.d") => directory.parent(),
        None => directory,
    }
}
