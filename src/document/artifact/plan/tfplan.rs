//! The entry `tfplan`: variables, changes to resources and outputs, and the backend, as protobuf messages.
//!
//! Field numbers are those of
//! <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/plans/planproto/planfile.proto>. Versions from 0.12 on
//! and OpenTofu agree in them, but for what each of them does not have yet.

use super::super::{Owner, Section, Visitor};
use super::address::{self, OldAddress};
use super::broken::Broken;
use super::fields::{Field, Fields, Message};
use super::marks::{Marks, SensitivePaths};
use super::value;
use super::variables::Variables;

/// Hands over what a plan holds; returns what could not be read of it.
pub(super) fn read(message: &[u8], variables: &mut Variables, visitor: &mut dyn Visitor) -> Vec<String> {
    let mut broken = Vec::new();
    for field in Fields::of(message) {
        let result = match field {
            Ok((number, Field::Bytes(bytes))) => part(number, bytes, variables, visitor),
            Ok(_) => Ok(()),
            Err(broken) => Err(broken),
        };
        broken.extend(result.err().filter(|new| !broken.contains(new)));
    }
    variables.visit_defaults(visitor);
    broken.into_iter().map(|broken| broken.explain().to_owned()).collect()
}

/// One field of a `Plan`.
fn part(number: u64, bytes: &[u8], variables: &mut Variables, visitor: &mut dyn Visitor) -> Result<(), Broken> {
    match number {
        2 => variable(bytes, variables, visitor),
        // Changes, and the drift that was found before they were planned.
        3 | 18 => resource_change(bytes, visitor),
        4 => output_change(bytes, visitor),
        13 => backend("backend", bytes, visitor),
        // Changes that were put off to a later plan hold the change itself as field 2.
        27 => resource_change(Message::of(bytes)?.bytes(2), visitor),
        // Terraform since 1.14, <https://github.com/hashicorp/terraform/blob/v1.14.0/internal/plans/planproto/planfile.proto>
        29 => backend("state_store", bytes, visitor),
        30 => action(bytes, visitor),
        31 => action(Message::of(bytes)?.bytes(2), visitor),
        _ => Ok(()),
    }
}

/// An entry of `variables`, which has the form of a message with key and value.
fn variable(bytes: &[u8], variables: &mut Variables, visitor: &mut dyn Visitor) -> Result<(), Broken> {
    let entry = Message::of(bytes)?;
    let name = entry.text(1);
    let owner = owner(Section::Variable, format!("var.{name}"), "");
    value::whole(&owner, msgpack(entry.bytes(2))?, Marks::NONE, variables.set(&name), visitor)
}

/// An `OutputChange`.
fn output_change(bytes: &[u8], visitor: &mut dyn Visitor) -> Result<(), Broken> {
    let output = Message::of(bytes)?;
    let owner = owner(Section::Output, format!("output.{}", output.text(1)), "");
    let sensitive = output.number(3) != 0;
    change(output.bytes(2), |packed, marks| value::whole(&owner, packed, marks, sensitive, visitor))
}

/// A `ResourceInstanceChange`. Objects that are deposed have the address of the instance.
fn resource_change(bytes: &[u8], visitor: &mut dyn Visitor) -> Result<(), Broken> {
    let resource = Message::of(bytes)?;
    let mut address = resource.text(13).into_owned();
    if address.is_empty() {
        let [module, kind, name, key] = [1, 3, 4, 5].map(|number| resource.text(number));
        let key = resource.find(5).map(|_| &*key);
        let index = resource.find(6).map(|_| resource.number(6));
        let data = resource.number(2) == 1;
        address = OldAddress { module: &module, data, kind: &kind, name: &name, key, index }.text();
    }
    let owner = address::owner(&address);
    // What a provider keeps for itself, by convention in JSON.
    value::text(&owner, "private", &resource.text(10), visitor);
    // Of what is imported, a configuration that was written for it.
    let generated = self::owner(Section::Configuration, address, "");
    value::text(&generated, "", &Message::of(resource.bytes(9))?.text(6), visitor);
    change(resource.bytes(9), |packed, marks| value::attributes(&owner, packed, marks, visitor))
}

/// A `Change`: hands over the packed values, before and after, each with its sensitive paths. What only comes or only
/// goes has one value, and so has what stays.
///
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/plans/planfile/tfplan.go> (`changeFromTfplan`)
fn change(bytes: &[u8], mut visit: impl FnMut(&[u8], Marks<'_>) -> Result<(), Broken>) -> Result<(), Broken> {
    let change = Message::of(bytes)?;
    // With one value, one list of paths is empty or both say the same of it.
    let paths: [&[u64]; 2] = if change.all(&[2]).count() == 1 { [&[3, 4], &[]] } else { [&[3], &[4]] };
    let mut result = Ok(());
    for (value, paths) in change.all(&[2]).zip(paths) {
        let (paths, marked) = SensitivePaths::read(change.all(paths));
        let visited = msgpack(value).and_then(|packed| visit(packed, paths.marks()));
        result = result.and(marked).and(visited);
    }
    result
}

/// A `Backend` or a `StateStore`, which has a provider besides.
fn backend(block: &str, bytes: &[u8], visitor: &mut dyn Visitor) -> Result<(), Broken> {
    let backend = Message::of(bytes)?;
    let kind = backend.text(1);
    let of_backend = owner(Section::Backend, format!("terraform.{block}.{kind}"), &kind);
    value::attributes(&of_backend, msgpack(backend.bytes(2))?, Marks::NONE, visitor)?;
    let provider = Message::of(backend.bytes(4))?;
    let source = provider.text(1);
    let name = source.rsplit('/').next().unwrap_or_default();
    let of_provider = owner(Section::Provider, format!("provider.{name}"), name);
    value::attributes(&of_provider, msgpack(provider.bytes(3))?, Marks::NONE, visitor)
}

/// An `ActionInvocationInstance`.
fn action(bytes: &[u8], visitor: &mut dyn Visitor) -> Result<(), Broken> {
    let action = Message::of(bytes)?;
    let (paths, marked) = SensitivePaths::read(action.all(&[5]));
    let owner = address::owner(&action.text(1));
    value::attributes(&owner, msgpack(action.bytes(4))?, paths.marks(), visitor).and(marked)
}

fn owner(section: Section, address: String, kind: &str) -> Owner {
    Owner { section, address, kind: kind.to_owned() }
}

/// The one form that a `DynamicValue` has.
pub(super) fn msgpack(bytes: &[u8]) -> Result<&[u8], Broken> {
    Ok(Message::of(bytes)?.bytes(1))
}
