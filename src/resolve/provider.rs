//! Provider addresses, and which providers a tree of modules requires.
//!
//! Terraform merges the requirements of all modules of a configuration:
//! <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/configs/config.go> (`addProviderRequirements`).

use super::module::{AttributeIn, Declared, Module};
use super::tree::{InstanceId, Tree};
use super::value::Value;
use super::version::{ConstraintError, Constraints, Flavour};
use crate::document::hcl::ExprKind;
use crate::finding::Place;
use std::collections::{BTreeMap, BTreeSet};

/// The source address of a provider, as `terraform init` resolves it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderAddress {
    /// The registry's host; empty for the program's default: `registry.terraform.io` or `registry.opentofu.org`.
    host: String,
    namespace: String,
    name: String,
}

/// Default registries of Terraform and OpenTofu: an address without a host means the running program's.
const DEFAULT_HOSTS: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

impl ProviderAddress {
    /// Parses `name`, `namespace/name` or `host/namespace/name`, in lower case as Terraform compares them.
    ///
    /// <https://developer.hashicorp.com/terraform/language/providers/requirements#source-addresses>
    pub fn parse(source: &str) -> Option<ProviderAddress> {
        let source = source.to_ascii_lowercase();
        let (host, namespace, name) = match source.split('/').collect::<Vec<_>>().as_slice() {
            [name] => return Some(Self::implied(name)).filter(|_| !name.is_empty()),
            [namespace, name] => ("", *namespace, *name),
            [host, namespace, name] if DEFAULT_HOSTS.contains(host) => ("", *namespace, *name),
            [host, namespace, name] => (*host, *namespace, *name),
            _ => return None,
        };
        if namespace.is_empty() || name.is_empty() {
            return None;
        }
        Some(Self { host: host.into(), namespace: namespace.into(), name: name.into() })
    }

    /// What a local name means without a source.
    pub fn implied(local_name: &str) -> ProviderAddress {
        let (host, namespace) = if local_name == "terraform" { ("terraform.io", "builtin") } else { ("", "hashicorp") };
        Self { host: host.into(), namespace: namespace.into(), name: local_name.to_ascii_lowercase() }
    }

    /// Whether it is a part of Terraform, without versions.
    pub fn is_built_in(&self) -> bool {
        self.host == "terraform.io" && self.namespace == "builtin"
    }

    /// The provider's name: `aws`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The namespace: `hashicorp`.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }
}

impl std::fmt::Display for ProviderAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.host.is_empty() {
            write!(f, "{}/", self.host)?;
        }
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// What a tree asks of one provider.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The provider.
    pub address: ProviderAddress,
    /// Where it is asked for, the most fitting place first: entries of `required_providers`, provider blocks,
    /// resources; the root module's before others'.
    pub uses: Vec<ProviderUse>,
    /// Its constraints in all modules of the tree.
    pub constraints: Vec<ProviderConstraint>,
}

/// One use of a provider.
#[derive(Clone, Debug)]
pub struct ProviderUse {
    /// In which instance of a module.
    pub instance: InstanceId,
    /// The provider's local name there.
    pub local_name: String,
    /// By what.
    pub by: UsedBy,
    /// `provider.aws`, `terraform.required_providers.aws`, `aws_s3_bucket.b`, with the instance's path.
    pub thing: String,
    /// Where.
    pub place: Place,
}

/// What uses a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UsedBy {
    /// An entry of `required_providers`.
    Entry,
    /// A provider block.
    Block,
    /// A resource, data source or ephemeral resource.
    Resource,
}

/// One constraint on a provider's version.
#[derive(Clone, Debug)]
pub struct ProviderConstraint {
    /// In which instance of a module.
    pub instance: InstanceId,
    /// Whether it stands in a provider block.
    pub in_block: bool,
    /// Where the text stands.
    pub place: Place,
    /// The text; None where it is not known before Terraform runs.
    pub text: Option<String>,
    /// What it means; None where the text is not known.
    pub parsed: Option<Result<Constraints, ConstraintError>>,
}

/// What a tree requires of each provider, by address; built-in ones left out.
pub fn requirements<'t>(tree: &'t Tree<'_>) -> &'t [Requirement] {
    tree.requirements.get_or_init(|| collect(tree))
}

fn collect(tree: &Tree<'_>) -> Vec<Requirement> {
    let mut found: BTreeMap<ProviderAddress, Requirement> = BTreeMap::new();
    for instance in 0..tree.instances.len() {
        Collector { tree, instance, sources: sources(tree, instance), found: &mut found }.collect();
    }
    let mut all: Vec<Requirement> = found.into_values().filter(|required| !required.address.is_built_in()).collect();
    for required in &mut all {
        // Stable: within one rank the order of declaration stays.
        required.uses.sort_by_key(|one| (one.instance != 0, one.by, one.instance));
    }
    all
}

/// Addresses by local name, of one module.
fn sources(tree: &Tree<'_>, instance: InstanceId) -> BTreeMap<String, Option<ProviderAddress>> {
    let entries = tree.module(instance).required_providers();
    let sources = entries.into_iter().map(|(name, entry)| {
        let value = tree.evaluator(instance).attribute(&entry);
        let address = match value.at("source").first() {
            Some(source) if source.is_null() => Some(ProviderAddress::implied(name)),
            Some(source) => source.as_str().and_then(ProviderAddress::parse),
            None => Some(ProviderAddress::implied(name)),
        };
        (name.to_owned(), address)
    });
    sources.collect()
}

struct Collector<'t, 'r> {
    tree: &'t Tree<'r>,
    instance: InstanceId,
    sources: BTreeMap<String, Option<ProviderAddress>>,
    found: &'t mut BTreeMap<ProviderAddress, Requirement>,
}

