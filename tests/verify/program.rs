//! The program as people run it: whoever is not asked for is sent nothing, and no output holds a secret.

use crate::git_repository::Directory;
use crate::support::{Behaviour, FaultyServer};
use std::process::Command;

const TOKEN: &str = "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";

/// What it prints of a repository with a token, and its status, with an issuer of that behaviour.
fn run(server: &FaultyServer, arguments: &[&str]) -> (String, Option<i32>) {
    let directory = Directory::with_git();
    directory.write("main.tf", &format!("provider \"github\" {{\n  token = \"{TOKEN}\"\n}}\n"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_credlint"));
    command.env_clear().env("HOME", &directory.root).current_dir(&directory.root);
    let host = format!("github={}", server.url());
    let output = command.args(arguments).args(["--verify-host", &host]).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code())
}

#[test]
fn nobody_is_asked_who_was_not_asked_for() {
    let server = FaultyServer::start(Behaviour::json(200, r#"{"login": "octocat"}"#));
    for arguments in [&["check"][..], &["check", "--verify=plan"], &["verify", "--verify=plan"]] {
        let (text, status) = run(&server, arguments);
        assert_ne!(status, Some(2), "{arguments:?}: {text}");
        assert_eq!(server.lines(), Vec::<String>::new(), "{arguments:?}");
    }
    let (text, status) = run(&server, &["check", "--verify"]);
    assert_eq!((server.lines(), status), (vec!["GET /user".to_owned()], Some(1)), "{text}");
    assert!(text.contains("credential-active") && text.contains("octocat"), "{text}");
}

#[test]
fn no_output_holds_a_secret_whatever_the_issuer_says() {
    let echo = format!(r#"{{"login": "{TOKEN}", "message": "{TOKEN}"}}"#);
    let scopes = [("x-oauth-scopes", TOKEN), ("content-type", "application/json")];
    for behaviour in [
        Behaviour::plain(200, &scopes, &echo),
        Behaviour::json(200, r#"{"login": "octocat\u001b[31m\n::error::x"}"#),
        Behaviour::json(403, &echo),
        Behaviour::json(500, &echo),
        Behaviour::plain(302, &[("location", &format!("http://127.0.0.1:1/{TOKEN}"))], ""),
    ] {
        let server = FaultyServer::start(behaviour.clone());
        for format in ["text", "json", "github"] {
            let (text, status) = run(&server, &["check", "--verify", "--format", format]);
            assert_eq!(status, Some(1), "{behaviour:?} {format}: {text}");
            assert!(!text.contains("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"), "{behaviour:?} {format}: {text}");
            assert!(!text.contains('\u{1b}') && !text.contains("\n::error::x"), "{behaviour:?} {format}: {text}");
        }
        let (text, _) = run(&server, &["verify"]);
        assert!(!text.contains("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"), "{behaviour:?}: {text}");
    }
}
