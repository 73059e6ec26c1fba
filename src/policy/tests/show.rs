use super::*;

/// What a policy says, whoever says it.
fn meaning(policy: &Policy) -> String {
    let mut out = String::new();
    for state in policy.rules() {
        out += &format!("{} {:?} {} {:?}\n", state.id, state.level.value, state.ignorable.value, state.settings);
    }
    for scope in policy.scopes() {
        out += &format!("{:?}\n", scope.paths);
        for rule in &scope.rules {
            let level = rule.level.as_ref().map(|level| level.value);
            out += &format!("  {} {level:?} {:?}\n", rule.id, rule.settings);
        }
    }
    for exception in policy.exceptions() {
        let Exception { rule, path, address, reason, expires, .. } = exception;
        out += &format!("{rule} {path:?} {address:?} {reason:?} {expires}\n");
    }
    for entry in policy.backends() {
        out += &format!("{:?} {}\n", entry.paths, entry.backend);
        entry.values.iter().for_each(|(name, value)| out += &format!("  {name} {}\n", plain(value)));
    }
    for rule in policy.custom() {
        let checks: Vec<_> = rule.require.iter().map(|one| (&one.attribute, &one.checks)).collect();
        out += &format!("{} {:?} {:?} {checks:?} {:?}\n", rule.id, rule.severity, rule.select, rule.message);
    }
    out
}

fn plain(value: &Supplied) -> String {
    match &value.kind {
        SuppliedKind::String(text) => format!("{text:?}"),
        SuppliedKind::Bool(value) => value.to_string(),
        SuppliedKind::Integer(value) => value.to_string(),
        SuppliedKind::Float(value) => value.to_string(),
        SuppliedKind::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        SuppliedKind::Map(entries) => entries.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect(),
    }
}

#[test]
fn what_is_shown_means_the_same() {
    let hard = "version: 1\nextends: [strict]\nexceptions:\n  - { rule: backend-local, path: \"a\\u202e#'\\\"\\\\\\\\b\\U0001F600\", reason: \"x # y\\n: z\\x07\", expires: 2027-01-31 }\n";
    for text in [EXAMPLE, hard, "version: 1\n", "version: 1\nextends: []\n"] {
        let policy = one(text);
        let shown = show(&policy);
        let again = one(&shown);
        assert_eq!(meaning(&again), meaning(&policy), "{shown}");
        // What Debug hides of checks must come back as well.
        assert!(
            policy
                .custom()
                .iter()
                .zip(again.custom())
                .all(|(a, b)| { a.require.iter().zip(&b.require).all(|(a, b)| a.checks == b.checks) })
        );
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control()));
    }
}

#[test]
fn what_is_shown_says_who_says_it() {
    let shown = show(&one(EXAMPLE));
    for line in [
        "  backend-partial: note # from recommended (built in)\n",
        "  backend-local: error # from .credlint.yaml:4\n",
        "    ignorable: false # from .credlint.yaml:8\n",
        "      operators: [\"=\", \"~>\"] # from .credlint.yaml:7\n",
        "      allow_tags: false # from default\n",
        "  - rule: backend-static-credential # from .credlint.yaml:21\n",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}
