//! One use of a credential: the value, what kind it is, and where it stands.

use super::{Place, Secret, Verification};
use jiff::civil::Date;
use std::sync::Arc;

/// Whether a value can be guessed, which decides how it is fingerprinted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// A recognised format whose secret part cannot be guessed: a token, a generated key.
    Unguessable,
    /// Anything a person may have chosen.
    Guessable,
}

/// Kind of file that an occurrence stands in, as the JSON report names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occurrence {
    /// Terraform or OpenTofu configuration, Terragrunt, backend-config files.
    Hcl,
    /// A state file.
    State,
    /// A saved plan.
    Plan,
    /// The backend cache `.terraform/terraform.tfstate`.
    BackendState,
    /// A tfvars file.
    Tfvars,
    /// A workflow, pipeline, Makefile or script.
    Workflow,
    /// A trace or crash log.
    Log,
    /// A git commit.
    History,
    /// Any other text.
    Text,
}

/// A credential as a rule met it. The report groups uses of one credential into one entry of its inventory.
#[derive(Clone, Debug)]
pub struct CredentialUse {
    /// What it is, in kebab case: `aws-access-key`, `vault-token`, `password`, ...
    pub kind: &'static str,
    /// The value; empty where only the public identifier is known.
    pub secret: Secret,
    /// Public identifier that stands for the credential, where it has one (an AWS access key id).
    pub id: Option<String>,
    /// Whether the value can be guessed.
    pub strength: Strength,
    /// What it stands in.
    pub found_in: Occurrence,
    /// Where the value itself stands: the bytes that every excerpt must hide.
    pub place: Place,
    /// What belongs to it in the same block, resource or map, by the name it has there: who asks its issuer may need
    /// the session token, the tenant, the host. Never what only stands near.
    pub beside: Vec<Beside>,
    /// The day it was made, where the file itself tells.
    pub made_on: Option<Date>,
    /// What its issuer says of it, once it was asked.
    pub verification: Option<Arc<Verification>>,
}

/// Something that belongs to a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The name of the argument, attribute or variable, as written: `tenant_id`, `ARM_TENANT_ID`.
    pub name: String,
    /// Its value, which may be secret as well.
    pub value: Secret,
}

impl CredentialUse {
    /// A use of a credential at a place.
    pub fn new(kind: &'static str, secret: Secret, strength: Strength, found_in: Occurrence, place: Place) -> Self {
        let (id, beside, made_on, verification) = (None, Vec::new(), None, None);
        Self { kind, secret, id, strength, found_in, place, beside, made_on, verification }
    }

    /// A use of an AWS access key of which only the id is known: nobody can use it by that.
    pub fn aws_key_id(id: &str, found_in: Occurrence, place: Place) -> Self {
        Self::new("aws-access-key", Secret::new(""), Strength::Unguessable, found_in, place).id(id.to_owned())
    }

    /// Whether more of it is known than a public identifier.
    pub fn is_whole(&self) -> bool {
        !self.secret.expose().is_empty()
    }

    /// The same, with its public identifier.
    #[must_use]
    pub fn id(mut self, id: impl Into<Option<String>>) -> Self {
        self.id = id.into();
        self
    }

    /// The same, with what belongs to it.
    #[must_use]
    pub fn beside(mut self, beside: Vec<Beside>) -> Self {
        self.beside = beside;
        self
    }

    /// What may be shown of it: the public identifier, else the public prefix of a known format and a mask.
    pub fn masked(&self) -> String {
        if let Some(id) = &self.id {
            return id.clone();
        }
        let value = self.secret.expose();
        match self.strength {
            Strength::Guessable => "********".into(),
            Strength::Unguessable => {
                let prefix: String = value.chars().take(public_prefix(value)).collect();
                format!("{prefix}********")
            }
        }
    }
}

/// Length of the part of a token that is the same for all tokens of its kind (`hvs.`, `ghp_`, `github_pat_`, ...).
fn public_prefix(value: &str) -> usize {
    let end = value.char_indices().take(12).filter(|(_, c)| matches!(c, '_' | '.' | '-')).last();
    match end {
        Some((at, _))
            if value.len() > 4 * (at + 1) && value[..at].chars().all(|c| c.is_ascii_lowercase() || c == '_') =>
        {
            at + 1
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{RepoPath, Source, Span};
    use std::sync::Arc;

    fn masked(value: &str, strength: Strength, id: Option<&str>) -> String {
        let source = Arc::new(Source::new(RepoPath::new("a.tf"), value.as_bytes()));
        let place = Place::new(&source, Span::new(0, value.len()));
        let secret = Secret::new(value);
        CredentialUse::new("x", secret, strength, Occurrence::Hcl, place).id(id.map(str::to_owned)).masked()
    }

    #[test]
    fn a_mask_shows_the_public_part_only() {
        assert_eq!(masked("hvs.CAESIJexampleexampleexample", Strength::Unguessable, None), "hvs.********");
        assert_eq!(
            masked("github_pat_11AAAAAAA0example_example0123456789", Strength::Unguessable, None),
            "github_pat_********"
        );
        assert_eq!(masked("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Strength::Unguessable, None), "********");
        assert_eq!(masked("hunter2", Strength::Guessable, None), "********");
        assert_eq!(masked("s", Strength::Unguessable, Some("AKIAIOSFODNN7EXAMPLE")), "AKIAIOSFODNN7EXAMPLE");
    }
}
