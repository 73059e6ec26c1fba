//! Provider configurations: what a provider's block says in one instance of its module.

use super::module::Declared;
use super::provider::{ProviderAddress, provider_name};
use super::tree::{InstanceId, Tree};
use super::value::Value;
use crate::text::RepoPath;

/// A provider configuration.
pub struct ConfiguredProvider<'r> {
    /// Its block.
    pub declared: &'r Declared<'r>,
    /// The directory of its module.
    pub directory: &'r RepoPath,
    /// `provider.aws.london`, with the instance's path.
    pub address: String,
    /// The source of its local name, as `required_providers` states it.
    pub source: Option<String>,
    /// What each layer of its block says.
    pub contents: Vec<Value>,
}

impl ConfiguredProvider<'_> {
    /// Its local name.
    pub fn name(&self) -> &str {
        self.declared.label(0)
    }

    /// Which provider it configures; None where the source is no address.
    pub fn provider(&self) -> Option<ProviderAddress> {
        match &self.source {
            Some(source) => ProviderAddress::parse(source),
            None => Some(ProviderAddress::implied(self.name())),
        }
    }
}

/// The provider configurations of an instance.
pub fn providers_of<'r>(tree: &Tree<'r>, instance: InstanceId) -> Vec<ConfiguredProvider<'r>> {
    let module = tree.module(instance);
    let configured = module.providers.iter().map(|declared| {
        let address = tree.address(instance, &provider_name(declared));
        let evaluator = tree.evaluator(instance);
        let evaluator = evaluator.with(&evaluator.repetition(declared));
        let contents = declared.layers.iter().map(|block| evaluator.block(*block, &address)).collect();
        let source = tree.provider_source(instance, declared.label(0));
        ConfiguredProvider { declared, directory: &module.directory, address, source, contents }
    });
    configured.collect()
}
