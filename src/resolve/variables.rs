//! Variable files: what sets a root module's input variables, and in which order.
//!
//! <https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence>

use super::evaluate::constant;
use super::value::Value;
use crate::document::Document;
use crate::document::hcl::Attribute;
use std::collections::BTreeMap;

/// The values that files of the repository give to a root module's variables.
#[derive(Default)]
pub struct VariableFiles<'r> {
    /// Files that every run reads, weakest first: `terraform.tfvars`, `terraform.tfvars.json`, `*.auto.tfvars(.json)`.
    pub always: Vec<&'r Document>,
    /// Files that one run or another names by `-var-file`, or that stand ready to be named: each is a case of its own.
    pub sometimes: Vec<Vec<&'r Document>>,
}

impl VariableFiles<'_> {
    /// Values of a variable, one for each case; None in a case that sets nothing, where the default counts. Empty if no
    /// case sets it. A run that is given none of the files by name is a case as well, if it has a value then.
    pub fn values_of(&self, name: &str, has_default: bool) -> Vec<Option<Value>> {
        let always = last_of(&self.always, name);
        let mut values: Vec<Option<Value>> = Vec::new();
        if always.is_some() || has_default || self.sometimes.is_empty() {
            values.push(always.clone());
        }
        for files in &self.sometimes {
            match last_of(files, name) {
                Some(value) => values.push(Some(value)),
                // The same as without these files.
                None if always.is_some() || values.iter().any(Option::is_none) => {}
                None => values.push(None),
            }
        }
        if values.iter().all(Option::is_none) { Vec::new() } else { values }
    }
}

/// The value that the last of the files gives.
fn last_of(files: &[&Document], name: &str) -> Option<Value> {
    files.iter().rev().find_map(|document| {
        let attribute: &Attribute = document.body.as_ref()?.attribute(name)?;
        Some(constant(&document.source, &attribute.value))
    })
}

/// Variable files of a directory that every run reads, in Terraform's order, out of all documents by path.
pub fn read_always<'r>(beside: &[&'r Document]) -> Vec<&'r Document> {
    let mut ordered: BTreeMap<(u8, &str), &'r Document> = BTreeMap::new();
    for document in beside {
        let name = document.path().name();
        let rank = match name {
            "terraform.tfvars" => 0,
            "terraform.tfvars.json" => 1,
            _ if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") => 2,
            _ => continue,
        };
        ordered.insert((rank, name), document);
    }
    ordered.into_values().collect()
}

/// Whether every run reads a variable file of that name.
pub(super) fn is_read_always(name: &str) -> bool {
    matches!(name, "terraform.tfvars" | "terraform.tfvars.json")
        || name.ends_with(".auto.tfvars")
        || name.ends_with(".auto.tfvars.json")
}
