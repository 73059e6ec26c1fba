//! Whether what flows into an expression is a secret, by what it springs from.

use crate::finding::Place;
use crate::resolve::schema::{Attributes, Minting};
use crate::resolve::{Declared, Inflow, Spring, Tree};
use crate::rules::names::names_no_secret;

/// A secret that flows in.
pub(super) struct SecretSpring {
    /// Its address: `aws_db_instance.main.password`, `var.token`.
    pub(super) name: String,
    /// Why it is one.
    pub(super) why: &'static str,
    /// Whether the provider or the configuration itself says so; else only names tell.
    pub(super) declared: bool,
    /// Whether it may be anything: what a store of parameters holds, secret or not, is declared sensitive.
    pub(super) general: bool,
}

/// Data sources that read secrets and other things alike. AWS publishes the ids of images as such parameters:
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html>
const STORES: [&str; 2] = ["data.aws_ssm_parameter", "data.aws_ssm_parameters_by_path"];

/// What makes an inflow a secret, if it is one.
pub(super) fn secret_spring(tree: &Tree<'_>, inflow: &Inflow) -> Option<SecretSpring> {
    if let Spring::Resource { address, attribute } = &inflow.spring {
        let (mode, kind) = type_of(address);
        let key = if mode { format!("data.{kind}") } else { kind.to_owned() };
        let name = format!("{address}.{attribute}");
        let known = Attributes::of_resource(&key);
        if attribute.is_empty() || Attributes::low_value(&key, attribute).is_some() {
            return marked(tree, inflow);
        }
        let minted = Minting::of_resource(&key).is_some_and(|minting| minting.has(attribute));
        if known.is_some_and(|known| known.is_sensitive(attribute)) {
            let general = STORES.contains(&key.as_str());
            return Some(SecretSpring { name, why: "which the provider declares sensitive", declared: true, general });
        }
        if minted || known.is_some_and(|known| known.is_unflagged(attribute)) {
            let why = "which is a secret that no schema declares";
            return Some(SecretSpring { name, why, declared: false, general: false });
        }
    }
    marked(tree, inflow)
}

/// A variable on the way that is declared sensitive.
fn marked(tree: &Tree<'_>, inflow: &Inflow) -> Option<SecretSpring> {
    let name = inflow.way.iter().map(|station| &station.name).find(|name| {
        variable_at(tree, name).is_some_and(|variable| variable.is("sensitive", false))
            && !names_no_secret(name.rsplit('.').next().unwrap_or(name))
    })?;
    Some(SecretSpring { name: name.to_string(), why: "which is declared sensitive", declared: true, general: false })
}

/// The variable that an address names: `var.token`, `module.a.var.token`.
pub(super) fn variable_at<'t>(tree: &Tree<'t>, address: &str) -> Option<&'t Declared<'t>> {
    let (path, name) = match address.strip_prefix("var.") {
        Some(name) => ("", name),
        None => address.rsplit_once(".var.")?,
    };
    let instance = tree.instances.iter().position(|instance| instance.path == path)?;
    tree.program.modules[tree.instances[instance].module].variables.get(name)
}

/// Whether an address is a data source's, and the type: of `module.a.data.x_y.z` and `x_y.z`.
fn type_of(address: &str) -> (bool, &str) {
    let mut parts = address.rsplit('.').skip(1);
    let kind = parts.next().unwrap_or("");
    (parts.next() == Some("data"), kind)
}

/// Whether the type of a resource's address is one of these.
pub(super) fn is_of_type(address: &str, kinds: &[&str]) -> bool {
    let (data, kind) = type_of(address);
    !data && kinds.contains(&kind)
}

/// Whether a tree declares a resource of one of these types.
pub(super) fn declares(tree: &Tree<'_>, kinds: &[&str]) -> bool {
    let in_module = |instance: usize| {
        kinds.iter().any(|kind| {
            let start = format!("{kind}.");
            let mut from = tree.module(instance).resources.range(start.clone()..);
            from.next().is_some_and(|(address, _)| address.starts_with(&start))
        })
    };
    (0..tree.instances.len()).any(in_module)
}

/// Where the resource of an address is declared.
pub(super) fn declaration(tree: &Tree<'_>, address: &str) -> Option<Place> {
    (0..tree.instances.len()).find_map(|instance| {
        let path = &tree.instances[instance].path;
        let own = if path.is_empty() { Some(address) } else { address.strip_prefix(path)?.strip_prefix('.') };
        Some(tree.module(instance).resources.get(own?)?.first().header())
    })
}
