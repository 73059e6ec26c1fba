//! Rules that a policy defines: blocks that are selected, and what must hold of their arguments.

use super::rule::{Findings, module_name};
use super::run::Subject;
use crate::document::hcl::Block;
use crate::finding::{Finding, Place};
use crate::resolve::{Backend, BlockIn, Form, InstanceId, Tree, Value, VariableFiles, backends_of, read_always};
use crate::text::Source;
use rayon::prelude::*;
use std::sync::Arc;

/// Blocks within blocks that a selector reaches.
const MAX_DEPTH: usize = 6;

/// A rule as a policy defines it.
pub struct CustomRule {
    /// Its id.
    pub id: &'static str,
    /// Segments of its selector: a block's type, its labels, then nested blocks likewise. `*` stands for any characters.
    pub select: Vec<String>,
    /// What must hold, all of it.
    pub require: Vec<CustomRequirement>,
    /// What is said where it does not.
    pub message: String,
}

/// What must hold of one argument.
pub struct CustomRequirement {
    /// The argument, nested ones with dots.
    pub attribute: String,
    /// Whether it holds for a value, or for an argument that is absent; None where that cannot be told.
    pub holds: Box<Holds>,
}

/// Judges the value of an argument, or its absence.
pub(crate) type Holds = dyn Fn(Option<&Value>) -> Option<bool> + Send + Sync;

/// A block on the way from the top of a file: its type and its labels.
type Step<'b> = (&'b str, Vec<&'b str>);

/// Judges every block that a rule selects, in every instance of its module.
pub fn run_custom(subject: &Subject<'_>, rules: &[CustomRule]) -> Vec<Finding> {
    if rules.is_empty() {
        return Vec::new();
    }
    let judged = subject.program.starts.par_iter().map(|&root| {
        let directory = &subject.program.modules[root].directory;
        let always = read_always(subject.program.beside(directory));
        let files = VariableFiles { always, sometimes: subject.supplies.variable_files(directory) };
        let tree = Tree::new(subject.program, root, files);
        let mut findings = Findings::default();
        for instance in 0..tree.instances.len() {
            judge_instance(subject, &tree, instance, rules, &mut findings);
        }
        findings.0
    });
    judged.flatten_iter().collect()
}

fn judge_instance(
    subject: &Subject<'_>,
    tree: &Tree<'_>,
    instance: InstanceId,
    rules: &[CustomRule],
    findings: &mut Findings,
) {
    // A backend is what all its parts together make of it.
    for backend in backends_of(tree, instance).into_iter().filter(|backend| backend.form == Form::Block) {
        let chain: Vec<Step<'_>> = match backend.kind.as_str() {
            "cloud" => vec![("terraform", vec![]), ("cloud", vec![])],
            kind => vec![("terraform", vec![]), ("backend", vec![kind])],
        };
        for variant in subject.supplies.complete(&backend) {
            for rule in rules.iter().filter(|rule| selects(&rule.select, &chain)) {
                judge_backend(rule, &variant, findings);
            }
        }
    }
    for document in &tree.module(instance).documents {
        for block in document.body.iter().flat_map(|body| &body.blocks) {
            let mut walk = Walk { tree, instance, source: &document.source, rules, findings };
            walk.block(block, &mut Vec::new(), String::new());
        }
    }
}

/// Goes through the blocks of a file.
struct Walk<'w, 'r> {
    tree: &'w Tree<'r>,
    instance: InstanceId,
    source: &'w Arc<Source>,
    rules: &'w [CustomRule],
    findings: &'w mut Findings,
}

