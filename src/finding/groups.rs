//! Which uses are uses of one credential.

use super::Finding;
use std::collections::HashMap;

/// Groups the findings that speak of a credential: the same value is the same credential, and so is the same public
/// identifier. Indices of findings, groups and members in the order met.
pub fn same_credential(findings: &[Finding]) -> Vec<Vec<usize>> {
    let speaks = |at: &usize| findings[*at].credential.is_some();
    let uses: Vec<usize> = (0..findings.len()).filter(speaks).collect();
    let mut sets = Sets((0..uses.len()).collect());
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (at, credential) in uses.iter().filter_map(|at| findings[*at].credential.as_ref()).enumerate() {
        let secret = Some(credential.secret.expose()).filter(|_| credential.is_whole());
        for name in secret.into_iter().chain(credential.id.as_deref()) {
            sets.join(*first.entry(name).or_insert(at), at);
        }
    }
    let (mut groups, mut index): (Vec<Vec<usize>>, HashMap<usize, usize>) = Default::default();
    for (at, finding) in uses.into_iter().enumerate() {
        let group = *index.entry(sets.root(at)).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(finding);
    }
    groups
}

/// Disjoint sets: each element names one that stands before it in the same set, the first itself.
struct Sets(Vec<usize>);

impl Sets {
    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}
