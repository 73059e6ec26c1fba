//! Tokens of a Terraform Enterprise, and its release.

use super::{credlint, report, said, verdict};
use crate::git_repository::Directory;
use crate::support::Script;
use serde_json::Value;

const GOOD: &str = "ExampleExample.atlasv1.ExampleExampleExampleExampleExampleExampleExample0123456789";

fn ask(tfe: &Script, host: &str, token: &str) -> Value {
    let directory = Directory::without_git();
    let cloud = format!("hostname     = \"{host}\"\n    organization = \"example\"\n    token        = \"{token}\"");
    directory.write("main.tf", &format!("terraform {{\n  cloud {{\n    {cloud}\n  }}\n}}\n"));
    let trust = |name: &str, host: &str| {
        let url = format!("  oidc_discovery_url = \"https://{host}\"");
        format!("resource \"vault_jwt_auth_backend\" \"{name}\" {{\n{url}\n}}\n")
    };
    directory.write("trust.tf", &format!("{}{}", trust("tfe", host), trust("other", "tfe.example.com")));
    report(&mut credlint(&directory, &["check", "--verify", "--verify-host", &format!("tfe={}", tfe.url)]))
}

fn host(tfe: &Script) -> &str {
    tfe.url.trim_start_matches("http://")
}

fn asked(tfe: &Script) -> Vec<String> {
    let log = tfe.call("GET", "/log", None, &[]);
    log.as_array().unwrap().iter().map(|call| call["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_token_tells_its_user_its_age_and_the_release_of_its_host() {
    let (old, new) = (Script::start("oidc_issuer.py", &["broken"]), Script::start("oidc_issuer.py", &[]));
    let seen = ask(&old, host(&old), GOOD);
    assert_eq!(verdict(&seen), "active");
    let told = &seen["credentials"][0]["verification"];
    assert_eq!((&told["principal"], &told["issuer_version"]), (&"admin".into(), &"v202406-1".into()));
    assert_eq!(told["created_at"], "2025-11-06T22:56:10.203Z");
    let defects = said(&seen, "tfe-signing-key-defect");
    let findings = seen["findings"].as_array().unwrap();
    let defect = findings.iter().find(|finding| finding["rule"] == "tfe-signing-key-defect").unwrap();
    let related = defect["related"].to_string();
    assert!(related.contains("`vault_jwt_auth_backend.tfe` trusts its tokens"), "{related}");
    assert!(!related.contains("vault_jwt_auth_backend.other"), "{related}");
    assert!(matches!(defects[..], [one] if one.contains("is v202406-1")), "{defects:?}");
    let log = old.call("GET", "/log", None, &[]);
    let pings: Vec<&Value> = log.as_array().unwrap().iter().filter(|call| call["path"] == "/api/v2/ping").collect();
    assert!(matches!(pings[..], [ping] if ping["authorization"] == ""), "the release is asked for without the token");

    let seen = ask(&new, host(&new), GOOD);
    assert_eq!((verdict(&seen), said(&seen, "tfe-signing-key-defect").len()), ("active".to_owned(), 0));
    let dead = GOOD.replace("ExampleExample.", "ExampleAnother.");
    assert_eq!(verdict(&ask(&new, host(&new), &dead)), "inactive: not-found");
}

#[test]
fn a_token_of_another_host_is_sent_nowhere() {
    let tfe = Script::start("oidc_issuer.py", &[]);
    assert_eq!(verdict(&ask(&tfe, "tfe.example.com", GOOD)), "unknown: skipped");
    assert_eq!(asked(&tfe), [""; 0]);
}
