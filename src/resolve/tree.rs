//! One root module with everything it calls: the unit of evaluation. Each call of a module is an instance with its own
//! inputs, so the same module called twice has two meanings.

use super::budget::Budget;
use super::constraint::Constraint;
use super::depth::Depth;
use super::elements::rounds_of;
use super::evaluate::Evaluator;
use super::functions::mark_sensitive;
use super::module::{AttributeIn, Declared, Module};
use super::names::Names;
use super::program::{ModuleId, Program};
use super::provider::Requirement;
use super::value::{Reason, Value};
use super::variables::VariableFiles;
use crate::document::hcl::Expr;
use crate::finding::Place;
use crate::text::RepoPath;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Index of an instance in [`Tree::instances`]; 0 is the root module.
pub type InstanceId = usize;

/// Instances of one tree, at most: a graph that doubles at every level ends here.
const MAX_INSTANCES: usize = 1_000;
/// Calls within calls, at most.
const MAX_CALL_DEPTH: usize = 24;

/// Types and those of their attributes by which configuration names other things, and which are what is configured: a
/// required argument that the provider neither computes nor changes. Other attributes only the run knows.
/// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_openid_connect_provider>
const KEPT: [(&str, &str); 1] = [("aws_iam_openid_connect_provider", "url")];

/// A root module and the modules it calls, each call an instance.
pub struct Tree<'r> {
    /// The program it belongs to.
    pub program: &'r Program<'r>,
    /// The root module first, then every call in breadth-first order.
    pub instances: Vec<Instance<'r>>,
    /// Whether calls were left out because there are too many.
    pub cut: bool,
    files: VariableFiles<'r>,
    /// What it requires of providers, once that was asked for.
    pub(super) requirements: OnceCell<Vec<Requirement>>,
    memo: RefCell<HashMap<Key, Memo>>,
    pub(super) depth: Depth,
    pub(super) budget: Budget,
    /// What following references may cost besides evaluating them.
    pub(super) following: Budget,
}

/// One use of a module.
pub struct Instance<'r> {
    /// Which module.
    pub module: ModuleId,
    /// Who calls it, and by which block.
    pub caller: Option<(InstanceId, &'r Declared<'r>)>,
    /// Address prefix of everything in it: empty, or `module.a.module.b`.
    pub path: String,
    /// Its `path.module`: the sources of the calls that lead to it, in a row.
    pub(super) way: String,
    level: usize,
    children: BTreeMap<&'r str, InstanceId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Item {
    Variable,
    Local,
    Output,
    Repetition,
    Attribute,
}

/// What is evaluated once: of an instance, by name.
type Key = (InstanceId, Item, Arc<str>);

enum Memo {
    InProgress,
    /// The value, and how many levels its evaluation took.
    Done(Value, u32),
}

impl<'r> Tree<'r> {
    /// The tree under a root module.
    pub fn new(program: &'r Program<'r>, root: ModuleId, files: VariableFiles<'r>) -> Self {
        let first = Instance {
            module: root,
            caller: None,
            path: String::new(),
            way: ".".to_owned(),
            level: 0,
            children: BTreeMap::new(),
        };
        let (requirements, memo) = (OnceCell::new(), RefCell::default());
        let (depth, budget, following) = (Depth::default(), Budget::default(), Budget::default());
        let instances = vec![first];
        let mut tree = Tree { program, instances, cut: false, files, requirements, memo, depth, budget, following };
        let mut next = 0;
        while next < tree.instances.len() {
            tree.add_calls_of(next);
            next += 1;
        }
        tree
    }

