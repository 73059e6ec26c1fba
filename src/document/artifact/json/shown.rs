//! The values of a state or a plan as `show -json` prints them.
//!
//! <https://developer.hashicorp.com/terraform/internals/json-format#values-representation>,
//! <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/command/jsonstate/state.go>

use super::cursor::{Cursor, Read, Stop};
use super::marks::Marks;
use super::pending::Pending;
use super::state::{instance_key, outputs};
use super::values::{Form, Reader};
use crate::document::artifact::{Section, address};

/// Deepest module that is looked at; Terraform itself has no bound.
pub(super) const MAX_MODULE_DEPTH: usize = 32;

/// Reads `values`, `planned_values` and the like.
pub(super) fn values(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, pending: &mut Pending) -> Read {
    cursor.members(|cursor, key| match key {
        "outputs" => outputs(reader, cursor, "").map(drop),
        "root_module" => module(reader, cursor, pending, 0),
        _ => cursor.skip(),
    })
}

fn module(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, pending: &mut Pending, depth: usize) -> Read {
    if depth > MAX_MODULE_DEPTH {
        return cursor.skip_too_deep();
    }
    cursor.peek()?;
    let start = cursor.at(cursor.place());
    let mut found = None;
    let mut own = || found.get_or_insert_with(|| address_of(start.at(start.place()))).clone();
    cursor.members(|cursor, key| match key {
        "resources" => cursor.elements(|cursor| resource(reader, cursor, pending, depth, &mut own)),
        "child_modules" => cursor.elements(|cursor| module(reader, cursor, pending, depth + 1)),
        _ => cursor.skip(),
    })
}

/// The address of a module, which stands behind its resources.
fn address_of(mut cursor: Cursor<'_>) -> String {
    let mut address = String::new();
    // What cannot be read is told by the one that reads the values.
    let _ = cursor.members(|cursor, key| {
        if key != "address" {
            return cursor.skip();
        }
        address = cursor.string()?.unwrap_or_default();
        Err(Stop::Enough)
    });
    address
}

/// The members of a resource, or of a change of one, that say what it is.
#[derive(Default)]
pub(super) struct Head {
    address: String,
    index: String,
    kind: String,
    data: bool,
}

impl Head {
    /// Reads a member if it is one of these.
    pub(super) fn member(&mut self, cursor: &mut Cursor<'_>, key: &str) -> Read<bool> {
        match key {
            "address" => self.address = cursor.string()?.unwrap_or_default(),
            "index" => self.index = instance_key(cursor)?,
            "type" => self.kind = cursor.string()?.unwrap_or_default(),
            "mode" => self.data = cursor.string()?.is_some_and(|mode| mode == "data"),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Puts the address into a module.
    pub(super) fn enter(&mut self, module: &str) {
        self.address = address::in_module(module, &self.address);
    }

    /// Hands the values of the resource to the visitor.
    pub(super) fn visit(&self, reader: &mut Reader<'_>, pending: &mut Pending) {
        let section = if self.data { Section::Data } else { Section::Resource };
        pending.visit(reader, section, &self.address, &self.kind);
    }
}

/// Reads a resource of a module, whose address `own` knows.
fn resource(
    reader: &mut Reader<'_>,
    cursor: &mut Cursor<'_>,
    pending: &mut Pending,
    depth: usize,
    own: &mut dyn FnMut() -> String,
) -> Read {
    let (mut head, mut marks, mut left) = (Head::default(), Marks::default(), pending.marks_left());
    let result = cursor.members(|cursor, key| match key {
        "values" => pending.attributes(cursor, Form::Plain),
        "sensitive_values" => marks.add_mirror(cursor, &mut left),
        "name"
        | "provider_name"
        | "schema_version"
        | "identity_schema_version"
        | "depends_on"
        | "tainted"
        | "deposed_key" => cursor.skip(),
        _ if head.member(cursor, key)? => Ok(()),
        _ => pending.attribute(cursor, key, Form::Plain),
    });
    // Terraform 0.12 leaves out the module and the instance:
    // https://github.com/hashicorp/terraform/blob/v0.12.31/command/jsonstate/state.go (`marshalResources`)
    if depth > 0 && !head.address.starts_with("module.") {
        head.enter(&own());
    }
    if !head.address.ends_with(']') {
        head.address.push_str(&head.index);
    }
    pending.close(String::new(), marks, left);
    head.visit(reader, pending);
    result
}
