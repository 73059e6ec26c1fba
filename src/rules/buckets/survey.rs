//! The survey: which resources make and configure the buckets and tables that backends use, found by resolved names and
//! by references.

use super::arns::References;
use super::stores::{Bucket, GrowTree, Part, Policy, Stores, Table};
use super::wanted::Wanted;
use crate::resolve::{
    AttributeIn, InstanceId, Kind, ModuleId, Program, Reason, Resource, Role, Tree, Value, resources_from,
};
use crate::rules::iam;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Types of resources that make a bucket, and the argument that names it.
const MAKERS: [(&str, &str); 3] =
    [("aws_s3_bucket", "bucket"), ("google_storage_bucket", "name"), ("azurerm_storage_account", "name")];

/// Starts of addresses of resources that configure a bucket, the argument that names the bucket, and what makes it.
const PARTS: [(&str, &str, &str); 4] = [
    ("aws_s3_bucket_", "bucket", "aws_s3_bucket"),
    ("google_storage_bucket_", "bucket", "google_storage_bucket"),
    ("azurerm_storage_container.", "storage_account_name", "azurerm_storage_account"),
    ("azurerm_storage_container.", "storage_account_id", "azurerm_storage_account"),
];

/// Applies to every bucket of its account.
const ACCOUNT: &str = "aws_s3_account_public_access_block";

/// Resources of one configuration that make a bucket of the same name, at most: but one of them can succeed.
const MAX_TWINS: usize = 16;

const TABLE: &str = "aws_dynamodb_table";

/// Types of resources that hold a policy, and the argument or the type of block that does.
const POLICIES: [(&str, &str); 8] = [
    ("aws_iam_policy", "policy"),
    ("aws_iam_role_policy", "policy"),
    ("aws_iam_user_policy", "policy"),
    ("aws_iam_group_policy", "policy"),
    ("aws_iam_role", "inline_policy"),
    ("aws_ssoadmin_permission_set_inline_policy", "inline_policy"),
    ("aws_s3_bucket_policy", "policy"),
    ("aws_dynamodb_resource_policy", "policy"),
];

/// What the modules under `starts` define of what is wanted.
pub(super) fn stores<'r>(
    program: &'r Program<'r>,
    wanted: &Wanted,
    starts: &[ModuleId],
    tree: GrowTree<'_, 'r>,
) -> Stores {
    if wanted.buckets.is_empty() {
        return Stores::default();
    }
    let concerned = concerned(program);
    let roots: Vec<ModuleId> = starts.iter().copied().filter(|start| concerned[*start]).collect();
    let surveyed: Vec<Surveyed> = roots.par_iter().map(|root| survey(&tree(*root), &concerned, wanted)).collect();
    let mut stores = Stores {
        s3_buckets: wanted.s3_buckets().map(str::to_owned).collect(),
        lock_tables: wanted.tables.keys().cloned().collect(),
        containers: wanted.containers.clone(),
        ..Stores::default()
    };
    let mut by_name: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    let mut loose = BTreeSet::new();
    for one in surveyed {
        stores.buckets.extend(one.buckets);
        stores.tables.extend(one.tables);
        stores.policies.extend(one.policies);
        loose.extend(one.loose.into_iter().filter(|_| one.is_run));
        one.by_name.into_iter().for_each(|(name, part)| by_name.entry(name).or_default().push(part));
    }
    // What names a bucket of another configuration configures it all the same, and what is told the name may.
    for bucket in &mut stores.buckets {
        by_name.get(&bucket.name).into_iter().flatten().for_each(|part| bucket.add(part));
        let loose = loose.iter().filter(|(made_by, _)| *made_by == bucket.own.of_type);
        bucket.loose.extend(loose.map(|(_, of_type)| of_type.clone()));
    }
    stores
}

