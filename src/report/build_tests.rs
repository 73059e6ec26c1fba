//! What the report makes of findings.

use super::*;
use crate::finding::{Confidence, CredentialUse, Occurrence, Place, Secret, Strength};
use crate::policy::{Exception, PathGlob};
use crate::report::{
    Baseline, BaselineError, EXCEPTION_EXPIRED, IGNORE_WITHOUT_REASON, SuppressedBy, UNUSED_IGNORE, write_baseline,
};
use crate::text::{RepoPath, Source, Span};
use jiff::civil::date;
use std::sync::Arc;

const ACCESS: &str = "access_key = \"AKIAIOSFODNN7EXAMPLE\"";

#[derive(Default)]
struct Rules {
    exceptions: Vec<Exception>,
    not_ignorable: Vec<&'static str>,
}

impl Judge for Rules {
    fn level(&self, rule: &str, path: &RepoPath) -> Level {
        match rule {
            "off" => Level::Off,
            UNUSED_IGNORE => Level::Note,
            _ if path.as_str().starts_with("sandbox/") => Level::Warning,
            _ => Level::Error,
        }
    }

    fn ignorable(&self, rule: &str) -> bool {
        !self.not_ignorable.contains(&rule)
    }

    fn exceptions(&self) -> Vec<Exception> {
        self.exceptions.clone()
    }
}

const META: [RuleMeta; 3] = [meta("r", true), meta("s", true), meta("live", false)];

const fn meta(id: &'static str, ran: bool) -> RuleMeta {
    RuleMeta { id, severity: Severity::High, summary: "", documentation: "", doc_url: "https://example.com/r", ran }
}

fn source(path: &str, text: &str) -> Arc<Source> {
    Arc::new(Source::new(RepoPath::new(path), text.as_bytes()))
}

/// The place of `part` in the source.
fn place(source: &Arc<Source>, part: &str) -> Place {
    let text = std::str::from_utf8(source.bytes()).unwrap();
    let start = text.find(part).unwrap();
    Place::new(source, Span::new(start, start + part.len()))
}

fn finding(rule: &'static str, source: &Arc<Source>, part: &str) -> Finding {
    Finding::new(rule, place(source, part), "message")
}

fn site(source: &Arc<Source>, comment: &str, covers: &str) -> IgnoreSite {
    let (comment, covers) = (place(source, comment).span, place(source, covers).span);
    IgnoreSite { source: Arc::clone(source), comment, covers }
}

fn input(judge: &Rules, findings: Vec<Finding>) -> Input<'_> {
    Input {
        root: ".".into(),
        findings,
        notifications: Vec::new(),
        files: Files::default(),
        rules: &META,
        judge,
        ignores: Vec::new(),
        baseline: None,
        fingerprint_key: None,
        whole_tree: true,
        today: date(2026, 11, 21),
        finished: jiff::Timestamp::UNIX_EPOCH,
        elapsed: Duration::ZERO,
    }
}

