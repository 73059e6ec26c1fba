//! GitHub Enterprise Server: every request stays below the path of its API, also those for further pages.

use super::arrival::file;
use super::fake::Github;
use super::{Context, Job, SHA, finding, report};
use credlint::publish::publish;
use serde_json::json;
use std::collections::HashMap;

/// From the variables of a job there.
fn context(repository: &str, slash: &str) -> Context {
    let api = format!("http://{}/api/v3{slash}", Github::shared().address);
    let variables = HashMap::from([
        ("GITHUB_API_URL", api.as_str()),
        ("GITHUB_SERVER_URL", "https://github.example.com"),
        ("GITHUB_REPOSITORY", repository),
        ("GITHUB_TOKEN", repository),
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_SHA", SHA),
        ("GITHUB_REF", "refs/pull/7/merge"),
        ("GITHUB_RUN_ID", "5"),
    ]);
    let given = |name: &str| variables.get(name).map(|value| (*value).to_owned());
    let payload = json!({"pull_request": {"number": 7, "head": {"sha": SHA}}}).to_string();
    Context::of_job(&given, Some(payload.as_bytes()), jiff::Timestamp::UNIX_EPOCH).unwrap()
}

#[test]
fn every_request_keeps_the_path_of_the_api() {
    for (name, slash) in [("o/enterprise", ""), ("o/enterprise-slash", "/")] {
        let mut mended = finding("infra/main.tf", 2);
        mended["fix"] = json!({"safe": true, "edits": [{
            "path": "infra/main.tf", "start": {"line": 2, "column": 7}, "end": {"line": 2, "column": 8}, "text": "9"}]});
        let github = Github::shared();
        github.with(name, |repository| {
            // More than a page of each list, and a link to the next one that leads elsewhere.
            let other = json!({"id": 1, "body": "x", "user": {"login": "mallory", "type": "User"}});
            (repository.comments, repository.at_lines) = (vec![other.clone(); 150], vec![other; 150]);
            repository.files = (0..150).map(|at| file(&format!("{at}.tf"))).chain([file("infra/main.tf")]).collect();
        });
        let context = context(name, slash);
        assert_eq!(context.run_url.as_deref(), Some(&*format!("https://github.example.com/{name}/actions/runs/5")));
        for wanted in [&[][..], &["sarif".to_owned()]] {
            let outcome = publish(&report(&[mended.clone()]), &context, wanted, &Job::default());
            assert_eq!(outcome.missed, Vec::<String>::new());
        }
        github.with(name, |repository| {
            for (method, path, _) in &repository.calls {
                let below = format!("/api/v3/repos/{name}/");
                assert!(path == "/api/v3/user" || path.starts_with(&below), "{method} {path}");
            }
            assert!(repository.calls.iter().filter(|(_, path, _)| path.contains("page=2")).count() >= 3);
            assert_eq!((repository.checks.len(), repository.analyses.len()), (1, 1));
            assert!(repository.checks[0].0["details_url"].as_str().unwrap().starts_with("https://github.example.com/"));
            assert!(repository.at_lines[150]["body"].as_str().unwrap().contains("```suggestion\n  a = 9\n```"));
            assert!(repository.comments[150]["body"].as_str().unwrap().contains("1 error"));
        });
    }
}
