//! GitLab's tokens. An instance may put a prefix of its own before these.

use super::detector::Detector;
use super::shape::Class;

const PREFIXES: &str = "https://docs.gitlab.com/security/tokens/#token-prefixes";

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed(
        "gitlab-token",
        &[
            "glpat-", "gldt-", "glrt-", "glrtr-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-", "glcbt-",
            "glsoat-", "glffct-", "glwt-",
        ],
        Class::BASE64_URL.and(Class::of(b".")),
        20,
        512,
    )
    .see(PREFIXES),
    Detector::prefixed("gitlab-token", &["GR1348941"], Class::BASE64_URL, 20, 20).see(PREFIXES),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[(
    "gitlab-token",
    &[
        "token = \"«glpat·-ExampleExample0123456»\"",
        "PRIVATE-TOKEN: «glpat·-aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0hL2nR5tX8bD1gJ4kM7qS0u.01.0w1x2y3z4»",
        "ACME-«glpat·-ExampleExample0123456»",
        "REGISTRATION_TOKEN=«GR13·48941Example_Example-0123»",
    ],
    &["glpat-xxxxxxxxxxxxxxxxxxxx", "glpat-<token>", "glpat-${TOKEN}", "xglpat-ExampleExample0123456"],
)];