impl<'r> Collector<'_, 'r> {
    fn collect(mut self) {
        let module = self.tree.module(self.instance);
        for (name, entry) in module.required_providers() {
            let thing = format!("terraform.required_providers.{name}");
            let place = || Place::new(entry.source, entry.attribute.name_span);
            self.add_use(name, UsedBy::Entry, &thing, place);
            self.add_entry_constraint(name, &entry);
        }
        for provider in &module.providers {
            let name = provider.label(0);
            self.add_use(name, UsedBy::Block, &provider_name(provider), || provider.first().header());
            if let Some(version) = provider.attribute("version") {
                let value = self.tree.evaluator(self.instance).attribute(&version);
                self.add_constraint(name, &value, version.place(), true);
            }
        }
        let mut used = BTreeSet::new();
        for (address, resource) in &module.resources {
            let name = provider_of(resource);
            // Of the resources of a module one says enough.
            if !name.is_empty() && !used.contains(&name) {
                self.add_use(&name, UsedBy::Resource, address, || resource.first().header());
                used.insert(name);
            }
        }
    }

    fn requirement(&mut self, name: &str) -> Option<&mut Requirement> {
        let address = match self.sources.get(name) {
            Some(address) => address.clone()?,
            None => ProviderAddress::implied(name),
        };
        let new = || Requirement { address: address.clone(), uses: Vec::new(), constraints: Vec::new() };
        Some(self.found.entry(address.clone()).or_insert_with(new))
    }

    fn add_use(&mut self, name: &str, by: UsedBy, thing: &str, place: impl FnOnce() -> Place) {
        let (tree, instance) = (self.tree, self.instance);
        let Some(required) = self.requirement(name) else { return };
        // Two local names may mean one provider.
        let known = |one: &ProviderUse| one.instance == instance && one.by == UsedBy::Resource;
        if by == UsedBy::Resource && required.uses.iter().any(known) {
            return;
        }
        let (local_name, thing, place) = (name.to_owned(), tree.address(instance, thing), place());
        required.uses.push(ProviderUse { instance, local_name, by, thing, place });
    }

    /// The constraint of an entry: `aws = "~> 5.0"` or `aws = { version = "~> 5.0" }`.
    fn add_entry_constraint(&mut self, name: &str, entry: &AttributeIn<'r>) {
        let value = self.tree.evaluator(self.instance).attribute(entry);
        match &entry.attribute.value.kind {
            ExprKind::Object(_) => {
                if let Some(version) = value.at("version").first().filter(|version| !version.is_null()) {
                    self.add_constraint(name, version, entry.place(), false);
                }
            }
            _ if value.as_map().is_some() => {}
            _ => self.add_constraint(name, &value, entry.place(), false),
        }
    }

    fn add_constraint(&mut self, name: &str, value: &Value, place: Place, in_block: bool) {
        if value.is_null() {
            return;
        }
        let instance = self.instance;
        let text = value.as_str().map(str::to_owned);
        let parsed = text.as_deref().map(|text| Constraints::parse(text, Flavour::Provider));
        let place = value.origin.literal.clone().unwrap_or(place);
        if let Some(required) = self.requirement(name) {
            required.constraints.push(ProviderConstraint { instance, in_block, place, text, parsed });
        }
    }
}

/// `provider.aws`, `provider.aws.london`.
pub fn provider_name(provider: &Declared<'_>) -> String {
    let alias = provider.attribute("alias").and_then(|alias| alias.attribute.value.as_str());
    match alias {
        Some(alias) => format!("provider.{}.{alias}", provider.label(0)),
        None => format!("provider.{}", provider.label(0)),
    }
}

/// The local name of a resource's provider: that of its `provider` argument, else what its type begins with.
///
/// <https://developer.hashicorp.com/terraform/language/resources/syntax#resource-types>
fn provider_of(resource: &Declared<'_>) -> String {
    if let Some(provider) = resource.attribute("provider") {
        let mut root = &provider.attribute.value;
        while let ExprKind::Traversal(traversal) = &root.kind {
            root = &traversal.source;
        }
        return match &root.kind {
            ExprKind::Variable(name) => name.to_string(),
            // In quotes, as Terraform 0.11 and the JSON syntax have it.
            ExprKind::String(text) => text.split('.').next().unwrap_or("").to_owned(),
            _ => String::new(),
        };
    }
    resource.label(0).split('_').next().unwrap_or("").to_owned()
}

impl Module<'_> {
    /// The provider's entry in `required_providers`, if it has one.
    pub fn required_provider(&self, name: &str) -> Option<AttributeIn<'_>> {
        self.required_providers().into_iter().find(|(known, _)| *known == name).map(|(_, entry)| entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// <https://developer.hashicorp.com/terraform/language/providers/requirements#source-addresses>
    #[test]
    fn addresses() {
        let shown = |source: &str| ProviderAddress::parse(source).map(|address| address.to_string());
        for (source, address) in [
            ("aws", Some("hashicorp/aws")),
            ("hashicorp/aws", Some("hashicorp/aws")),
            ("DataDog/datadog", Some("datadog/datadog")),
            ("registry.terraform.io/hashicorp/aws", Some("hashicorp/aws")),
            ("registry.opentofu.org/hashicorp/aws", Some("hashicorp/aws")),
            ("example.com/acme/dns", Some("example.com/acme/dns")),
            ("terraform.io/builtin/terraform", Some("terraform.io/builtin/terraform")),
            ("a/b/c/d", None),
            ("/aws", None),
            ("", None),
        ] {
            assert_eq!(shown(source).as_deref(), address, "{source}");
        }
        assert!(ProviderAddress::implied("terraform").is_built_in());
        assert!(!ProviderAddress::implied("google-beta").is_built_in());
    }
}
