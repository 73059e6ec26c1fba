//! Bytes, spans, lines and edits. Invariant: this layer knows no Terraform and does no I/O.

mod edit;
pub mod ini;
pub mod json;
mod lines;
mod lossy;
pub mod netrc;
mod path;
pub mod shell;
mod source;
mod span;
pub mod yaml;

pub use edit::{Edit, EditError, apply};
pub use lines::{LineIndex, Position};
pub use lossy::lossy;
pub use path::RepoPath;
pub use source::{Line, Source};
pub use span::Span;
