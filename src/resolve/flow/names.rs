//! What names lead to: loop variables, variables, locals, outputs and resources.

use super::Station;
use super::walk::{Binding, Bound, Pick, Scope, Walk, each_of};
use crate::resolve::tree::InstanceId;
use crate::resolve::value::{Kind, Value};

impl<'r> Walk<'_, 'r> {
    /// Follows a name and the steps after it.
    pub(super) fn named(&mut self, scope: Scope<'_, 'r>, name: &str, steps: &[Pick<'_>]) {
        let bound = std::iter::successors(scope.bound, |bound| bound.outer).find(|bound| bound.name == name);
        if let Some(bound) = bound {
            return self.bound(bound, steps);
        }
        let (instance, tree) = (scope.instance, self.tree);
        match (name, steps) {
            ("var", [Pick::Name(variable), rest @ ..]) => self.variable(instance, variable, rest),
            ("local", [Pick::Name(local), rest @ ..]) => {
                let Some(local) = tree.module(instance).locals.get(local) else { return };
                let station = (tree.address(instance, &format!("local.{}", local.attribute.name)), local.place());
                self.through(instance, "local", station, |walk| {
                    walk.expr(Scope { instance, bound: None }, local.source, &local.attribute.value, rest);
                });
            }
            ("module", [Pick::Name(call), rest @ ..]) => self.output(instance, call, rest),
            ("path" | "terraform" | "tofu" | "self" | "each" | "count", _) => {}
            ("data" | "ephemeral", [Pick::Name(of_type), Pick::Name(resource), rest @ ..]) => {
                self.resource(tree.address(instance, &format!("{name}.{of_type}.{resource}")), rest);
            }
            (of_type, [Pick::Name(resource), rest @ ..]) => {
                self.resource(tree.address(instance, &format!("{of_type}.{resource}")), rest);
            }
            _ => {}
        }
    }

    fn bound(&mut self, bound: &Bound<'_, 'r>, steps: &[Pick<'_>]) {
        let rest = match (bound.what, steps) {
            (Binding::Element, steps) => steps,
            (Binding::Round, [Pick::Name("value"), rest @ ..]) => rest,
            _ => return,
        };
        let steps: Vec<Pick<'_>> = [Pick::Any].into_iter().chain(rest.iter().copied()).collect();
        let (scope, source, collection) = bound.over;
        self.expr(scope, source, collection, &steps);
    }

    fn variable(&mut self, instance: InstanceId, name: &str, steps: &[Pick<'_>]) {
        let tree = self.tree;
        let Some(declared) = tree.module(instance).variables.get(name) else { return };
        let station = (tree.address(instance, &format!("var.{name}")), declared.first().header());
        let passed = tree.instances[instance].caller.and_then(|(caller, call)| {
            let passed = call.attribute(name)?;
            Some((caller, call, passed))
        });
        self.through(instance, "var", station, |walk| match passed {
            Some((caller, call, passed)) => {
                let each = each_of(call, caller);
                let scope = Scope { instance: caller, bound: each.as_ref() };
                walk.way.push(Station { name: tree.address(instance, name).into(), place: passed.place() });
                walk.expr(scope, passed.source, &passed.attribute.value, steps);
                walk.way.pop();
            }
            // What a variable file or a default gives refers to nothing: its value says all.
            None => match tree.variable(instance, name) {
                value if value.is_unknown() => walk.unset(tree.address(instance, &format!("var.{name}")).into()),
                value => walk.given(&value),
            },
        });
    }

    /// The texts in the value of a variable.
    fn given(&mut self, value: &Value) {
        let Some(_deeper) = self.tree.depth.deeper() else { return };
        if self.is_full() {
            return;
        }
        match (&value.kind, &value.origin.literal) {
            (Kind::String(text), Some(place)) => self.literal(place.clone(), text),
            (Kind::Partial(values) | Kind::List(values) | Kind::Either(values), _) => {
                values.iter().for_each(|value| self.given(value));
            }
            (Kind::Map(entries), _) => entries.values().for_each(|value| self.given(value)),
            _ => {}
        }
    }

    fn output(&mut self, instance: InstanceId, call: &str, steps: &[Pick<'_>]) {
        let tree = self.tree;
        let Some(child) = tree.child(instance, call) else { return };
        // Which instance of a repeated call does not matter.
        let at = steps.iter().position(|step| matches!(step, Pick::Name(_)));
        let Some((at, Pick::Name(output))) = at.map(|at| (at, steps[at])) else { return };
        let Some(output) = tree.module(child).outputs.get(output) else { return };
        let Some(value) = output.attribute("value") else { return };
        let name = tree.address(instance, &format!("module.{call}.{}", output.label(0)));
        self.through(child, "output", (name, output.first().header()), |walk| {
            walk.expr(Scope { instance: child, bound: None }, value.source, &value.attribute.value, &steps[at + 1..]);
        });
    }
}
