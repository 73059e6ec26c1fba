use super::*;
use crate::text::RepoPath;

const CONFIG: &str = r#"title = "ours"
minVersion = "v8.25.0"
[extend]
useDefault = true
[[rules]]
id = "acme-token"
description = "A token of Acme"
regex = '''acme_[a-z0-9]{20}'''
keywords = ["ACME_"]
entropy = 2
tags = ["acme"]
[[rules.allowlists]]
condition = "AND"
regexTarget = "line"
regexes = ['''# sample''']
paths = ['''docs/''']
[[rules]]
id = "acme-password"
regex = '''acme_password\s*=\s*"([^"]+)"'''
path = '''\.tf$'''
secretGroup = 1
entropy = 2.5
[rules.allowlist]
stopwords = ["Sample"]
[allowlist]
paths = ['''^vendor/''']
commits = ["0123abc"]
"#;

fn with(config: &str, policy: &str) -> Result<Policy, PolicyErrors> {
    let policy = format!("version: 1\n{policy}\n");
    load_all(&[(".credlint.yaml", &policy), (".gitleaks.toml", config)], &[".credlint.yaml"])
}

const NAMED: &str = "detectors: { gitleaks: .gitleaks.toml }";

fn errors(config: &str, policy: &str) -> Vec<String> {
    with(config, policy).err().iter().flat_map(PolicyErrors::iter).map(ToString::to_string).collect()
}

#[test]
fn rules_and_allowlists_are_read() {
    let policy = with(CONFIG, NAMED).unwrap_or_else(|errors| panic!("{errors}"));
    let gitleaks = policy.gitleaks();
    let ids: Vec<&str> = gitleaks.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["acme-token", "acme-password"]);
    let [token, password] = &gitleaks.rules[..] else { panic!("two rules") };
    assert_eq!((token.keywords.as_slice(), token.entropy, token.secret_group), (&["acme_".to_owned()][..], 2.0, None));
    assert!(token.allowlists[0].all && token.allowlists[0].target == Target::Line);
    assert_eq!((password.secret_group, password.entropy, password.path.is_some()), (Some(1), 2.5, true));
    assert_eq!(password.allowlists[0].stopwords, ["sample"]);
    assert_eq!((gitleaks.allowlists.len(), gitleaks.files.as_slice()), (1, &[".gitleaks.toml".to_owned()][..]));
    let notes: Vec<&str> = gitleaks.notes.iter().map(|note| note.message.as_str()).collect();
    assert!(notes[0].contains("useDefault") && notes[1].contains("commits"), "{notes:?}");
    let found = gitleaks.find(password, &RepoPath::new("main.tf"), "acme_password = \"h8Kq2Lm9\"");
    assert_eq!(found.first(), Some(&(17..25)));
    assert!(gitleaks.find(password, &RepoPath::new("vendor/main.tf"), "acme_password = \"h8Kq2Lm9\"").is_empty());
}

#[test]
fn what_is_not_applied_is_said() {
    let config = "x = 1\n[[rules]]\nid='a'\npath='\\.p12$'\n[[rules]]\nid='b'\nregex='b'\n[[rules.required]]\nid='a'\n\
                  [[rules]]\nid='c'\nregex='c'\nskipReport=true\n[extend]\npath='other.toml'";
    let policy = with(config, NAMED).unwrap_or_else(|errors| panic!("{errors}"));
    let notes: Vec<&str> = policy.gitleaks().notes.iter().map(|note| note.message.as_str()).collect();
    let expected = ["`x` is unknown", "`extend.path`", "`a` has no regular", "`b` is made of", "`c` is made of"];
    assert_eq!(notes.len(), expected.len(), "{notes:?}");
    for (note, expected) in notes.iter().zip(expected) {
        assert!(note.contains(expected), "{note}");
    }
    assert!(policy.gitleaks().rules.is_empty());
}

#[test]
fn errors_say_where() {
    for (config, expected) in [
        ("[[rules]\n", ".gitleaks.toml:1:9: not TOML"),
        ("[[rules]]\nregex = 'x'", ".gitleaks.toml:1:1: rules[0]: `id` is missing"),
        ("[[rules]]\nid = 'a'\nregex = 'a(b'", ".gitleaks.toml:3:9: rules[0].regex: no regular expression"),
        ("[[rules]]\nid = 'a'\nregex = 1", ".gitleaks.toml:3:9: rules[0].regex: expected a string"),
        ("[[rules]]\nid = 'a'\nregex = 'a'\nkeywords = 'a'", ".gitleaks.toml:4:12: rules[0].keywords: expected a list"),
        ("[[rules]]\nid = 'a'\nregex = 'a'\nentropy = 'x'", ".gitleaks.toml:4:11: rules[0].entropy: expected a number"),
        (
            "[[rules]]\nid = 'a'\nregex = 'a'\n[[rules]]\nid = 'a'\nregex = 'b'",
            ".gitleaks.toml:4:1: rules[1]: there is",
        ),
        ("[allowlist]\npaths = ['[']", ".gitleaks.toml:2:10: allowlist.paths: no regular expression"),
        ("[allowlist]\ncondition = 'XOR'", ".gitleaks.toml:2:13: allowlist.condition: expected OR or AND"),
        ("rules = 1", ".gitleaks.toml:1:9: rules: expected a list of tables"),
    ] {
        let errors = errors(config, NAMED);
        assert!(errors.len() == 1 && errors[0].starts_with(expected), "{config}\n{errors:?}");
    }
    for (policy, expected) in [
        (
            "detectors: { gitleaks: none.toml }",
            ".credlint.yaml:2:24: detectors.gitleaks: the file cannot be had: there is",
        ),
        (
            "detectors: { gitleaks: ../x.toml }",
            ".credlint.yaml:2:24: detectors.gitleaks: the file cannot be had: the path",
        ),
        ("detectors: { gitleaks: 1 }", ".credlint.yaml:2:24: detectors.gitleaks: expected a path"),
        (
            "detectors: { gitleak: x }",
            ".credlint.yaml:2:14: detectors.gitleak: unknown key; did you mean \"gitleaks\"?",
        ),
    ] {
        let errors = errors("", policy);
        assert!(errors.len() == 1 && errors[0].starts_with(expected), "{policy}\n{errors:?}");
    }
}

#[test]
fn hostile_configurations_end() {
    for config in ["[".repeat(100_000), "a = ".to_owned() + &"[".repeat(100_000), "a.".repeat(50_000) + "b = 1"] {
        let _ = with(&config, NAMED);
    }
}

#[test]
fn it_is_shown_and_weakened() {
    let policy = |config: &str| with(config, NAMED).unwrap_or_else(|errors| panic!("{errors}"));
    let full = policy(CONFIG);
    assert!(show(&full).contains("detectors:\n  gitleaks: [\".gitleaks.toml\"]\n"), "{}", show(&full));
    assert_eq!(weakened(&full, &full), []);
    let told = |head: &str| weakened(&full, &policy(head)).into_iter().map(|one| one.what).collect::<Vec<_>>();
    assert_eq!(told(&CONFIG.replace("[a-z0-9]{20}", "[a-z]{20}")), ["the gitleaks rule `acme-token` is changed"]);
    assert_eq!(told(&CONFIG.replace("^vendor/", "^")), ["an allowlist of gitleaks is added or changed"]);
    assert_eq!(told("").len(), 2);
}
