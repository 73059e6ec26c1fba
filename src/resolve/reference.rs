//! References: `var.x.y[0]`, `module.a["k"].out`, `path.module`, and what resources only know when they are made.

use super::combine::pick;
use super::elements::{check_length, repeated};
use super::evaluate::{Evaluator, map, runtime};
use super::tree::{InstanceId, Tree};
use super::value::{Kind, Reason, Value};
use crate::document::hcl::{Expr, ExprKind, Step};
use crate::text::Source;
use std::sync::Arc;

impl<'r> Evaluator<'_, 'r> {
    pub(super) fn reference(&self, source: &Arc<Source>, expr: &Expr) -> Value {
        let mut steps: Vec<&Step> = Vec::new();
        let mut root = expr;
        while let ExprKind::Traversal(traversal) = &root.kind {
            steps.push(&traversal.step);
            root = &traversal.source;
        }
        steps.reverse();
        let ExprKind::Variable(name) = &root.kind else {
            return self.steps(source, self.expr(source, root), &steps);
        };
        if let Some((value, height)) = self.names().get(name) {
            let Some(_deeper) = self.depth.reuse(height) else { return Value::unknown(Reason::Budget) };
            return self.steps(source, value.clone(), &steps);
        }
        let Some((tree, instance)) = self.instance() else {
            return Value::unknown(Reason::Undeclared(name.as_str().into()));
        };
        let attribute = |at: usize| attribute_at(&steps, at);
        match (name.as_str(), attribute(0)) {
            ("var", Some(variable)) => self.steps(source, tree.variable(instance, variable), &steps[1..]),
            ("local", Some(local)) => self.steps(source, tree.local(instance, local), &steps[1..]),
            ("module", Some(call)) => self.module_reference(source, (tree, instance), call, &steps[1..]),
            ("path", Some("root")) => Value::string("."),
            ("path", Some("module")) => Value::string(&tree.instances[instance].way),
            ("path" | "terraform" | "tofu" | "self" | "each" | "count", which) => {
                runtime(&format!("{name}.{}", which.unwrap_or("*")))
            }
            ("data" | "ephemeral", Some(of_type)) => {
                let thing = format!("{name}.{of_type}.{}", attribute(1).unwrap_or("*"));
                resource_attribute((tree, instance), &thing, steps.get(2..))
            }
            (of_type, Some(resource)) => {
                resource_attribute((tree, instance), &format!("{of_type}.{resource}"), steps.get(1..))
            }
            (other, None) => Value::unknown(Reason::Undeclared(other.into())),
        }
    }

    /// `module.a.out`; of a repeated call `module.a[0].out` and `module.a["k"].out`, where every instance means the
    /// same module here, with any of the elements as its `each`.
    fn module_reference(
        &self,
        source: &Arc<Source>,
        (tree, instance): (&Tree<'r>, InstanceId),
        call: &str,
        steps: &[&Step],
    ) -> Value {
        let Some(names) = tree.outputs(instance, call) else { return tree.output(instance, call, "") };
        let output = |name: &str| tree.output(instance, call, name);
        let Some((over, is_count)) = tree.repetition_of(instance, call) else {
            return match attribute_at(steps, 0) {
                Some(name) => self.steps(source, output(name), &steps[1..]),
                None => self.steps(source, map(names.into_iter().map(|name| (name, output(name)))), steps),
            };
        };
        // Only the output that is asked for is evaluated.
        let one = match attribute_at(steps, 1) {
            Some(name) => map([(name, output(name))]),
            None => map(names.into_iter().map(|name| (name, output(name)))),
        };
        Value::either(over.alternatives().iter().map(|over| {
            match (repeated(over, is_count, &one, self.budget), steps) {
                (Ok(all), _) => self.steps(source, all, steps),
                // The instance that is asked for is there, or it is not.
                (Err(reason), [Step::Index(_), rest @ ..]) if reason != Reason::Invalid => {
                    Value::either([self.steps(source, one.clone(), rest), Value::unknown(reason)])
                }
                (Err(reason), _) => Value::unknown(reason),
            }
        }))
    }

    /// A value's part that the steps lead to.
    fn steps(&self, source: &Arc<Source>, mut value: Value, steps: &[&Step]) -> Value {
        for (at, step) in steps.iter().enumerate() {
            value = match step {
                Step::Attribute(name) => self.pick(&value, &Value::string(name)),
                Step::Index(key) => self.pick(&value, &self.expr(source, key)),
                Step::Splat => return self.splat(source, value, &steps[at + 1..]),
            };
        }
        value
    }

    /// Inside `try` and `can`, where a missing entry is no error, a key that is not known may be missing.
    fn pick(&self, collection: &Value, key: &Value) -> Value {
        let picked = pick(collection, key);
        let open = key.alternatives().iter().find(|key| matches!(key.kind, Kind::Unknown(_) | Kind::Partial(_)));
        match open {
            Some(key) if self.guarded && !picked.is_unknown() => {
                Value::either([picked, Value::unknown(super::elements::undecided(key))])
            }
            _ => picked,
        }
    }

    /// `value[*].rest`: <https://developer.hashicorp.com/terraform/language/expressions/splat>
    fn splat(&self, source: &Arc<Source>, value: Value, rest: &[&Step]) -> Value {
        // Splats within splats recurse.
        let Some(_deeper) = self.depth.deeper() else { return Value::unknown(Reason::Budget) };
        self.combine(&[value], |value| match &value[0].kind {
            Kind::Unknown(reason) => Value::unknown(reason.clone()),
            Kind::Null => Value::new(Kind::List(Arc::from([]))),
            Kind::List(elements) => match check_length(elements.len(), self.budget) {
                Ok(()) => {
                    let each =
                        elements.iter().map(|element| self.steps(source, element.clone().taken_from(&value[0]), rest));
                    Value::new(Kind::List(each.collect()))
                }
                Err(reason) => Value::unknown(reason),
            },
            _ => Value::new(Kind::List(Arc::from([self.steps(source, value[0].clone(), rest)]))),
        })
    }
}

/// The attribute of a resource that the steps after its name lead to: what is configured where that is what it will be,
/// else what only the run knows.
fn resource_attribute((tree, instance): (&Tree<'_>, InstanceId), thing: &str, steps: Option<&[&Step]>) -> Value {
    let names = steps.into_iter().flatten().filter_map(|step| match step {
        // `.0` is an index, as older configurations write it.
        Step::Attribute(name) => Some(name.as_str()).filter(|name| !name.starts_with(|c: char| c.is_ascii_digit())),
        Step::Index(_) | Step::Splat => None,
    });
    let attribute = names.collect::<Vec<_>>().join(".");
    let splat = steps.is_some_and(|steps| steps.iter().any(|step| matches!(step, Step::Splat)));
    let kept = if splat { None } else { tree.kept(instance, thing, &attribute) };
    kept.unwrap_or_else(|| {
        let address = tree.address(instance, thing).into();
        Value::unknown(Reason::Resource { address, attribute: attribute.into() })
    })
}

fn attribute_at<'s>(steps: &[&'s Step], at: usize) -> Option<&'s str> {
    match steps.get(at) {
        Some(Step::Attribute(name)) => Some(name.as_str()),
        _ => None,
    }
}
