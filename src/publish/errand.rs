//! The ladder: each publisher in turn, and what is to be said of it.

use super::api::Api;
use super::context::Context;
use super::fault::Fault;
use super::{ALL, Publisher, Rung};
use crate::report::Report;
use std::io;

/// What a publisher has at hand.
pub struct Errand<'a> {
    /// What is posted.
    pub report: &'a Report,
    /// Where to.
    pub context: &'a Context,
    /// The job that it is posted from.
    pub desk: &'a dyn Desk,
    api: Result<Api, Fault>,
}

/// What the job that a report is posted from takes itself.
pub trait Desk {
    /// How many bytes of Markdown the job's summary has room for; None where there is no summary.
    fn summary_room(&self) -> Option<usize>;

    /// Adds Markdown to the job's summary.
    ///
    /// # Errors
    /// Those of the file.
    fn add_summary(&self, text: &str) -> io::Result<()>;

    /// Takes workflow commands; false where nobody obeys them, or they have been given before.
    ///
    /// # Errors
    /// Those of the log.
    fn command(&self, report: &Report) -> io::Result<bool>;
}

/// What was posted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// In a few words: `a check run with 7 annotations`.
    pub what: String,
    /// Whether every finding is in it.
    pub whole: bool,
    /// What is not in it, and why.
    pub without: Option<String>,
}

/// What became of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What was posted, a line each.
    pub posted: Vec<String>,
    /// What was not possible and why, a line each.
    pub missed: Vec<String>,
}

impl Errand<'_> {
    /// The forge's API.
    pub(super) fn api(&self) -> Result<&Api, Fault> {
        self.api.as_ref().map_err(Clone::clone)
    }

    /// A path of the forge's API below the repository.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/repos/{}/{rest}", self.context.repository)
    }
}

/// Posts a report in every way there is, or in those that are `wanted`.
pub fn publish(report: &Report, context: &Context, wanted: &[String], desk: &dyn Desk) -> Outcome {
    let errand = Errand { report, context, desk, api: Api::new(context) };
    let mut outcome = Outcome::default();
    let mut whole = false;
    let mut faults: Vec<(Fault, Vec<&Publisher>)> = Vec::new();
    let named = |name: &str| wanted.iter().any(|word| word == name);
    for publisher in ALL.iter().filter(|publisher| publisher.forge == context.forge) {
        let used = match publisher.rung {
            _ if !wanted.is_empty() => named(publisher.name),
            Rung::Always => true,
            Rung::Last => !whole,
            Rung::Named => false,
        };
        if !used {
            continue;
        }
        match (publisher.post)(&errand) {
            Ok(None) => {}
            Ok(Some(posted)) => {
                whole |= posted.whole;
                outcome.posted.push(posted.what);
                outcome.missed.extend(posted.without);
            }
            Err(fault) => match faults.iter_mut().find(|(known, _)| *known == fault) {
                Some((_, kept)) => kept.push(publisher),
                None => faults.push((fault, vec![publisher])),
            },
        }
    }
    let elsewhere = |publisher: &&Publisher| publisher.forge != context.forge && named(publisher.name);
    outcome.missed.extend(
        ALL.iter().filter(elsewhere).map(|publisher| {
            format!("not possible here: {}: this is a job of {}", publisher.name, context.forge.name())
        }),
    );
    outcome.missed.extend(faults.iter().map(|(fault, kept)| {
        let hint = fault.hint(kept).map(|hint| format!("; {hint}")).unwrap_or_default();
        let names: Vec<&str> = kept.iter().map(|publisher| publisher.name).collect();
        format!("not possible here: {}: {fault}{hint}", names.join(", "))
    }));
    outcome
}
