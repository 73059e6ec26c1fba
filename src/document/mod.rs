//! The files of a repository and their syntax. Invariant: the only reader of repository files; parsing cannot fail,
//! it yields documents and notifications.

pub mod hcl;
