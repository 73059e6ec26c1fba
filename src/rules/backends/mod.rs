//! Rules about where state lives.

pub mod not_encrypted;
