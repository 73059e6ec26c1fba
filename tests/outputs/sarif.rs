//! SARIF under the standard's schema, under Microsoft's validator with GitHub's rules, and what neither looks at.

use super::judges::files;
use super::{fixture, hostile, rendered};
use crate::support::node_package;
use credlint::finding::{Finding, Place, Related};
use credlint::output::{Context, write_sarif_upload};
use credlint::report::{Input, Report, build};
use credlint::text::Span;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

const VALIDATOR: &str = "@microsoft/sarif-multitool-linux";

fn document(report: &Report) -> Value {
    serde_json::from_str(&rendered("sarif", report, &Context::default())).expect("it is JSON")
}

fn upload(report: &Report) -> Value {
    let mut out = Vec::new();
    write_sarif_upload(report, "credlint/infra", &mut out).expect("a Vec takes everything");
    serde_json::from_slice(&out).expect("it is JSON")
}

fn schema() -> jsonschema::Validator {
    let text = std::fs::read_to_string(node_package(VALIDATOR).join("sarif-2.1.0.json")).expect("the schema is there");
    let schema = serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("it is JSON");
    jsonschema::validator_for(&schema).expect("the schema is one")
}

#[test]
fn the_standard_holds() {
    let schema = schema();
    let directory = tempfile::tempdir().expect("a directory can be made");
    for file in files("sarif", directory.path()) {
        let document = serde_json::from_slice(&std::fs::read(&file).expect("it is there")).expect("it is JSON");
        let wrong: Vec<String> =
            schema.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    assert!(!schema.is_valid(&json!({ "version": "2.1.0", "runs": [{}] })), "the judge judges");
}

/// What the validator finds, without its advice. It always ends well: what it says stands in a file.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn complaints(file: &Path) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let program = node_package(VALIDATOR).join("Sarif.Multitool");
    // The package's own script would do this, and nothing else.
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("the program is ours");
    let said = file.with_extension("said");
    let mut command = Command::new(program);
    command.arg("validate").arg(file).args(["--rule-kind", "Sarif;Ghas", "--log", "ForceOverwrite"]);
    command.args(["--level", "Error;Warning;Note", "-o"]).arg(&said).arg("--quiet");
    // It would ask for the schema that a file names.
    let nowhere = "http://127.0.0.1:9";
    let output = command.env("HTTP_PROXY", nowhere).env("HTTPS_PROXY", nowhere).output().expect("the validator runs");
    let said = std::fs::read(&said).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let said: Value = serde_json::from_slice(&said).expect("it is JSON");
    let run = &said["runs"][0];
    let results = run["results"].as_array().cloned().unwrap_or_default();
    let invocations = run["invocations"].as_array().cloned().unwrap_or_default();
    let notes = invocations.iter().flat_map(|invocation| {
        let of = |kind: &str| invocation[kind].as_array().cloned().unwrap_or_default();
        [of("toolExecutionNotifications"), of("toolConfigurationNotifications")].concat()
    });
    let grave = |one: &Value| one["level"] != "note" && one["level"] != "none";
    results.iter().cloned().chain(notes).filter(grave).map(|one| one.to_string()).collect()
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn github_would_take_it() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    // Each of them takes a while: the fixed one, the empty ones, and some of the others.
    let mut chosen: Vec<PathBuf> = files("sarif", directory.path());
    chosen = chosen.into_iter().enumerate().filter(|(at, _)| *at < 3 || at % 8 == 0).map(|(_, file)| file).collect();
    let uploaded = directory.path().join("upload.sarif");
    std::fs::write(&uploaded, upload(&fixture::report()).to_string()).expect("a file can be written");
    chosen.push(uploaded);
    for file in chosen {
        assert_eq!(complaints(&file), Vec::<String>::new(), "{}", file.display());
    }
    let mut bad = document(&fixture::report());
    bad["runs"][0]["tool"]["driver"]["rules"][0]["help"] = json!({});
    let file = directory.path().join("bad.sarif");
    std::fs::write(&file, bad.to_string()).expect("a file can be written");
    assert_ne!(complaints(&file), Vec::<String>::new(), "the judge judges");
}

