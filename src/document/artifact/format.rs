//! What an artifact is, told by its content.

use crate::text::Span;

/// What an artifact turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A state file of that version, 0 to 4 (and later ones as far as they can be read).
    State {
        /// Its `version`.
        version: u64,
    },
    /// `terraform show -json` of a state.
    StateJson,
    /// `terraform output -json`.
    OutputsJson,
    /// `.terraform/terraform.tfstate`: the backend that `init` has chosen.
    BackendCache,
    /// A saved plan.
    Plan,
    /// `terraform show -json` of a plan.
    PlanJson,
    /// A state that OpenTofu has encrypted.
    EncryptedState,
    /// A plan that OpenTofu has encrypted.
    EncryptedPlan,
    /// A trace or debug log of Terraform, OpenTofu or a provider, or a crash log.
    Log,
    /// None of these.
    Other,
}

/// What became of reading an artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it is.
    pub format: Format,
    /// What could not be read. What stands before a problem was read.
    pub problems: Vec<Problem>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where; None inside an archive.
    pub span: Option<Span>,
    /// What, in lower case; never holds text of the artifact.
    pub message: String,
}
