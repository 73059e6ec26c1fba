//! What an artifact holds that matters: read once, judged by several rules.

use super::births::{self, BirthFact};
use super::copies::{self, Copies};
use super::survey::{Beside, Findings, Found, MAX_SECRETS, Survey, is_block};
use super::{kinds, log, spread};
use crate::document::artifact::{Format, Owner, Problem, Section};
use crate::finding::{Confidence, CredentialUse, Occurrence, Place};
use crate::rules::beside;
use crate::rules::detect::Candidates;
use crate::rules::secret::{aws_access_key_id, recognise};
use crate::text::{Source, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// What an artifact holds that matters.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// What it is.
    pub format: Format,
    /// What could not be read of it.
    pub problems: Vec<Problem>,
    /// Its secrets, one for each address and attribute, in the order they stand in.
    pub secrets: Vec<FoundSecret>,
    /// Credentials whose creation date it tells.
    pub births: Vec<Birth>,
}

/// A secret in an artifact.
#[derive(Clone, Debug)]
pub struct FoundSecret {
    /// What it belongs to.
    pub owner: Owner,
    /// The attribute, as [`Leaf::path`](crate::document::artifact::Leaf::path) says it.
    pub attribute: String,
    /// Where it stands; the start of the file inside an archive.
    pub place: Place,
    /// For the inventory.
    pub credential: CredentialUse,
    /// How it is known to be secret.
    pub why: Why,
    /// How sure.
    pub confidence: Confidence,
    /// Of a copy: where the same value stands as a secret by its own right.
    pub original: Option<(Owner, String)>,
    /// How often it stands there: more than once in logs, which repeat themselves.
    pub times: usize,
}

/// How a value is known to be secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The provider declares the attribute sensitive.
    Provider,
    /// The artifact itself marks it.
    Marked,
    /// It has a known credential's format.
    Format,
    /// It is the secret argument of a backend or provider.
    Argument,
    /// Its name says so, and a look at it does not say otherwise.
    Named,
    /// It has the value of another secret.
    Copy,
}

/// A credential whose creation date an artifact tells.
#[derive(Clone, Debug)]
pub struct Birth {
    /// The resource.
    pub owner: Owner,
    /// The attribute that tells the date.
    pub attribute: &'static str,
    /// The day it was made.
    pub date: jiff::civil::Date,
    /// Where the date stands.
    pub place: Place,
    /// The credential, if the artifact holds it.
    pub credential: Option<CredentialUse>,
}

/// Reads an artifact once and says what it holds that matters.
pub fn analyse(source: &Arc<Source>, elsewhere: &Copies) -> Analysis {
    let mut analysis = analyse_values(source, elsewhere);
    if analysis.format == Format::Log {
        analysis.secrets = log::secrets(source, elsewhere, &mut analysis.problems);
    }
    analysis
}

/// The same of an artifact that has values with addresses.
pub(super) fn analyse_values(source: &Arc<Source>, elsewhere: &Copies) -> Analysis {
    let candidates = Candidates::new(source.bytes());
    let (mut reading, Survey { mut findings, beside, births, .. }) = spread::read(source, &candidates);
    findings.secrets.retain(|found| !is_plain_parameter(found, &beside));
    findings.secrets.iter_mut().for_each(|found| pair(found, &beside));
    findings.secrets.iter_mut().for_each(|found| add_beside(found, &beside));
    copies::name_originals(&mut findings.secrets);
    let archived = reading.format == Format::Plan;
    copies::search(source, elsewhere, archived, &mut findings);
    if findings.cut {
        let message = format!("only the first {MAX_SECRETS} secrets are told");
        reading.problems.push(Problem { span: None, message });
    }
    let found_in = occurrence(reading.format);
    let mut secrets = told(source, findings, found_in);
    let births = births.into_iter().filter(|birth| is_in_use(birth, &beside));
    let births = births.map(|fact| birth(source, fact, &mut secrets, &beside, found_in)).collect();
    Analysis { format: reading.format, problems: reading.problems, secrets, births }
}

/// What stands beside a value, of the same instance: several instances may share an address (deposed ones), and the
/// attributes of one stand together.
fn value_beside<'b>(
    known: &'b HashMap<String, Vec<Beside>>,
    (owner, order): (&Owner, usize),
    attribute: &str,
) -> Option<&'b str> {
    let all = known.get(&owner.address)?.iter().filter(|beside| beside.attribute == attribute);
    all.min_by_key(|beside| beside.order.abs_diff(order)).map(|beside| beside.value.as_str())
}

/// A parameter that its owner stored as plain text, which the provider flags like those that are encrypted.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html>
fn is_plain_parameter(found: &Found, known: &HashMap<String, Vec<Beside>>) -> bool {
    let secret = found.judged.secret.expose();
    found.owner.kind == "aws_ssm_parameter"
        && matches!(found.judged.why, Why::Provider | Why::Marked)
        && value_beside(known, (&found.owner, found.order), "type").is_some_and(|kind| kind.starts_with("String"))
        && recognise(secret).is_none()
}

