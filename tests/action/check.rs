//! The check itself: annotations, reports, outputs, the summary; and inputs as nothing but data.

use super::releases::executable;
use super::{Outcome, PROGRAM, ROOT, Runner};
use crate::publish::fake::{Github, Trouble};
use std::path::Path;

/// The inputs that reach the program as one argument each.
const ONE_LINE: [&str; 6] = ["report", "base", "policy-ref", "baseline", "fail-on", "working-directory"];

#[test]
fn findings_become_annotations_and_a_report() {
    let runner = Runner::new();
    let outcome = runner.check(&[]);
    assert_eq!(outcome.status, 1);
    assert!(outcome.log.starts_with("::error file=infra/main.tf,line=2,"), "{}", outcome.log);
    let output = |name: &str| outcome.outputs[name].as_str();
    assert_eq!((output("exit-code"), output("findings"), output("errors")), ("1", "1", "1"));
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(output("report")).unwrap()).unwrap();
    assert_eq!(report["summary"]["findings"]["error"], 1);
}

#[test]
fn every_format_that_has_an_output_is_written() {
    let runner = Runner::new();
    let outcome = runner.check(&[]);
    for output in ["report", "sarif"] {
        let text = std::fs::read_to_string(&outcome.outputs[output]).expect(output);
        assert!(text.contains("backend-not-encrypted"), "{output}");
    }
    assert!(outcome.summary.contains("backend-not-encrypted"), "{}", outcome.summary);
}

#[test]
fn a_summary_that_the_program_writes_itself_is_the_only_one() {
    let runner = Runner::new();
    let publishing = format!("#!/bin/sh\necho published >>\"$GITHUB_STEP_SUMMARY\"\nexec {PROGRAM} \"$@\"\n");
    runner.scratch.write("credlint", &publishing);
    executable(&runner.scratch.path("credlint"));
    let program = runner.scratch.path("credlint").display().to_string();
    assert_eq!(runner.run(&[("binary", &program)]).summary, "published\n");
}

/// Annotations of the runner in a log, but for those that count others.
fn annotations(outcome: &Outcome) -> usize {
    outcome.log.lines().filter(|line| line.starts_with("::error file=")).count()
}

#[test]
fn a_finding_that_is_published_is_annotated_once() {
    let api = format!("http://{}", Github::shared().address);
    for (name, refused, said) in
        [("o/action", false, "published a check run"), ("o/action-refused", true, "published workflow commands")]
    {
        let runner = Runner::new()
            .with("GITHUB_REPOSITORY", name)
            .with("GITHUB_API_URL", &api)
            .with("GITHUB_SHA", &"a".repeat(40))
            .with("GITHUB_REF", "refs/heads/main");
        if refused {
            let trouble = (0, 10_000, Trouble::Status(403, None));
            Github::shared().with(name, |repository| repository.trouble = Some(trouble));
        }
        let outcome = runner.check(&[("publish", "true"), ("token", name)]);
        let checks = Github::shared().with(name, |repository| repository.checks.len());
        assert_eq!(
            (outcome.status, checks, annotations(&outcome)),
            (1, 1 - usize::from(refused), usize::from(refused))
        );
        assert!(outcome.log.contains(said) && outcome.log.contains("[backend-not-encrypted]"), "{}", outcome.log);
        assert!(outcome.summary.contains("backend-not-encrypted"));
    }
    let only = Runner::new().check(&[("publish", "step-summary")]);
    assert_eq!(annotations(&only), 1, "what is not asked for is not instead of annotations: {}", only.log);
}

#[test]
fn findings_and_errors_are_counted_apart() {
    let runner = Runner::new();
    let policy = "version: 1\nextends: []\nrules:\n  backend-not-encrypted: warning\n  backend-no-locking: error\n";
    // Neither a name that looks like the report's own lines nor one that is nothing else is counted.
    runner.workspace.write(".credlint.yaml", policy);
    runner.workspace.write("\"error\": 7,\n/main.tf", "terraform {\n  backend \"s3\" {\n  }\n}\n");
    let outcome = runner.check(&[]);
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&outcome.outputs["report"]).unwrap()).unwrap();
    let counts = &report["summary"]["findings"];
    let (errors, warnings) = (counts["error"].as_u64().unwrap(), counts["warning"].as_u64().unwrap());
    assert!(errors > 0 && warnings > 0, "{counts}");
    assert_eq!(outcome.outputs["errors"], errors.to_string());
    assert_eq!(outcome.outputs["findings"], (errors + warnings).to_string());
}

