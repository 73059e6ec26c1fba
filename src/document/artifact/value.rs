//! A value of an artifact, and what it belongs to.

use super::Later;
use crate::text::Span;

/// What a value belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Which sort of thing it is.
    pub section: Section,
    /// Terraform's name of it, with instance keys: `module.db["x"].random_password.admin[0]`,
    /// `data.aws_ssm_parameter.token`, `output.password`, `var.password`, `terraform.backend.s3`, `provider.aws`.
    /// Empty where the artifact names none.
    pub address: String,
    /// Resource type (without `data.`), backend type or provider name; empty for the others.
    pub kind: String,
}

/// Sorts of things that hold values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// A managed resource.
    Resource,
    /// A data source.
    Data,
    /// An output of the root module or (v1 to v3) of another one.
    Output,
    /// An input variable, in a plan.
    Variable,
    /// The backend that a cache, a plan or an old state names.
    Backend,
    /// A provider's configuration, in a plan.
    Provider,
    /// The text of a configuration file that a plan embeds.
    Configuration,
    /// Anything else.
    Other,
}

/// One string, number or the like.
#[derive(Clone, Copy)]
pub struct Leaf<'a> {
    /// The way from the owner to the value: names of attributes and keys of maps joined by dots, indexes of lists left
    /// out (`master_auth.client_key`, `environment.variables.DB_PASSWORD`). Empty where the owner is the value.
    pub path: &'a str,
    /// The value: a string decoded, a number as it is written. Never a boolean, null or an empty string.
    pub text: &'a str,
    /// Whether it is written as a number.
    pub number: bool,
    /// Where it stands; of a string in JSON with its quotes. None inside an archive, where nothing has a line.
    pub span: Option<Span>,
    /// Whether the artifact itself marks it as sensitive.
    pub marked: bool,
}

/// What hears of the values. An artifact is read in the order that its bytes stand in, so that one of 100 MB costs no
/// tree; an attribute that nobody wants is passed over without being decoded.
pub trait Visitor {
    /// Whether to look into an attribute of an owner (for outputs and variables: the value itself, named ``), which
    /// stands at `span` and is or is not marked as sensitive as a whole. Parts of it may be marked although it is not.
    fn wants(&mut self, owner: &Owner, attribute: &str, span: Option<Span>, marked: bool) -> bool;

    /// One value inside an attribute that is wanted, or that the artifact marks as sensitive.
    fn leaf(&mut self, owner: &Owner, leaf: Leaf<'_>);

    /// Offers values that can be told at any time, to any visitor, on any thread. What is given back is told now.
    fn later(&mut self, values: Later) -> Option<Later> {
        Some(values)
    }
}

/// Values may be secrets: only the path is ever formatted.
impl std::fmt::Debug for Leaf<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leaf").field("path", &self.path).field("marked", &self.marked).finish_non_exhaustive()
    }
}
