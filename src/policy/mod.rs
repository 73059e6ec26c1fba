//! Which rules hold where, at what level, with which exceptions. Invariant: knows rule names (passed in), never rule
//! types; a rule's options are checked against what the rule declares.

mod builtin;
mod custom;
mod discover;
mod error;
mod gitleaks;
mod glob;
pub mod ignore;
mod load;
mod model;
mod read;
mod schema;
pub mod settings;
mod show;
mod weakened;

pub use builtin::{BuiltIn, builtin_text};
pub use custom::{Check, CustomRule, Requirement, Scalar, Selector};
pub use discover::{CANDIDATES, Files, PolicySource, discover};
pub use error::{PolicyError, PolicyErrors};
pub use gitleaks::{Allowlist, Gitleaks, GitleaksRule, Pattern, Target};
pub use glob::{GlobError, PathGlob, TextGlob};
pub use load::load;
pub use model::{
    BackendValues, Exception, Origin, Policy, RuleInfo, RuleState, Scope, ScopedRule, Setting, Supplied, SuppliedKind,
    VerifyPolicy,
};
pub use schema::{SCHEMA_ID, schema};
pub use settings::{OptionKind, OptionSpec, OptionValue, RuleSettings};
pub use show::show;
pub use weakened::{Weakening, weakened};

#[cfg(test)]
mod tests;
