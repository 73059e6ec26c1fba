//! What people see on a pull request after one push and the next.

use super::arrival::file;
use super::fake::{Github, Trouble};
use super::{Context, context, finding, json_report, posted, report};
use credlint::report::{Report, read};
use serde_json::{Value, json};

const PATH: &str = "infra/main.tf";

/// A finding at a changed line that can be mended there.
fn mended(line: usize) -> Value {
    let at = |column: usize| json!({"line": line, "column": column});
    let edit = json!({"path": PATH, "start": at(7), "end": at(8), "text": "9"});
    let mut finding = finding(PATH, line);
    finding["fix"] = json!({"safe": true, "edits": [edit]});
    finding
}

/// A report of a run that could not check all that it was asked to.
fn incomplete(findings: &[Value]) -> Report {
    let mut report = json_report(findings);
    report["notifications"] = json!([{"level": "error", "message": "cannot be read", "path": "infra/other.tf"}]);
    read(report.to_string().as_bytes(), &[], jiff::Timestamp::UNIX_EPOCH).unwrap()
}

fn prepare(name: &str) -> Context {
    let github = Github::shared();
    github.with(name, |repository| repository.files = vec![file(PATH)]);
    context(format!("http://{}", github.address), name)
}

/// Posts from a push of its own; what is said of it.
fn push(nth: usize, report: &Report, context: &Context) -> Vec<String> {
    let (outcome, _) = posted(report, &Context { run: format!("{nth}.1"), ..context.clone() });
    assert_eq!(outcome.missed, Vec::<String>::new());
    outcome.posted
}

fn bodies(values: &[Value]) -> Vec<String> {
    values.iter().map(|one| one["body"].as_str().unwrap().to_owned()).collect()
}

/// The summary and the comments at lines.
fn shown(name: &str) -> (Vec<String>, Vec<String>) {
    Github::shared().with(name, |repository| (bodies(&repository.comments), bodies(&repository.at_lines)))
}

#[test]
fn what_is_mended_is_marked_and_what_is_back_is_said_again() {
    let name = "o/pushes";
    let context = prepare(name);
    let said = push(1, &report(&[mended(2), finding(PATH, 3)]), &context);
    assert_eq!(said[1], "a review with 2 comments");
    let said = push(2, &report(&[finding(PATH, 3)]), &context);
    assert_eq!(said[1], "no new comment at a line: 1 comment there already; 1 comment marked as resolved");
    let (summaries, at_lines) = shown(name);
    assert_eq!((summaries.len(), at_lines.len()), (1, 2));
    assert!(summaries[0].contains("### Resolved\n\n- ✅ `backend-no-lock` in `infra/main.tf`"), "{summaries:?}");
    assert!(at_lines[0].contains("✅ **Resolved**") && at_lines[0].contains("does not lock, line 2"), "{at_lines:?}");
    assert!(!at_lines[0].contains("```suggestion"), "nothing is left to take over: {at_lines:?}");
    assert!(!at_lines[1].contains("Resolved"));
    let said = push(3, &report(&[]), &context);
    assert_eq!(said[1], "no new comment at a line; 1 comment marked as resolved");
    let said = push(4, &report(&[mended(2)]), &context);
    assert_eq!(said[1], "a review with 1 comment");
    let (summaries, at_lines) = shown(name);
    assert!(summaries[0].contains("1 error") && summaries[0].matches("- ✅").count() == 1, "{summaries:?}");
    assert_eq!((at_lines.len(), at_lines[2].matches("```suggestion").count()), (3, 1));
}

#[test]
fn a_summary_of_much_is_no_longer_than_a_comment() {
    let name = "o/much";
    let context = prepare(name);
    let all: Vec<Value> = (0..400).map(|at| finding(&format!("{}{at}.tf", "漢`|".repeat(40)), at + 1)).collect();
    for (nth, findings) in [&all[..], &all[200..], &all[250..]].into_iter().enumerate() {
        push(nth, &report(findings), &context);
        let (summaries, _) = shown(name);
        assert!(summaries[0].len() <= 65_536, "{} bytes after push {nth}", summaries[0].len());
        assert_eq!(summaries[0].contains("- ✅"), nth > 0);
    }
}

#[test]
fn what_could_not_be_checked_is_not_resolved() {
    let name = "o/incomplete";
    let context = prepare(name);
    push(1, &report(&[mended(2), finding(PATH, 3)]), &context);
    push(2, &incomplete(&[]), &context);
    let (summaries, at_lines) = shown(name);
    let all = [summaries, at_lines].concat().concat();
    assert!(!all.contains("Resolved") && !all.contains('✅') && all.contains("Not all that was asked for"), "{all}");
    // It was remembered all the same.
    push(3, &report(&[]), &context);
    let (summaries, at_lines) = shown(name);
    assert_eq!(summaries[0].matches("- ✅").count(), 2, "{summaries:?}");
    assert!(at_lines.iter().all(|text| text.contains("✅ **Resolved**")), "{at_lines:?}");
}

#[test]
fn reports_of_two_names_leave_each_other_alone() {
    let name = "o/two-names";
    let infra = prepare(name);
    let apps = Context { name: "credlint (apps)".into(), ..infra.clone() };
    push(1, &report(&[finding(PATH, 2)]), &infra);
    push(1, &report(&[finding(PATH, 3)]), &apps);
    let (summaries, at_lines) = shown(name);
    assert_eq!((summaries.len(), at_lines.len()), (2, 2));
    assert!(!at_lines.concat().contains("Resolved"), "{at_lines:?}");
    Github::shared().with(name, |repository| assert_eq!(repository.checks.len(), 2));
}

#[test]
fn the_summary_of_another_bot_is_left_alone_and_costs_no_second_one() {
    let name = "o/two-bots";
    let context = prepare(name);
    let findings = report(&[finding("elsewhere.tf", 2)]);
    push(1, &findings, &context);
    Github::shared().with(name, |repository| {
        let mut foreign = repository.comments[0].clone();
        foreign["id"] = 9_999.into();
        foreign["user"]["login"] = "another[bot]".into();
        repository.comments = vec![foreign];
        // The answer to the first comment of our own is lost.
        repository.trouble = Some((repository.calls.len() + 6, 1, Trouble::Lost));
    });
    for nth in 2..5 {
        push(nth, &findings, &context);
    }
    Github::shared().with(name, |repository| {
        let creations =
            repository.calls.iter().filter(|(method, path, _)| method == "POST" && path.ends_with("7/comments"));
        assert_eq!((repository.comments.len(), creations.count()), (2, 2));
    });
    // Who has nothing to say says so where it has spoken.
    push(5, &report(&[]), &context);
    let (summaries, _) = shown(name);
    assert!(summaries[0].contains("1 error") && summaries[1].contains("no findings"), "{summaries:?}");
}

#[test]
fn a_check_run_is_found_again_among_hundreds_of_others() {
    let name = "o/busy";
    let context = prepare(name);
    let findings = report(&[finding(PATH, 2)]);
    push(1, &findings, &context);
    Github::shared().with(name, |repository| {
        let own = repository.checks.remove(0);
        let mut other = own.clone();
        other.0["name"] = "build".into();
        repository.checks = vec![other; 250];
        repository.checks.push(own);
    });
    push(1, &findings, &context);
    Github::shared().with(name, |repository| assert_eq!(repository.checks.len(), 251));
}
