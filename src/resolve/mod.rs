//! What configuration means: values known with their origin, unknown with the reason. Invariant: pure, bounded, never
//! wrong.

mod backend;
mod blocks;
mod budget;
mod combine;
mod commands;
mod conditional;
mod configured;
mod constraint;
mod depth;
mod elements;
mod evaluate;
mod flow;
pub mod functions;
mod host;
mod invocation;
pub mod invocations;
mod lockfile;
mod module;
mod names;
mod operators;
mod program;
mod provider;
mod reference;
mod resource;
pub mod schema;
mod sites;
mod source;
mod supply;
mod template;
mod terragrunt;
mod tree;
mod value;
mod variables;
pub mod version;

pub use backend::{Answer, Backend, Form, Setting, SettingFrom};
pub use budget::Budget;
pub use combine::{combine, pick};
pub use commands::{find_invocations, named_files};
pub use configured::{ConfiguredProvider, providers_of};
pub use evaluate::{Evaluator, block_with_names, constant, with_names};
pub use flow::{Inflow, Seek, Spring, Station, Written, inflows, inflows_of, written};
pub use invocation::{Argument, Invocation, PathPattern};
pub use invocations::automation;
pub use lockfile::{LockedProvider, locked_providers};
pub use module::{AttributeIn, BlockIn, Declared, Module};
pub use names::Names;
pub use program::{ModuleId, Program, Role, local_source};
pub use provider::{
    ProviderAddress, ProviderConstraint, ProviderUse, Requirement, UsedBy, provider_name, requirements,
};
pub use resource::{Mode, Resource, resource_at, resources_from, resources_of};
pub use sites::backends_of;
pub use source::{ModuleSource, SourceKind};
pub use supply::{BackendDefaults, Supplies, key_value};
pub use terragrunt::{locals as terragrunt_locals, remote_states as terragrunt_states};
pub use tree::{Instance, InstanceId, Tree};
pub use value::{Kind, MAX_ALTERNATIVES, Number, Origin, Reason, Trace, Value};
pub use variables::{VariableFiles, read_always};
