//! The fingerprints of findings.

use super::redact;
use crate::finding::{Finding, finding_fingerprint};
use rayon::prelude::*;
use std::collections::HashMap;

/// The fingerprint of each finding, in the same order. Made of rule, module, address and attribute; without an
/// address of path and the name on its line; without a module the path stands for it. Findings alike in all of that
/// are numbered in the order given.
pub(super) fn of_findings<'a>(findings: impl IndexedParallelIterator<Item = &'a Finding>) -> Vec<String> {
    let parts: Vec<[String; 4]> = findings.map(parts).collect();
    let numbered = |parts: &[String; 4], nth| finding_fingerprint(&parts.each_ref().map(String::as_str), nth);
    let mut fingerprints: Vec<String> = parts.par_iter().map(|parts| numbered(parts, 0)).collect();
    let mut alike: HashMap<&str, usize> = HashMap::new();
    let nths: Vec<usize> = fingerprints
        .iter()
        .map(|first| {
            let nth = alike.entry(first).or_default();
            *nth += 1;
            *nth - 1
        })
        .collect();
    let again = fingerprints.par_iter_mut().zip(&parts).zip(nths).filter(|(_, nth)| *nth > 0);
    again.for_each(|((fingerprint, parts), nth)| *fingerprint = numbered(parts, nth));
    fingerprints
}

fn parts(finding: &Finding) -> [String; 4] {
    let attribute = finding.attribute.clone().unwrap_or_default();
    let path = || format!("path:{}", finding.place.path());
    match &finding.address {
        Some(address) => {
            let module = finding.module.as_ref().map_or_else(path, |module| format!("module:{module}"));
            [finding.rule.into(), module, format!("address:{address}"), attribute]
        }
        None => [finding.rule.into(), path(), format!("line:{}", redact::line_name(&finding.place)), attribute],
    }
}
