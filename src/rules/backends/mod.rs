//! Rules about where state lives.

pub mod backend_not_encrypted;
