//! Walks an expression and all that it refers to.

use super::{Inflow, Seek, Spring, Station, Written};
use crate::document::hcl::{Call, Expr, ExprKind, Part, Step};
use crate::finding::Place;
use crate::resolve::module::{AttributeIn, BlockIn, Declared};
use crate::resolve::tree::{InstanceId, Tree};
use crate::text::Source;
use std::sync::Arc;

/// Inflows of one argument, at most: more tell nothing new.
pub(super) const MAX_INFLOWS: usize = 2_000;

/// Expressions and values that are looked at for one argument.
const MAX_STEPS: usize = 100_000;

pub(super) struct Walk<'t, 'r> {
    pub(super) tree: &'t Tree<'r>,
    seek: Seek,
    steps: usize,
    /// From the expression outwards: the spring comes last.
    pub(super) way: Vec<Station>,
    entry: Option<Place>,
    /// What is being followed, so that nothing is followed into itself.
    open: Vec<(InstanceId, &'static str, String)>,
    found: Vec<Inflow>,
}

/// Where references of an expression lead.
#[derive(Clone, Copy)]
pub(super) struct Scope<'w, 'r> {
    pub(super) instance: InstanceId,
    pub(super) bound: Option<&'w Bound<'w, 'r>>,
}

/// A name that a loop binds.
pub(super) struct Bound<'w, 'r> {
    pub(super) name: &'r str,
    pub(super) what: Binding,
    /// What is gone through, and where that stands.
    pub(super) over: (Scope<'w, 'r>, &'r Arc<Source>, &'r Expr),
    pub(super) outer: Option<&'w Bound<'w, 'r>>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Binding {
    /// An element.
    Element,
    /// A key or an index, which carries nothing.
    Key,
    /// An object of `key` and `value`: `each`, the iterator of a `dynamic` block.
    Round,
}

/// A step into a value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Pick<'p> {
    /// An attribute or entry: `.name`.
    Name(&'p str),
    /// An entry or instance: `["key"]`.
    Key(&'p str),
    /// Any element or entry.
    Any,
}

/// `each` of what a block is repeated over.
pub(super) fn each_of<'w, 'r>(declared: &Declared<'r>, instance: InstanceId) -> Option<Bound<'w, 'r>> {
    let for_each = declared.attribute("for_each")?;
    let over = (Scope { instance, bound: None }, for_each.source, &for_each.attribute.value);
    Some(Bound { name: "each", what: Binding::Round, over, outer: None })
}

impl<'t, 'r> Walk<'t, 'r> {
    /// Nothing followed yet.
    pub(super) fn new(tree: &'t Tree<'r>, seek: Seek) -> Self {
        Self { tree, seek, steps: 0, way: Vec::new(), entry: None, open: Vec::new(), found: Vec::new() }
    }

    /// All that flows into an argument.
    pub(super) fn argument(
        mut self,
        instance: InstanceId,
        declared: &Declared<'r>,
        argument: &Written<'r>,
    ) -> Vec<Inflow> {
        let each = each_of(declared, instance);
        self.inside_dynamic(Scope { instance, bound: each.as_ref() }, &argument.dynamic, &argument.attribute);
        self.found
    }

    /// All that flows into an expression outside of any block that binds a name.
    pub(super) fn expression(mut self, instance: InstanceId, source: &'r Arc<Source>, expr: &'r Expr) -> Vec<Inflow> {
        self.expr(Scope { instance, bound: None }, source, expr, &[]);
        self.found
    }

    fn inside_dynamic(&mut self, scope: Scope<'_, 'r>, dynamic: &[BlockIn<'r>], inner: &AttributeIn<'r>) {
        let [BlockIn { source, block }, rest @ ..] = dynamic else {
            return self.expr(scope, inner.source, &inner.attribute.value, &[]);
        };
        let name = match block.body.attribute("iterator").map(|iterator| &iterator.value.kind) {
            Some(ExprKind::Variable(name)) => name.as_str(),
            _ => block.label(0).unwrap_or(""),
        };
        let Some(for_each) = block.body.attribute("for_each") else { return };
        let over = (scope, *source, &for_each.value);
        let bound = Bound { name, what: Binding::Round, over, outer: scope.bound };
        self.inside_dynamic(Scope { bound: Some(&bound), ..scope }, rest, inner);
    }

    pub(super) fn expr(&mut self, scope: Scope<'_, 'r>, source: &'r Arc<Source>, expr: &'r Expr, steps: &[Pick<'_>]) {
        let Some(_deeper) = self.tree.depth.deeper() else { return };
        if self.is_full() {
            return;
        }
        match &expr.kind {
            ExprKind::String(text) => self.literal(Place::new(source, expr.span), text),
            ExprKind::Template(parts) => match &**parts {
                [Part::Interpolation(inner)] => self.expr(scope, source, inner, steps),
                parts => self.parts(scope, source, parts),
            },
            ExprKind::Tuple(items) => {
                let inner = after_any(steps);
                items.iter().for_each(|item| self.expr(scope, source, item, inner));
            }
            ExprKind::Object(entries) => self.object(scope, source, entries, steps),
            ExprKind::Variable(_) | ExprKind::Traversal(..) => self.reference(scope, source, expr, steps),
            ExprKind::Call(call) => self.call(scope, source, call, steps),
            ExprKind::Conditional(parts) => {
                self.expr(scope, source, &parts.1, steps);
                self.expr(scope, source, &parts.2, steps);
            }
            ExprKind::For(parts) => {
                let over = (scope, source, &parts.collection);
                let element = Bound { name: &parts.value, what: Binding::Element, over, outer: scope.bound };
                let key =
                    parts.key.as_ref().map(|name| Bound { name, what: Binding::Key, over, outer: Some(&element) });
                let inner = Scope { bound: key.as_ref().or(Some(&element)), ..scope };
                self.expr(inner, source, &parts.result, steps.get(1..).unwrap_or(&[]));
            }
            ExprKind::Parenthesis(inner) => self.expr(scope, source, inner, steps),
            // Operators make numbers and booleans, and those are no credentials.
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Unparsed => {}
        }
    }

    /// Whether no more can be followed; what is followed next is paid for.
    pub(super) fn is_full(&mut self) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            self.tree.following.refuse();
        }
        self.found.len() >= MAX_INFLOWS || self.steps > MAX_STEPS || !self.tree.following.spend(1)
    }

    fn parts(&mut self, scope: Scope<'_, 'r>, source: &'r Arc<Source>, parts: &'r [Part]) {
        for part in parts {
            match part {
                Part::Literal(text, span) => self.literal(Place::new(source, *span), text),
                Part::Interpolation(inner) => self.expr(scope, source, inner, &[]),
                Part::If(directive) => {
                    // Directives stand within each other as deep as expressions do.
                    let Some(_deeper) = self.tree.depth.deeper() else { return };
                    self.parts(scope, source, &directive.then);
                    self.parts(scope, source, &directive.otherwise);
                }
                Part::For { key, value, collection, body } => {
                    let Some(_deeper) = self.tree.depth.deeper() else { return };
                    let over = (scope, source, &**collection);
                    let element = Bound { name: value, what: Binding::Element, over, outer: scope.bound };
                    let key = key.as_ref().map(|name| Bound { name, what: Binding::Key, over, outer: Some(&element) });
                    self.parts(Scope { bound: key.as_ref().or(Some(&element)), ..scope }, source, body);
                }
            }
        }
    }

    /// The entry that the first step names, if it is written so; else all.
    fn object(
        &mut self,
        scope: Scope<'_, 'r>,
        source: &'r Arc<Source>,
        entries: &'r [(Expr, Expr)],
        steps: &[Pick<'_>],
    ) {
        let rest = steps.get(1..).unwrap_or(&[]);
        for (key, value) in entries {
            let name = match &key.kind {
                ExprKind::Variable(name) => Some(name.as_str()),
                _ => key.as_str(),
            };
            let other = match (steps.first(), name) {
                (Some(Pick::Name(wanted) | Pick::Key(wanted)), Some(name)) => *wanted != name,
                _ => false,
            };
            if !other {
                self.expr(scope, source, value, rest);
            }
        }
    }

    fn reference(&mut self, scope: Scope<'_, 'r>, source: &'r Arc<Source>, expr: &'r Expr, steps: &[Pick<'_>]) {
        let mut own: Vec<Pick<'r>> = Vec::new();
        let mut root = expr;
        while let ExprKind::Traversal(traversal) = &root.kind {
            own.push(match &traversal.step {
                Step::Attribute(name) if !name.starts_with(|c: char| c.is_ascii_digit()) => Pick::Name(name),
                Step::Index(key) => key.as_str().map_or(Pick::Any, Pick::Key),
                Step::Attribute(_) | Step::Splat => Pick::Any,
            });
            root = &traversal.source;
        }
        own.reverse();
        let all: Vec<Pick<'_>> = own.into_iter().chain(steps.iter().copied()).collect();
        let ExprKind::Variable(name) = &root.kind else { return self.expr(scope, source, root, &all) };
        let outermost = self.entry.is_none();
        self.entry.get_or_insert_with(|| Place::new(source, expr.span));
        self.named(scope, name, &all);
        if outermost {
            self.entry = None;
        }
    }

    fn call(&mut self, scope: Scope<'_, 'r>, source: &'r Arc<Source>, call: &'r Call, steps: &[Pick<'_>]) {
        let arguments = &call.arguments;
        let pass = |walk: &mut Self, from: usize, steps: &[Pick<'_>]| {
            arguments.iter().skip(from).for_each(|argument| walk.expr(scope, source, argument, steps));
        };
        match call.name.trim_start_matches("core::") {
            // What these make tells nothing of what they were given.
            "length" | "keys" | "can" | "contains" | "startswith" | "endswith" | "index" | "type" | "issensitive"
            | "md5" | "sha1" | "sha256" | "sha512" | "base64sha256" | "base64sha512" | "bcrypt" | "uuidv5"
            | "filemd5" | "filesha1" | "filesha256" | "filesha512" | "filebase64sha256" | "filebase64sha512"
            | "fileexists" | "fileset" | "basename" | "dirname" | "parseint" | "strcontains" => {}
            "file" | "filebase64" | "templatefile" => {
                if let Some(path) = arguments.first() {
                    self.file(scope, source, path);
                }
                pass(self, 1, &[]);
            }
            "merge" | "concat" | "try" | "coalesce" | "coalescelist" | "sensitive" | "nonsensitive" | "tomap"
            | "tolist" | "toset" | "compact" | "distinct" | "reverse" | "sort" | "flatten" | "slice" | "setunion"
            | "defaults" | "values" | "ephemeralasnull" => pass(self, 0, steps),
            "element" | "one" | "lookup" => {
                let key = arguments.get(1).and_then(Expr::as_str).map_or(Pick::Any, Pick::Key);
                let inner: Vec<Pick<'_>> = [key].into_iter().chain(steps.iter().copied()).collect();
                arguments.iter().take(1).for_each(|argument| self.expr(scope, source, argument, &inner));
                pass(self, 2, steps);
            }
            _ => pass(self, 0, &[]),
        }
    }

    fn file(&mut self, scope: Scope<'_, 'r>, source: &'r Arc<Source>, path: &'r Expr) {
        if self.seek == Seek::References {
            return;
        }
        let path = self.tree.evaluator(scope.instance).expr(source, path);
        let path = path.as_str().filter(|path| !path.starts_with(['/', '~']));
        if let Some((file, place)) = path.and_then(|path| self.tree.text_of(path))
            && let Ok(text) = std::str::from_utf8(file.bytes())
            && self.tree.following.spend(text.len() / 64)
        {
            self.literal(place, text);
        }
    }

    pub(super) fn literal(&mut self, place: Place, text: &str) {
        if self.seek != Seek::References && !text.is_empty() {
            self.found(Spring::Literal { text: text.into(), place });
        }
    }

    pub(super) fn unset(&mut self, address: Arc<str>) {
        if self.seek != Seek::Literals {
            self.found(Spring::Variable { address });
        }
    }

    pub(super) fn resource(&mut self, address: String, steps: &[Pick<'_>]) {
        if self.seek == Seek::Literals {
            return;
        }
        let names = steps.iter().filter_map(|step| match step {
            Pick::Name(name) => Some(*name),
            Pick::Key(_) | Pick::Any => None,
        });
        let attribute = names.collect::<Vec<_>>().join(".");
        self.found(Spring::Resource { address, attribute });
    }

    fn found(&mut self, spring: Spring) {
        let entry = match (&self.entry, &spring) {
            (Some(entry), _) => entry.clone(),
            (None, Spring::Literal { place, .. }) => place.clone(),
            (None, Spring::Resource { .. } | Spring::Variable { .. }) => return,
        };
        let way = self.way.iter().rev().cloned().collect();
        self.found.push(Inflow { spring, way, entry });
    }

    /// Follows what is named, unless it is being followed already.
    pub(super) fn through(
        &mut self,
        instance: InstanceId,
        item: &'static str,
        (name, place): (String, Place),
        follow: impl FnOnce(&mut Self),
    ) {
        let key = (instance, item, name.clone());
        if self.open.contains(&key) {
            return;
        }
        self.open.push(key);
        self.way.push(Station { name: name.into(), place });
        follow(self);
        self.way.pop();
        self.open.pop();
    }
}

/// The steps into an element of a tuple: a step that names no element is one into the elements, as splats leave it.
fn after_any<'s, 'p>(steps: &'s [Pick<'p>]) -> &'s [Pick<'p>] {
    match steps {
        [Pick::Any, rest @ ..] => rest,
        steps => steps,
    }
}
