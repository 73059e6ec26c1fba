//! Rules about configuration files themselves and the secrets in them.

pub mod unparsable_file;
