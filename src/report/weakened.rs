//! `policy-weakened`: the change under judgement weakens the policy that it is judged by.

use crate::finding::{Finding, Place};
use crate::policy::{Policy, weakened};
use crate::text::{RepoPath, Source, Span};
use std::sync::Arc;

/// Id of the rule.
pub const POLICY_WEAKENED: &str = "policy-weakened";

/// A finding for each way in which `head`, the judged tree's own policy, is weaker than `base`. What a policy no
/// longer says has no line: that finding stands at the start of the policy file, named by `file`.
pub fn weakenings(base: &Policy, head: &Policy, file: &str) -> Vec<Finding> {
    let nowhere = Arc::new(Source::new(RepoPath::new(file), Vec::new()));
    let found = weakened(base, head).into_iter();
    found
        .map(|weakening| {
            let place = weakening.place.unwrap_or_else(|| Place::new(&nowhere, Span::at(0)));
            let message = format!("the change weakens the policy that it is judged by: {}", weakening.what);
            Finding::new(POLICY_WEAKENED, place, message)
                .remedy("have the change to the policy reviewed by those who own it, in a change of its own")
                .address(format!("policy.{}", weakening.of))
        })
        .collect()
}
