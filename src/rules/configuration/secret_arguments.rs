//! Arguments that take a secret, as they are written: for rules about what flows into them.

use super::sinks::may_hold;
use super::stores;
use crate::document::hcl::{Expr, ExprKind};
use crate::finding::Place;
use crate::resolve::schema::Attributes;
use crate::resolve::schema::stateless::is_write_only;
use crate::resolve::{Resource, Written, written};
use crate::rules::names::names_a_secret;
use crate::rules::providers::content::leaf;

/// An argument that takes a secret.
pub(super) struct SecretArgument<'r> {
    /// The argument as it is written.
    pub(super) written: Written<'r>,
    /// Whether the provider declares this very argument sensitive; else a map of which it is one entry, or its name
    /// alone tells.
    pub(super) exact: bool,
}

/// The arguments of a resource that take a secret.
pub(super) fn secret_arguments<'t>(resource: &Resource<'t>) -> Vec<SecretArgument<'t>> {
    if !resource.written().into_iter().any(|name| may_hold(resource, name)) {
        return Vec::new();
    }
    let arguments = written(&resource.declared).into_iter();
    arguments.filter_map(|written| judge(resource, written)).collect()
}

fn judge<'t>(resource: &Resource<'t>, written: Written<'t>) -> Option<SecretArgument<'t>> {
    let path = &written.path;
    let known = resource.attributes();
    let write_only = is_write_only(resource.kind, path);
    let flagged = known.is_some_and(|known| known.is_sensitive(path));
    let named = match known {
        Some(known) => known.is_unflagged(path),
        None => names_a_secret(leaf(path)),
    };
    if !(write_only || flagged || named) || Attributes::low_value(resource.kind, path).is_some() {
        return None;
    }
    let kept = stores::kept(resource, path);
    if kept.as_ref().is_some_and(|kept| kept.secret == Some(false)) {
        return None;
    }
    let is_map = matches!(written.attribute.attribute.value.kind, ExprKind::Object(_) | ExprKind::For(_));
    let listed = write_only || known.is_some_and(|known| known.lists_sensitive(path));
    Some(SecretArgument { written, exact: listed && !is_map && kept.is_none() })
}

/// The key of an object's entry in which a place stands; None where the expression is no object.
pub(super) fn entry_at<'e>(expr: &'e Expr, place: &Place) -> Option<&'e str> {
    let ExprKind::Object(entries) = &expr.kind else { return None };
    let (key, _) = entries.iter().find(|(_, value)| value.span.contains(place.span))?;
    match &key.kind {
        ExprKind::Variable(name) => Some(name),
        _ => key.as_str(),
    }
}