fn rules(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

fn exception(rule: &str, path: &str, address: Option<&str>, expires: Date) -> Exception {
    let policy = source(".credlint.yaml", "  - rule: r\n");
    Exception {
        rule: rule.into(),
        path: PathGlob::new(path).unwrap(),
        address: address.map(Into::into),
        reason: "known".into(),
        expires,
        place: place(&policy, "rule: r"),
    }
}

fn credential(
    source: &Arc<Source>,
    kind: &'static str,
    value: &str,
    id: Option<&str>,
    strength: Strength,
) -> CredentialUse {
    let (secret, id, place) = (Secret::new(value), id.map(Into::into), place(source, value));
    CredentialUse::new(kind, secret, strength, Occurrence::Hcl, place).id(id)
}

#[test]
fn levels_come_from_the_policy_and_are_capped() {
    let (a, b) = (source("a.tf", "x"), source("sandbox/a.tf", "x"));
    let capped = finding("s", &a, "x").uncertain(Level::Note, Confidence::Low);
    let judge = Rules::default();
    let report =
        build(input(&judge, vec![finding("r", &b, "x"), finding("off", &a, "x"), capped, finding("r", &a, "x")]));
    let levels: Vec<_> = report.findings.iter().map(|finding| (finding.rule.as_str(), finding.level)).collect();
    assert_eq!(levels, [("r", Level::Error), ("s", Level::Note), ("r", Level::Warning)]);
    assert!(report.exit_worthy(Level::Error) && !report.exit_worthy(Level::Off));
    assert_eq!(report.counts(), crate::report::Counts { error: 1, warning: 1, note: 1 });
}

#[test]
fn what_is_said_twice_is_said_once_with_all_its_places() {
    let a = source("a.tf", "x\ny\nz\n");
    let one = finding("r", &a, "x").address("q").related(place(&a, "y"), "here");
    let two = finding("r", &a, "x").address("q").related(place(&a, "y"), "here").related(place(&a, "z"), "there");
    let judge = Rules::default();
    let report = build(input(&judge, vec![one, two, finding("r", &a, "x").address("p")]));
    assert_eq!(report.findings.len(), 2);
    assert_eq!(report.findings[1].related.len(), 2);
}

#[test]
fn fingerprints_survive_moves_and_new_values() {
    let judge = Rules::default();
    let print = |text: &str| {
        let a = source("a.tf", text);
        let start = text.find("k =").unwrap();
        let spot = Place::new(&a, Span::new(start, text.len()));
        let named = Finding::new("r", spot.clone(), "m").address("t.b").attribute("k").module(".");
        let nameless = Finding::new("s", spot, "m");
        let report = build(input(&judge, vec![named, nameless]));
        report.findings.iter().map(|finding| finding.fingerprint.clone()).collect::<Vec<_>>()
    };
    let before = print("k = \"hunter2\"");
    assert_eq!(before, print("\n\n  k = \"other-value\""));
    assert_ne!(before[0], before[1]);
}

#[test]
fn alikes_have_fingerprints_of_their_own() {
    let a = source("a.tf", "k = 1\nk = 22\n");
    let judge = Rules::default();
    let report = build(input(&judge, vec![finding("r", &a, "22"), finding("r", &a, "1")]));
    assert_ne!(report.findings[0].fingerprint, report.findings[1].fingerprint);
}

#[test]
fn an_inline_ignore_hides_its_rule_where_it_covers() {
    let text = "# credlint:ignore r reason=\"known\"\nk = 1\nk2 = 2\n";
    let a = source("a.tf", text);
    let judge = Rules::default();
    let mut input = input(&judge, vec![finding("r", &a, "k = 1"), finding("s", &a, "k = 1"), finding("r", &a, "k2")]);
    input.ignores = vec![site(&a, "# credlint:ignore r reason=\"known\"", "k = 1")];
    let report = build(input);
    let hidden: Vec<_> = report.findings.iter().map(|finding| finding.suppressed.is_some()).collect();
    assert_eq!((rules(&report), hidden), (vec!["r", "s", "r"], vec![true, false, false]));
    let by = report.findings[0].suppressed.as_ref().unwrap();
    assert_eq!((by.by, by.reason.as_deref()), (SuppressedBy::Inline, Some("known")));
    assert_eq!((report.suppressed(), report.counts().error), (1, 2));
}

#[test]
fn nested_ignores_end_where_they_end() {
    let text = "#A block\n{ #B line\n one\n two }\n three\n";
    let text = text.replace("#A", "# credlint:ignore r reason=\"x\"").replace("#B", "# credlint:ignore r reason=\"y\"");
    let a = source("a.tf", &text);
    let comment = |from: &str| {
        let start = text.find(from).unwrap();
        Span::new(start, text[start..].find(['\n']).map_or(text.len(), |end| start + end))
    };
    let judge = Rules::default();
    let mut input = input(&judge, ["one", "two", "three"].map(|part| finding("r", &a, part)).into());
    let block = place(&a, "{").span.join(place(&a, "two }").span);
    let outer = Span::new(comment("# credlint:ignore r reason=\"x\"").start as usize, 34);
    input.ignores = vec![
        IgnoreSite { source: Arc::clone(&a), comment: Span::new(outer.start as usize, 31), covers: block },
        IgnoreSite {
            source: Arc::clone(&a),
            comment: comment("# credlint:ignore r reason=\"y\""),
            covers: place(&a, "one").span,
        },
    ];
    let report = build(input);
    let by: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.rule == "r")
        .map(|finding| finding.suppressed.as_ref().and_then(|by| by.reason.clone()))
        .collect();
    // The inner comment has words after its reason, so it cannot be understood; the outer one holds for the block.
    assert_eq!(by, [Some("x".to_owned()), Some("x".to_owned()), None]);
}

