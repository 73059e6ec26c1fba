//! Resources, data sources and ephemeral resources, evaluated argument by argument and only as far as somebody asks.

use super::blocks;
use super::evaluate::Evaluator;
use super::module::{BlockIn, Declared};
use super::names::Names;
use super::schema::Attributes;
use super::tree::{InstanceId, Tree};
use super::value::{Kind, Value};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a block of a resource declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `resource`: Terraform manages it, and keeps it in its state.
    Managed,
    /// `data`: Terraform reads it, and keeps it in its state.
    Data,
    /// `ephemeral`: Terraform keeps it nowhere.
    Ephemeral,
}

/// A resource, data source or ephemeral resource in one instance of its module. What it says is evaluated when it is
/// asked for, and once.
pub struct Resource<'t> {
    /// The tree it is evaluated in.
    pub tree: &'t Tree<'t>,
    /// The instance of the module.
    pub instance: InstanceId,
    /// Its block, and those that override single arguments.
    pub declared: Declared<'t>,
    /// Resource, data source or ephemeral resource.
    pub mode: Mode,
    /// Its type: `aws_db_instance`.
    pub kind: &'t str,
    /// Its name.
    pub name: &'t str,
    address: OnceCell<String>,
    attributes: OnceCell<Option<Attributes>>,
    names: OnceCell<Names>,
    arguments: RefCell<BTreeMap<(usize, String), Option<Value>>>,
}

/// The resources of an instance in the order of their addresses; blocks that are declared twice, which Terraform
/// refuses, last.
pub fn resources_of<'t>(tree: &'t Tree<'t>, instance: InstanceId) -> impl Iterator<Item = Resource<'t>> {
    let module = tree.module(instance);
    let twice = module.duplicates.iter().map(|block| Declared { layers: vec![*block] });
    module.resources.values().cloned().chain(twice).filter_map(move |declared| Resource::new(tree, instance, declared))
}

/// The resource of an address without indexes.
pub fn resource_at<'t>(tree: &'t Tree<'t>, address: &str) -> Option<Resource<'t>> {
    let (instance, declared) = tree.resource(address)?;
    Resource::new(tree, instance, declared.clone())
}

/// The resources of an instance whose address in their module starts so: `aws_s3_bucket.`, `data.aws_s3_bucket.`.
pub fn resources_from<'t>(tree: &'t Tree<'t>, instance: InstanceId, start: &str) -> impl Iterator<Item = Resource<'t>> {
    let from = tree.module(instance).resources.range(start.to_owned()..);
    let from = from.take_while(move |(address, _)| address.starts_with(start));
    from.filter_map(move |(_, declared)| Resource::new(tree, instance, declared.clone()))
}

impl Mode {
    fn of(block: &str) -> Option<Self> {
        Some(match block {
            "resource" => Self::Managed,
            "data" => Self::Data,
            "ephemeral" => Self::Ephemeral,
            _ => return None,
        })
    }
}

impl<'t> Resource<'t> {
    fn new(tree: &'t Tree<'t>, instance: InstanceId, declared: Declared<'t>) -> Option<Self> {
        let mode = Mode::of(&declared.first().block.kind)?;
        let (kind, name) = (declared.label(0), declared.label(1));
        let (address, attributes, names) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let arguments = RefCell::default();
        Some(Self { tree, instance, declared, mode, kind, name, address, attributes, names, arguments })
    }

    /// The block itself, without overrides.
    pub fn block(&self) -> BlockIn<'t> {
        self.declared.first()
    }

    /// Its address: `module.a.aws_db_instance.main`, `data.aws_iam_role.r`.
    pub fn address(&self) -> &str {
        self.address.get_or_init(|| {
            let prefix = match self.mode {
                Mode::Managed => "",
                Mode::Data => "data.",
                Mode::Ephemeral => "ephemeral.",
            };
            self.tree.address(self.instance, &format!("{prefix}{}.{}", self.kind, self.name))
        })
    }

    /// What the tables know of its type's attributes; None where they know nothing.
    pub fn attributes(&self) -> Option<Attributes> {
        *self.attributes.get_or_init(|| match self.mode {
            Mode::Managed => Attributes::of_resource(self.kind),
            Mode::Data => Attributes::of_data_source(self.kind),
            Mode::Ephemeral => None,
        })
    }

    /// Names of everything that is written in it: arguments, and types of nested blocks, `dynamic` ones included.
    pub fn written(&self) -> BTreeSet<&'t str> {
        let bodies = self.declared.layers.iter().map(|layer| &layer.block.body);
        let names = bodies.flat_map(|body| {
            let arguments = body.attributes.iter().map(|attribute| attribute.name.as_str());
            arguments.chain(body.blocks.iter().map(blocks::type_of))
        });
        names.collect()
    }

    /// The value of an argument, or the nested blocks of a type as a list of maps, each value's way ending with its
    /// sink. As Terraform merges override files: the last layer that has it counts, and of blocks replaces all.
    pub fn argument(&self, name: &str) -> Option<Value> {
        (0..self.declared.layers.len()).rev().find_map(|layer| self.argument_in(layer, name))
    }

    /// As [`Resource::argument`], as one of [`Declared::layers`] has it: what an override file replaces is still
    /// written.
    pub fn argument_in(&self, layer: usize, name: &str) -> Option<Value> {
        let key = (layer, name.to_owned());
        if let Some(known) = self.arguments.borrow().get(&key) {
            return known.clone();
        }
        let value = blocks::part(&self.evaluator(), *self.declared.layers.get(layer)?, self.address(), name);
        self.arguments.borrow_mut().insert(key, value.clone());
        value
    }

    /// Everything that is written in it: arguments, and nested blocks as lists of maps.
    pub fn content(&self) -> Value {
        let all = self.written().into_iter().filter_map(|name| Some((name.to_owned(), self.argument(name)?)));
        Value::literal(Kind::Map(Arc::new(all.collect())), self.block().header())
    }

    /// Whether it is surely made not even once: its `count` or `for_each`, or that of a module it stands in, is empty.
    pub fn is_never(&self) -> bool {
        let mut at = self.instance;
        let mut never = self.tree.rounds(at, &self.declared).is_empty();
        while let Some((caller, call)) = self.tree.instances[at].caller.filter(|_| !never) {
            never = self.tree.rounds(caller, call).is_empty();
            at = caller;
        }
        never
    }

    /// An evaluator of expressions in it, which sees its `each` and `count`.
    pub fn evaluator(&self) -> Evaluator<'t, 't> {
        let evaluator = self.tree.evaluator(self.instance);
        let names = self.names.get_or_init(|| evaluator.repetition(&self.declared));
        evaluator.with(names)
    }
}
