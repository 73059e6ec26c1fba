//! Findings as results.

use super::level;
use super::line_hash::LineHashes;
use super::model::{
    ArtifactChange, ArtifactLocation, CodeFlow, Content, Fix, Location, LogicalLocation, Message, PartialFingerprints,
    Region, Replacement, ResultObject, ResultProperties, Suppression, SuppressionProperties, ThreadFlow,
    ThreadFlowLocation,
};
use crate::finding;
use crate::output::escape::SarifText;
use crate::output::told;
use crate::report::{Credential, ReportedFinding, Spot, Suppressed, SuppressedBy};
use crate::text::RepoPath;
use std::collections::BTreeMap;

/// GitHub shows this many locations of a result.
const MAX_RELATED: usize = 100;

/// GitHub shows this many locations of a flow.
const MAX_STATIONS: usize = 1000;

/// A finding whose rule is the `rule_index`th, with the credential it speaks of.
pub(super) fn of<'a>(
    finding: &'a ReportedFinding,
    rule_index: Option<usize>,
    credential: Option<&'a Credential>,
    hashes: &LineHashes<'_>,
) -> ResultObject<'a> {
    let verdict = credential.and_then(|credential| credential.verification.as_ref());
    let mut location = Location::of(&finding.spot);
    let name = finding.address.iter().map(|address| SarifText::new([address.as_str()]));
    location.logical_locations.extend(name.map(|name| LogicalLocation { fully_qualified_name: name }));
    let related = finding.related.iter().take(MAX_RELATED).enumerate();
    let related =
        related.map(|(at, one)| Location { id: Some(at + 1), ..Location::of(&one.spot).saying(&one.message) });
    ResultObject {
        rule_id: &finding.rule,
        rule_index,
        level: level(finding.level),
        message: Message { text: SarifText::new(told(finding)) },
        locations: [location],
        related_locations: related.collect(),
        code_flows: code_flow(finding).map(|flow| [flow]),
        partial_fingerprints: PartialFingerprints {
            primary_location_line_hash: hashes.of_finding(finding),
            finding: &finding.fingerprint,
        },
        fixes: finding.fix.as_ref().map(|fix| [fix_of(fix)]),
        suppressions: finding.suppressed.as_ref().map(|suppressed| [suppression(suppressed)]),
        properties: ResultProperties {
            severity: finding.severity,
            confidence: finding.confidence,
            module: finding.module.as_deref(),
            attribute: finding.attribute.as_deref(),
            credential: finding.credential.as_deref(),
            status: verdict.map(|verdict| verdict.status),
            reason: verdict.and_then(|verdict| verdict.reason),
        },
    }
}

/// The way that a value takes, if it takes one.
fn code_flow(finding: &ReportedFinding) -> Option<CodeFlow> {
    let stations = finding.related.iter().filter(|related| related.station).take(MAX_STATIONS);
    let stations = stations.map(|one| ThreadFlowLocation { location: Location::of(&one.spot).saying(&one.message) });
    let locations: Vec<ThreadFlowLocation> = stations.collect();
    (locations.len() > 1).then_some(CodeFlow { thread_flows: [ThreadFlow { locations }] })
}

fn fix_of(fix: &finding::Fix<Spot>) -> Fix<'_> {
    let mut changes: BTreeMap<&RepoPath, Vec<Replacement<'_>>> = BTreeMap::new();
    for (spot, text) in &fix.edits {
        let replacement = Replacement { deleted_region: Region::of(spot), inserted_content: Content { text } };
        changes.entry(&spot.path).or_default().push(replacement);
    }
    let change = |(path, replacements)| ArtifactChange { artifact_location: ArtifactLocation::of(path), replacements };
    let text = if fix.safe { "This mends it and changes nothing else." } else { "Look at this before you apply it." };
    Fix {
        description: Message { text: SarifText::new([text]) },
        artifact_changes: changes.into_iter().map(change).collect(),
    }
}

fn suppression(suppressed: &Suppressed) -> Suppression {
    Suppression {
        kind: if suppressed.by == SuppressedBy::Inline { "inSource" } else { "external" },
        status: "accepted",
        justification: suppressed.reason.as_deref().map(|reason| SarifText::new([reason])),
        properties: SuppressionProperties {
            by: suppressed.by,
            expires: suppressed.expires.map(|date| date.to_string()),
        },
    }
}
