//! The secrets among what variables are given, as far as name, mark and format tell.

use super::weigh::{Sink, Weighed};
use crate::document::artifact::{Owner, Section};
use crate::document::hcl::ExprKind;
use crate::finding::Place;
use crate::resolve::{AttributeIn, InstanceId, Tree, constant};
use crate::rules::artifacts::judge::Subject;
use crate::rules::beside;
use crate::rules::names::{names_a_secret, names_no_secret};
use crate::rules::providers::content::{leaf, leaves};

/// What a variable is given.
pub(super) struct Given<'a> {
    /// The variable.
    pub(super) name: &'a str,
    /// The default, or the line of a variable file.
    pub(super) expr: AttributeIn<'a>,
    /// Whether the variable is declared sensitive.
    pub(super) sensitive: bool,
}

/// A secret among it.
pub(super) struct Secret {
    /// Where it is written.
    pub(super) place: Place,
    /// The secret.
    pub(super) weighed: Weighed,
}

impl Given<'_> {
    /// The secrets.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        // Most are empty, numbers or switches.
        let nothing = match &self.expr.attribute.value.kind {
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) => true,
            ExprKind::String(text) => text.len() < 4,
            ExprKind::Tuple(items) => items.is_empty(),
            ExprKind::Object(entries) => entries.is_empty(),
            _ => false,
        };
        if nothing {
            return Vec::new();
        }
        let owner = Owner { section: Section::Variable, address: format!("var.{}", self.name), kind: String::new() };
        let given = constant(self.expr.source, &self.expr.attribute.value);
        let mut found = Vec::new();
        for (path, value) in leaves(&given) {
            let (Some(text), Some(place)) = (value.as_str(), value.origin.literal.as_ref()) else { continue };
            let own = if path.is_empty() { self.name } else { leaf(&path) };
            // `{ password = ... }` as well as `passwords = { x = ... }`.
            let name = if names_a_secret(self.name) && !names_no_secret(own) { self.name } else { own };
            let subject = Subject { owner: &owner, attributes: None };
            let sink = Sink { subject, path: &path, name, general: true, marked: self.sensitive, formats: true };
            for mut weighed in sink.weigh(text, false) {
                weighed.add_beside(|| beside::within(&given, &path));
                found.push(Secret { place: place.clone(), weighed });
            }
        }
        found
    }
}

/// Whether an instance is the first of its module in a tree: what is written in the module is judged there.
pub(super) fn is_first(tree: &Tree<'_>, instance: InstanceId) -> bool {
    let module = tree.instances[instance].module;
    !tree.instances[..instance].iter().any(|other| other.module == module)
}
