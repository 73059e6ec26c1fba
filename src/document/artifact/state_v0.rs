//! State of version 0: an early binary format, which is recognised and not read.
//!
//! <https://github.com/hashicorp/terraform/blob/v0.11.15/terraform/state_v1.go>,
//! <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/states/statefile/version0.go>

use super::{Format, Problem, Reading, Visitor};
use crate::text::{RepoPath, Span};

/// The bytes it begins with.
const MAGIC: &[u8] = b"tfstate";

/// Recognises a state of version 0.
pub(super) fn read(_path: &RepoPath, bytes: &[u8], _visitor: &mut dyn Visitor) -> Option<Reading> {
    bytes.starts_with(MAGIC).then(|| {
        let message = "a binary state (version 0), whose values are not read".to_owned();
        let problem = Problem { span: Some(Span::new(0, MAGIC.len())), message };
        Reading { format: Format::State { version: 0 }, problems: vec![problem] }
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Owner, read};
    use super::*;

    struct Deaf;

    impl Visitor for Deaf {
        fn wants(&mut self, _: &Owner, _: &str, _: Option<Span>, _: bool) -> bool {
            true
        }

        fn leaf(&mut self, _: &Owner, _: super::super::Leaf<'_>) {}
    }

    #[test]
    fn it_is_recognised_and_not_called_read() {
        let reading = read(&RepoPath::new("terraform.tfstate"), b"tfstate\x01\x10\xff", &mut Deaf);
        assert_eq!(reading.format, Format::State { version: 0 });
        assert_eq!(reading.problems.len(), 1);
    }
}
