use super::*;

fn errors(text: &str) -> Vec<String> {
    let texts = [(".credlint.yaml", text), ("loop.yaml", "version: 1\nextends: [.credlint.yaml]\n")];
    match load_all(&texts, &[".credlint.yaml"]) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.to_string().lines().map(str::to_owned).collect(),
    }
}

/// A body below `version: 1`, and where and what its one error is.
pub(super) const BAD: [(&str, &str); 72] = [
    // The file.
    ("nothing: 1", "2:1: nothing: unknown key"),
    ("rule: {}", "2:1: rule: unknown key; did you mean \"rules\"?"),
    ("rego: [policies/*.rego]", "2:1: rego: rego policies are not supported by this version"),
    ("rules: {}\nrules: {}", "3:1: rules: the key is there twice"),
    ("rules: [", "2:8: not YAML: unclosed bracket"),
    ("---\nversion: 1", "3:1: a policy is one YAML document"),
    ("1: x", "2:1: 1: unknown key"),
    ("[a]: x", "2:1: expected a word as key, found a list"),
    // Extends.
    ("extends: strict", "2:10: extends: expected a list, found a string"),
    (
        "extends: [stric]",
        "2:11: extends[0]: the policy cannot be extended: there is no such file; did you mean \"strict\"?",
    ),
    ("extends: [loop.yaml]", "loop.yaml:2:11: extends[0]: the policy cannot be extended: extends itself"),
    ("extends: [.credlint.yaml]", "2:11: extends[0]: the policy cannot be extended: extends itself"),
    ("extends: [../x.yaml]", "2:11: extends[0]: the policy cannot be extended: the path leads out of the repository"),
    ("extends: [/etc/passwd]", "2:11: extends[0]: the policy cannot be extended: the path is not relative"),
    ("extends: [https://example.com/x.yaml]", "2:11: extends[0]: the policy cannot be extended: it is not a path"),
    ("extends: [1]", "2:11: extends[0]: expected a string, found a number (put it into quotes)"),
    // Rules.
    ("rules: x", "2:8: rules: expected a mapping, found a string"),
    (
        "rules:\n  backend-locl: off",
        "3:3: rules.backend-locl: there is no rule of that name; did you mean \"backend-local\"?",
    ),
    ("rules:\n  zzz: off", "3:3: rules.zzz: there is no rule of that name (`credlint rules` lists them)"),
    ("rules:\n  backend-local: warn", "3:18: rules.backend-local: unknown level; did you mean \"warning\"?"),
    ("rules:\n  backend-local: false", "3:18: rules.backend-local: unknown level; did you mean \"off\"?"),
    ("rules:\n  backend-local: Off", "3:18: rules.backend-local: unknown level; did you mean \"off\"?"),
    ("rules:\n  backend-local: zzzzzz", "3:18: rules.backend-local: unknown level (levels are"),
    ("rules:\n  backend-local:", "3:16: rules.backend-local: expected a level or a mapping"),
    ("rules:\n  backend-local: [off]", "3:18: rules.backend-local: expected a level or a mapping"),
    ("rules:\n  backend-local: {}", "3:18: rules.backend-local: says nothing"),
    ("rules:\n  backend-local: { levl: off }", "3:20: rules.backend-local.levl: unknown key; did you mean \"level\"?"),
    ("rules:\n  backend-local: { level: 1 }", "3:27: rules.backend-local.level: unknown level"),
    (
        "rules:\n  backend-local: { ignorable: no }",
        "3:31: rules.backend-local.ignorable: expected true or false, found a string",
    ),
    (
        "rules:\n  backend-local: { options: { x: 1 } }",
        "3:31: rules.backend-local.options.x: unknown option (this rule takes none)",
    ),
    (
        "rules:\n  backend-local: { options: 1 }",
        "3:29: rules.backend-local.options: expected a mapping, found a number",
    ),
    (
        "rules:\n  provider-unpinned: { options: { operator: [] } }",
        "3:35: rules.provider-unpinned.options.operator: unknown option; did you mean \"operators\"?",
    ),
    (
        "rules:\n  provider-unpinned: { options: { operators: \"=\" } }",
        "3:46: rules.provider-unpinned.options.operators: expected a list, found a string",
    ),
    (
        "rules:\n  provider-unpinned: { options: { operators: [\"<\"] } }",
        "3:47: rules.provider-unpinned.options.operators[0]: not one of the values taken",
    ),
    (
        "rules:\n  provider-unpinned: { options: { max_age_days: 0 } }",
        "3:49: rules.provider-unpinned.options.max_age_days: expected a number from 1 to 3650",
    ),
    (
        "rules:\n  provider-unpinned: { options: { max_age_days: \"9\" } }",
        "3:49: rules.provider-unpinned.options.max_age_days: expected a whole number, found a string",
    ),
    (
        "rules:\n  provider-unpinned: { options: { allow_tags: yes } }",
        "3:47: rules.provider-unpinned.options.allow_tags: expected true or false, found a string",
    ),
    // Backends.
    ("backends: [{ type: s3, values: {} }]", "2:12: backends[0]: `paths` is missing"),
    ("backends: [{ paths: [], type: s3, values: {} }]", "2:21: backends[0].paths: is empty"),
    ("backends: [{ paths: [/a], type: s3, values: {} }]", "2:22: backends[0].paths[0]: paths are relative"),
    ("backends: [{ paths: ['a['], type: s3, values: {} }]", "2:22: backends[0].paths[0]: the pattern is not valid"),
    (
        "backends: [{ paths: [a], type: s4, values: {} }]",
        "2:32: backends[0].type: not a backend of Terraform; did you mean",
    ),
    ("backends: [{ paths: [a], type: s3 }]", "2:12: backends[0]: `values` is missing"),
    (
        "backends: [{ paths: [a], type: s3, values: { secret_key: x } }]",
        "2:46: backends[0].values.secret_key: a policy holds no credentials",
    ),
    ("backends: [{ paths: [a], type: s3, values: { x: } }]", "backends[0].values.x: expected a value, found nothing"),
    // Scopes.
    ("scopes: { paths: [a] }", "2:9: scopes: expected a list, found a mapping"),
    ("scopes: [{ paths: [a], rules: {} }]", "2:31: scopes[0].rules: is empty"),
    (
        "scopes: [{ paths: [a], rules: { backend-local: { ignorable: false } } }]",
        "2:50: scopes[0].rules.backend-local.ignorable: cannot be said for some paths only",
    ),
    (
        "scopes: [{ path: a, rules: { backend-local: off }, paths: [a] }]",
        "2:12: scopes[0].path: unknown key; did you mean \"paths\"?",
    ),
    // Exceptions.
    ("exceptions: [{ rule: backend-local, path: a, reason: x }]", "2:14: exceptions[0]: `expires` is missing"),
    ("exceptions: [{ rule: backend-local, path: a, expires: 2027-01-31 }]", "2:14: exceptions[0]: `reason` is missing"),
    (
        "exceptions: [{ rule: backend-local, path: a, reason: ' ', expires: 2027-01-31 }]",
        "2:54: exceptions[0].reason: is empty",
    ),
    (
        "exceptions: [{ rule: backend-local, path: a, reason: x, expires: 2027-02-30 }]",
        "2:66: exceptions[0].expires: not a date",
    ),
    (
        "exceptions: [{ rule: backend-local, path: a, reason: x, expires: tomorrow }]",
        "2:66: exceptions[0].expires: not a date",
    ),
    (
        "exceptions: [{ rule: backend-local, path: a, reason: x, expires: 20270131 }]",
        "2:66: exceptions[0].expires: not a date",
    ),
    (
        "exceptions: [{ rule: backend, path: a, reason: x, expires: 2027-01-31 }]",
        "2:22: exceptions[0].rule: there is no rule of that name; did you mean",
    ),
    (
        "exceptions: [{ rule: backend-local, path: ../a, reason: x, expires: 2027-01-31 }]",
        "2:43: exceptions[0].path: paths are relative",
    ),
    // Custom rules.
    (
        "custom: [{ level: off, select: {block: module}, require: {x: {exists: true}}, message: m }]",
        "2:10: custom[0]: `id` is missing",
    ),
    (
        "custom: [{ id: A, level: off, select: {block: module}, require: {x: {exists: true}}, message: m }]",
        "2:16: custom[0].id: not an id",
    ),
    (
        "custom: [{ id: backend-local, level: off, select: {block: module}, require: {x: {exists: true}}, message: m }]",
        "2:16: custom[0].id: a built-in rule has this name",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: module}, require: {x: {exists: true}} }]",
        "2:10: custom[0]: `message` is missing",
    ),
    (
        "custom: [{ id: a, level: off, severity: huge, select: {block: module}, require: {x: {exists: true}}, message: m }]",
        "2:41: custom[0].severity: unknown severity",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: aws_s3_bucket}, require: {x: {exists: true}}, message: m }]",
        "2:47: custom[0].select.block: does not start with a block",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: resource..x}, require: {x: {exists: true}}, message: m }]",
        "2:47: custom[0].select.block: not a block",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: module}, require: {}, message: m }]",
        "2:65: custom[0].require: is empty",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: module}, require: {x: 1}, message: m }]",
        "2:69: custom[0].require.x: expected a mapping, found a number",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: module}, require: {x: {equal: 1}}, message: m }]",
        "2:70: custom[0].require.x.equal: unknown key; did you mean \"equals\"?",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: module}, require: {x: {in: []}}, message: m }]",
        "2:74: custom[0].require.x.in: expected a list of at least one value",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: module}, require: {x: {exists: 1}}, message: m }]",
        "2:78: custom[0].require.x.exists: expected true or false",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: module}, require: {x: {matches: '['}}, message: m }]",
        "2:79: custom[0].require.x.matches: the pattern is not valid",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: module}, require: {'x y': {exists: true}}, message: m }]",
        "2:66: custom[0].require.x y: not an argument's name",
    ),
    (
        "custom: [{ id: a, level: off, select: {block: module}, require: {x: {equals: [1]}}, message: m }]",
        "2:78: custom[0].require.x.equals: expected a single value, found a list",
    ),
];

