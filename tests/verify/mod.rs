//! Issuers are asked within limits, each for its own, and only their own word is a verdict.
#![expect(clippy::unwrap_used, reason = "a test fails where its preparation does")]

mod answers;
mod faults;
mod limits;
mod program;
mod samples;

use credlint::finding::{Beside, Secret, Verification};
use credlint::verify::{Candidate, Hosts, PATIENCE, Settings, verify};
use std::time::Duration;

/// A candidate with what stands beside it.
fn candidate(kind: &'static str, secret: &str, beside: &[(&str, &str)]) -> Candidate {
    let beside = beside.iter().map(|(name, value)| Beside { name: (*name).into(), value: Secret::new(*value) });
    Candidate { kind, secret: Secret::new(secret), id: None, beside: beside.collect() }
}

/// Settings with which an address stands in for issuers; log-ins are allowed.
fn settings<'a>(hosts: impl IntoIterator<Item = (&'a str, &'a str)>, patience: Duration) -> Settings {
    let mut named = Hosts::default();
    hosts.into_iter().for_each(|(name, url)| named.add(&format!("{name}={url}")).unwrap());
    Settings { hosts: named, logins: true, now: "2026-06-01T00:00:00Z".parse().unwrap(), patience }
}

/// What a server that stands in for an issuer says of a candidate.
fn ask(name: &str, url: &str, candidate: Candidate) -> Verification {
    verify(&[vec![candidate]], &settings([(name, url)], PATIENCE), &|| ()).unwrap().remove(0)
}
