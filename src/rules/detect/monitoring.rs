//! Monitoring: Datadog, New Relic, Grafana, Sentry, PagerDuty, Opsgenie, Dynatrace, Splunk, Honeycomb.

use super::checksum;
use super::detector::Detector;
use super::shape::Class;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

const PADDED: Class = Class::BASE64.and(Class::of(b"="));

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("datadog-key", &["ddpat_", "ddap_"], Class::ALNUM.and(Class::of(b"_")), 24, 128)
        .see("https://docs.datadoghq.com/account_management/personal-access-tokens/"),
    Detector::named(
        "datadog-key",
        &[
            "DATADOG", "datadog", "Datadog", "DD_API_KEY", "DD_APP_KEY", "DD_APPLICATION_KEY", "dd_api_key",
            "dd_app_key", "DD-API-KEY", "DD-APPLICATION-KEY", "dd-api-key", "dd-application-key",
        ],
        &["apikey", "appkey", "applicationkey"],
        Class::HEX,
        32,
        40,
    )
    .see("https://docs.datadoghq.com/account_management/api-app-keys/"),
    Detector::prefixed("newrelic-key", &["NRAK-"], Class::UPPER_ALNUM, 27, 27).see(NEW_RELIC),
    Detector::prefixed("newrelic-key", &["NRII-", "NRIQ-"], Class::BASE64_URL, 32, 32).see(NEW_RELIC),
    Detector::signed("newrelic-key", &["NRAL"], Class::LOWER_ALNUM, (36, 36), (0, 0)).see(NEW_RELIC),
    Detector::prefixed("grafana-token", &["glsa_"], Class::ALNUM.and(Class::of(b"_")), 41, 41)
        .verified_by(checksum::grafana)
        .see("https://github.com/grafana/grafana/blob/main/pkg/components/satokengen/tokengen.go"),
    Detector::prefixed("grafana-token", &["glc_"], PADDED, 40, 512)
        .see("https://grafana.com/docs/grafana-cloud/security-and-account-management/authentication-and-permissions/access-policies/"),
    // Base64 of `{"k":"`.
    Detector::prefixed("grafana-token", &["eyJrIjoi"], PADDED, 60, 400)
        .see("https://grafana.com/docs/grafana/latest/developers/http_api/auth/"),
    Detector::prefixed("sentry-token", &["sntrys_"], PADDED.and(Class::of(b"_")), 60, 1024)
        .verified_by(is_sentry)
        .see("https://github.com/getsentry/rfcs/blob/main/text/0091-ci-upload-tokens.md"),
    Detector::prefixed("sentry-token", &["sntryu_"], Class::HEX, 64, 64)
        .see("https://docs.sentry.io/account/auth-tokens/"),
    Detector::named(
        "pagerduty-key",
        &["PAGERDUTY", "pagerduty", "PagerDuty"],
        &["token", "apikey", "key"],
        Class::BASE64_URL.and(Class::of(b"+")),
        20,
        32,
    )
    .see("https://support.pagerduty.com/main/docs/api-access-keys"),
    Detector::named("opsgenie-key", &["OPSGENIE", "opsgenie"], &["apikey", "key"], Class::UUID, 36, 36)
        .see("https://support.atlassian.com/opsgenie/docs/api-key-management/"),
    Detector::prefixed("dynatrace-token", &["dt0c01.", "dt0s01.", "dt0s16."], Class::UPPER_ALNUM.and(Class::of(b".")), 89, 89)
        .see("https://docs.dynatrace.com/docs/dynatrace-api/basics/dynatrace-api-authentication#token-format"),
    Detector::named("splunk-token", &["SPLUNK", "splunk", "HEC_TOKEN", "hec_token"], &["token"], Class::UUID, 36, 36)
        .see("https://docs.splunk.com/Documentation/Splunk/latest/Data/UsetheHTTPEventCollector"),
    Detector::prefixed("honeycomb-key", &["hcaik_", "hcbik_", "hcxik_"], Class::LOWER_ALNUM, 58, 58)
        .see("https://docs.honeycomb.io/configure/environments/manage-api-keys/"),
];

