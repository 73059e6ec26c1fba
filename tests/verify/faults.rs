//! Every issuer that is asked by HTTP, and everything that can go wrong with it: never a verdict, never for long, and
//! nobody else is sent anything.

use super::samples::{SAMPLES, Sample};
use super::settings;
use crate::support::{Behaviour, FaultyServer};
use credlint::finding::{Reason, Status, Verification};
use credlint::verify::{PATIENCE, verify};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What a server does that is asked by issuers, and what is said of it.
struct Fault {
    name: &'static str,
    behaviour: Behaviour,
    /// Requests that one question makes of it.
    requests: usize,
    says: &'static str,
}

fn fault(name: &'static str, behaviour: Behaviour, requests: usize, says: &'static str) -> Fault {
    Fault { name, behaviour, requests, says }
}

fn html(status: u16) -> Behaviour {
    Behaviour::plain(status, &[("content-type", "text/html")], "<html><title>Sign in to the hotel's network</title>")
}

fn faults(elsewhere: &str) -> Vec<Fault> {
    let busy = "the issuer is busy or broken";
    let mut faults = vec![
        fault("hangs up", Behaviour::HangUp, 1, "it cannot be reached"),
        fault("truncates", Behaviour::Truncate, 1, "it cannot be reached"),
        fault("is busy", Behaviour::json(429, "{}"), 2, busy),
        fault("is busy for a moment", Behaviour::plain(429, &[("retry-after", "0")], "{}"), 2, busy),
        fault("is busy for a day", Behaviour::plain(429, &[("retry-after", "86400")], "{}"), 1, busy),
        fault("is broken", Behaviour::json(500, r#"{"message": "Bad credentials"}"#), 2, busy),
        fault("is away", html(503), 2, busy),
        fault("is a portal", html(200), 1, "status 200 without JSON is no verdict"),
        fault("is a portal that refuses", html(401), 1, "status 401 without JSON is no verdict"),
        fault("is a portal that forbids", html(403), 1, "status 403 without JSON is no verdict"),
        fault("says nothing", Behaviour::json(200, "{}"), 1, "status 200 is no verdict"),
        fault("says null", Behaviour::json(200, "null"), 1, "status 200 is no verdict"),
        fault("says a list", Behaviour::json(200, r#"[{"login": 1}]"#), 1, "status 200 is no verdict"),
        fault("says not found", Behaviour::json(404, "{}"), 1, "status 404 is no verdict"),
        fault("talks for ever", Behaviour::json(200, &" ".repeat(10 << 20)), 1, "its answer is longer than 64 KiB"),
    ];
    for status in [301, 302, 303, 307, 308] {
        let away = Behaviour::plain(status, &[("location", elsewhere)], "");
        faults.push(fault("redirects elsewhere", away, 1, "it redirects"));
    }
    faults.push(fault("redirects to itself", Behaviour::plain(307, &[("location", "/")], ""), 1, "it redirects"));
    faults
}

/// What is said of all samples by one server that stands in for all issuers.
fn ask_all(url: &str, patience: Duration) -> Vec<Verification> {
    let credentials: Vec<_> = SAMPLES.iter().map(|sample| vec![sample.candidate()]).collect();
    let names: BTreeSet<&str> = SAMPLES.iter().map(|sample| sample.host()).collect();
    verify(&credentials, &settings(names.into_iter().map(|name| (name, url)), patience), &|| ()).unwrap()
}

fn assert_unknown(sample: &Sample, fault: &str, says: &str, verdict: &Verification) {
    let told = format!("{verdict:?}");
    assert_eq!(
        (verdict.status, verdict.reason),
        (Status::Unknown, Some(Reason::Unreachable)),
        "{} {fault}: {told}",
        sample.name
    );
    let detail = verdict.detail.as_deref().unwrap();
    assert!(detail.contains(says), "{} {fault}: {detail}", sample.name);
    assert!(!told.contains(sample.telling()), "{} {fault}: {told}", sample.name);
}

#[test]
fn no_fault_is_a_verdict() {
    let elsewhere = FaultyServer::start(Behaviour::json(200, r#"{"login": "octocat"}"#));
    let server = FaultyServer::start(Behaviour::HangUp);
    for fault in faults(&elsewhere.url()) {
        server.behave(fault.behaviour.clone());
        let (before, start) = (server.seen().len(), Instant::now());
        let verdicts = ask_all(&server.url(), PATIENCE);
        for (sample, verdict) in SAMPLES.iter().zip(&verdicts) {
            assert_unknown(sample, fault.name, fault.says, verdict);
        }
        let requests = server.seen().len() - before;
        assert_eq!(requests, SAMPLES.len() * fault.requests, "{}: {:?}", fault.name, server.lines());
        assert!(start.elapsed() < Duration::from_secs(60), "{} took {:?}", fault.name, start.elapsed());
    }
    assert_eq!(elsewhere.lines(), Vec::<String>::new(), "no redirect is followed");
}

#[test]
fn nobody_there_is_no_verdict() {
    let nobody = FaultyServer::nobody();
    for (sample, verdict) in SAMPLES.iter().zip(ask_all(&nobody, PATIENCE)) {
        assert_unknown(sample, "is not there", "it cannot be reached", &verdict);
    }
}

#[test]
fn who_never_ends_is_not_waited_for() {
    for behaviour in [Behaviour::Hang, Behaviour::Drip] {
        let server = FaultyServer::start(behaviour);
        let start = Instant::now();
        for (sample, verdict) in SAMPLES.iter().zip(ask_all(&server.url(), Duration::from_millis(300))) {
            assert_unknown(sample, "never ends", "the questions took too long", &verdict);
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    }
}

/// A fault is forgotten: the next question is asked anew, and answered.
#[test]
fn an_issuer_that_comes_back_is_believed() {
    for sample in SAMPLES.iter() {
        let server = FaultyServer::start(Behaviour::json(401, "[]"));
        let ask = || super::ask(sample.host(), &server.url(), sample.candidate());
        assert_eq!(ask().status, Status::Unknown, "{}", sample.name);
        let answers = sample.accepts.iter().map(|(status, body)| Behaviour::json(*status, body));
        server.behave(Behaviour::InTurn(answers.collect()));
        let verdict = ask();
        assert_eq!(verdict.status, Status::Active, "{}: {verdict:?}", sample.name);
        assert!(!format!("{verdict:?}").contains(sample.telling()), "{}: {verdict:?}", sample.name);
    }
}

#[test]
fn each_issuer_is_sent_its_own_and_nothing_else() {
    let samples: Vec<&Sample> = SAMPLES.iter().copied().filter(|sample| sample.host() == sample.name).collect();
    let servers: Vec<FaultyServer> = samples
        .iter()
        .map(|sample| {
            let answers = sample.accepts.iter().map(|(status, body)| Behaviour::json(*status, body));
            FaultyServer::start(Behaviour::InTurn(answers.collect()))
        })
        .collect();
    let urls: Vec<String> = servers.iter().map(FaultyServer::url).collect();
    let names = samples.iter().zip(&urls).map(|(sample, url)| (sample.name, url.as_str()));
    let credentials: Vec<_> = samples.iter().map(|sample| vec![sample.candidate()]).collect();
    verify(&credentials, &settings(names, PATIENCE), &|| ()).unwrap();
    for (server, own) in servers.iter().zip(&samples) {
        let seen = server.seen();
        assert!(!seen.is_empty(), "{} was not asked", own.name);
        // Of a service account's key only Google's certificates are read.
        let sent = seen.iter().any(|request| request.holds(own.telling()));
        assert_eq!(sent, own.name != "gcp", "{}", own.name);
        for other in samples.iter().filter(|other| other.name != own.name) {
            let leaked = seen.iter().any(|request| request.holds(other.telling()));
            assert!(!leaked, "{} was sent to {}", other.name, own.name);
        }
        for request in &seen {
            assert!(
                !request.line.contains(own.telling()),
                "{}: a secret in a path stands in everybody's logs",
                own.name
            );
            let agent = request.header("user-agent").unwrap();
            assert!(agent.starts_with("credlint/") && agent.contains("https://"), "{agent}");
        }
    }
}