#[test]
fn defects_of_ignores_are_findings() {
    let cases = [
        ("# credlint:ignore r", true, vec!["r", IGNORE_WITHOUT_REASON]),
        ("# credlint:ignore r reason=\"x\" expires=2026-11-20", false, vec![EXCEPTION_EXPIRED, "r"]),
        ("# credlint:ignore r reason=\"x\" expires=2026-11-21", true, vec!["r"]),
        ("# credlint:ignore s reason=\"x\"", false, vec!["r", UNUSED_IGNORE]),
        ("# credlint:ignore live reason=\"x\"", false, vec!["r"]),
        ("# credlint:ignore r,s reason=\"x\"", true, vec!["r", UNUSED_IGNORE]),
        ("# credlint:ignore typo reason=\"x\"", false, vec!["r", UNUSED_IGNORE]),
        ("# credlint:ignore", false, vec!["r", UNUSED_IGNORE]),
    ];
    for (comment, hidden, mut expected) in cases {
        let a = source("a.tf", &format!("k = 1 {comment}\n"));
        let judge = Rules::default();
        let mut input = input(&judge, vec![finding("r", &a, "k = 1")]);
        let line = format!("k = 1 {comment}");
        input.ignores = vec![site(&a, comment, &line)];
        let report = build(input);
        let mut found = rules(&report);
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{comment}");
        let finding = report.findings.iter().find(|finding| finding.rule == "r").unwrap();
        assert_eq!(finding.suppressed.is_some(), hidden, "{comment}");
        assert_eq!(finding.message.contains("until 2026-11-20"), comment.contains("11-20"), "{comment}");
    }
}

#[test]
fn unused_is_said_of_the_whole_tree_only() {
    let a = source("a.tf", "k = 1 # credlint:ignore r reason=\"x\"\n");
    let judge = Rules { exceptions: vec![exception("r", "*", None, date(2027, 1, 1))], ..Rules::default() };
    for (whole_tree, expected) in [(true, vec![UNUSED_IGNORE, UNUSED_IGNORE]), (false, vec![])] {
        let mut input = input(&judge, Vec::new());
        input.ignores = vec![site(&a, "# credlint:ignore r reason=\"x\"", "k = 1")];
        input.whole_tree = whole_tree;
        assert_eq!(rules(&build(input)), expected);
    }
}

#[test]
fn policy_exceptions_hold_for_path_and_address_until_their_date() {
    let a = source("legacy/main.tf", "k = 1\n");
    let cases = [
        (exception("r", "legacy/main.tf", Some("provider.aws.old"), date(2027, 1, 1)), true),
        (exception("r", "legacy/*", None, date(2026, 11, 21)), true),
        (exception("r", "*", None, date(2027, 1, 1)), false),
        (exception("r", "legacy/*", Some("provider.aws.new"), date(2027, 1, 1)), false),
        (exception("r", "legacy/*", None, date(2026, 11, 20)), false),
    ];
    for (exception, hidden) in cases {
        let name = format!("{exception:?}");
        let judge = Rules { exceptions: vec![exception], ..Rules::default() };
        let report = build(input(&judge, vec![finding("r", &a, "k").address("provider.aws.old")]));
        let found = report.findings.iter().find(|finding| finding.rule == "r").unwrap();
        assert_eq!(found.suppressed.is_some(), hidden, "{name}");
        assert_eq!(report.findings.len(), if hidden { 1 } else { 2 }, "{name}");
        assert_eq!(report.findings[0].spot.path.as_str() == ".credlint.yaml", !hidden, "{name}");
    }
}

#[test]
fn a_rule_that_is_not_ignorable_is_hidden_by_nothing() {
    let a = source("a.tf", "k = 1 # credlint:ignore r reason=\"x\"\n");
    let open = Rules::default();
    let report = build(input(&open, vec![finding("r", &a, "k = 1")]));
    let text = write_baseline(&report, &|_| true);
    let file = source("baseline.json", &text);
    let baseline = Baseline::read(&file).unwrap();
    let judge = Rules { exceptions: vec![exception("r", "*", None, date(2027, 1, 1))], not_ignorable: vec!["r"] };
    let mut input = input(&judge, vec![finding("r", &a, "k = 1")]);
    input.ignores = vec![site(&a, "# credlint:ignore r reason=\"x\"", "k = 1")];
    input.baseline = Some(&baseline);
    let report = build(input);
    assert_eq!(rules(&report), [UNUSED_IGNORE, "r", UNUSED_IGNORE, UNUSED_IGNORE]);
    assert_eq!(report.suppressed(), 0);
    assert!(report.findings[0].message.contains("allows no exception"));
    assert!(!write_baseline(&report, &|rule| rule != "r").contains("fingerprint"));
}

#[test]
fn a_baseline_hides_what_was_there_and_nothing_new() {
    let a = source("a.tf", "k = 1\nk = 22\n");
    let judge = Rules::default();
    let before = build(input(&judge, vec![finding("r", &a, "1")]));
    let file = source("baseline.json", &write_baseline(&before, &|_| true));
    let baseline = Baseline::read(&file).unwrap();
    let mut now = input(&judge, vec![finding("r", &a, "1"), finding("r", &a, "22")]);
    now.baseline = Some(&baseline);
    let report = build(now);
    let hidden: Vec<_> = report.findings.iter().map(|finding| finding.suppressed.is_some()).collect();
    assert_eq!(hidden, [true, false]);

    let mut later = input(&judge, Vec::new());
    later.baseline = Some(&baseline);
    let report = build(later);
    assert_eq!(rules(&report), [UNUSED_IGNORE]);
    assert_eq!(report.findings[0].spot.path.as_str(), "baseline.json");
    assert_eq!(report.findings[0].spot.start.line, 7);
}

