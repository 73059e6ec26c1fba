//! Resources that mint long-lived credentials: what the rules about them have in common.

use crate::finding::{Confidence, Finding, Level};
use crate::resolve::schema::{Condition, Minting};
use crate::resolve::{Kind, Mode, Number, Resource, Value};
use crate::rules::module_name;

/// What a resource mints: a long-lived credential, and nothing else. None where it is another thing, or where it is
/// known that this one mints nothing.
pub(super) fn minting_of(resource: &Resource<'_>) -> Option<Minting> {
    if resource.mode != Mode::Managed {
        return None;
    }
    let minting = Minting::of_resource(resource.kind).filter(|minting| minting.long_lived && minting.is_credential)?;
    let mints = match minting.condition() {
        Some(Condition::Equals(name, wanted)) => {
            let value = resource.argument(name);
            value.is_some_and(|value| value.alternatives().iter().any(|value| equals(value, wanted)))
        }
        Some(Condition::Missing(name)) => !is_set(resource, name),
        None => true,
    };
    (mints && !is_never_made(resource)).then_some(minting)
}

/// Whether an argument is written, and neither null nor empty.
pub(super) fn is_set(resource: &Resource<'_>, name: &str) -> bool {
    resource.argument(name).is_some_and(|value| value.alternatives().iter().any(|value| !is_empty(value)))
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn equals(value: &Value, wanted: &str) -> bool {
    value.as_str() == Some(wanted) || (wanted == "true" && value.as_bool() == Some(true))
}

/// Whether `count` or `for_each` is known to be nothing.
fn is_never_made(resource: &Resource<'_>) -> bool {
    let nothing = |value: &Value| match &value.kind {
        Kind::Number(number) => *number == Number::Integer(0),
        Kind::List(values) => values.is_empty(),
        Kind::Map(entries) => entries.is_empty(),
        _ => false,
    };
    ["count", "for_each"].iter().any(|name| resource.argument(name).is_some_and(|value| nothing(&value)))
}

/// A finding about a resource that mints a credential.
pub(super) fn finding(rule: &'static str, resource: &Resource<'_>, message: String) -> Finding {
    Finding::new(rule, resource.block().header(), message)
        .address(resource.address())
        .module(module_name(&resource.tree.module(resource.instance).directory))
}

/// A finding that only a person can judge.
pub(super) fn open_question(finding: Finding) -> Finding {
    finding.uncertain(Level::Note, Confidence::Medium)
}

/// How to do without, as the end of a remedy; empty where no way is known.
pub(super) fn instead(minting: &Minting) -> String {
    match minting.has_keyless_way {
        true => format!("do without it: {}", minting.keyless),
        false if minting.keyless.is_empty() => String::new(),
        false => format!("limit it: {}", minting.keyless),
    }
}