/// Which modules hold a resource that may matter, or call one that does.
fn concerned(program: &Program<'_>) -> Vec<bool> {
    let starts = ["aws_dynamodb_", "aws_iam_", "aws_s3_", "aws_ssoadmin_", "azurerm_storage_", "google_storage_bucket"];
    let mut callers: BTreeMap<ModuleId, Vec<ModuleId>> = BTreeMap::new();
    let mut concerned = vec![false; program.modules.len()];
    let mut next = Vec::new();
    for (id, module) in program.modules.iter().enumerate() {
        for call in module.calls.values() {
            if let Some(callee) = program.callee(module, call) {
                callers.entry(callee).or_default().push(id);
            }
        }
        let first = |start: &&str| module.resources.range((**start).to_owned()..).next();
        if starts.iter().any(|start| first(start).is_some_and(|(address, _)| address.starts_with(start))) {
            next.push(id);
        }
    }
    while let Some(id) = next.pop() {
        if !std::mem::replace(&mut concerned[id], true) {
            next.extend(callers.get(&id).into_iter().flatten());
        }
    }
    concerned
}

/// What one tree defines.
#[derive(Default)]
struct Surveyed {
    buckets: Vec<Bucket>,
    tables: Vec<Table>,
    policies: Vec<Policy>,
    /// Resources that configure a bucket of another tree, by its name.
    by_name: Vec<(String, Part)>,
    /// Types of resources that configure a bucket of which it is not known which, and what makes it.
    loose: BTreeSet<(&'static str, String)>,
    /// Whether Terraform is run in it: else it is a module for others to call.
    is_run: bool,
    /// The buckets by what makes them and name.
    named: BTreeMap<(&'static str, String), Vec<usize>>,
    /// The buckets by address.
    addressed: BTreeMap<String, Vec<usize>>,
}

impl Surveyed {
    /// The buckets that a value means by their names or by a reference.
    fn meant(&self, value: &Value, made_by: &'static str) -> &[usize] {
        let found = match &value.kind {
            Kind::String(name) => self.named.get(&(made_by, name.to_string())),
            Kind::Unknown(Reason::Resource { address, .. }) => self.addressed.get(&**address),
            _ => None,
        };
        found.map_or(&[], Vec::as_slice)
    }
}

fn survey(tree: &Tree<'_>, concerned: &[bool], wanted: &Wanted) -> Surveyed {
    let is_run = matches!(tree.program.roles[tree.instances[0].module], Role::Root(_));
    let mut found = Surveyed { is_run, ..Surveyed::default() };
    let mut references = References::default();
    let instances: Vec<InstanceId> =
        (0..tree.instances.len()).filter(|id| concerned[tree.instances[*id].module]).collect();
    for instance in &instances {
        makers(tree, *instance, wanted, &mut references, &mut found);
        tables(tree, *instance, wanted, &mut references, &mut found);
    }
    for instance in &instances {
        parts(tree, *instance, wanted, &references, &mut found);
        if !found.buckets.is_empty() {
            hand_on(tree, *instance, &mut found);
        }
    }
    for bucket in &mut found.buckets {
        let loose = found.loose.iter().filter(|(made_by, _)| *made_by == bucket.own.of_type);
        bucket.loose = loose.map(|(_, of_type)| of_type.clone()).collect();
    }
    let (references, beside) = (Arc::new(references), !found.buckets.is_empty() || !found.tables.is_empty());
    let of_aws = wanted.s3_buckets().next().is_some();
    for instance in instances.iter().filter(|_| of_aws) {
        policies(tree, *instance, &references, beside, &mut found);
    }
    found
}

/// The buckets that an instance makes.
fn makers(tree: &Tree<'_>, instance: InstanceId, wanted: &Wanted, references: &mut References, found: &mut Surveyed) {
    for (made_by, argument) in MAKERS {
        for start in [format!("{made_by}."), format!("data.{made_by}.")] {
            for resource in resources_from(tree, instance, &start) {
                let Some(value) = resource.argument(argument) else { continue };
                let names: Vec<&str> = value.alternatives().iter().filter_map(Value::as_str).collect();
                let state = names.iter().find_map(|name| Some((*name, wanted.bucket(made_by, name)?)));
                // Of several names that it may have, it is the one that holds state.
                let Some(name) = state.map(|(name, _)| name).or(names.first().copied()) else { continue };
                if made_by == "aws_s3_bucket" {
                    references.buckets.insert(resource.address().to_owned(), name.to_owned());
                }
                if let Some((name, used_at)) = state.filter(|_| start.starts_with(made_by) && !resource.is_never()) {
                    let (at, twins) = (found.buckets.len(), found.named.entry((made_by, name.to_owned())).or_default());
                    if twins.len() >= MAX_TWINS {
                        continue;
                    }
                    twins.push(at);
                    found.addressed.entry(resource.address().to_owned()).or_default().push(at);
                    let (loose, parts) = (BTreeSet::new(), Vec::new());
                    let (name, used_at, own) = (name.to_owned(), used_at.clone(), part(&resource));
                    found.buckets.push(Bucket { name, used_at, own, parts, loose, handed_on: false });
                }
            }
        }
    }
}

fn tables(tree: &Tree<'_>, instance: InstanceId, wanted: &Wanted, references: &mut References, found: &mut Surveyed) {
    for start in ["aws_dynamodb_table.", "data.aws_dynamodb_table."] {
        for resource in resources_from(tree, instance, start) {
            let Some(value) = resource.argument("name") else { continue };
            let names: Vec<&str> = value.alternatives().iter().filter_map(Value::as_str).collect();
            let state = names.iter().find_map(|name| Some((*name, wanted.tables.get(*name)?)));
            let Some(name) = state.map(|(name, _)| name).or(names.first().copied()) else { continue };
            references.tables.insert(resource.address().to_owned(), name.to_owned());
            if let Some((_, used_at)) = state.filter(|_| start.starts_with(TABLE) && !resource.is_never()) {
                found.tables.push(Table { used_at: used_at.clone(), own: part(&resource) });
            }
        }
    }
}

/// The resources of an instance that configure buckets.
fn parts(tree: &Tree<'_>, instance: InstanceId, wanted: &Wanted, references: &References, found: &mut Surveyed) {
    for (start, argument, made_by) in PARTS {
        for resource in resources_from(tree, instance, start) {
            let Some(value) = resource.argument(argument) else { continue };
            if resource.is_never() {
                continue;
            }
            for one in value.alternatives() {
                attach(&resource, one, made_by, (wanted, references), found);
            }
        }
    }
    for resource in resources_from(tree, instance, ACCOUNT) {
        if resource.is_never() {
            continue;
        }
        for bucket in found.buckets.iter_mut().filter(|bucket| bucket.own.of_type == "aws_s3_bucket") {
            bucket.add(&part(&resource));
        }
        // Whether the buckets of other configurations are of this account is not known.
        found.loose.insert(("aws_s3_bucket", ACCOUNT.to_owned()));
    }
}

/// Gives a resource to the bucket that a value names.
fn attach(
    resource: &Resource<'_>,
    named: &Value,
    made_by: &'static str,
    (wanted, references): (&Wanted, &References),
    found: &mut Surveyed,
) {
    let address = match &named.kind {
        Kind::Unknown(Reason::Resource { address, .. }) => Some(&**address),
        _ => None,
    };
    let name = named.as_str().or_else(|| references.buckets.get(address?).map(String::as_str));
    let by_name = name.map(Value::string);
    let meant = [Some(named), by_name.as_ref()].into_iter().flatten().map(|value| found.meant(value, made_by));
    let meant: BTreeSet<usize> = meant.flatten().copied().collect();
    match name.filter(|name| wanted.bucket(made_by, name).is_some()) {
        _ if !meant.is_empty() => {
            let part = part(resource);
            meant.into_iter().for_each(|bucket| found.buckets[bucket].add(&part));
        }
        Some(name) => found.by_name.push((name.to_owned(), part(resource))),
        None if name.is_some() || address.is_some_and(|address| is_other(address, made_by)) => {}
        None => _ = found.loose.insert((made_by, resource.kind.to_owned())),
    }
}

/// Whether an address is that of a bucket: of another one, where it is none that holds state.
fn is_other(address: &str, made_by: &str) -> bool {
    let mut fields = address.rsplit('.').skip(1);
    fields.next() == Some(made_by) && fields.next() != Some("data")
}

/// Notes the buckets that are handed to modules outside the repository.
fn hand_on(tree: &Tree<'_>, instance: InstanceId, found: &mut Surveyed) {
    let module = tree.module(instance);
    let mut handed = BTreeSet::new();
    for call in module.calls.values().filter(|call| tree.program.callee(module, call).is_none()) {
        let evaluator = tree.evaluator(instance);
        let evaluator = evaluator.with(&evaluator.repetition(call));
        for layer in &call.layers {
            for attribute in &layer.block.body.attributes {
                let value = evaluator.attribute(&AttributeIn { source: layer.source, attribute });
                meant_within(&value, found, 0, &mut handed);
            }
        }
    }
    handed.into_iter().for_each(|bucket| found.buckets[bucket].handed_on = true);
}

/// Values within values that are followed.
const MAX_DEPTH: usize = 8;

fn meant_within(value: &Value, found: &Surveyed, depth: usize, meant: &mut BTreeSet<usize>) {
    match &value.kind {
        Kind::Partial(values) | Kind::List(values) | Kind::Either(values) if depth < MAX_DEPTH => {
            values.iter().for_each(|value| meant_within(value, found, depth + 1, meant));
        }
        Kind::Map(entries) if depth < MAX_DEPTH => {
            entries.values().for_each(|value| meant_within(value, found, depth + 1, meant));
        }
        _ => MAKERS.iter().for_each(|(made_by, _)| meant.extend(found.meant(value, made_by))),
    }
}

fn policies(tree: &Tree<'_>, instance: InstanceId, references: &Arc<References>, beside: bool, found: &mut Surveyed) {
    for (of_type, _) in POLICIES {
        for resource in resources_from(tree, instance, &format!("{of_type}.")) {
            if resource.is_never() {
                continue;
            }
            let documents = documents(&resource);
            if !documents.is_empty() {
                let own = Part { documents, ..bare(&resource) };
                found.policies.push(Policy { own, references: Arc::clone(references), beside });
            }
        }
    }
}

/// The policy documents that a resource holds.
fn documents(resource: &Resource<'_>) -> Vec<iam::Document> {
    let (tree, declared) = (resource.tree, &resource.declared);
    let Some((_, holder)) = POLICIES.iter().find(|(of_type, _)| *of_type == resource.kind) else { return Vec::new() };
    let mut found = iam::argument(tree, resource.instance, declared, holder);
    for block in declared.blocks(holder) {
        let Some(attribute) = block.block.body.attribute("policy") else { continue };
        let held = AttributeIn { source: block.source, attribute };
        let value = resource.evaluator().attribute(&held);
        found.extend(iam::documents(tree, &value, resource.address(), &held));
    }
    found
}

/// A resource with all that it says.
fn part(resource: &Resource<'_>) -> Part {
    let documents = match resource.kind {
        // As older configurations write it.
        "aws_s3_bucket" => iam::argument(resource.tree, resource.instance, &resource.declared, "policy"),
        _ => documents(resource),
    };
    Part { content: resource.content(), documents, ..bare(resource) }
}

/// A resource without what it says.
fn bare(resource: &Resource<'_>) -> Part {
    Part {
        of_type: resource.kind.to_owned(),
        address: resource.address().to_owned(),
        header: resource.block().header(),
        directory: resource.tree.module(resource.instance).directory.clone(),
        content: Value::new(Kind::Null),
        documents: Vec::new(),
    }
}