#[test]
fn inputs_do_what_they_say() {
    let runner = Runner::new();
    let status = |inputs: &[(&str, &str)]| runner.check(inputs).status;
    assert_eq!(status(&[("paths", "clean\n")]), 0);
    assert_eq!(status(&[("paths", "clean\r\ninfra/*.tf\r\n")]), 1);
    assert_eq!(status(&[("fail-on", "never")]), 0);
    assert_eq!(status(&[("fail-on", "")]), 1, "nothing is the default");
    assert_eq!(status(&[("policy", "strict\n.credlint.yaml\n")]), 1);
    assert_eq!(status(&[("working-directory", "clean"), ("paths", "main.tf")]), 0);
    assert_eq!(status(&[("working-directory", "nowhere")]), 2);
    assert_eq!(status(&[("args", "--jobs\n1\n")]), 1);
    assert_eq!(status(&[("base", "nowhere")]), 2, "a base that was not fetched is no clean bill");
    assert_eq!(status(&[("report", "out.json"), ("working-directory", "clean"), ("paths", ".")]), 0);
    assert!(runner.workspace.path("out.json").is_file(), "a relative report stands in the workspace");
}

#[test]
fn a_report_of_before_is_none_of_now() {
    let runner = Runner::new();
    runner.workspace.write("out.json", "{\n  \"findings\": {\n      \"error\": 3\n}\n");
    let outcome = runner.check(&[("report", "out.json"), ("fail-on", "nothing")]);
    assert_eq!((outcome.status, outcome.outputs["exit-code"].as_str()), (2, "2"));
    assert_eq!((outcome.outputs["findings"].as_str(), outcome.outputs["errors"].as_str()), ("", ""));
    assert!(!runner.workspace.path("out.json").exists());
}

#[test]
fn inputs_are_data() {
    for evil in ["$(touch PWNED)", "`touch PWNED`", "; touch PWNED", "' && touch PWNED #", "--output=json=PWNED", "*"] {
        let runner = Runner::new();
        for name in ["paths", "policy", "policy-ref", "base", "baseline", "fail-on", "working-directory"] {
            let outcome = runner.check(&[(name, evil)]);
            assert!(!runner.has_been_entered(), "{name}: {evil}");
            assert!(outcome.status == 2 || (outcome.status == 1 && evil == "*"), "{name}: {evil}: {outcome:?}");
        }
    }
}

#[test]
fn an_input_cannot_write_outputs_or_commands() {
    let runner = Runner::new();
    for name in ONE_LINE {
        for evil in ["x\nexit-code=0", "x\n::set-output name=a::b", "x\r::error::b"] {
            let outcome = runner.check(&[(name, evil)]);
            assert_eq!((outcome.status, outcome.lines), (2, 1), "{name}: {outcome:?}");
            assert_eq!(outcome.log.lines().count(), 1, "{}", outcome.log);
            assert!(!outcome.log.contains("set-output"));
        }
    }
}

#[test]
fn what_the_program_complains_of_is_no_command() {
    let runner = Runner::new();
    for name in ["paths", "policy", "policy-ref", "base", "baseline", "fail-on", "working-directory", "args"] {
        for evil in ["::set-output name=a::b", "##[set-output name=a]b", "a\u{1b}[2J##[error]b"] {
            let outcome = runner.check(&[(name, evil)]);
            assert_eq!(outcome.status, 2, "{name}: {outcome:?}");
            let obeyed = |line: &str| {
                line.trim_start().starts_with("::set-output") || line.contains("##[") || line.contains('\u{1b}')
            };
            assert!(!outcome.log.lines().any(obeyed), "{name}: {}", outcome.log);
        }
    }
}

#[test]
fn every_input_reaches_a_script() {
    let action = std::fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    let (inputs, rest) = action.split_once("\noutputs:").unwrap();
    let inputs = inputs.split_once("\ninputs:").unwrap().1;
    let names = inputs.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    let names: Vec<&str> = names.filter(|name| !name.starts_with(' ')).collect();
    assert!(names.len() > 8);
    for name in names {
        assert!(rest.contains(&format!("${{{{ inputs.{name} }}}}")), "the input {name} reaches no script");
    }
}
