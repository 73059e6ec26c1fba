//! State files of version 4 and later, and the outputs of all versions.
//!
//! <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/states/statefile/version4.go> (`stateV4`)

use super::cursor::{Cursor, Read};
use super::marks::Marks;
use super::pending::Pending;
use super::values::{Form, Reader};
use crate::document::artifact::{Section, address};
use jiter::Peek;

/// The members of a resource that make its address.
#[derive(Default)]
struct Head {
    module: String,
    mode: String,
    kind: String,
    name: String,
}

impl Head {
    fn is_data(&self) -> bool {
        self.mode == "data"
    }

    fn visit(&self, reader: &mut Reader<'_>, pending: &mut Pending) {
        let section = if self.is_data() { Section::Data } else { Section::Resource };
        let address = address::in_module(&self.module, &address::resource(self.is_data(), &self.kind, &self.name));
        pending.visit(reader, section, &address, &self.kind);
    }
}

/// Reads `resources`. Whether there are any.
pub(super) fn resources(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, pending: &mut Pending) -> Read<bool> {
    let mut any = false;
    cursor.elements(|cursor| {
        any = true;
        let mut head = Head::default();
        let result = cursor.members(|cursor, key| {
            match key {
                "module" => head.module = cursor.string()?.unwrap_or_default(),
                "mode" => head.mode = cursor.string()?.unwrap_or_default(),
                "type" => head.kind = cursor.string()?.unwrap_or_default(),
                "name" => head.name = cursor.string()?.unwrap_or_default(),
                "instances" => cursor.elements(|cursor| {
                    let result = instance(cursor, pending);
                    if pending.is_full() {
                        head.visit(reader, pending);
                    }
                    result
                })?,
                _ => cursor.skip()?,
            }
            Ok(())
        });
        head.visit(reader, pending);
        result
    })?;
    Ok(any)
}

/// Reads an instance, deposed or not. What is not known of its members is taken as one more attribute: `private`,
/// `identity`, and whatever a later version brings.
fn instance(cursor: &mut Cursor<'_>, pending: &mut Pending) -> Read {
    let (mut key, mut marks, mut left) = (String::new(), Marks::default(), pending.marks_left());
    let result = cursor.members(|cursor, member| match member {
        "attributes" => pending.attributes(cursor, Form::Typed),
        "attributes_flat" => pending.attributes(cursor, Form::Flat),
        "sensitive_attributes" => marks.add_paths(cursor, &mut left),
        "index_key" => {
            key = instance_key(cursor)?;
            Ok(())
        }
        "status"
        | "deposed"
        | "schema_version"
        | "identity_schema_version"
        | "dependencies"
        | "depends_on"
        | "create_before_destroy" => cursor.skip(),
        _ => pending.attribute(cursor, member, Form::Plain),
    });
    pending.close(key, marks, left);
    result
}

/// Reads an instance key: a string or a number.
pub(super) fn instance_key(cursor: &mut Cursor<'_>) -> Read<String> {
    match cursor.peek()? {
        Peek::String => Ok(cursor.string()?.map(|key| address::string_key(&key)).unwrap_or_default()),
        peek if peek.is_num() => {
            let mut number = String::new();
            cursor.append_number(&mut number)?;
            Ok(address::number_key(&number))
        }
        _ => cursor.skip().map(|()| String::new()),
    }
}

/// Reads the outputs of a module (the root module is empty): by name an object of `value`, `type` and `sensitive`, or,
/// in version 1, the value itself. Whether there are any.
pub(super) fn outputs(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, module: &str) -> Read<bool> {
    let mut any = false;
    cursor.members(|cursor, name| {
        any = true;
        output(reader, cursor, &address::in_module(module, &format!("output.{name}")))
    })?;
    Ok(any)
}

/// Reads one output.
pub(super) fn output(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, address: &str) -> Read {
    let (mut pending, mut sensitive) = (Pending::default(), false);
    let result = if cursor.peek()? == Peek::Object {
        cursor.members(|cursor, key| match key {
            "value" => pending.attribute(cursor, "", Form::Plain),
            "sensitive" => {
                sensitive |= cursor.is_true()?;
                Ok(())
            }
            _ => cursor.skip(),
        })
    } else {
        pending.attribute(cursor, "", Form::Plain)
    };
    pending.close_one(Marks::all(sensitive)).visit(reader, Section::Output, address, "");
    result
}
