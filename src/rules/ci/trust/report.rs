//! What is said of a trust.

use super::{Issuer, Reach};
use crate::finding::{Confidence, Finding, Level, Place};
use crate::resolve::{Resource, Value};
use crate::rules::ci::oidc_trust_too_broad::RULE;
use crate::rules::{Findings, module_name, trace_of};

/// A trust as it is reported.
pub(in crate::rules::ci) struct Trust<'a> {
    /// The CI system.
    pub(in crate::rules::ci) issuer: &'static Issuer,
    /// Who is let in.
    pub(in crate::rules::ci) reach: Reach,
    /// What lets them in, if it is written.
    pub(in crate::rules::ci) by: Option<&'a Value>,
    /// Whether all of it surely is so.
    pub(in crate::rules::ci) sure: bool,
    /// Where to change it.
    pub(in crate::rules::ci) place: Place,
    /// Terraform's name of it.
    pub(in crate::rules::ci) address: &'a str,
    /// The argument.
    pub(in crate::rules::ci) attribute: &'a str,
    /// The module's directory.
    pub(in crate::rules::ci) module: String,
    /// What those can do who are let in.
    pub(in crate::rules::ci) what: &'a str,
    /// What to write.
    pub(in crate::rules::ci) remedy: String,
}

/// Reports a trust that lets in more than one repository.
pub(in crate::rules::ci) fn report(trust: &Trust<'_>, findings: &mut Findings) {
    let (name, what) = (trust.issuer.name, trust.what);
    let (message, capped) = match trust.reach {
        Reach::Anyone if trust.by.is_some() => {
            (format!("anybody's repository can {what}: tokens of {name} for a stranger's meet the condition"), None)
        }
        Reach::Anyone => {
            (format!("anybody's repository can {what}: no condition asks for the subject of {name}'s tokens"), None)
        }
        Reach::Vacuous => (
            format!("a token of {name} without the claim can {what}: the operator is met where the claim is missing"),
            Some((Level::Warning, Confidence::Medium)),
        ),
        Reach::Customised => (
            format!("any repository whose tokens of {name} have their subject made of the same claims can {what}"),
            Some((Level::Warning, Confidence::Medium)),
        ),
        Reach::Organisation => (
            format!("every repository or project of one organisation can {what} with a token of {name}"),
            Some((Level::Warning, Confidence::High)),
        ),
        Reach::Narrow if trust.by.is_some_and(lets_in_pull_requests) => (
            format!("every pull request of the repository can {what} with a token of {name}"),
            Some((Level::Note, Confidence::Low)),
        ),
        Reach::Narrow | Reach::Unknown => return,
    };
    let mut finding = Finding::new(RULE.id, trust.place.clone(), message)
        .address(trust.address)
        .attribute(trust.attribute)
        .module(&trust.module)
        .remedy(trust.remedy.clone());
    if let Some((level, confidence)) = capped {
        finding = finding.uncertain(level, confidence);
    } else if !trust.sure {
        finding = finding.uncertain(Level::Warning, Confidence::Medium);
    }
    finding.related = trust.by.map(|value| trace_of(value, &trust.place)).unwrap_or_default();
    findings.push(finding);
}

/// Where to change a resource: at a value of it, or at its header.
pub(super) fn place_of(resource: &Resource<'_>, value: Option<&Value>) -> Place {
    value.and_then(|value| value.origin.literal.clone()).unwrap_or_else(|| resource.block().header())
}

/// The directory of a resource's module.
pub(super) fn module_of(resource: &Resource<'_>) -> String {
    module_name(&resource.tree.module(resource.instance).directory)
}

/// Whether a subject is that of a repository's pull requests.
pub(super) fn lets_in_pull_requests(subject: &Value) -> bool {
    subject.as_str().is_some_and(|subject| subject.ends_with(":pull_request"))
}
