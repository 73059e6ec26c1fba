//! What flows into an expression: the literals it is made of, and the attributes of resources, through locals,
//! variables, module calls, loops and functions. References are followed as they are written: where a condition or a
//! key is open, everything that may flow does.

mod names;
mod walk;
mod written;

pub use written::{Written, written};

use super::module::Declared;
use super::tree::{InstanceId, Tree};
use crate::document::hcl::Expr;
use crate::finding::Place;
use crate::text::Source;
use std::sync::Arc;
use walk::Walk;

/// Something that flows into an expression.
#[derive(Clone, Debug)]
pub struct Inflow {
    /// Where it springs from.
    pub spring: Spring,
    /// The places it passes on its way, from the spring on: `local.key`, `module.ci.secret`, ...
    pub way: Vec<Station>,
    /// The part of the expression through which it flows in.
    pub entry: Place,
}

/// Where something springs from.
#[derive(Clone)]
pub enum Spring {
    /// A text that somebody wrote.
    Literal {
        /// The text, without quotes and escapes; of a file all of it.
        text: Arc<str>,
        /// Where it stands.
        place: Place,
    },
    /// An input variable that nothing in the repository gives a value.
    Variable {
        /// Its address: `module.ci.var.key`.
        address: Arc<str>,
    },
    /// An attribute of a resource or data source.
    Resource {
        /// Its address without indexes: `module.ci.aws_iam_access_key.key`.
        address: String,
        /// The attribute with dots into it, without indexes; empty for the resource as a whole.
        attribute: String,
    },
}

/// A place on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    /// What is passed: `local.key`, `module.a.var.key`.
    pub name: Arc<str>,
    /// Where that stands.
    pub place: Place,
}

/// Texts may be secrets: only where they stand is formatted.
impl std::fmt::Debug for Spring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Spring::Literal { place, .. } => write!(f, "{place:?}"),
            Spring::Variable { address } => f.write_str(address),
            Spring::Resource { address, attribute } => write!(f, "{address}.{attribute}"),
        }
    }
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seek {
    /// Everything.
    All,
    /// Texts that somebody wrote.
    Literals,
    /// Attributes of resources, and variables that nothing sets.
    References,
}

/// What flows into an argument of a resource, module call or output in an instance of a module, whose `each` it may
/// see.
pub fn inflows<'r>(
    tree: &Tree<'r>,
    instance: InstanceId,
    declared: &Declared<'r>,
    argument: &Written<'r>,
    seek: Seek,
) -> Vec<Inflow> {
    Walk::new(tree, seek).argument(instance, declared, argument)
}

/// All that flows into an expression in an instance of a module; names that only the block around it knows carry
/// nothing.
pub fn inflows_of<'r>(tree: &Tree<'r>, instance: InstanceId, source: &'r Arc<Source>, expr: &'r Expr) -> Vec<Inflow> {
    Walk::new(tree, Seek::All).expression(instance, source, expr)
}

#[cfg(test)]
mod tests;