impl<'w> Walk<'w, '_> {
    fn block(&mut self, block: &'w Block, chain: &mut Vec<Step<'w>>, above: String) {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.text.as_str()).collect();
        let name =
            if block.kind == "resource" && chain.is_empty() { labels.join(".") } else { dotted(&block.kind, &labels) };
        let address = if above.is_empty() { name } else { format!("{above}.{name}") };
        chain.push((&block.kind, labels));
        let is_backend = chain.len() == 2 && chain[0].0 == "terraform" && matches!(&*block.kind, "backend" | "cloud");
        if !is_backend {
            for rule in self.rules.iter().filter(|rule| selects(&rule.select, chain)) {
                self.judge(rule, block, &address);
            }
        }
        if chain.len() < MAX_DEPTH {
            for inner in &block.body.blocks {
                self.block(inner, chain, address.clone());
            }
        }
        chain.pop();
    }

    fn judge(&mut self, rule: &CustomRule, block: &'w Block, address: &str) {
        let address = self.tree.address(self.instance, address);
        let block = BlockIn { source: self.source, block };
        let content = self.tree.evaluator(self.instance).block(block, &address);
        let directory = module_name(&self.tree.module(self.instance).directory);
        for requirement in &rule.require {
            let values: Vec<&Value> = content.at(&requirement.attribute);
            let values = values.into_iter().flat_map(Value::alternatives).filter(|value| !value.is_null()).collect();
            let place = broken(requirement, values, true, &block.header());
            self.findings.0.extend(place.map(|place| finding(rule, requirement, place, &address, &directory)));
        }
    }
}

fn judge_backend(rule: &CustomRule, backend: &Backend, findings: &mut Findings) {
    for requirement in &rule.require {
        let values = backend.values(&requirement.attribute).into_iter().map(|(value, _)| value).collect();
        let place = broken(requirement, values, backend.complete, &backend.header);
        let directory = module_name(&backend.module);
        findings.0.extend(place.map(|place| finding(rule, requirement, place, &backend.address, &directory)));
    }
}

/// Where a requirement does not hold, if it does not.
fn broken(requirement: &CustomRequirement, values: Vec<&Value>, complete: bool, header: &Place) -> Option<Place> {
    if values.is_empty() {
        let holds = !complete || (requirement.holds)(None) != Some(false);
        return (!holds).then(|| header.clone());
    }
    let wrong = values.into_iter().find(|value| (requirement.holds)(Some(value)) == Some(false))?;
    Some(wrong.origin.literal.clone().unwrap_or_else(|| header.clone()))
}

fn finding(rule: &CustomRule, requirement: &CustomRequirement, place: Place, address: &str, module: &str) -> Finding {
    Finding::new(rule.id, place, rule.message.clone())
        .address(address)
        .attribute(&requirement.attribute)
        .module(module)
        .remedy(format!("change `{}` to what the policy requires", requirement.attribute))
}

fn dotted(kind: &str, labels: &[&str]) -> String {
    std::iter::once(kind).chain(labels.iter().copied()).collect::<Vec<_>>().join(".")
}

/// Whether a selector means the last block of a chain. Labels that it does not name may be any.
fn selects(select: &[String], chain: &[Step<'_>]) -> bool {
    let Some(((kind, labels), inner)) = chain.split_first() else { return select.is_empty() };
    let Some((first, rest)) = select.split_first() else { return false };
    if !matches(first, kind) {
        return false;
    }
    // So many of the labels are named.
    (0..=labels.len().min(rest.len())).any(|named| {
        rest[..named].iter().zip(labels).all(|(segment, label)| matches(segment, label))
            && selects(&rest[named..], inner)
    })
}

/// `*` stands for any characters; linear but for the number of stars.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = pattern.contains('*').then(|| pieces.next_back().unwrap_or("")) else { return rest.is_empty() };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(select: &str, chain: &[Step<'_>]) -> bool {
        selects(&select.split('.').map(str::to_owned).collect::<Vec<_>>(), chain)
    }

    #[test]
    fn a_selector_names_types_and_labels() {
        let backend: &[Step<'_>] = &[("terraform", vec![]), ("backend", vec!["s3"])];
        assert!(selected("terraform.backend.s3", backend) && selected("terraform.backend", backend));
        assert!(!selected("terraform", backend) && !selected("terraform.backend.gcs", backend));
        let rule: &[Step<'_>] = &[("resource", vec!["aws_s3_bucket", "logs"]), ("lifecycle_rule", vec![])];
        assert!(selected("resource.aws_s3_bucket.lifecycle_rule", rule));
        assert!(selected("resource.aws_s3_*.logs.lifecycle_rule", rule) && selected("resource.lifecycle_rule", rule));
        assert!(!selected("resource.aws_s3_bucket", rule));
    }

    #[test]
    fn stars_stand_for_any_characters() {
        assert!(matches("a*c", "abc") && matches("*", "") && matches("a*b*c", "a-b-c") && matches("abc", "abc"));
        assert!(!matches("a*c", "ab") && !matches("ab*ba", "aba") && !matches("abc", "abcd"));
    }
}
