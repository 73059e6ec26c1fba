//! Values: known with their origin, unknown with the reason, or partly known.

use crate::finding::Place;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Alternatives of one value, at most; one more stands for all that were left out.
pub const MAX_ALTERNATIVES: usize = 64;

/// A value as far as the repository decides it.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it comes from.
    pub origin: Origin,
}

/// What a value is. Terraform's own distinction between list, tuple and set, and between map and object, is not kept
/// where it makes no difference: sets are lists without duplicates, sorted as Terraform sorts them.
#[derive(Clone)]
pub enum Kind {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string, wholly known.
    String(Arc<str>),
    /// A string of which parts are unknown: the known pieces and unknown values in order.
    Partial(Arc<[Value]>),
    /// A list, tuple or set.
    List(Arc<[Value]>),
    /// A map or object.
    Map(Arc<BTreeMap<String, Value>>),
    /// One of several values: the branches of an undecided conditional, the values of several variable files. Never
    /// empty, never nested, at least two.
    Either(Arc<[Value]>),
    /// Not known before Terraform runs.
    Unknown(Reason),
}

/// A number. Terraform's are big floats; integers up to 128 bits are exact here, the rest is a double.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// An integer.
    Integer(i128),
    /// Anything else.
    Float(f64),
}

/// Why a value is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The variable has no default and nothing in the repository sets it.
    NoDefault(Arc<str>),
    /// An attribute of a resource, data source or ephemeral resource.
    Resource {
        /// Its address without index: `module.a.data.aws_iam_policy_document.trust`.
        address: Arc<str>,
        /// The attribute, with dots into it and without indexes; empty for the resource as a whole.
        attribute: Arc<str>,
    },
    /// An output of a module that is not in the repository: the call's address.
    RemoteModule(Arc<str>),
    /// Something the run supplies: `terraform.workspace`, `each.value` of an unknown collection, `path.cwd`, ...
    Runtime(Arc<str>),
    /// A reference to something that is not declared.
    Undeclared(Arc<str>),
    /// A function that is not implemented, or not pure.
    Function(Arc<str>),
    /// The expression is in error: Terraform would refuse it.
    Invalid,
    /// It refers to itself.
    Cycle,
    /// The budget of the evaluation is spent.
    Budget,
    /// The text could not be parsed.
    Unparsed,
}

/// Where a value comes from.
#[derive(Clone, Default)]
pub struct Origin {
    /// The literal to change: the span of the string, number, ... that the value was written as. None for values that
    /// no single literal made.
    pub literal: Option<Place>,
    /// The steps the value took from there, last first.
    pub trace: Option<Arc<Trace>>,
    /// Whether it went through something that is marked sensitive. It hides nothing here.
    pub sensitive: bool,
}

/// One step of a value's way, and the steps before it.
#[derive(Debug)]
pub struct Trace {
    /// What it went through: `var.sk`, `local.key`, `module.prod.var.key`.
    pub step: Arc<str>,
    /// Where that stands.
    pub place: Place,
    /// The step before.
    pub previous: Option<Arc<Trace>>,
}

impl Value {
    /// A value without origin.
    pub fn new(kind: Kind) -> Self {
        Self { kind, origin: Origin::default() }
    }

    /// A value written at a place.
    pub fn literal(kind: Kind, place: Place) -> Self {
        Self { kind, origin: Origin { literal: Some(place), ..Origin::default() } }
    }

    /// An unknown value.
    pub fn unknown(reason: Reason) -> Self {
        Self::new(Kind::Unknown(reason))
    }

    /// A string without origin.
    pub fn string(text: &str) -> Self {
        Self::new(Kind::String(text.into()))
    }

    /// One of several values: nested alternatives are flattened, one alone is itself, none is unknown. Unknown ones of
    /// one reason count once; of more than [`MAX_ALTERNATIVES`] the rest is one unknown value.
    pub fn either(values: impl IntoIterator<Item = Value>) -> Self {
        let mut flat: Vec<Value> = Vec::new();
        for value in values {
            let enough = match &value.kind {
                Kind::Either(inner) => inner.iter().any(|one| !add(&mut flat, one)),
                _ => !add(&mut flat, &value),
            };
            if enough {
                flat.push(Value::unknown(Reason::Budget));
                break;
            }
        }
        match flat.len() {
            0 => Value::unknown(Reason::Invalid),
            1 => flat.remove(0),
            _ => Value::new(Kind::Either(flat.into())),
        }
    }

