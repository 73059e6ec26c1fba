//! What Terraform's backends and providers take, and what resources hold: names, and which of them are secret.
//!
//! `backends.rs` and `providers.rs` are generated from `data/` by the test `generated`; they are compiled in so that
//! start-up does not pay for them.

mod attributes;
#[rustfmt::skip]
mod backends;
mod minting;
#[rustfmt::skip]
mod providers;
pub mod stateless;
mod table;

pub use attributes::{Attributes, LowValue};
pub use minting::{Condition, Minting};

use std::collections::HashMap;
use std::sync::LazyLock;

/// One backend of Terraform or OpenTofu, past or present.
#[derive(Debug)]
pub struct BackendSchema {
    /// The label of the `backend` block; `cloud` for the `cloud` block.
    pub name: &'static str,
    /// Last Terraform release that has it; None if it is current.
    pub removed_after: Option<&'static str>,
    /// Whether OpenTofu has it.
    pub opentofu: bool,
    /// Whether it locks the state without being told to.
    pub locks_always: bool,
    /// Its arguments, nested ones with dots.
    pub arguments: &'static [Argument],
}

/// One provider's block.
#[derive(Debug)]
pub struct ProviderSchema {
    /// Its usual local name.
    pub name: &'static str,
    /// `namespace/name` in the registry; empty where that is not known.
    pub source: &'static str,
    /// How to do without a static key, in words; empty where there is no way or none is known.
    pub keyless: &'static str,
    /// The arguments that have to do with signing in, nested ones with dots.
    pub arguments: &'static [Argument],
}

/// One argument of a backend or provider block.
#[derive(Debug)]
pub struct Argument {
    /// Its name, with dots into nested blocks and objects.
    pub path: &'static str,
    /// What it is for.
    pub kind: ArgumentKind,
    /// Whether its value grants access by itself.
    pub secret: bool,
    /// Whether the backend refuses to work without it.
    pub required: bool,
    /// Environment variables that take its place.
    pub env: &'static [&'static str],
    /// First Terraform release that deprecates it.
    pub deprecated_since: Option<&'static str>,
    /// Last Terraform release that takes it.
    pub removed_after: Option<&'static str>,
}

/// What an argument is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A credential.
    Secret,
    /// The public half of a static key pair.
    KeyId,
    /// A user's name.
    Username,
    /// A name, region, account, tenant.
    Identifier,
    /// Where the state lies.
    StateLocation,
    /// A path to a credential file.
    FileRef,
    /// A path to a credential file, or the credential itself.
    PathOrContents,
    /// A URL.
    Endpoint,
    /// How the state is encrypted.
    Encryption,
    /// How the state is locked.
    Locking,
    /// Transport security.
    Tls,
    /// A switch that turns transport security off.
    TlsSkip,
    /// Signing in without a static key.
    Keyless,
    /// Proxies and the like.
    Network,
    /// A URL of a proxy, which may hold a password.
    Proxy,
    /// A switch that leaves a check out.
    SkipCheck,
    /// Assuming a role.
    AssumeRole,
    /// Access control.
    Acl,
    /// A mode of operation.
    Mode,
    /// Retries, timeouts.
    Tuning,
    /// A public certificate.
    Certificate,
    /// Headers, whose values may be credentials.
    Headers,
}

impl BackendSchema {
    /// All backends.
    pub const ALL: &'static [BackendSchema] = backends::BACKENDS;

    /// The backend of that name; `azure` is the old name of `azurerm`.
    pub fn of(name: &str) -> Option<&'static BackendSchema> {
        let name = if name == "azure" { "azurerm" } else { name };
        Self::ALL.iter().find(|backend| backend.name == name)
    }

    /// The argument of that name.
    pub fn argument(&self, path: &str) -> Option<&'static Argument> {
        self.arguments.iter().find(|argument| argument.path == path)
    }

    /// Arguments whose value grants access.
    pub fn secrets(&self) -> impl Iterator<Item = &'static Argument> {
        self.arguments.iter().filter(|argument| argument.secret)
    }
}

/// Providers by each of their sources, in lower case; of several the first.
static BY_SOURCE: LazyLock<HashMap<String, &'static ProviderSchema>> = LazyLock::new(|| {
    let mut by_source = HashMap::new();
    for provider in ProviderSchema::ALL {
        for source in provider.sources() {
            by_source.entry(source.to_ascii_lowercase()).or_insert(provider);
        }
    }
    by_source
});

impl ProviderSchema {
    /// Where it is, or was, published, as `namespace/name`: the table holds several as `new/name (formerly old/name)`.
    fn sources(&self) -> impl Iterator<Item = &'static str> {
        self.source.split([' ', '(', ')']).filter(|known| known.contains('/'))
    }

    /// All providers.
    pub const ALL: &'static [ProviderSchema] = providers::PROVIDERS;

    /// The provider with that source address (`hashicorp/aws`, also with a registry host before it), else with that
    /// local name.
    pub fn of(local_name: &str, source: Option<&str>) -> Option<&'static ProviderSchema> {
        let short = source.map(|source| match source.split('/').collect::<Vec<_>>().as_slice() {
            [_host, namespace, name] => format!("{namespace}/{name}").to_lowercase(),
            _ => source.to_lowercase(),
        });
        let by_name = |name: &str| Self::ALL.iter().find(|provider| provider.name == name);
        let short = short.as_deref();
        let by_source = short.and_then(|short| BY_SOURCE.get(short).copied());
        // A mirror keeps the name and changes the namespace.
        let by_last_part = || short.and_then(|short| by_name(short.rsplit('/').next()?));
        by_source.or_else(by_last_part).or_else(|| by_name(local_name))
    }
}
