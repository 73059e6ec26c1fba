//! The one integration-test binary: each module tests one promise of the whole.

mod generated;
mod outputs;
