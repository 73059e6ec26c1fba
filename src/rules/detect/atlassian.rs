//! Atlassian: API tokens, Bitbucket's access tokens and app passwords.

use super::detector::Detector;
use super::shape::Class;

const PADDED: Class = Class::BASE64_URL.and(Class::of(b"="));

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("atlassian-token", &["ATATT3"], PADDED, 80, 512)
        .see("https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/"),
    Detector::prefixed("bitbucket-token", &["ATCTT3"], PADDED, 80, 512)
        .see("https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/"),
    Detector::prefixed("bitbucket-token", &["ATBB"], Class::ALNUM, 28, 40)
        .see("https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/"),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "atlassian-token",
        &[
            "«ATAT·T3xFfGF0exampleExample0123456789exampleExample0123456789exampleExample0123456789exampleExample=0A1B2C3D»",
        ],
        &["ATATT3xFf..."],
    ),
    (
        "bitbucket-token",
        &[
            "https://x-token-auth:«ATCT·T3xFfGN0exampleExample0123456789exampleExample0123456789exampleExample0123456789exampleExample=0A1B2C3D»@bitbucket.org/o/r",
            "BITBUCKET_PASSWORD=«ATB·BexampleExample0123456789Example0A1B2C3D»",
        ],
        &["ATBBxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
];
