//! The changes of a plan as `show -json` prints them: what is, and what shall be.
//!
//! <https://developer.hashicorp.com/terraform/internals/json-format#plan-representation>,
//! <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/command/jsonplan/plan.go> (`Change`)

use super::cursor::{Cursor, Read};
use super::marks::Marks;
use super::pending::Pending;
use super::shown::Head;
use super::values::{Form, Reader};
use crate::document::artifact::Section;

/// One side of a change.
struct Side {
    values: Pending,
    marks: Marks,
    left: usize,
}

impl Side {
    fn new() -> Self {
        let values = Pending::default();
        Self { left: values.marks_left(), values, marks: Marks::default() }
    }

    /// All that waits; nothing is added after it.
    fn closed(&mut self) -> &mut Pending {
        self.values.close(String::new(), std::mem::take(&mut self.marks), self.left);
        &mut self.values
    }
}

/// Reads `resource_changes` or `resource_drift`.
pub(super) fn resources(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>) -> Read {
    cursor.elements(|cursor| resource(reader, cursor))
}

/// Reads `deferred_changes`: changes with a reason around them.
pub(super) fn deferred(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>) -> Read {
    cursor.elements(|cursor| {
        cursor.members(|cursor, key| if key == "resource_change" { resource(reader, cursor) } else { cursor.skip() })
    })
}

fn resource(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>) -> Read {
    let (mut head, mut before, mut after) = (Head::default(), Side::new(), Side::new());
    let result = cursor.members(|cursor, key| match key {
        "change" => change(cursor, &mut before, &mut after, |cursor, side| side.attributes(cursor, Form::Plain)),
        _ if head.member(cursor, key)? => Ok(()),
        _ => cursor.skip(),
    });
    for side in [&mut before, &mut after] {
        head.visit(reader, side.closed());
    }
    result
}

/// Reads `output_changes`.
pub(super) fn outputs(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>) -> Read {
    cursor.members(|cursor, name| {
        let (mut before, mut after) = (Side::new(), Side::new());
        let result = change(cursor, &mut before, &mut after, |cursor, side| side.attribute(cursor, "", Form::Plain));
        for side in [&mut before, &mut after] {
            side.closed().visit(reader, Section::Output, &format!("output.{name}"), "");
        }
        result
    })
}

/// Reads a change, whose two values `value` adds to what waits.
fn change(
    cursor: &mut Cursor<'_>,
    before: &mut Side,
    after: &mut Side,
    value: fn(&mut Cursor<'_>, &mut Pending) -> Read,
) -> Read {
    cursor.members(|cursor, key| match key {
        "before" => value(cursor, &mut before.values),
        "after" => value(cursor, &mut after.values),
        "before_sensitive" => before.marks.add_mirror(cursor, &mut before.left),
        "after_sensitive" => after.marks.add_mirror(cursor, &mut after.left),
        "before_identity" => before.values.attribute(cursor, "identity", Form::Plain),
        "after_identity" => after.values.attribute(cursor, "identity", Form::Plain),
        "generated_config" => after.values.attribute(cursor, key, Form::Plain),
        _ => cursor.skip(),
    })
}
