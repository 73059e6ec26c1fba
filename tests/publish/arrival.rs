//! What arrives where nothing goes wrong.

use super::fake::Github;
use super::{Job, SHA, context, finding, posted, prism, report};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credlint::publish::publish;
use serde_json::{Value, json};

const PATCH: &str = "@@ -1,3 +1,5 @@\n terraform {\n+  a = 1\n+  b = 2\n }\n+# end";

pub(super) fn file(name: &str) -> Value {
    json!({
        "sha": "bbcd538c8e72b8c175046e27cc8f907076331401", "filename": name, "status": "modified",
        "additions": 3, "deletions": 0, "changes": 3, "patch": PATCH,
        "blob_url": "https://github.com/o/r/blob/x/a.tf", "raw_url": "https://github.com/o/r/raw/x/a.tf",
        "contents_url": "https://api.github.com/repos/o/r/contents/a.tf?ref=x",
    })
}

fn texts<'a>(values: &'a [Value], key: &str) -> Vec<&'a str> {
    values.iter().map(|value| value[key].as_str().unwrap_or_default()).collect()
}

#[test]
fn a_pull_request_gets_a_check_a_review_and_one_comment() {
    let (github, name) = (Github::shared(), "o/whole");
    github.with(name, |repository| repository.files = vec![file("infra/main.tf")]);
    let mut mended = finding("infra/main.tf", 2);
    mended["fix"] = json!({"safe": true, "edits": [{
        "path": "infra/main.tf", "start": {"line": 2, "column": 7}, "end": {"line": 2, "column": 8}, "text": "9"}]});
    let first = [mended, finding("infra/main.tf", 4), finding("infra/other.tf", 30)];
    let context = context(prism::judged(), name);
    let (outcome, job) = posted(&report(&first), &context);
    assert_eq!(outcome.missed, Vec::<String>::new());
    assert!(job.commanded.borrow().is_empty(), "the check run holds all");
    assert!(job.summary.borrow().contains("3 errors"));
    github.with(name, |repository| {
        let (run, annotations) = &repository.checks[0];
        assert_eq!(
            (&run["status"], &run["conclusion"], &run["head_sha"]),
            (&"completed".into(), &"failure".into(), &SHA.into())
        );
        assert_eq!(texts(annotations, "path"), ["infra/main.tf", "infra/main.tf", "infra/other.tf"]);
        assert_eq!(annotations[0]["start_column"], 3);
        assert_eq!(repository.comments.len(), 1);
        // Line 4 is there, and nothing has changed it; the other file is no part of the change.
        assert_eq!(repository.at_lines.len(), 1);
        let body = repository.at_lines[0]["body"].as_str().unwrap();
        assert!(body.contains("```suggestion\n  a = 9\n```"), "{body}");
    });
    // The same again changes nothing.
    let (outcome, _) = posted(&report(&first), &context);
    assert_eq!(outcome.missed, Vec::<String>::new());
    github.with(name, |repository| {
        assert_eq!((repository.checks.len(), repository.comments.len(), repository.at_lines.len()), (1, 1, 1));
        assert_eq!(repository.checks[0].1.len(), 3);
    });
    // The next push mends what had a comment.
    let next = super::Context { run: "2.1".into(), ..context };
    posted(&report(&first[1..]), &next);
    github.with(name, |repository| {
        assert_eq!((repository.checks.len(), repository.comments.len(), repository.at_lines.len()), (2, 1, 1));
        let comment = repository.comments[0]["body"].as_str().unwrap();
        assert!(comment.contains("### Resolved\n\n- ✅ `backend-no-lock` in `infra/main.tf`"), "{comment}");
        let at_line = repository.at_lines[0]["body"].as_str().unwrap();
        assert!(at_line.contains("✅ **Resolved**") && at_line.contains("does not lock, line 2"), "{at_line}");
    });
}

#[test]
fn many_findings_arrive_in_order() {
    let (github, name) = (Github::shared(), "o/many");
    let findings: Vec<Value> = (1..=1234).map(|line| finding("infra/main.tf", line)).collect();
    let (outcome, _) = posted(&report(&findings), &context(prism::judged(), name));
    assert_eq!(outcome.missed, Vec::<String>::new());
    github.with(name, |repository| {
        let lines: Vec<u64> = repository.checks[0].1.iter().map(|one| one["start_line"].as_u64().unwrap()).collect();
        assert_eq!(lines, (1..=1234).collect::<Vec<u64>>());
        let batches = repository.calls.iter().filter(|(.., body)| body["output"].get("annotations").is_some());
        assert_eq!(batches.count(), 25);
        assert_eq!(repository.checks[0].0["conclusion"], "failure");
    });
}