const NEW_RELIC: &str = "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/";

/// Whether the first part is base64 of JSON that says when it was issued.
fn is_sentry(token: &str) -> bool {
    let payload = token.split('_').nth(1).unwrap_or_default().trim_end_matches('=');
    let decoded = STANDARD_NO_PAD.decode(payload).ok();
    let json: Option<serde_json::Value> = decoded.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    json.is_some_and(|json| json.get("iat").is_some())
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "datadog-key",
        &[
            "DD_API_KEY=«9f86d081884c7d659a2feaa0c55ad015»",
            "datadog_app_key = \"«9f86d081884c7d659a2feaa0c55ad015a3bf4f1b»\"",
            "{\"name\": \"DD_API_KEY\", \"value\": \"«9f86d081884c7d659a2feaa0c55ad015»\"}",
            "DD_APPLICATION_KEY: «ddap·_ExampleExample0123456789exampleExam»",
        ],
        &[
            "DD_API_KEY=00000000000000000000000000000000",
            "datadog_monitor_id = \"9f86d081884c7d659a2feaa0c55ad015\"",
            "md5 = 9f86d081884c7d659a2feaa0c55ad015",
        ],
    ),
    (
        "newrelic-key",
        &[
            "key = \"«NRA·K-EXAMPLE0EXAMPLE1EXAMPLE2ABC»\"",
            "NEW_RELIC_LICENSE_KEY=«9f86d081884c7d659a2feaa0c55ad015a3bf·NRAL»",
            "insert: «NRI·I-Example0Example1Example2Example3»",
        ],
        &["NRAK-XXXXXXXXXXXXXXXXXXXXXXXXXXX", "NRAL"],
    ),
    (
        "grafana-token",
        &[
            "auth = \"«glsa·_iNValIdinValiDinvalidinvalidinva_5b582697»\"",
            "«glc·_eyJvIjoiMTExMTExIiwibiI6ImV4YW1wbGUiLCJrIjoiZXhhbXBsZUV4YW1wbGUifQ==»",
            "Bearer «eyJr·IjoiZXhhbXBsZUV4YW1wbGVFeGFtcGxlRXhhbXBsZTAxMjM0NTYiLCJuIjoiZXhhbXBsZSIsImlkIjoxfQ==»",
        ],
        &["glsa_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_xxxxxxxx", "glsa_iNValIdinValiDinvalidinvalidinva_5b582698"],
    ),
    (
        "sentry-token",
        &[
            "SENTRY_AUTH_TOKEN=«sntry·s_eyJpYXQiOjE3MDAwMDAwMDAsInVybCI6Imh0dHBzOi8vc2VudHJ5LmlvIn0=_exampleExample0123456789exampleExample01234»",
            "«sntry·u_9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015»",
        ],
        &["sntrys_exampleExampleexampleExample0123456789exampleExample0123456789exampleExample0123456789"],
    ),
    ("pagerduty-key", &["PAGERDUTY_TOKEN=«u+ExampleExample0123»"], &["PAGERDUTY_TOKEN=your-pagerduty-token-here"]),
    (
        "opsgenie-key",
        &["opsgenie_api_key = \"«6a174c20-f6de-a53c-74d2-6018fcceff64»\""],
        &["opsgenie_team_id = \"6a174c20-f6de-a53c-74d2-6018fcceff64\""],
    ),
    (
        "dynatrace-token",
        &["«dt0c·01.EXAMPLE0EXAMPLE1EXAMPLE2.EXAMPLE0EXAMPLE1EXAMPLE2EXAMPLE3EXAMPLE4EXAMPLE5EXAMPLE6EXAMPLE7»"],
        &["dt0c01.<id>.<secret>"],
    ),
    (
        "splunk-token",
        &["SPLUNK_HEC_TOKEN=«6a174c20-f6de-a53c-74d2-6018fcceff64»"],
        &["splunk_index = \"6a174c20-f6de-a53c-74d2-6018fcceff64\""],
    ),
    ("honeycomb-key", &["«hcaik·_01example0example1example2example3example4example5example6»"], &["hcaik_"]),
];
