//! What `terraform init` 1.11.4 selected out of the versions below, and what go-version's own tests say.

use super::*;

const AVAILABLE: [&str; 7] = ["4.9.0", "5.0.0", "5.1.0", "5.9.9", "6.0.0", "6.1.0-beta1", "6.1.0-beta2"];

/// The version that `init` selects; `none` if no version meets the constraint, `error` if it is refused.
fn selected(text: &str, flavour: Flavour) -> String {
    let Ok(constraints) = Constraints::parse(text, flavour) else { return "error".into() };
    let versions = AVAILABLE.iter().map(|version| Version::parse(version).unwrap());
    let allowed = versions.filter(|version| constraints.allows(version));
    allowed.max_by(Version::compare).map_or("none".into(), |version| version.to_string())
}

/// Constraint, what the provider gets, what the module gets: measured with Terraform 1.11.4.
const MEASURED: [(&str, &str, &str); 35] = [
    ("5.0.0", "5.0.0", "5.0.0"),
    ("= 5.0.0", "5.0.0", "5.0.0"),
    ("v5.0.0", "error", "5.0.0"),
    ("5", "5.0.0", "5.0.0"),
    ("5.0", "5.0.0", "5.0.0"),
    ("~> 5", "5.9.9", "6.0.0"),
    ("~> 5.0", "5.9.9", "5.9.9"),
    ("~> 5.0.0", "5.0.0", "5.0.0"),
    ("~> 5.1", "5.9.9", "5.9.9"),
    ("~>5.1", "5.9.9", "5.9.9"),
    ("> 5.0", "6.0.0", "6.0.0"),
    (">= 5.0", "6.0.0", "6.0.0"),
    (">= 5.0, < 6.0", "5.9.9", "5.9.9"),
    (">= 5.0, < 6", "5.9.9", "5.9.9"),
    (">= 5.0,!= 5.9.9,<6.0.0", "5.1.0", "5.1.0"),
    ("< 5", "4.9.0", "4.9.0"),
    ("<= 5", "5.0.0", "5.0.0"),
    ("!= 6.0.0", "5.9.9", "5.9.9"),
    ("6.1.0-beta1", "6.1.0-beta1", "6.1.0-beta1"),
    ("= 6.1.0-beta1", "6.1.0-beta1", "none"),
    (">= 6.1.0-beta1", "none", "none"),
    ("~> 6.1.0-beta1", "none", "none"),
    (">= 6.0.0-beta1", "6.0.0", "6.0.0"),
    ("> 6.0.0", "none", "none"),
    (">= 0", "6.0.0", "6.0.0"),
    ("*", "error", "error"),
    ("5.*", "error", "error"),
    ("^5.0", "error", "error"),
    ("5.x", "error", "error"),
    ("=> 5.0", "error", "error"),
    ("> 5.0 < 6.0", "error", "error"),
    ("5.0.0, 5.1.0", "none", "none"),
    (">= 5.0 || < 4", "error", "error"),
    (" >= 5.0 ", "6.0.0", "6.0.0"),
    ("", "error", "error"),
];

#[test]
fn selects_what_terraform_selects() {
    for (text, provider, module) in MEASURED {
        assert_eq!(selected(text, Flavour::Provider), provider, "provider {text:?}");
        assert_eq!(selected(text, Flavour::Module), module, "module {text:?}");
    }
}

/// go-versions' parser refuses what go-version takes.
#[test]
fn a_provider_takes_less_than_a_module() {
    use ConstraintError::{LeadingV, Malformed, Spacing, TooManyNumbers};
    for (text, error) in [
        (">= v5.0", LeadingV),
        (">=  5.0", Spacing),
        (">=\t5.0", Spacing),
        ("1.2.3.4", TooManyNumbers),
        ("5.0.0beta1", Malformed),
        ("5.0.0-a~b", Malformed),
    ] {
        assert_eq!(Constraints::parse(text, Flavour::Provider).unwrap_err(), error, "{text:?}");
        assert!(Constraints::parse(text, Flavour::Module).is_ok(), "{text:?}");
        assert!(!error.hint().is_empty());
    }
}