#[test]
fn what_the_validators_do_not_look_at() {
    let hash = regex::Regex::new("^[0-9a-f]{1,16}:[1-9][0-9]*$").expect("a pattern");
    for report in super::judges::reports() {
        for document in [document(&report), upload(&report)] {
            let run = &document["runs"][0];
            assert_eq!(run["columnKind"], "unicodeCodePoints");
            assert!(run["automationDetails"]["id"].as_str().is_some_and(|id| id.ends_with('/')));
            assert_eq!(run["invocations"][0]["executionSuccessful"], !report.incomplete());
            let rules = run["tool"]["driver"]["rules"].as_array().expect("there are rules");
            for rule in rules {
                let severity: f64 =
                    rule["properties"]["security-severity"].as_str().expect("text").parse().expect("a number");
                assert!((0.1..=10.0).contains(&severity));
                assert!(["high", "medium", "low"].map(Value::from).contains(&rule["properties"]["precision"]));
                for text in ["shortDescription", "fullDescription"] {
                    assert!((1..=1024).contains(&rule[text]["text"].as_str().expect("text").chars().count()));
                }
            }
            for result in run["results"].as_array().expect("there are results") {
                let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
                assert_eq!(result["ruleId"], rules[index]["id"]);
                let print = &result["partialFingerprints"]["primaryLocationLineHash"];
                assert!(hash.is_match(print.as_str().expect("text")), "{print}");
                let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("text");
                assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)), "{uri}");
                assert!(!result["message"]["text"].as_str().expect("text").contains("]("), "no link");
            }
        }
    }
}

#[test]
fn paths_come_back_from_their_addresses() {
    for &name in hostile::NAMES {
        let report = hostile::report(name);
        let document = document(&report);
        let location = &document["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        let uri = location["artifactLocation"]["uri"].as_str().expect("text");
        let path = percent_encoding::percent_decode_str(uri).decode_utf8().expect("paths are UTF-8");
        assert_eq!(path, report.findings[0].spot.path.shown());
    }
}

#[test]
fn what_is_suppressed_stays_at_home() {
    let report = fixture::report();
    let results = |document: Value| document["runs"][0]["results"].as_array().cloned().unwrap_or_default();
    let suppressed = |result: &&Value| result.get("suppressions").is_some();
    let (all, uploaded) = (results(document(&report)), results(upload(&report)));
    assert_eq!(all.iter().filter(suppressed).count(), 1);
    assert_eq!((uploaded.len(), uploaded.iter().filter(suppressed).count()), (all.len() - 1, 0));
    assert_eq!(upload(&report)["runs"][0]["automationDetails"]["id"], "credlint/infra/");
    assert_eq!(uploaded[0]["level"], "error", "the worst first, as the last ones may be cut off");
    for result in &uploaded {
        let same = all
            .iter()
            .find(|one| one["partialFingerprints"]["credlint/v1"] == result["partialFingerprints"]["credlint/v1"]);
        assert_eq!(same.map(|one| &one["partialFingerprints"]), Some(&result["partialFingerprints"]));
    }
}

#[test]
fn no_more_is_uploaded_than_github_takes() {
    let file = fixture::source("a.tf", &"x = 1\n".repeat(26_000));
    let at = |line: usize| Place::new(&file, Span::new(line * 6, line * 6 + 5));
    let mut findings: Vec<Finding> =
        (0..25_500).map(|line| Finding::new("provider-unpinned", at(line), "m").attribute(line.to_string())).collect();
    findings.push(Finding::new("tfvars-secret", at(25_900), "m"));
    let report = build(Input { whole_tree: false, ..fixture::input(findings) });
    let uploaded = upload(&report);
    let results = uploaded["runs"][0]["results"].as_array().expect("there are results");
    assert_eq!((results.len(), &results[0]["ruleId"]), (25_000, &json!("tfvars-secret")));
    // Lines that are alike are told apart by their number.
    assert_eq!(
        results[3]["partialFingerprints"]["primaryLocationLineHash"].as_str().map(|hash| &hash[hash.len() - 2..]),
        Some(":3")
    );
}

#[test]
fn the_way_of_a_value_is_a_flow() {
    let file = fixture::source("a.tf", "one = 1\ntwo = 2\nthree = 3\n");
    let part = |part: &str| fixture::place(&file, part);
    let finding = |related: Vec<Related>| {
        let mut finding = Finding::new("tfvars-secret", part("one"), "m");
        finding.related = related;
        document(&build(Input { whole_tree: false, ..fixture::input(vec![finding]) }))["runs"][0]["results"][0].clone()
    };
    let stations = [Related::station(part("two"), "var.a"), Related::station(part("three"), "b.c")];
    let result = finding([&stations[..], &[Related::other(part("1"), "elsewhere")]].concat());
    let steps = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().expect("there is a flow");
    let names: Vec<&Value> = steps.iter().map(|step| &step["location"]["message"]["text"]).collect();
    assert_eq!(names, ["var.a", "b.c"]);
    assert_eq!(result["relatedLocations"].as_array().map(Vec::len), Some(3));
    assert_eq!(finding(vec![stations[0].clone()]).get("codeFlows"), None, "one step is no way");
}