    fn add_calls_of(&mut self, caller: InstanceId) {
        let program = self.program;
        let module = &program.modules[self.instances[caller].module];
        let level = self.instances[caller].level + 1;
        for (name, call) in &module.calls {
            let Some(callee) = program.callee(module, call) else { continue };
            // Terraform refuses a module that calls itself; following it round and round tells nothing new.
            if self.is_within(caller, callee) {
                continue;
            }
            if level > MAX_CALL_DEPTH || self.instances.len() >= MAX_INSTANCES {
                self.cut = true;
                return;
            }
            let id = self.instances.len();
            let path = join_address(&self.instances[caller].path, &format!("module.{name}"));
            let source = call.attribute("source").and_then(|source| source.attribute.value.as_str()).unwrap_or(".");
            // A path that leads up is kept as it is written: Terraform does not look where it leads.
            let way = RepoPath::new(&format!("{}/{source}", self.instances[caller].way)).shown().to_owned();
            let (children, by) = (BTreeMap::new(), Some((caller, call)));
            self.instances.push(Instance { module: callee, caller: by, path, way, level, children });
            self.instances[caller].children.insert(name, id);
        }
    }

    /// Whether an instance is of a module, or inside an instance of it.
    fn is_within(&self, instance: InstanceId, module: ModuleId) -> bool {
        let outwards = |of: &InstanceId| self.instances[*of].caller.map(|(caller, _)| caller);
        std::iter::successors(Some(instance), outwards).any(|of| self.instances[of].module == module)
    }

    /// Whether anything was too large, too deep or too much to be evaluated.
    pub fn is_exhausted(&self) -> bool {
        self.budget.is_spent() || self.following.is_spent() || self.depth.was_cut()
    }

    /// Takes steps of the budget of this tree's evaluation, for what is done with values; false if fewer are left.
    #[must_use]
    pub fn spend(&self, steps: usize) -> bool {
        self.budget.spend(steps)
    }

    /// The source address of a provider by its local name, from `required_providers`.
    pub fn provider_source(&self, instance: InstanceId, name: &str) -> Option<String> {
        let requirement = self.module(instance).required_providers();
        let (_, requirement) = requirement.into_iter().find(|(known, _)| *known == name)?;
        let value = self.evaluator(instance).attribute(&requirement);
        value.at("source").first().and_then(|source| source.as_str()).map(str::to_owned)
    }

    /// The module of an instance.
    pub fn module(&self, instance: InstanceId) -> &'r Module<'r> {
        &self.program.modules[self.instances[instance].module]
    }

