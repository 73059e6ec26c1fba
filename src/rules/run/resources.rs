//! Runs the rules about resources.

use super::{Part, Plan, checks, guard};
use crate::policy::settings::RuleSettings;
use crate::resolve::{InstanceId, Tree, resources_of};
use crate::rules::rule::{Check, Findings, ResourceContext, Rule};
use std::collections::HashMap;
use std::sync::Arc;

type CheckResource = fn(&ResourceContext<'_>, &mut Findings);

/// Judges the resources of an instance.
pub(super) fn judge(tree: &Tree<'_>, instance: InstanceId, rules: &[&'static Rule], plan: &dyn Plan, part: &mut Part) {
    let of_resources = checks(rules).filter_map(|(rule, check)| match check {
        Check::Resource(check) => Some((rule, *check)),
        _ => None,
    });
    let checks: Vec<(&'static Rule, CheckResource)> = of_resources.collect();
    if checks.is_empty() {
        return;
    }
    // Of a file with thousands of resources the policy is asked once.
    let mut known: HashMap<_, Vec<&RuleSettings>> = HashMap::new();
    for resource in resources_of(tree, instance) {
        let source = resource.block().source;
        let of_file = || checks.iter().map(|(rule, _)| plan.settings(rule.id, &source.path)).collect();
        let settings = known.entry(Arc::as_ptr(source)).or_insert_with(of_file);
        for ((rule, check), settings) in checks.iter().zip(settings) {
            let context = ResourceContext { resource: &resource, settings };
            guard(rule, &source.path, part, |findings| check(&context, findings));
        }
    }
}
