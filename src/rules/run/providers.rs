//! Runs the rules about provider blocks.

use super::{Part, Plan, checks, guard};
use crate::resolve::schema::ProviderSchema;
use crate::resolve::{InstanceId, Tree, providers_of};
use crate::rules::rule::{Check, ProviderContext, Rule};

/// Judges the provider configurations of an instance.
pub(super) fn judge<'r>(
    tree: &Tree<'r>,
    instance: InstanceId,
    rules: &[&'static Rule],
    plan: &dyn Plan,
    part: &mut Part<'r>,
) {
    let together = checks(rules).any(|(_, check)| matches!(check, Check::Providers(_)));
    for provider in providers_of(tree, instance) {
        let schema = ProviderSchema::of(provider.name(), provider.source.as_deref());
        for (block, content) in provider.declared.layers.iter().zip(&provider.contents) {
            for (rule, check) in checks(rules) {
                let Check::Provider(check) = check else { continue };
                let settings = plan.settings(rule.id, &block.source.path);
                let (name, address) = (provider.name(), &*provider.address);
                let context =
                    ProviderContext { tree, instance, block: *block, name, address, content, schema, settings };
                guard(rule, &block.source.path, part, |findings| check(&context, findings));
            }
        }
        if together {
            part.providers.push(provider);
        }
    }
}