    /// An evaluator of expressions in an instance.
    pub fn evaluator<'t>(&'t self, instance: InstanceId) -> Evaluator<'t, 'r> {
        Evaluator::new(self, instance)
    }

    /// Address of a thing in an instance: `module.a.provider.aws`.
    pub fn address(&self, instance: InstanceId, thing: &str) -> String {
        join_address(&self.instances[instance].path, thing)
    }

    /// The resource, data source or ephemeral resource of an address without indexes, and the instance it stands in:
    /// what [`Reason::Resource`] speaks of.
    pub fn resource(&self, address: &str) -> Option<(InstanceId, &'r Declared<'r>)> {
        let (mut instance, mut rest) = (0, address);
        while let Some(inner) = rest.strip_prefix("module.") {
            let (call, thing) = inner.split_once('.')?;
            instance = *self.instances[instance].children.get(call)?;
            rest = thing;
        }
        Some((instance, self.module(instance).resources.get(rest)?))
    }

    /// `each` and `count` for every instance of a resource: one set of names each, none where there is no instance, and
    /// one that stands for all where they are not known or more than [`MAX_ALTERNATIVES`](super::MAX_ALTERNATIVES).
    pub fn rounds(&self, instance: InstanceId, declared: &Declared<'r>) -> Vec<Names> {
        let evaluator = self.evaluator(instance);
        let (repetition, height) = self.depth.measure(|| self.repetition(instance, declared));
        let known = repetition.and_then(|(over, is_count)| rounds_of(&over, is_count, &self.budget).ok());
        match known {
            Some(rounds) => {
                rounds.into_iter().map(|(name, round)| evaluator.names().and_evaluated(name, round, height)).collect()
            }
            None => vec![evaluator.repetition(declared)],
        }
    }

    /// The value of an input variable.
    pub fn variable(&self, instance: InstanceId, name: &str) -> Value {
        self.memoised(instance, Item::Variable, name, || {
            let Some(declared) = self.module(instance).variables.get(name) else {
                return Value::unknown(Reason::Undeclared(format!("var.{name}").into()));
            };
            let value = self.input(instance, name, declared);
            let step: Arc<str> = self.address(instance, &format!("var.{name}")).into();
            let value = value.through(&step, &declared.first().header());
            if declared.is("sensitive", false) { mark_sensitive(value) } else { value }
        })
    }

    /// What is given, in the variable's type; the default where nothing is, or a null that is not taken.
    fn input(&self, instance: InstanceId, name: &str, declared: &Declared<'r>) -> Value {
        let constraint = declared.attribute("type").and_then(|of| Constraint::read(&of));
        let convert = |value: Value| match &constraint {
            Some(constraint) => constraint.convert(&value, &self.budget),
            None => value,
        };
        let default = || convert(self.default_of(instance, name, declared));
        let given = match self.instances[instance].caller {
            Some((caller, call)) => {
                let Some(passed) = call.attribute(name) else { return default() };
                let step: Arc<str> = self.address(instance, name).into();
                let names = self.evaluator(caller).repetition(call);
                self.evaluator(caller).with(&names).attribute(&passed).through(&step, &passed.place())
            }
            None => {
                let given = self.files.values_of(name, declared.attribute("default").is_some());
                if given.is_empty() {
                    return default();
                }
                Value::either(given.into_iter().map(|given| given.unwrap_or_else(default)))
            }
        };
        let nullable = declared.is("nullable", true);
        let one = |value: &Value| if value.is_null() && !nullable { default() } else { convert(value.clone()) };
        Value::either(given.alternatives().iter().map(one))
    }

    fn default_of(&self, instance: InstanceId, name: &str, declared: &Declared<'r>) -> Value {
        match declared.attribute("default") {
            Some(default) => self.evaluator(instance).attribute(&default),
            None => Value::unknown(Reason::NoDefault(self.address(instance, &format!("var.{name}")).into())),
        }
    }

    /// The value of a local.
    pub fn local(&self, instance: InstanceId, name: &str) -> Value {
        self.memoised(instance, Item::Local, name, || match self.module(instance).locals.get(name) {
            Some(local) => {
                let step: Arc<str> = self.address(instance, &format!("local.{name}")).into();
                self.evaluator(instance).attribute(local).through(&step, &local.place())
            }
            None => Value::unknown(Reason::Undeclared(format!("local.{name}").into())),
        })
    }

    /// The value of an output of a module that `caller` calls; unknown for modules outside the repository.
    pub fn output(&self, caller: InstanceId, call: &str, output: &str) -> Value {
        let address = || self.address(caller, &format!("module.{call}"));
        let Some(child) = self.instances[caller].children.get(call).copied() else {
            let name: Arc<str> = address().into();
            return Value::unknown(match self.module(caller).calls.get(call) {
                None => Reason::Undeclared(name),
                // It is there, but the tree ends before it.
                Some(call) if self.program.callee(self.module(caller), call).is_some() => Reason::Budget,
                Some(_) => Reason::RemoteModule(name),
            });
        };
        let key = format!("{call}.{output}");
        self.memoised(caller, Item::Output, &key, || {
            let declared = self.module(child).outputs.get(output);
            let Some((declared, value)) = declared.and_then(|d| Some((d, d.attribute("value")?))) else {
                return Value::unknown(Reason::Undeclared(format!("{}.{output}", address()).into()));
            };
            let step: Arc<str> = format!("{}.{output}", address()).into();
            let value = self.evaluator(child).attribute(&value).through(&step, &declared.first().header());
            if declared.is("sensitive", false) { mark_sensitive(value) } else { value }
        })
    }

    /// The instance that a call makes; None for modules outside the repository.
    pub(super) fn child(&self, caller: InstanceId, call: &str) -> Option<InstanceId> {
        self.instances[caller].children.get(call).copied()
    }

    /// Names of a called module's outputs; None for modules outside the repository.
    pub fn outputs(&self, caller: InstanceId, call: &str) -> Option<Vec<&'r str>> {
        let child = self.instances[caller].children.get(call)?;
        Some(self.module(*child).outputs.keys().copied().collect())
    }

    /// The value of a resource's attribute where it is what is configured; None where only the run knows it.
    pub(super) fn kept(&self, instance: InstanceId, thing: &str, attribute: &str) -> Option<Value> {
        if !KEPT.iter().any(|(_, kept)| *kept == attribute) {
            return None;
        }
        let declared = self.module(instance).resources.get(thing)?;
        let found = declared.attribute(attribute).filter(|_| KEPT.contains(&(declared.label(0), attribute)))?;
        let sink = format!("{thing}.{attribute}");
        Some(self.memoised(instance, Item::Attribute, &sink, || {
            let evaluator = self.evaluator(instance);
            let step: Arc<str> = self.address(instance, &sink).into();
            evaluator.with(&evaluator.repetition(declared)).attribute(&found).through(&step, &found.place())
        }))
    }

    /// What a block is repeated over: the value of its `for_each`, or of its `count` and true. Evaluated once.
    pub(super) fn repetition(&self, instance: InstanceId, declared: &Declared<'r>) -> Option<(Value, bool)> {
        let (over, is_count) = match (declared.attribute("for_each"), declared.attribute("count")) {
            (Some(for_each), _) => (for_each, false),
            (None, Some(count)) => (count, true),
            (None, None) => return None,
        };
        let key = format!("{} {}", over.source.path, over.attribute.span.start);
        let value = self.memoised(instance, Item::Repetition, &key, || self.evaluator(instance).attribute(&over));
        Some((value, is_count))
    }

    /// As [`Tree::repetition`], of a call by its name.
    pub(super) fn repetition_of(&self, instance: InstanceId, call: &str) -> Option<(Value, bool)> {
        self.repetition(instance, self.module(instance).calls.get(call)?)
    }

    fn memoised(&self, instance: InstanceId, item: Item, name: &str, make: impl FnOnce() -> Value) -> Value {
        let key = (instance, item, Arc::from(name));
        match self.memo.borrow().get(&key) {
            Some(Memo::Done(value, height)) => {
                let reused = self.depth.reuse(*height).map(|_| value.clone());
                return reused.unwrap_or_else(|| Value::unknown(Reason::Budget));
            }
            Some(Memo::InProgress) => return Value::unknown(Reason::Cycle),
            None => {}
        }
        let Some(_deeper) = self.depth.deeper() else { return Value::unknown(Reason::Budget) };
        self.memo.borrow_mut().insert(key.clone(), Memo::InProgress);
        let (value, height) = self.depth.measure(make);
        self.memo.borrow_mut().insert(key, Memo::Done(value.clone(), height + 1));
        value
    }

    /// Evaluates an expression of an attribute in an instance and adds the sink as the last step of its way.
    pub fn sink(&self, instance: InstanceId, attribute: &AttributeIn<'r>, address: &str) -> Value {
        let step: Arc<str> = address.into();
        self.evaluator(instance).attribute(attribute).through(&step, &attribute.place())
    }

    /// Reads a file beside a module, for `file()` and its kin.
    pub(super) fn text_of(&self, path: &str) -> Option<(Arc<crate::text::Source>, Place)> {
        // Relative paths are relative to where Terraform is run: the root module's directory.
        let root = &self.module(0).directory;
        let path = root.join(path);
        let source = (!path.escapes_root()).then(|| self.program.repository.text(&path)).flatten()?;
        let place = Place::new(&source, source.whole());
        Some((source, place))
    }
}

/// `prefix.thing`, or `thing` at the root.
fn join_address(prefix: &str, thing: &str) -> String {
    if prefix.is_empty() { thing.to_owned() } else { format!("{prefix}.{thing}") }
}

impl Expr {
    /// The boolean, if it is one, also in quotes.
    pub fn as_bool(&self) -> Option<bool> {
        match (&self.kind, self.as_str()) {
            (crate::document::hcl::ExprKind::Bool(value), _) => Some(*value),
            (_, Some("true")) => Some(true),
            (_, Some("false")) => Some(false),
            _ => None,
        }
    }
}
