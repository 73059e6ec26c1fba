//! Bitbucket's Code Insights: batches of 100, each annotation known by its id.

use super::fake::{Github, Trouble};
use super::{Context, SHA, finding, posted, report};
use credlint::publish::Forge;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

fn context(repository: &str) -> Context {
    let url = format!("http://{}", Github::shared().address);
    let variables = HashMap::from([
        ("BITBUCKET_WORKSPACE", "ws"),
        ("BITBUCKET_REPO_SLUG", "repo"),
        ("BITBUCKET_COMMIT", SHA),
        ("BITBUCKET_TOKEN", repository),
        ("CREDLINT_BITBUCKET_API_URL", &url),
    ]);
    let given = |name: &str| variables.get(name).map(|value| (*value).to_owned());
    let mut context = Context::of_job(&given, None, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!((context.forge, context.repository.as_str()), (Forge::Bitbucket, "ws/repo"));
    context.pace.pause = Duration::from_millis(1);
    context
}

#[test]
fn a_report_and_its_annotations_arrive_even_if_answers_are_lost() {
    let name = "ws/insights";
    Github::shared().with(name, |repository| repository.trouble = Some((1, 1, Trouble::Lost)));
    let findings: Vec<_> = (1..=1234).map(|line| finding("infra/main.tf", line)).collect();
    let (outcome, _) = posted(&report(&findings), &context(name));
    assert_eq!(outcome.posted, ["a Code Insights report with 1000 annotations"]);
    assert_eq!(outcome.missed, ["Bitbucket takes 1,000 annotations: 234 more have none"]);
    Github::shared().with(name, |repository| {
        let (method, path, head) = &repository.calls[0];
        assert_eq!((method.as_str(), &head["result"]), ("PUT", &"FAILED".into()));
        assert_eq!(path, &format!("/2.0/repositories/ws/repo/commit/{SHA}/reports/credlint"));
        let batches: Vec<_> = repository.calls[1..].iter().map(|(.., body)| body.as_array().unwrap()).collect();
        assert!(batches.iter().all(|batch| batch.len() <= 100));
        assert_eq!(batches.len(), 11, "one was sent twice");
        let ids: HashSet<&str> =
            batches.iter().copied().flatten().map(|one| one["external_id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), 1000);
    });
}

#[test]
fn a_report_of_another_name_takes_no_place_of_the_first() {
    let name = "ws/named";
    let named = Context { name: "credlint (apps)/eu".into(), ..context(name) };
    posted(&report(&[finding("a.tf", 1)]), &named);
    Github::shared().with(name, |repository| {
        assert!(repository.calls[0].1.ends_with("/reports/credlint--apps--eu"), "{}", repository.calls[0].1);
        assert_eq!(repository.calls[0].2["title"], "credlint (apps)/eu");
    });
}

#[test]
fn a_token_that_may_not_post_is_one_line() {
    let name = "ws/refused";
    Github::shared().with(name, |repository| repository.trouble = Some((0, 9, Trouble::Status(403, None))));
    let (outcome, _) = posted(&report(&[finding("a.tf", 1)]), &context(name));
    assert!(outcome.posted.is_empty());
    assert!(outcome.missed[0].starts_with("not possible here: code-insights: the token may not do it"), "{outcome:?}");
}
