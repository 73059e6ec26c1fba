//! Rules about the bucket that holds the state, its lock table, and who may reach them, where the repository defines
//! these as well.

mod arns;
pub mod lock_table_invalid;
pub(in crate::rules) mod real;
pub(in crate::rules) mod requests;
mod said;
pub mod state_access_ineffective;
pub mod state_access_too_broad;
pub mod state_bucket_no_kms;
pub mod state_bucket_policy_weak;
pub mod state_bucket_public;
pub mod state_bucket_unversioned;
mod stores;
mod survey;
mod wanted;

pub use stores::{Bucket, GrowTree, Part, Policy, Stores, Table};