/// Rows of go-version's `TestConstraintCheck`.
/// <https://github.com/hashicorp/go-version/blob/v1.7.0/constraint_test.go>
#[test]
fn core_constraints_hold_as_in_go_version() {
    for (text, version, holds) in [
        (">= 1.0, < 1.2", "1.1.5", true),
        ("< 1.0, < 1.2", "1.1.5", false),
        ("= 1.0", "1.1.5", false),
        ("= 1.0", "1.0.0", true),
        ("1.0", "1.0.0", true),
        ("~> 1.0", "2.0", false),
        ("~> 1.0", "1.1", true),
        ("~> 1.0", "1.2.3", true),
        ("~> 1.0.0", "1.2.3", false),
        ("~> 1.0.0", "1.0.7", true),
        ("~> 1.0.0", "1.1.0", false),
        ("~> 1.0.7", "1.0.4", false),
        ("~> 1.0.7", "1.0.7.1", true),
        ("~> 1.0.9.5", "1.0.9.5", true),
        ("~> 1.0.9.5", "1.0.9.4", false),
        ("~> 1.0.9.5", "1.0.9.6", true),
        ("~> 1.0.9.5", "1.0.9", false),
        ("~> 1.0.9.5", "1.0.10.0", false),
        ("~> 0", "1.11.4", true),
        (">= 1.3.0", "1.11.4", true),
        // `CheckCoreVersionRequirements` compares the running version without its prerelease.
        (">= 1.11.0", "1.11.0-rc1", true),
    ] {
        let constraints = Constraints::parse(text, Flavour::Core).unwrap();
        assert_eq!(constraints.allows(&Version::parse(version).unwrap()), holds, "{version} in {text:?}");
    }
    let error = Constraints::parse(">= 1.6.0-alpha1", Flavour::Core).unwrap_err();
    assert_eq!(error, ConstraintError::Prerelease);
}

#[test]
fn bounds() {
    let parse = |text: &str, flavour| Constraints::parse(text, flavour).unwrap();
    for (text, provider, module) in [
        ("5.0.0", true, true),
        ("~> 5", true, false),
        ("~> 5.0", true, true),
        (">= 5.0", false, false),
        ("> 5.0, != 6.0.0", false, false),
        (">= 5.0, < 6", true, true),
        ("<= 6", true, true),
    ] {
        assert_eq!(parse(text, Flavour::Provider).has_upper_bound(), provider, "{text}");
        assert_eq!(parse(text, Flavour::Module).has_upper_bound(), module, "{text}");
    }
    let lower = |text: &str| parse(text, Flavour::Core).lower_bound().map(|(v, itself)| (v.to_string(), itself));
    assert_eq!(lower(">= 1.3, > 1.5, < 2"), Some(("1.5.0".into(), false)));
    assert_eq!(lower(">= 1.5, > 1.5"), Some(("1.5.0".into(), false)));
    assert_eq!(lower("~> 1.10"), Some(("1.10.0".into(), true)));
    assert_eq!(lower("< 2, != 1.1"), None);
    assert!(parse("= 1.0", Flavour::Core).is_exact() && !parse("~> 1.0", Flavour::Core).is_exact());
    assert_eq!(parse("1.0, ~> 1.0, >= 0", Flavour::Core).operators().collect::<Vec<_>>(), ["=", "~>", ">="]);
}

#[test]
fn versions_that_are_none() {
    for text in ["", "v", "1.", ".1", "1..2", "1.0.0+", "1.0.0-a..b", "99999999999999999999", "1.0 ", "a"] {
        assert_eq!(Version::parse(text), Err(ConstraintError::Malformed), "{text:?}");
    }
    assert_eq!(Version::parse("v1.2-rc.1+x").unwrap().to_string(), "1.2.0-rc.1+x");
    let many = vec![">= 1"; 65].join(",");
    assert_eq!(Constraints::parse(&many, Flavour::Core), Err(ConstraintError::TooMany));
}

/// Precedence: <https://semver.org/#spec-item-11>
#[test]
fn prereleases_are_ordered() {
    let order =
        ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0"];
    for pair in order.windows(2) {
        let [low, high] = [pair[0], pair[1]].map(|text| Version::parse(text).unwrap());
        assert_eq!(low.compare(&high), Ordering::Less, "{pair:?}");
    }
}
