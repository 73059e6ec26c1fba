//! What keeps questions within bounds, whoever is asked: hosts, turns, tries.

use super::samples::by_http;
use super::{PATIENCE, ask, candidate, settings};
use crate::support::{Behaviour, FaultyServer};
use credlint::finding::{Reason, Status};
use credlint::verify::{ALL, HostError, Hosts, plan, verify};
use std::time::{Duration, Instant};

const OCTOCAT: &str = r#"{"login": "octocat"}"#;

#[test]
fn hosts_are_plain_and_https() {
    let add = |text: &str| Hosts::default().add(text);
    assert_eq!(add("github=https://github.example.com"), Ok(()));
    assert_eq!(add("github=http://127.0.0.1:8080"), Ok(()));
    assert_eq!(add("github=http://[::1]:8080"), Ok(()));
    for bad in [
        "http://github.example.com",
        "https://user@github.example.com",
        "https://u:p@github.example.com",
        "https://github.example.com/?x=1",
        "https://github.example.com/#x",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "github.example.com",
        "",
    ] {
        assert_eq!(add(&format!("github={bad}")), Err(HostError::Url(bad.into())));
    }
    assert_eq!(add("github"), Err(HostError::Form("github".into())));
    assert_eq!(add("gitbub=https://example.com"), Err(HostError::Kind("gitbub".into())));
}

#[test]
fn only_who_can_be_elsewhere_is() {
    for verifier in by_http() {
        let added = Hosts::default().add(&format!("{}=https://issuer.example.com", verifier.name));
        let expected = if verifier.self_hosted { Ok(()) } else { Err(HostError::NotSelfHosted(verifier.name.into())) };
        assert_eq!(added, expected);
    }
}

#[test]
fn the_secrets_of_one_credential_are_asked_about_in_turn() {
    let server =
        FaultyServer::start(Behaviour::Late(Box::new(Behaviour::json(401, r#"{"message": "Bad credentials"}"#))));
    let secrets = ["ghp_one", "ghp_two", "ghp_three"].map(|secret| candidate("github-token", secret, &[])).to_vec();
    let url = server.url();
    let told = verify(&[secrets], &settings([("github", url.as_str())], PATIENCE), &|| ()).unwrap().remove(0);
    assert_eq!((told.status, told.reason), (Status::Inactive, Some(Reason::NotFound)));
    assert_eq!((server.seen().len(), server.most_waiting()), (3, 1));
}

#[test]
fn four_are_asked_at_once_at_most() {
    let server = FaultyServer::start(Behaviour::Late(Box::new(Behaviour::json(200, OCTOCAT))));
    let one = |n| vec![candidate("github-token", &format!("ghp_{n}"), &[])];
    let credentials: Vec<_> = (0..12).map(one).collect();
    let url = server.url();
    let advanced = std::cell::Cell::new(0);
    let advance = || advanced.set(advanced.get() + 1);
    let told = verify(&credentials, &settings([("github", url.as_str())], PATIENCE), &advance).unwrap();
    assert!(told.iter().all(|verdict| verdict.status == Status::Active));
    assert_eq!((server.seen().len(), advanced.get()), (12, 12));
    assert!((2..=4).contains(&server.most_waiting()), "{}", server.most_waiting());
}

#[test]
fn who_is_busy_is_asked_once_more() {
    let once = |behaviour| {
        let server = FaultyServer::start(Behaviour::InTurn(vec![behaviour, Behaviour::json(200, OCTOCAT)]));
        let told = ask("github", &server.url(), candidate("github-token", "ghp_x", &[]));
        (told.status, server.seen().len())
    };
    for busy in [429, 500, 502, 503, 504] {
        assert_eq!(once(Behaviour::json(busy, "{}")), (Status::Active, 2), "{busy}");
    }
    for clear in [400, 403, 404, 302, 418] {
        assert_eq!(once(Behaviour::json(clear, "{}")), (Status::Unknown, 1), "{clear}");
    }
    assert_eq!(once(Behaviour::HangUp), (Status::Unknown, 1));
    // Who asks for a moment gets it; who asks for a day is left alone.
    let start = Instant::now();
    assert_eq!(once(Behaviour::plain(429, &[("retry-after", "1")], "{}")), (Status::Active, 2));
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(once(Behaviour::plain(503, &[("retry-after", "3600")], "{}")), (Status::Unknown, 1));
}

#[test]
fn the_one_that_works_is_told_then_the_one_that_nobody_knows() {
    let url = |answers: [(u16, &str); 2]| {
        let answers = answers.map(|(status, body)| Behaviour::json(status, body));
        FaultyServer::start(Behaviour::InTurn(answers.to_vec()))
    };
    let dead = (401, r#"{"message": "Bad credentials"}"#);
    for (answers, expected) in [
        ([dead, (200, OCTOCAT)], Status::Active),
        ([(200, OCTOCAT), dead], Status::Active),
        ([dead, (418, "{}")], Status::Unknown),
        ([dead, dead], Status::Inactive),
    ] {
        let server = url(answers);
        let address = server.url();
        let secrets = ["ghp_one", "ghp_two"].map(|secret| candidate("github-token", secret, &[])).to_vec();
        let told = verify(&[secrets], &settings([("github", address.as_str())], PATIENCE), &|| ()).unwrap().remove(0);
        assert_eq!(told.status, expected, "{answers:?}");
    }
}

#[test]
fn a_log_in_needs_its_own_permission() {
    let server = FaultyServer::start(Behaviour::json(200, "{}"));
    let url = server.url();
    for verifier in by_http().filter(|verifier| verifier.logs_in) {
        let sample = super::samples::of(verifier);
        let mut settings = settings([(sample.host(), url.as_str())], PATIENCE);
        settings.logins = false;
        let told = verify(&[vec![sample.candidate()]], &settings, &|| ()).unwrap().remove(0);
        assert_eq!((told.status, told.reason), (Status::Unknown, Some(Reason::Skipped)), "{}", verifier.name);
    }
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[test]
fn a_plan_asks_nobody_and_says_all_that_would_be() {
    let server = FaultyServer::start(Behaviour::json(200, "{}"));
    let url = server.url();
    for verifier in by_http() {
        let sample = super::samples::of(verifier);
        let planned = plan(&[vec![sample.candidate()]], &settings([(sample.host(), url.as_str())], PATIENCE));
        assert!(!planned.is_empty(), "{}", verifier.name);
        for call in &planned {
            let call = call.call.as_ref().unwrap();
            assert!(call.request.contains(&url) && !call.tells.is_empty() && !call.leaves.is_empty(), "{call:?}");
        }
    }
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[test]
fn names_and_kinds_belong_to_one_issuer_each() {
    let mut names: Vec<&str> = ALL.iter().map(|verifier| verifier.name).collect();
    let mut kinds: Vec<&str> = ALL.iter().flat_map(|verifier| verifier.kinds).copied().collect();
    let (all_names, all_kinds) = (names.len(), kinds.len());
    names.sort_unstable();
    names.dedup();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!((names.len(), kinds.len()), (all_names, all_kinds));
}