/// Gives the secret half of a key pair its public one.
fn pair(found: &mut Found, known: &HashMap<String, Vec<Beside>>) {
    let Some(attribute) = kinds::id_attribute(&found.owner, &found.attribute) else { return };
    let Some(id) = value_beside(known, (&found.owner, found.order), attribute) else { return };
    if matches!(found.owner.kind.as_str(), "aws_iam_access_key" | "aws_lightsail_bucket_access_key" | "s3" | "aws") {
        if aws_access_key_id(id).is_none() {
            return;
        }
        found.judged.kind = "aws-access-key";
    }
    found.judged.id.get_or_insert_with(|| id.to_owned());
}

/// Gives a secret of a backend or provider the other arguments of the same block.
fn add_beside(found: &mut Found, known: &HashMap<String, Vec<Beside>>) {
    if is_block(&found.owner) && found.judged.beside.is_empty() {
        let others = known.get(&found.owner.address).into_iter().flatten();
        let others = others.filter(|other| other.attribute != found.attribute);
        let around = |name: &str| name.rsplit_once('.').is_none_or(|(map, _)| is_in(&found.attribute, map));
        let around = others.filter(|other| around(&other.attribute));
        found.judged.beside = beside::of(around.map(|other| (other.attribute.as_str(), other.value.as_str())));
    }
}

/// Whether an attribute stands in a map or further inside.
fn is_in(attribute: &str, map: &str) -> bool {
    attribute.strip_prefix(map).is_some_and(|rest| rest.starts_with('.'))
}

/// What a credential in an artifact of that format stands in.
pub(super) fn occurrence(format: Format) -> Occurrence {
    match format {
        Format::State { .. } | Format::StateJson | Format::OutputsJson | Format::EncryptedState => Occurrence::State,
        Format::BackendCache => Occurrence::BackendState,
        Format::Plan | Format::PlanJson | Format::EncryptedPlan => Occurrence::Plan,
        Format::Log => Occurrence::Log,
        Format::Other => Occurrence::Text,
    }
}

fn told(source: &Arc<Source>, mut findings: Findings, found_in: Occurrence) -> Vec<FoundSecret> {
    findings.secrets.sort_by_key(|found| found.span.map_or(0, |span| span.start));
    let told = findings.secrets.into_iter().map(|found| {
        let place = Place::new(source, exact_span(source, &found));
        let judged = found.judged;
        let credential = CredentialUse::new(judged.kind, judged.secret, judged.strength, found_in, place.clone());
        let credential = credential.id(judged.id).beside(judged.beside);
        FoundSecret {
            owner: found.owner,
            attribute: found.attribute,
            place,
            credential,
            why: judged.why,
            confidence: judged.confidence,
            original: found.original,
            times: 1,
        }
    });
    told.collect()
}

/// Where a secret stands: its value, or in a text that is no value of Terraform's the part that is the secret, if that
/// stands there once.
fn exact_span(source: &Source, found: &Found) -> Span {
    let Some(span) = found.span else { return Span::at(0) };
    let is_text = matches!(found.owner.section, Section::Other | Section::Configuration);
    let secret = found.judged.secret.expose().as_bytes();
    let mut places = memchr::memmem::find_iter(source.slice(span), secret);
    match (places.next().filter(|_| is_text), places.next()) {
        (Some(at), None) => {
            let start = span.start as usize + at;
            Span::new(start, start + secret.len())
        }
        _ => span,
    }
}

fn is_in_use(birth: &BirthFact, known: &HashMap<String, Vec<Beside>>) -> bool {
    let status = births::status_attribute(&birth.owner);
    let status = status.and_then(|attribute| value_beside(known, (&birth.owner, birth.order), attribute));
    !status.is_some_and(|status| births::is_off(&birth.owner, status))
}

/// Tells the credential the day it was made as well.
fn birth(
    source: &Arc<Source>,
    fact: BirthFact,
    secrets: &mut [FoundSecret],
    beside: &HashMap<String, Vec<Beside>>,
    found_in: Occurrence,
) -> Birth {
    let place = Place::new(source, fact.span.unwrap_or(Span::at(0)));
    let own = secrets.iter_mut().filter(|secret| secret.owner == fact.owner && secret.why != Why::Copy);
    let nearest = own.min_by_key(|secret| secret.place.span.start.abs_diff(place.span.start));
    let credential = nearest.map(|secret| {
        secret.credential.made_on = Some(fact.date);
        secret.credential.clone()
    });
    // Of a key whose secret is encrypted or was never told, the id stands there.
    let lone = || {
        let id = value_beside(beside, (&fact.owner, fact.order), kinds::id_of(&fact.owner)?)?;
        let lone = CredentialUse::aws_key_id(aws_access_key_id(id)?, found_in, place.clone());
        Some(CredentialUse { made_on: Some(fact.date), ..lone })
    };
    let credential = credential.or_else(lone);
    Birth { owner: fact.owner, attribute: fact.attribute, date: fact.date, place, credential }
}
