//! Where values stand, as `terraform show -json` tells it.
//!
//! <https://developer.hashicorp.com/terraform/internals/json-format>

use crate::support::Terraform;
use serde_json::Value;
use std::collections::BTreeSet;

/// An address and an attribute of it: names and keys joined by dots, without indexes of lists.
pub(super) type Spot = (String, String);

/// Where a state or a plan holds strings that contain one of the secrets.
pub(super) fn spots(terraform: &Terraform, file: &str, secrets: &[&str]) -> BTreeSet<Spot> {
    spots_of(&shown(terraform, file), secrets)
}

/// A state or a plan as JSON.
pub(super) fn shown(terraform: &Terraform, file: &str) -> Value {
    serde_json::from_slice(&terraform.run(&["show", "-json", file])).unwrap()
}

/// The same, of what is shown.
pub(super) fn spots_of(shown: &Value, secrets: &[&str]) -> BTreeSet<Spot> {
    let mut search = Search { secrets, found: BTreeSet::new() };
    for (name, variable) in entries(&shown["variables"]) {
        search.value(&format!("var.{name}"), "", &variable["value"]);
    }
    for change in shown["resource_changes"].as_array().into_iter().flatten() {
        let address = change["address"].as_str().unwrap();
        search.value(address, "", &change["change"]["before"]);
        search.value(address, "", &change["change"]["after"]);
    }
    for (name, change) in entries(&shown["output_changes"]) {
        search.value(&format!("output.{name}"), "", &change["before"]);
        search.value(&format!("output.{name}"), "", &change["after"]);
    }
    for values in [&shown["values"], &shown["planned_values"], &shown["prior_state"]["values"]] {
        for (name, output) in entries(&values["outputs"]) {
            search.value(&format!("output.{name}"), "", &output["value"]);
        }
        search.module(&values["root_module"]);
    }
    search.found
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

struct Search<'a> {
    secrets: &'a [&'a str],
    found: BTreeSet<Spot>,
}

impl Search<'_> {
    fn module(&mut self, module: &Value) {
        for resource in module["resources"].as_array().into_iter().flatten() {
            self.value(resource["address"].as_str().unwrap(), "", &resource["values"]);
        }
        module["child_modules"].as_array().into_iter().flatten().for_each(|child| self.module(child));
    }

    fn value(&mut self, address: &str, path: &str, value: &Value) {
        match value {
            Value::String(text) if self.secrets.iter().any(|secret| text.contains(secret)) => {
                // An output's and a variable's own value has no name of its own.
                let path = if path.is_empty() { "value" } else { path };
                self.found.insert((address.to_owned(), path.to_owned()));
            }
            Value::Array(values) => values.iter().for_each(|value| self.value(address, path, value)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.value(address, &path, value);
                }
            }
            _ => {}
        }
    }
}
