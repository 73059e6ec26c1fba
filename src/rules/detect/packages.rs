//! Package and image registries: npm, PyPI, Docker Hub, Artifactory, RubyGems, NuGet.

use super::checksum;
use super::detector::Detector;
use super::shape::Class;
use crate::finding::Confidence;
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const ARTIFACTORY: &str = "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens";

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("npm-token", &["npm_"], Class::ALNUM, 36, 36)
        .verified_by(checksum::github)
        .see("https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/"),
    Detector::named("npm-token", &["_authToken", "npmAuthToken"], &[], Class::BEARER, 16, 1024)
        .sure(Confidence::High)
        .see("https://docs.npmjs.com/cli/configuring-npm/npmrc#auth-related-configuration"),
    Detector::prefixed(
        "pypi-token",
        &["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"],
        Class::BASE64_URL,
        50,
        1024,
    )
    .verified_by(is_macaroon)
    .see("https://packaging.python.org/en/latest/specifications/pypirc/"),
    Detector::prefixed("docker-hub-token", &["dckr_pat_", "dckr_oat_"], Class::BASE64_URL, 24, 48)
        .see("https://docs.docker.com/security/access-tokens/"),
    Detector::prefixed("artifactory-token", &["AKCp"], Class::ALNUM, 64, 80).see(ARTIFACTORY),
    // Base64 of `reftkn:`.
    Detector::prefixed("artifactory-token", &["cmVmdGtu"], Class::ALNUM, 56, 56).see(ARTIFACTORY),
    Detector::prefixed("rubygems-token", &["rubygems_"], Class::HEX, 48, 48)
        .see("https://guides.rubygems.org/api-key-scopes/"),
    Detector::prefixed("nuget-key", &["oy2"], Class::LOWER_ALNUM, 43, 43)
        .see("https://learn.microsoft.com/nuget/nuget-org/publish-a-package#create-an-api-key"),
];

/// Whether a token is what it says: a macaroon of version 2, whose bytes are well-formed base64.
fn is_macaroon(token: &str) -> bool {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &URL_SAFE,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let decoded = token.strip_prefix("pypi-").and_then(|body| LENIENT.decode(body).ok());
    decoded.is_some_and(|bytes| bytes.first() == Some(&2))
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "npm-token",
        &[
            "NPM_TOKEN=«npm·_Ky9Pf34qY6Nb3wWD25RQ4F5ZR3qa7y3gm1IL»",
            "//npm.example.com/:_authToken=«6a174c20-f6de-a53c-74d2-6018fcceff64»",
        ],
        &[
            "npm_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "//npm.example.com/:_authToken=${NPM_TOKEN}",
            "npm_config_registry",
        ],
    ),
    (
        "pypi-token",
        &[
            "password = «pypi·-AgEIcHlwaS5vcmcCJDZhMTc0YzIwLWY2ZGUtYTUzYy03NGQyLTYwMThmY2NlZmY2NAACKlszLCJleGFtcGxlIl0AAAYgZXhhbXBsZQ»",
        ],
        &["pypi-AgEIcHlwaS5vcmc..."],
    ),
    (
        "docker-hub-token",
        &["docker login -u u -p «dckr·_pat_Example0Example1Example2Exa»"],
        &["dckr_pat_xxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
    (
        "artifactory-token",
        &[
            "«AKC·p8Example0Example1Example2Example3Example4Example5Example6Example7Example8»",
            "«cmVm·dGtuOjAxOjE3MDAwMDAwMDA6ZXhhbXBsZUV4YW1wbGVFeGFtcGxlRXhhbXBs»",
        ],
        &["AKCp"],
    ),
    ("rubygems-token", &["«rubygems·_9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d65»"], &["rubygems_version"]),
    ("nuget-key", &["nuget push -k «oy2·example0example1example2example3example4exa»"], &["oy2short"]),
];