#[test]
fn a_comment_is_found_behind_hundreds_and_never_taken_from_others() {
    let (github, name) = (Github::shared(), "o/paged");
    let url = format!("http://{}", github.address);
    let context = context(url, name);
    let findings = [finding("infra/main.tf", 2)];
    posted(&report(&findings), &context);
    github.with(name, |repository| {
        let own = repository.comments[0].clone();
        let mut pasted = own.clone();
        pasted["id"] = 9_999.into();
        pasted["user"] = json!({"login": "mallory", "type": "User"});
        let mut others = vec![pasted; 250];
        others.push(own);
        repository.comments = others;
    });
    posted(&report(&findings), &context);
    github.with(name, |repository| {
        assert_eq!(repository.comments.len(), 251);
        assert!(repository.calls.iter().all(|(_, path, _)| !path.contains("comments/9999")));
    });
}

#[test]
fn a_pull_request_of_more_files_than_github_lists_is_reviewed_as_far_as_it_does() {
    let (github, name) = (Github::shared(), "o/wide");
    github.with(name, |repository| repository.files = (0..3100).map(|at| file(&format!("{at}.tf"))).collect());
    let findings = [finding("2999.tf", 2), finding("3050.tf", 2)];
    let (outcome, _) = posted(&report(&findings), &context(format!("http://{}", github.address), name));
    let said = "the review: GitHub lists 3,000 files of a pull request: lines of others have no comments";
    assert_eq!(outcome.missed, [said]);
    github.with(name, |repository| {
        assert_eq!(texts(&repository.at_lines, "path"), ["2999.tf"]);
        assert_eq!(texts(&repository.checks[0].1, "path"), ["2999.tf", "3050.tf"]);
        let pages = repository.calls.iter().filter(|(_, path, _)| path.contains("/files"));
        assert_eq!(pages.count(), 30);
    });
}

#[test]
fn one_comment_that_is_not_taken_costs_no_other() {
    let (github, name) = (Github::shared(), "o/picky");
    github.with(name, |repository| {
        repository.files = vec![file("a.tf"), file("b.tf"), file("c.tf")];
        repository.refused_path = Some("b.tf".into());
        repository.head = SHA.into();
    });
    let findings = [finding("a.tf", 2), finding("b.tf", 3), finding("c.tf", 5)];
    let (outcome, _) = posted(&report(&findings), &context(format!("http://{}", github.address), name));
    assert_eq!(outcome.missed, ["the review: GitHub did not take 1 comment at a line"]);
    github.with(name, |repository| assert_eq!(texts(&repository.at_lines, "path"), ["a.tf", "c.tf"]));
}

#[test]
fn an_analysis_is_uploaded_where_it_is_asked_for_and_holds_nothing_suppressed() {
    let (github, name) = (Github::shared(), "o/analysed");
    let mut hidden = finding("a.tf", 3);
    hidden["suppressed"] = json!({"by": "inline", "reason": "known"});
    let report = report(&[finding("a.tf", 2), hidden]);
    let mut context = context(prism::judged(), name);
    context.head.checked_out = Some((SHA.into(), "refs/pull/7/merge".into()));
    let outcome = publish(&report, &context, &["sarif".into()], &Job::default());
    assert_eq!((outcome.posted, outcome.missed), (vec!["an analysis for code scanning".to_owned()], Vec::new()));
    github.with(name, |repository| {
        assert!(repository.checks.is_empty() && repository.comments.is_empty(), "nothing else was asked for");
        let analysis = &repository.analyses[0];
        assert_eq!((&analysis["commit_sha"], &analysis["ref"]), (&SHA.into(), &"refs/pull/7/merge".into()));
        let zipped = STANDARD.decode(analysis["sarif"].as_str().unwrap()).unwrap();
        let sarif: Value = serde_json::from_reader(flate2::read::GzDecoder::new(&zipped[..])).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), 1);
    });
}

#[test]
fn nothing_of_a_hostile_report_is_markup() {
    let (github, name) = (Github::shared(), "o/hostile");
    let path = "a\n::error::x `|<img src=x>@everyone-->.tf";
    github.with(name, |repository| repository.files = vec![file(path)]);
    let mut hostile = finding(path, 2);
    hostile["message"] = "<script>alert(1)</script> @everyone ![x](https://evil.example/x) -->".into();
    hostile["fingerprint"] = "--> <b>".into();
    let (outcome, _) = posted(&report(&[hostile.clone()]), &context(prism::judged(), name));
    assert_eq!(outcome.missed, Vec::<String>::new());
    hostile["fingerprint"] = "0123456789abcdef".into();
    posted(&report(&[hostile]), &context(prism::judged(), name));
    github.with(name, |repository| {
        let texts = repository.comments.iter().chain(&repository.at_lines).map(|one| one["body"].as_str().unwrap());
        for text in texts {
            for markup in ["<script", "<img", " @everyone", "](https://evil", "<b>"] {
                let outside: String = text.split('`').step_by(2).collect();
                assert!(!outside.contains(markup), "{markup} in {text}");
            }
        }
        assert_eq!(repository.at_lines.len(), 1);
    });
}
