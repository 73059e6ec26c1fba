//! The backend that `init` has chosen, as state files of versions 1 to 3 and `.terraform/terraform.tfstate` name it.
//!
//! <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/command/clistate/state.go>,
//! <https://github.com/hashicorp/terraform/blob/v0.11.15/terraform/state.go> (`BackendState`, `RemoteState`)

use super::cursor::{Cursor, Read};
use super::marks::Marks;
use super::pending::Pending;
use super::values::{Form, Reader};
use crate::document::artifact::Section;

/// Reads `backend`, `remote` or `state_store`, which `form` names. Whether it names one.
pub(super) fn backend(reader: &mut Reader<'_>, cursor: &mut Cursor<'_>, form: &str) -> Read<bool> {
    let (mut kind, mut arguments, mut provider) = (String::new(), Pending::default(), Pending::default());
    let mut source = String::new();
    let result = cursor.members(|cursor, key| {
        match key {
            "type" => kind = cursor.string()?.unwrap_or_default(),
            "config" => arguments.attributes(cursor, Form::Plain)?,
            "provider" => cursor.members(|cursor, key| {
                match key {
                    "source" => source = cursor.string()?.unwrap_or_default(),
                    "config" => provider.attributes(cursor, Form::Plain)?,
                    _ => cursor.skip()?,
                }
                Ok(())
            })?,
            _ => cursor.skip()?,
        }
        Ok(())
    });
    let address = match (form, kind.as_str()) {
        // The block `cloud` has no label.
        (_, "cloud") => "terraform.cloud".to_owned(),
        ("state_store", kind) => format!("terraform.state_store.{kind}"),
        (_, kind) => format!("terraform.backend.{kind}"),
    };
    arguments.close_one(Marks::default()).visit(reader, Section::Backend, &address, &kind);
    let name = source.rsplit('/').next().unwrap_or_default();
    provider.close_one(Marks::default()).visit(reader, Section::Provider, &format!("{address}.provider.{name}"), name);
    result.map(|()| !kind.is_empty())
}
