use super::*;

fn changes(base: &str, head: &str) -> Vec<String> {
    let all = weakened(&one(&format!("version: 1\n{base}\n")), &one(&format!("version: 1\n{head}\n")));
    all.into_iter().map(|one| one.what).collect()
}

const RULE: &str = "custom: [{ id: a, level: error, select: {block: module}, require: {x: {equals: 1}}, message: m }]";

#[test]
fn what_is_weaker_is_told() {
    let exception = |path: &str, expires: &str| {
        format!("exceptions: [{{ rule: backend-local, path: {path}, reason: x, expires: {expires} }}]")
    };
    let (first, later) = (exception("a", "2027-01-31"), exception("a", "2027-02-01"));
    let wider = exception("'**'", "2027-01-31");
    for (base, head, expected) in [
        ("", "rules: { backend-local: note }", "`backend-local` is lowered from warning to note"),
        (
            "extends: [strict]",
            "extends: [strict]\nrules: { backend-local: off }",
            "`backend-local` is lowered from error to off",
        ),
        ("rules: { backend-local: {ignorable: false} }", "", "findings of `backend-local` can be hidden now"),
        (
            "",
            "rules: { provider-unpinned: {options: {max_age_days: 91}} }",
            "the option `max_age_days` of `provider-unpinned` is loosened",
        ),
        (
            "",
            "rules: { provider-unpinned: {options: {allow_tags: true}} }",
            "the option `allow_tags` of `provider-unpinned` is loosened",
        ),
        (
            "",
            "rules: { provider-unpinned: {options: {operators: ['~>']}} }",
            "the option `operators` of `provider-unpinned` is loosened",
        ),
        (
            "",
            "scopes: [{paths: [s], rules: {backend-local: off}}]",
            "`backend-local` is lowered from warning to off for `s`",
        ),
        (
            "scopes: [{paths: [s], rules: {backend-local: error}}]",
            "scopes: [{paths: [s], rules: {backend-local: warning}}]",
            "`backend-local` is lowered from error to warning for `s`",
        ),
        (
            "scopes: [{paths: [s], rules: {backend-local: error}}]",
            "",
            "what is said of `backend-local` for `s` is gone",
        ),
        (
            "scopes: [{paths: [s], rules: {provider-unpinned: {options: {max_age_days: 9}}}}]",
            "scopes: [{paths: [s], rules: {provider-unpinned: {options: {max_age_days: 10}}}}]",
            "the option `max_age_days` of `provider-unpinned` is loosened for `s`",
        ),
        (
            "scopes: [{paths: [a], rules: {backend-local: off}}, {paths: [b], rules: {backend-local: error}}]",
            "scopes: [{paths: [b], rules: {backend-local: error}}, {paths: [a], rules: {backend-local: off}}]",
            "the scopes that speak of `backend-local` are in another order",
        ),
        ("", first.as_str(), "an exception from `backend-local` for `a` is new"),
        (first.as_str(), later.as_str(), "an exception from `backend-local` for `a` is prolonged to 2027-02-01"),
        (first.as_str(), wider.as_str(), "an exception from `backend-local` for `**` is new"),
        (RULE, "", "`a` is dropped"),
        (RULE, &RULE.replace("equals: 1", "exists: true"), "`a` asks for something else"),
        (RULE, &RULE.replace("error", "note"), "`a` is lowered from error to note"),
        (
            "",
            "backends: [{paths: [a], type: s3, values: {encrypt: true}}]",
            "`encrypt` of the s3 backends of `a` is supplied anew",
        ),
        (
            "backends: [{paths: [a], type: s3, values: {encrypt: false}}]",
            "backends: [{paths: [a], type: s3, values: {encrypt: true}}]",
            "`encrypt` of the s3 backends of `a` is supplied anew",
        ),
        (
            "",
            "verify: {hosts: ['vault=https://vault.example.com']}",
            "credentials may be sent to `vault=https://vault.example.com`",
        ),
        (
            "verify: {hosts: ['tfe=https://a.example.com', 'vault=https://b.example.com']}",
            "verify: {hosts: ['vault=https://b.example.com']}",
            "no longer asked: `tfe=https://a.example.com`",
        ),
        ("", "verify: {accounts: ['111122223333', '444455556666']}", "keys of some AWS accounts alone are asked about"),
        (
            "verify: {accounts: ['111122223333', '444455556666']}",
            "verify: {accounts: ['111122223333']}",
            "no longer asked about: keys of the AWS accounts `444455556666`",
        ),
        ("", "verify: {canary_accounts: ['111122223333']}", "keys of the AWS account 111122223333 are taken for traps"),
    ] {
        assert_eq!(changes(base, head), [expected], "{base} -> {head}");
    }
}

#[test]
fn what_is_stricter_or_the_same_is_not_told() {
    for (base, head) in [
        ("", ""),
        (EXAMPLE.strip_prefix("version: 1\n").unwrap(), EXAMPLE.strip_prefix("version: 1\n").unwrap()),
        ("", "extends: [strict]"),
        ("rules: { backend-local: note }", ""),
        ("", "rules: { backend-local: {ignorable: false} }"),
        ("rules: { provider-unpinned: {options: {max_age_days: 91, allow_tags: true}} }", ""),
        ("scopes: [{paths: [s], rules: {backend-local: off}}]", ""),
        ("", "scopes: [{paths: [s], rules: {backend-local: error}}]"),
        ("exceptions: [{ rule: backend-local, path: a, reason: x, expires: 2027-01-31 }]", ""),
        (
            "exceptions: [{ rule: backend-local, path: a, reason: x, expires: 2027-01-31 }]",
            "exceptions: [{ rule: backend-local, path: a, reason: other, expires: 2026-12-31 }]",
        ),
        ("", RULE),
        ("backends: [{paths: [a], type: s3, values: {encrypt: true}}]", ""),
        ("verify: {accounts: ['111122223333']}", ""),
        ("verify: {accounts: ['111122223333']}", "verify: {accounts: ['111122223333', '444455556666']}"),
        ("verify: {canary_accounts: ['111122223333']}", ""),
    ] {
        assert_eq!(changes(base, head), Vec::<String>::new(), "{base} -> {head}");
    }
}

#[test]
fn a_weakening_stands_where_the_new_policy_says_it() {
    let (base, head) = (one("version: 1\n"), one("version: 1\nrules:\n  backend-local: off\n"));
    let all = weakened(&base, &head);
    assert_eq!(all[0].of, "backend-local");
    assert_eq!(all[0].place.as_ref().map(crate::finding::Place::shown).as_deref(), Some(".credlint.yaml:3"));
}
