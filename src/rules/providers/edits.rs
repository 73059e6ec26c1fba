//! Edits of `required_providers` that keep everything else as it is.

use crate::document::edit::append_attribute;
use crate::document::hcl::{Expr, ExprKind};
use crate::finding::{Fix, Place};
use crate::resolve::{BlockIn, Module, ProviderAddress};
use crate::text::{Source, Span};
use std::sync::Arc;

/// Whether a file is in the JSON syntax, where these edits do not apply.
pub(super) fn is_json(source: &Source) -> bool {
    source.path.name().ends_with(".json")
}

/// The edit that adds `name = value` to an object as its last entry.
pub(super) fn insert_in_object(
    source: &Arc<Source>,
    object: &Expr,
    name: &str,
    value: &str,
) -> Option<(Place, String)> {
    let ExprKind::Object(entries) = &object.kind else { return None };
    let text = source.text(object.span)?;
    if is_json(source) || !text.ends_with('}') {
        return None;
    }
    let Some((first_key, _)) = entries.first() else {
        return Some((Place::new(source, object.span), format!("{{ {name} = {value} }}")));
    };
    let last_end = entries.last()?.1.span.end;
    let tail = source.text(Span { start: last_end, end: object.span.end - 1 })?;
    let Some(newline_at) = tail.rfind('\n') else {
        return Some((Place::new(source, Span::at(last_end as usize)), format!(", {name} = {value}")));
    };
    if !tail[newline_at..].trim().is_empty() {
        return None;
    }
    let indent = indent_of(source, first_key.span.start);
    let at = last_end as usize + newline_at + 1;
    // Lined up with the entry above, as `terraform fmt` does.
    let above = entries.last().and_then(|(key, value)| {
        source.text(Span { start: key.span.start, end: value.span.start })?.find('=').map(|at| at.saturating_sub(1))
    });
    let pad = " ".repeat(above.unwrap_or(0).saturating_sub(name.len()));
    Some((Place::new(source, Span::at(at)), format!("{indent}{name}{pad} = {value}{}", newline_of(source))))
}

/// The edit that pins a provider which has no entry yet: in a `required_providers` block, else in a new one in a
/// `terraform` block, else in a new `terraform` block before `anchor`, a block at the top level.
pub(super) fn insert_entry(
    module: &Module<'_>,
    anchor: Option<BlockIn<'_>>,
    name: &str,
    address: &ProviderAddress,
    constraint: &str,
) -> Option<(Place, String)> {
    let native = || module.terraform.iter().filter(|terraform| !is_json(terraform.source));
    let blocks = native().flat_map(|terraform| {
        let nested = terraform.block.body.blocks.iter().filter(|block| block.kind == "required_providers");
        nested.map(|block| BlockIn { source: terraform.source, block })
    });
    if let Some(required) = blocks.into_iter().next() {
        let newline = newline_of(required.source);
        let indent = format!("{}  ", indent_of(required.source, required.block.header.start));
        let entry = entry(&indent, newline, address, constraint);
        return append_attribute(required.source, required.block.inner, name, &entry);
    }
    if let Some(terraform) = native().next() {
        return append_block(terraform, name, address, constraint);
    }
    let anchor = anchor.filter(|anchor| !is_json(anchor.source))?;
    let newline = newline_of(anchor.source);
    let inner = required_providers("  ", newline, name, address, constraint);
    let text = format!("terraform {{{newline}{inner}}}{newline}{newline}");
    Some((Place::new(anchor.source, Span::at(anchor.block.span.start as usize)), text))
}

fn append_block(
    terraform: &BlockIn<'_>,
    name: &str,
    address: &ProviderAddress,
    constraint: &str,
) -> Option<(Place, String)> {
    let (source, inner) = (terraform.source, terraform.block.inner);
    let text = source.text(inner)?;
    if source.bytes().get(inner.end as usize) != Some(&b'}') {
        return None;
    }
    let newline = newline_of(source);
    let outer = indent_of(source, terraform.block.header.start);
    let block = required_providers(&format!("{outer}  "), newline, name, address, constraint);
    if text.trim().is_empty() {
        return Some((Place::new(source, inner), format!("{newline}{block}{outer}")));
    }
    let body = text.trim_end_matches([' ', '\t']);
    if !body.ends_with('\n') {
        return None;
    }
    let at = inner.start as usize + body.len();
    Some((Place::new(source, Span::at(at)), format!("{newline}{block}")))
}

/// A whole `required_providers` block, each line with its line ending.
fn required_providers(indent: &str, newline: &str, name: &str, address: &ProviderAddress, constraint: &str) -> String {
    let entry = entry(&format!("{indent}  "), newline, address, constraint);
    format!("{indent}required_providers {{{newline}{indent}  {name} = {entry}{newline}{indent}}}{newline}")
}

/// The value of an entry of `required_providers`, laid out as `terraform fmt` does.
pub(super) fn entry(indent: &str, newline: &str, address: &ProviderAddress, constraint: &str) -> String {
    format!(
        "{{{newline}{indent}  source  = \"{address}\"{newline}{indent}  version = \"{constraint}\"{newline}{indent}}}"
    )
}

/// The fix that puts another text in place of a string literal, if it stands there in quotes.
pub(super) fn replace_string(place: &Place, text: &str) -> Option<Fix> {
    let quoted = place.source.slice(place.span).starts_with(b"\"");
    quoted.then(|| Fix::safe(place.clone(), format!("\"{text}\"")))
}

/// The line ending of a file.
pub(super) fn newline_of(source: &Source) -> &'static str {
    let bytes = source.bytes();
    match memchr::memchr(b'\n', bytes) {
        Some(at) if at > 0 && bytes[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

/// The blanks that the line of a byte begins with.
pub(super) fn indent_of(source: &Source, offset: u32) -> String {
    let range = source.lines().line_range(source.bytes(), source.lines().line_of(source.bytes(), offset));
    let line = &source.bytes()[range];
    line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).map(|byte| char::from(*byte)).collect()
}
