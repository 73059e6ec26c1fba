//! Terraform's functions: one table, one file for each family, all of one shape.
//!
//! What each does: <https://developer.hashicorp.com/terraform/language/functions>; the names:
//! <https://github.com/hashicorp/terraform/blob/main/internal/lang/functions.go>.

mod alternatives;
mod collections;
mod context;
mod conversions;
pub mod convert;
mod csv;
mod dates;
mod decoded;
mod encoding;
mod files;
mod format;
mod format_numbers;
mod hashes;
mod json;
mod maps;
mod networks;
mod numbers;
mod patterns;
mod pieces;
mod sets;
mod strings;
mod table;
mod yaml;

use super::{Budget, Kind, Reason, Value};
use crate::finding::Place;
use context::{Call, Outcome};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A text of the repository, and the place it stands at.
#[derive(Clone)]
pub struct FileText {
    /// What the file holds.
    pub text: Arc<str>,
    /// The whole file.
    pub place: Place,
}

/// What functions need of the world around the expression. Paths are as written: relative ones stand to the module's
/// directory as Terraform resolves them; whoever implements this lets none leave the repository.
pub trait Host {
    /// The text of a file, if it is in the repository and UTF-8.
    fn read(&self, path: &str) -> Option<FileText> {
        let _ = path;
        None
    }

    /// The paths of all files below a directory, relative to it, if they can all be told.
    fn list(&self, directory: &str) -> Option<Vec<String>> {
        let _ = directory;
        None
    }

    /// Renders a template with variables: the string it makes, or why it is unknown.
    fn render(&self, template: &Template<'_>) -> Value {
        let _ = template;
        Value::unknown(Reason::Function("templatefile".into()))
    }
}

/// A template to render.
pub struct Template<'a> {
    /// Its text.
    pub text: &'a Arc<str>,
    /// The literal or file that holds the text, where one does.
    pub place: Option<&'a Place>,
    /// The only names it may refer to.
    pub variables: &'a BTreeMap<String, Value>,
    /// Whether it may read files: one from a file may, one from a string may not. Neither may render another.
    pub files: bool,
}

/// How known the arguments must be for the function to be called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Knowledge {
    /// At every depth. Alternatives are tried one by one.
    Whole,
    /// Not at all, but alternatives at every depth are tried one by one: for functions that put texts together.
    Parts,
    /// Arguments themselves; their elements may be unknown. Alternatives of arguments are tried one by one.
    Shallow,
    /// The function looks itself.
    Raw,
}

/// One function of Terraform.
struct Function {
    name: &'static str,
    /// Least and greatest number of arguments.
    arity: (usize, usize),
    knowledge: Knowledge,
    run: fn(&Call<'_>) -> Outcome,
}

/// Calls a function, with Terraform's `core::` namespace or without. What Terraform would refuse is unknown as
/// [`Reason::Invalid`]; what is not implemented, or not pure, as [`Reason::Function`].
pub fn call(name: &str, arguments: Vec<Value>, host: &dyn Host, budget: &Budget) -> Value {
    let plain = name.strip_prefix("core::").unwrap_or(name);
    let Ok(at) = table::ALL.binary_search_by(|function| function.name.cmp(plain)) else {
        return Value::unknown(Reason::Function(name.into()));
    };
    let function = &table::ALL[at];
    let call = Call { name: function.name, arguments: &arguments, host, budget };
    if !budget.spend(1) {
        return Value::unknown(Reason::Budget);
    }
    if arguments.len() < function.arity.0 || arguments.len() > function.arity.1 {
        return Value::unknown(Reason::Invalid);
    }
    let outcome = match function.knowledge {
        Knowledge::Raw => (function.run)(&call),
        Knowledge::Whole | Knowledge::Parts | Knowledge::Shallow => alternatives::each(function, &call),
    };
    outcome.unwrap_or_else(Value::unknown)
}

/// A value that went through something sensitive.
pub(super) fn mark_sensitive(value: Value) -> Value {
    match value.kind {
        Kind::Either(values) => {
            let values = values.iter().map(|value| mark_sensitive(value.clone()));
            Value { kind: Kind::Either(values.collect()), origin: value.origin }
        }
        _ => {
            let mut value = value;
            value.origin.sensitive = true;
            value
        }
    }
}

#[cfg(test)]
mod tests;
