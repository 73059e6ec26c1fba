//! What all questions to AWS have in common: the partitions, the clients, the accounts that are traps.

mod canary;
mod client;
mod locks;
mod operator;
mod partition;
mod stores;

pub(super) use canary::is_canary;
pub(super) use client::{AwsFault, Named, app_name, fault, http_client, retries, time_outs};
pub use operator::{KEY_CALLS, KeyFacts, Operator, OperatorError, STORE_CALLS};
pub(super) use partition::Partition;
