//! The modules of state files of versions 1 to 3.
//!
//! <https://github.com/hashicorp/terraform/blob/v0.11.15/terraform/state.go> (`ModuleState`, `ResourceState`),
//! <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/states/statefile/version3_upgrade.go>

use super::cursor::{Cursor, Read, Stop};
use super::marks::Marks;
use super::pending::Pending;
use super::state::outputs;
use super::values::{Form, Reader};
use crate::document::artifact::{Section, address};
use jiter::Peek;

/// Reads `modules`. Whether they hold anything.
pub(super) fn modules(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, pending: &mut Pending) -> Read<bool> {
    let mut any = false;
    cursor.elements(|cursor| {
        let start = cursor.place();
        let module = path_of(&mut cursor.at(start));
        cursor.members(|cursor, key| {
            any |= match key {
                "outputs" => outputs(reader, cursor, &module)?,
                "resources" => resources(reader, cursor, &module, pending)?,
                _ => cursor.skip().map(|()| false)?,
            };
            Ok(())
        })
    })?;
    Ok(any)
}

/// The address of a module by its `path`, which begins with `root`. Terraform writes it first; where it stands last,
/// the rest is read over to find it.
fn path_of(cursor: &mut Cursor<'_>) -> String {
    let mut address = String::new();
    let mut known = false;
    // What cannot be read is told by the one that reads the values.
    let _ = cursor.members(|cursor, key| {
        if key != "path" {
            return cursor.skip();
        }
        let mut names = Vec::new();
        cursor.elements(|cursor| {
            names.extend(cursor.string()?);
            Ok(())
        })?;
        let inner = names.iter().skip(1).map(|name| format!("module.{name}"));
        address = inner.collect::<Vec<_>>().join(".");
        known = true;
        Err(Stop::Enough)
    });
    address
}

fn resources(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, module: &str, pending: &mut Pending) -> Read<bool> {
    let mut any = false;
    cursor.members(|cursor, key| {
        any = true;
        let (section, address, mut kind) = names_of(key);
        let result = cursor.members(|cursor, member| match member {
            "type" => {
                kind = cursor.string()?.filter(|kind| !kind.is_empty()).unwrap_or_else(|| kind.clone());
                Ok(())
            }
            "primary" => instance(cursor, pending),
            // Version 1 knows several tainted instances, all know several deposed ones.
            "deposed" | "tainted" => cursor.elements(|cursor| instance(cursor, pending)),
            _ => cursor.skip(),
        });
        pending.visit(reader, section, &address::in_module(module, &address), &kind);
        result
    })?;
    Ok(any)
}

/// Section, address and type of a resource by its key: `type.name`, `type.name.0`, `data.type.name`.
fn names_of(key: &str) -> (Section, String, String) {
    let (section, rest) = match key.strip_prefix("data.") {
        Some(rest) => (Section::Data, rest),
        None => (Section::Resource, key),
    };
    let kind = rest.split('.').next().unwrap_or_default().to_owned();
    let address = match key.rsplit_once('.') {
        Some((address, index)) if rest.matches('.').count() == 2 && index.parse::<u64>().is_ok() => {
            format!("{address}{}", address::number_key(index))
        }
        _ => key.to_owned(),
    };
    (section, address, kind)
}

/// Reads an instance: flat attributes, and `meta`, in which a provider keeps what is its own.
fn instance(cursor: &mut Cursor<'_>, pending: &mut Pending) -> Read {
    if cursor.peek()? != Peek::Object {
        return cursor.skip();
    }
    let left = pending.marks_left();
    let result = cursor.members(|cursor, member| match member {
        "attributes" => pending.attributes(cursor, Form::Flat),
        "id" | "tainted" => cursor.skip(),
        _ => pending.attribute(cursor, member, Form::Plain),
    });
    pending.close(String::new(), Marks::default(), left);
    result
}