    /// The same value after one more step of its way; alternatives take it each.
    #[must_use]
    pub fn through(mut self, step: &Arc<str>, place: &Place) -> Self {
        if let Kind::Either(values) = &self.kind {
            let values: Vec<Value> = values.iter().map(|value| value.clone().through(step, place)).collect();
            self.kind = Kind::Either(values.into());
            return self;
        }
        let previous = self.origin.trace.take();
        self.origin.trace = Some(Arc::new(Trace { step: Arc::clone(step), place: place.clone(), previous }));
        self
    }

    /// An element of a collection: it took the collection's way after its own, and is as sensitive.
    #[must_use]
    pub(super) fn taken_from(mut self, collection: &Value) -> Self {
        /// Steps that are repeated for an element with a way of its own.
        const MAX_STEPS: usize = 16;
        if let Kind::Either(values) = &self.kind {
            self.kind = Kind::Either(values.iter().map(|value| value.clone().taken_from(collection)).collect());
            return self;
        }
        self.origin.sensitive |= collection.origin.sensitive;
        if self.origin.trace.is_none() {
            self.origin.trace.clone_from(&collection.origin.trace);
            return self;
        }
        let way = std::iter::successors(collection.origin.trace.as_deref(), |step| step.previous.as_deref());
        let steps: Vec<&Trace> = way.take(MAX_STEPS).collect();
        steps.into_iter().rev().fold(self, |value, step| value.through(&step.step, &step.place))
    }

    /// All values it may have, itself if there is but one.
    pub fn alternatives(&self) -> &[Value] {
        match &self.kind {
            Kind::Either(values) => values,
            _ => std::slice::from_ref(self),
        }
    }

    /// The text, if it is a wholly known string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, also of the strings that Terraform converts to one.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Bool(value) => Some(*value),
            Kind::String(text) if matches!(&**text, "true" | "1") => Some(true),
            Kind::String(text) if matches!(&**text, "false" | "0") => Some(false),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::List(values) => Some(values),
            _ => None,
        }
    }

    /// The entries, if it is a map.
    pub fn as_map(&self) -> Option<&BTreeMap<String, Value>> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Whether nothing of it is known.
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_))
    }
}

/// Adds one more alternative; false if there are too many.
fn add(flat: &mut Vec<Value>, value: &Value) -> bool {
    if let Kind::Unknown(reason) = &value.kind
        && flat.iter().any(|known| matches!(&known.kind, Kind::Unknown(other) if other == reason))
    {
        return true;
    }
    let room = flat.len() < MAX_ALTERNATIVES;
    if room {
        flat.push(value.clone());
    }
    room
}

/// Chains of steps are long where configuration is hostile: they end one by one, not each within the other.
impl Drop for Trace {
    fn drop(&mut self) {
        let mut next = self.previous.take();
        while let Some(mut step) = next.and_then(Arc::into_inner) {
            next = step.previous.take();
        }
    }
}

/// Values may be secrets: only their shape is formatted.
impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Kind::Null => f.write_str("null"),
            Kind::Bool(_) => f.write_str("bool"),
            Kind::Number(_) => f.write_str("number"),
            Kind::String(_) => f.write_str("string"),
            Kind::Partial(parts) => write!(f, "partial({})", parts.len()),
            Kind::List(values) => f.debug_list().entries(values.iter()).finish(),
            Kind::Map(entries) => f.debug_map().entries(entries.iter()).finish(),
            Kind::Either(values) => f.debug_set().entries(values.iter()).finish(),
            Kind::Unknown(reason) => write!(f, "unknown({reason:?})"),
        }
    }
}

impl std::fmt::Debug for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.literal)
    }
}
