//! Google Cloud: API keys and OAuth. Keys of service accounts are private keys.

use super::detector::Detector;
use super::shape::Class;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("google-api-key", &["AIza"], Class::BASE64_URL, 35, 35)
        .see("https://docs.cloud.google.com/docs/authentication/api-keys"),
    Detector::prefixed("google-access-token", &["ya29."], Class::BASE64_URL.and(Class::of(b".")), 20, 2048)
        .see("https://docs.cloud.google.com/docs/authentication/token-types#access"),
    Detector::prefixed("google-refresh-token", &["1//0"], Class::BASE64_URL, 30, 512)
        .see("https://developers.google.com/identity/protocols/oauth2#size"),
    Detector::prefixed("google-client-secret", &["GOCSPX-"], Class::BASE64_URL, 28, 28)
        .see("https://support.google.com/cloud/answer/15549257"),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "google-api-key",
        &["api_key = \"«AIza·SyExampleExample0123456789exampleAb»\""],
        &["AIzaSyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "AIzaSyShort"],
    ),
    (
        "google-access-token",
        &["access_token: «ya29·.a0AfExampleExample0123456789example-example_Example»"],
        &["ya29.x"],
    ),
    (
        "google-refresh-token",
        &["{\"refresh_token\": \"«1//0·3exampleExample0123456789-exampleExample_example»\"}"],
        &["https://example.com/1//0/x"],
    ),
    (
        "google-client-secret",
        &["client_secret = \"«GOCS·PX-example0Example1example2Exam»\""],
        &["GOCSPX-<your-client-secret>"],
    ),
];