#[test]
fn each_error_stands_at_its_place() {
    let mut wrong = Vec::new();
    for (body, expected) in BAD {
        let found = errors(&format!("version: 1\n{body}\n"));
        if found.len() != 1 || !found[0].contains(expected) {
            wrong.push(format!("{body}\nexpected {expected}\nfound {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_version_is_asked_for() {
    for (text, expected) in [
        ("", ".credlint.yaml: the policy is empty (it starts with `version: 1`)"),
        ("# nothing\n", ".credlint.yaml: the policy is empty (it starts with `version: 1`)"),
        ("rules: {}\n", ".credlint.yaml:1:1: `version` is missing (add `version: 1`)"),
        (
            "version: 2\n",
            ".credlint.yaml:1:10: version: expected the number 1 (it is the version of the policy's format)",
        ),
        (
            "version: \"1\"\n",
            ".credlint.yaml:1:10: version: expected the number 1 (it is the version of the policy's format)",
        ),
        ("[]\n", ".credlint.yaml:1:1: expected a mapping, found a list"),
        ("version\n", ".credlint.yaml:1:1: expected a mapping, found a string"),
    ] {
        assert_eq!(errors(text), [expected]);
    }
}

#[test]
fn all_errors_are_told_at_once_in_order() {
    let found = errors("version: 1\nrules:\n  backend-locl: off\n  backend-local: zzzz\nscopes: 1\nbogus: 1\n");
    let lines: Vec<_> = found.iter().map(|error| error.split(':').nth(1).unwrap()).collect();
    assert_eq!(lines, ["3", "4", "5", "6"]);
}

#[test]
fn a_custom_rule_is_defined_once() {
    let rule = "  - { id: a, level: off, select: {block: module}, require: {x: {exists: true}}, message: m }\n";
    let found = errors(&format!("version: 1\ncustom:\n{rule}{rule}"));
    assert_eq!(found, [".credlint.yaml:4:5: custom: `a` is defined twice"]);
    let text = format!("version: 1\ncustom:\n{rule}");
    let top = format!("version: 1\nextends: [a.yaml]\ncustom:\n{rule}");
    let found = load_all(&[("a.yaml", &text), ("b.yaml", &top)], &["b.yaml"]).unwrap_err().to_string();
    assert_eq!(found, "b.yaml:4:5: custom: `a` is defined already, at a.yaml:3");
}

#[test]
fn a_policy_that_is_not_there_is_an_error() {
    assert_eq!(load_all(&[], &["x.yaml"]).unwrap_err().to_string(), "x.yaml: there is no such file");
    let error = load_all(&[], &["recomended"]).unwrap_err().to_string();
    assert_eq!(error, "recomended: there is no such file; did you mean \"recommended\"?");
    let error = load_all(&[("d/readme.md", "")], &["d"]).unwrap_err().to_string();
    assert_eq!(error, "d: the directory holds no policy (policies end in .yaml or .yml)");
}

#[test]
fn values_are_in_no_message() {
    let secret = "hunter2hunter2";
    for (body, _) in BAD {
        let text = format!("version: 1\n{body}\n").replace("zzzzzz", secret).replace("tomorrow", secret);
        assert!(!errors(&text).concat().contains(secret));
    }
    for body in [
        "rules: {backend-local: S}",
        "exceptions: [{rule: S, path: '[S', reason: S, expires: S, address: [S]}]",
        "extends: [S]",
        "version: S",
        "custom: [{id: S_, level: S, severity: S, select: {block: S}, require: {x: S}, message: [S]}]",
        "backends: [{paths: S, type: S, values: {password: S}}]",
        "rules: {provider-unpinned: {options: {operators: [S], max_age_days: S}}}",
    ] {
        let text = format!("version: 1\n{}\n", body.replace('S', secret));
        let found = errors(&text);
        assert!(!found.is_empty() && !found.concat().contains(secret), "{body} {found:#?}");
    }
}

#[test]
fn hostile_policies_end_in_time() {
    let keys: String = (0..20_000).map(|nth| format!("  x{nth}: off\n")).collect();
    let globs: String = (0..20_000).map(|nth| format!("'*{nth}/**', ")).collect();
    let deep = format!("version: 1\nrules: {}{}\n", "[".repeat(120), "]".repeat(120));
    let texts = [
        format!("version: 1\nrules:\n{keys}"),
        format!("version: 1\nscopes: [{{ paths: [{globs}], rules: {{ backend-local: off }} }}]\n"),
        deep,
        "version: 1\n".repeat(1000),
        "x".repeat(2 << 20),
        "version: 1\0\n".to_owned(),
        "version: 1\nrules: &a\n  backend-local: *a\n".to_owned(),
    ];
    for text in texts {
        let found = errors(&text);
        assert!(!found.is_empty() && found.len() <= 100);
        assert!(found.iter().all(|line| line.len() < 1000));
    }
    let chain: Vec<(String, String)> =
        (0..50).map(|nth| (format!("{nth}.yaml"), format!("version: 1\nextends: [{}.yaml]\n", nth + 1))).collect();
    let chain: Vec<(&str, &str)> = chain.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert!(load_all(&chain, &["0.yaml"]).unwrap_err().to_string().contains("a chain of more than 32 policies"));
}

#[test]
fn any_bytes_end_in_a_policy_or_in_errors() {
    let words = [
        "version: 1\n",
        "rules:\n",
        "  backend-local: ",
        "off\n",
        "{ level: ",
        "}",
        "[",
        "]",
        "- ",
        "paths: ",
        "scopes:\n",
        "exceptions:\n",
        "custom:\n",
        "id: a",
        "\n",
        "  ",
        "&a ",
        "*a",
        "é",
        "\u{0}",
        "'",
        "\"",
        "|\n",
        "require: ",
        "extends: ",
    ];
    let mut state = 7_u64;
    for _ in 0..3_000 {
        let mut text = String::from("version: 1\n");
        for _ in 0..15 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(words[(state >> 33) as usize % words.len()]);
        }
        errors(&text);
    }
}