#[test]
fn a_file_that_is_no_baseline_is_refused() {
    for (text, malformed) in [
        ("{", true),
        ("[]", true),
        ("{}", false),
        ("{\"schema\": \"credlint/baseline/v2\", \"other\": 1}", false),
        ("{\"schema\": \"credlint/baseline/v1\"}", true),
        ("{\"schema\": \"credlint/baseline/v1\", \"findings\": [{\"rule\": \"hunter2\"}]}", true),
    ] {
        let error = Baseline::read(&source("b.json", text)).unwrap_err();
        assert_eq!(matches!(error, BaselineError::Malformed { .. }), malformed, "{text}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn one_credential_has_one_entry_with_all_its_places() {
    let a = source("a.tf", &format!("{ACCESS}\nsecret = \"wJalrXUtnFEMI/K7MDENG\"\npw = \"hunter2\"\n"));
    let b = source("b.tf", "pw = \"hunter2\" other = \"swordfish\"\n");
    let key = "AKIAIOSFODNN7EXAMPLE";
    let with = |rule, source: &Arc<Source>, kind, value: &str, id, strength| {
        finding(rule, source, value).credential(credential(source, kind, value, id, strength))
    };
    let findings = vec![
        with("r", &b, "password", "swordfish", None, Strength::Guessable),
        with("r", &b, "password", "hunter2", None, Strength::Guessable),
        with("r", &a, "password", "hunter2", None, Strength::Guessable),
        with("r", &a, "aws-access-key", "wJalrXUtnFEMI/K7MDENG", Some(key), Strength::Unguessable),
        with("s", &a, "aws-access-key", key, Some(key), Strength::Unguessable),
        with("r", &a, "aws-access-key", key, Some(key), Strength::Unguessable),
    ];
    let judge = Rules::default();
    let report = build(input(&judge, findings.clone()));
    let shown: Vec<_> = report
        .credentials
        .iter()
        .map(|credential| (credential.fingerprint.as_str(), credential.masked.as_str(), credential.occurrences.len()))
        .collect();
    // The first by the documented formula: printf %s credlint:v1:aws-access-key:AKIAIOSFODNN7EXAMPLE | sha256sum
    let expected = [("sha256:5bf7e653c987f4c2", key, 2), ("local:1", "********", 2), ("local:2", "********", 1)];
    assert_eq!(shown, expected);
    assert_eq!(report.findings.last().unwrap().credential.as_deref(), Some("local:2"));

    let fingerprint_key = FingerprintKey(Secret::new("k"));
    let mut keyed = input(&judge, findings);
    keyed.fingerprint_key = Some(&fingerprint_key);
    // printf %s credlint:v1:password:hunter2 | openssl dgst -sha256 -hmac k | cut -c1-16
    assert_eq!(build(keyed).credentials[1].fingerprint, "keyed:9d205a17ed0f0c37");
}

#[test]
fn a_report_holds_no_secret() {
    let value = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let a = source("a.tf", &format!("x = \"{value}\" # {value} credlint:ignore {value}\ny = 1\n"));
    let use_of = credential(&a, "aws-access-key", value, None, Strength::Unguessable);
    let mut leaky = finding("r", &a, value).credential(use_of).remedy(format!("remove {value}")).command(value);
    leaky.message = format!("found {value}").into();
    leaky = leaky.related(place(&a, "y"), value).address(format!("a[{value}]"));
    let judge = Rules::default();
    let mut input = input(&judge, vec![leaky]);
    input.ignores = vec![site(&a, &format!("# {value} credlint:ignore {value}"), "x")];
    let report = build(input);
    let text = format!("{report:?}");
    for part in value.as_bytes().windows(8) {
        assert!(!text.contains(std::str::from_utf8(part).unwrap()), "{text}");
    }
    assert_eq!(report.findings[1].excerpt.as_ref().unwrap().text, "x = \"****\" # ****");
}

#[test]
fn a_very_long_line_has_no_excerpt() {
    let a = source("a.tf", &format!("k = 1 {}", "x".repeat(1000)));
    let judge = Rules::default();
    assert_eq!(build(input(&judge, vec![finding("r", &a, "k")])).findings[0].excerpt, None);
}
