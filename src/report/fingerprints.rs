//! The fingerprints of findings.

use super::redact;
use crate::finding::{Finding, finding_fingerprint};
use std::collections::HashMap;

/// The fingerprint of each finding, in the same order. Made of rule, module, address and attribute; without an
/// address of path and the name on its line; without a module the path stands for it. Findings alike in all of that
/// are numbered in the order given.
pub(super) fn of_findings<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<String> {
    let mut alike: HashMap<[String; 4], usize> = HashMap::new();
    findings
        .map(|finding| {
            let parts = parts(finding);
            let nth = alike.entry(parts.clone()).or_default();
            let fingerprint = finding_fingerprint(&parts.each_ref().map(String::as_str), *nth);
            *nth += 1;
            fingerprint
        })
        .collect()
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
