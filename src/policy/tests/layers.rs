use super::*;
use crate::finding::Severity;
use crate::text::RepoPath;

#[test]
fn the_example_means_what_it_says() {
    let policy = one(EXAMPLE);
    let at = |rule, path| policy.level(rule, &RepoPath::new(path));
    assert_eq!(levels(&policy), "eewno");
    assert_eq!(at("backend-local", "a.tf"), Level::Error);
    assert_eq!(at("backend-local", "sandbox/a.tf"), Level::Off);
    assert_eq!(at("backend-local", "sandbox/prod/a.tf"), Level::Warning);
    assert_eq!(at("our-state-bucket", "a.tf"), Level::Error);
    assert_eq!(at("our-state-bucket", "prod/a.tf"), Level::Off);
    assert_eq!(at("no-such-rule", "a.tf"), Level::Off);
    assert!(policy.runs_anywhere("backend-local") && !policy.runs_anywhere("module-mutable-ref"));
    assert!(!policy.ignorable("backend-static-credential") && policy.ignorable("backend-local"));

    let settings = |path| policy.settings("provider-unpinned", &RepoPath::new(path));
    assert_eq!(settings("a.tf").strings("operators"), ["=", "~>"]);
    assert_eq!(settings("a.tf").integer("max_age_days"), 30);
    assert!(!settings("a.tf").flag("allow_tags"));
    assert!(settings("sandbox/a.tf").flag("allow_tags"));
    assert_eq!(settings("sandbox/a.tf").integer("max_age_days"), 30);

    let [exception] = policy.exceptions() else { panic!() };
    assert!(exception.covers("backend-static-credential", &RepoPath::new("legacy/main.tf"), Some("provider.aws.old")));
    assert!(!exception.covers("backend-static-credential", &RepoPath::new("legacy/main.tf"), None));
    assert_eq!((exception.expires, exception.place.start().line), (jiff::civil::date(2027, 1, 31), 21));

    let values = policy.backend_values(&RepoPath::new("namespaces/a/resources"), "s3");
    assert_eq!(values["encrypt"].kind, SuppliedKind::Bool(true));
    assert_eq!(values["bucket"].kind, SuppliedKind::String("org-terraform-state".into()));
    assert_eq!(values["bucket"].place.start().line, 13);
    assert!(policy.backend_values(&RepoPath::new("namespaces/a"), "s3").is_empty());
    assert!(policy.backend_values(&RepoPath::new("namespaces/a/resources"), "gcs").is_empty());

    let [custom] = policy.custom() else { panic!() };
    assert_eq!(
        (custom.severity, custom.select.segments.as_slice()),
        (Severity::Medium, &["terraform".to_owned(), "backend".into(), "s3".into()][..])
    );
    assert_eq!(custom.require[0].checks.len() + custom.require[1].checks.len(), 4);
}

#[test]
fn every_setting_knows_who_says_it() {
    let policy = one(EXAMPLE);
    let from = |id: &str| policy.rule(id).unwrap().level.from.to_string();
    assert_eq!(from("backend-local"), ".credlint.yaml:4");
    assert_eq!(from("provider-unpinned"), ".credlint.yaml:6");
    assert_eq!(from("backend-partial"), "recommended (built in)");
    let options = &policy.rule("provider-unpinned").unwrap().options;
    assert_eq!(options[0].1.from.to_string(), ".credlint.yaml:7");
    assert_eq!(options[2].1.from.to_string(), "default");
    assert_eq!(policy.sources(), ["recommended (built in)", ".credlint.yaml"]);
}

#[test]
fn built_in_policies_are_as_documented() {
    for (name, expected) in [("recommended", "eweno"), ("strict", "eeenw"), ("minimal", "eoeoo")] {
        let by_name = load_all(&[], &[name]).unwrap();
        assert_eq!(levels(&by_name), expected, "{name}");
        // Their printed form means the same.
        let text = builtin_text(BuiltIn::parse(name).unwrap(), &RULES);
        assert_eq!(levels(&one(&text)), expected, "{name}");
    }
}

#[test]
fn what_comes_later_counts() {
    let text = "version: 1\nextends: [strict, team.yaml]\nrules: { backend-partial: error }\n";
    let team = "version: 1\nrules: { backend-local: off, backend-partial: off }\n";
    let texts = [
        ("policies/a.yaml", text),
        ("policies/team.yaml", team),
        ("b.yaml", "version: 1\nrules: {backend-local: note}\n"),
    ];
    assert_eq!(levels(&load_all(&texts, &["policies/a.yaml"]).unwrap()), "eoeew");
    assert_eq!(levels(&load_all(&texts, &["policies/a.yaml", "b.yaml"]).unwrap()), "eneew");
    assert_eq!(levels(&load_all(&texts, &["policies"]).unwrap()), "eoeew");
    assert_eq!(levels(&load_all(&texts, &["minimal", "b.yaml"]).unwrap()), "eneoo");
}

#[test]
fn recommended_is_below_what_names_no_other() {
    assert_eq!(levels(&load_all(&[], &[]).unwrap()), "eweno");
    assert_eq!(levels(&one("version: 1\n")), "eweno");
    assert_eq!(levels(&one("version: 1\nrules: { backend-local: off }\n")), "eoeno");
    assert_eq!(levels(&one("version: 1\nextends: []\nrules: { backend-local: note }\n")), "onooo");
    let texts =
        [("a.yaml", "version: 1\nextends: [b.yaml]\n"), ("b.yaml", "version: 1\nrules: {backend-local: error}\n")];
    assert_eq!(levels(&load_all(&texts, &["a.yaml"]).unwrap()), "eeeno");
}

#[test]
fn a_policy_that_two_extend_counts_once() {
    let texts = [
        ("a.yaml", "version: 1\nextends: [b.yaml, c.yaml]\n"),
        ("b.yaml", "version: 1\nextends: [recommended]\nrules: {backend-local: error}\n"),
        ("c.yaml", "version: 1\nextends: [recommended]\nrules: {backend-partial: off}\n"),
    ];
    assert_eq!(levels(&load_all(&texts, &["a.yaml"]).unwrap()), "eeeoo");
}

#[test]
fn sections_may_be_empty() {
    one("version: 1\nextends:\nrules:\nbackends:\nscopes:\nexceptions: []\ncustom:\n");
}

#[test]
fn a_policy_is_found_where_it_is_documented() {
    assert_eq!(discover(&files(&[])).unwrap(), None);
    for path in CANDIDATES {
        assert_eq!(discover(&files(&[(path, "")])).unwrap(), Some(PolicySource::File(path.to_owned())));
    }
    let error = discover(&files(&[(".credlint.yml", ""), (".github/credlint.yaml", "")])).unwrap_err();
    let shown = error.to_string();
    assert!(shown.contains(".credlint.yml") && shown.contains(".github/credlint.yaml"), "{shown}");
}
