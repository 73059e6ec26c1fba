//! GitHub's tokens.

use super::checksum;
use super::detector::Detector;
use super::shape::Class;

const FORMATS: &str =
    "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/";

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("github-token", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], Class::ALNUM, 36, 36)
        .verified_by(checksum::github)
        .see(FORMATS),
    Detector::prefixed("github-token", &["ghr_"], Class::ALNUM, 76, 76).verified_by(checksum::github).see(FORMATS),
    Detector::prefixed("github-token", &["github_pat_"], Class::ALNUM.and(Class::of(b"_")), 35, 255).see(
        "https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    ),
    // Personal access tokens from before 2021.
    Detector::named(
        "github-token",
        &["GITHUB", "github", "GitHub", "GH_TOKEN", "gh_token"],
        &["token", "pat"],
        Class::HEX,
        40,
        40,
    )
    .see(FORMATS),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[(
    "github-token",
    &[
        "token = \"«ghp·_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17»\"",
        "https://x-access-token:«ghp·_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17»@github.com/o/r.git",
        "«github·_pat_11AAAAAAA0example0Examp_example0123456789Example0123456789example0123456789Example01234567»",
        "GITHUB_TOKEN=«a94a8fe5ccb19ba61c4c0873d391e987982fbbd3»",
    ],
    &[
        "ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "github_pat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "uses: actions/checkout@a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
        "https://github.com/o/r/commit/a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
    ],
)];
