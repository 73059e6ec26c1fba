//! Credentials as the page shows them: an inventory with the worst first, and what to run to be rid of each.

use super::super::inventory;
use crate::finding::Status;
use crate::report::{Credential, CredentialOccurrence, Report, ReportedFinding};
use jiff::Timestamp;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// More places of one credential are folded away.
const MAX_PLACES: usize = 5;

/// Different steps that are named for one credential.
const MAX_STEPS: usize = 6;

/// One row of the inventory.
pub(super) struct Entry<'a> {
    pub(super) credential: &'a Credential,
    pub(super) verdict: Verdict,
    pub(super) opens: Option<String>,
    pub(super) age: Option<String>,
    pub(super) created: Option<String>,
    pub(super) used: Option<String>,
    pub(super) expires: Option<String>,
    pub(super) places: Vec<Spotted<'a>>,
    pub(super) more_places: Vec<Spotted<'a>>,
}

/// Whether a credential works, in a word, a mark that every font has and a class of the style sheet: never by colour
/// alone.
pub(super) struct Verdict {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) words: String,
}

/// One place of a credential.
pub(super) struct Spotted<'a> {
    pub(super) occurrence: &'a CredentialOccurrence,
    pub(super) name: Option<String>,
}

/// What to do about one credential.
pub(super) struct Rotation<'a> {
    pub(super) credential: &'a Credential,
    pub(super) verdict: Verdict,
    pub(super) steps: Vec<Step<'a>>,
}

/// One step: what a finding of the credential says.
#[derive(PartialEq, Eq)]
pub(super) struct Step<'a> {
    pub(super) text: &'a str,
    pub(super) commands: &'a [String],
}

impl Verdict {
    pub(super) fn of(credential: &Credential) -> Self {
        let Some(verification) = &credential.verification else {
            return Self { class: "unasked", mark: "–", words: "not asked".to_owned() };
        };
        let (class, mark) = match verification.status {
            Status::Active => ("active", "•"),
            Status::Inactive => ("inactive", "×"),
            Status::Unknown => ("unknown", "?"),
        };
        Self { class, mark, words: inventory::shown(verification) }
    }
}

/// Credentials in the order in which they matter: what works, and of that what can do most and stands in most places;
/// then that of which nobody knows, then what is dead.
pub(super) fn worst_first(report: &Report) -> Vec<&Credential> {
    let mut credentials: Vec<&Credential> = report.credentials.iter().collect();
    credentials.sort_by_key(|credential| {
        let verification = credential.verification.as_ref();
        let standing = match verification.map(|verification| verification.status) {
            Some(Status::Active) => 0,
            Some(Status::Unknown) | None => 1,
            Some(Status::Inactive) => 2,
        };
        let root = verification.is_some_and(|verification| verification.root);
        (standing, Reverse(root), Reverse(credential.occurrences.len()))
    });
    credentials
}

/// The inventory.
pub(super) fn entries<'a>(credentials: &[&'a Credential], today: Date) -> Vec<Entry<'a>> {
    credentials.iter().map(|credential| entry(credential, today)).collect()
}

fn entry(credential: &Credential, today: Date) -> Entry<'_> {
    let verification = credential.verification.as_ref();
    let day = |at: Option<Timestamp>| at.map(|at| at.strftime("%Y-%m-%d").to_string());
    let mut places: Vec<Spotted<'_>> = credential.occurrences.iter().map(spotted).collect();
    let more_places = places.split_off(places.len().min(MAX_PLACES));
    Entry {
        credential,
        verdict: Verdict::of(credential),
        opens: opens(credential),
        age: age(credential, today),
        created: day(verification.and_then(|verdict| verdict.created_at)),
        used: day(verification.and_then(|verdict| verdict.last_used_at)),
        expires: day(verification.and_then(|verdict| verdict.expires_at)),
        places,
        more_places,
    }
}

/// What a credential opens, as far as anybody knows.
fn opens(credential: &Credential) -> Option<String> {
    let whose = inventory::whose(credential);
    match &credential.verification {
        Some(verification) if verification.status == Status::Inactive => {
            Some(whose.map_or("nothing any more".to_owned(), |whose| format!("nothing any more; it was {whose}")))
        }
        _ => whose,
    }
}

/// How old a credential is, in words.
pub(super) fn age(credential: &Credential, today: Date) -> Option<String> {
    credential.age(today).map(|(days, told)| {
        let unit = if days == 1 { "day" } else { "days" };
        format!("{}{days} {unit} old", if told { "" } else { "at least " })
    })
}

fn spotted(occurrence: &CredentialOccurrence) -> Spotted<'_> {
    let name = [occurrence.address.as_deref(), occurrence.attribute.as_deref()];
    let name: Vec<&str> = name.into_iter().flatten().collect();
    Spotted { occurrence, name: (!name.is_empty()).then(|| name.join(" › ")) }
}

/// What the findings of each credential say is to be done, for those that may still work.
pub(super) fn rotations<'a>(credentials: &[&'a Credential], report: &'a Report) -> Vec<Rotation<'a>> {
    let mut of_credential: BTreeMap<&str, Vec<&ReportedFinding>> = BTreeMap::new();
    for finding in report.counted() {
        if let Some(fingerprint) = &finding.credential {
            of_credential.entry(fingerprint).or_default().push(finding);
        }
    }
    let rotations = credentials.iter().filter_map(|credential| {
        let mut findings = of_credential.remove(credential.fingerprint.as_str())?;
        findings.sort_by_key(|finding| Reverse((finding.level, finding.severity)));
        let mut steps: Vec<Step<'_>> = Vec::new();
        for finding in findings {
            let step = Step { text: &finding.remedy.text, commands: &finding.remedy.commands };
            if steps.len() < MAX_STEPS && !step.commands.is_empty() && !steps.contains(&step) {
                steps.push(step);
            }
        }
        let works = credential.verification.as_ref().is_none_or(|verdict| verdict.status != Status::Inactive);
        (works && !steps.is_empty()).then(|| Rotation { credential, verdict: Verdict::of(credential), steps })
    });
    rotations.collect()
}
