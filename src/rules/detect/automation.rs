//! What runs Terraform and builds: Pulumi, Infracost, Scalr, Spacelift, env0, CircleCI, Buildkite, SonarQube, Snyk.

use super::detector::Detector;
use super::shape::Class;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("pulumi-token", &["pul-"], Class::HEX, 40, 40)
        .see("https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/"),
    Detector::prefixed("infracost-key", &["ico-"], Class::ALNUM, 32, 32)
        .see("https://www.infracost.io/docs/#2-get-api-key"),
    Detector::named("scalr-token", &["SCALR", "scalr"], &["token"], Class::BEARER, 32, 1024)
        .see("https://docs.scalr.io/docs/scalr-api"),
    Detector::named("spacelift-key", &["SPACELIFT", "spacelift"], &["keysecret", "secret"], Class::HEX, 64, 64)
        .see("https://docs.spacelift.io/integrations/api"),
    Detector::named("env0-key", &["ENV0", "env0"], &["apisecret", "apikeysecret"], Class::BASE64_URL, 24, 64)
        .see("https://docs.envzero.com/guides/admin-guide/user-role-and-team-management/api-keys"),
    Detector::prefixed("circleci-token", &["CCIPAT_", "CCIPRJ_"], Class::BASE64_URL, 40, 80)
        .see("https://circleci.com/docs/managing-api-tokens/"),
    Detector::prefixed("buildkite-token", &["bkua_"], Class::HEX, 40, 40)
        .see("https://buildkite.com/docs/apis/managing-api-tokens"),
    Detector::prefixed("sonar-token", &["squ_", "sqp_", "sqa_"], Class::HEX, 40, 40)
        .see("https://docs.sonarsource.com/sonarqube-server/latest/user-guide/managing-tokens/"),
    Detector::named("snyk-token", &["SNYK", "snyk"], &["token", "apikey"], Class::UUID, 36, 36)
        .see("https://docs.snyk.io/snyk-api/authentication-for-api"),
    Detector::prefixed("linear-key", &["lin_api_"], Class::ALNUM, 40, 40)
        .see("https://linear.app/developers/graphql#personal-api-keys"),
    Detector::prefixed("launchdarkly-key", &["sdk-"], Class::UUID, 36, 36).see(LAUNCHDARKLY),
    Detector::named(
        "launchdarkly-key",
        &["LAUNCHDARKLY", "launchdarkly", "LaunchDarkly"],
        &["token", "key"],
        Class::LOWER_ALNUM.and(Class::of(b"-")),
        40,
        40,
    )
    .see(LAUNCHDARKLY),
];

const LAUNCHDARKLY: &str = "https://launchdarkly.com/docs/home/account/api";

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "pulumi-token",
        &["PULUMI_ACCESS_TOKEN=«pul·-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b»"],
        &["pul-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
    ("infracost-key", &["INFRACOST_API_KEY=«ico·-Example0Example1Example2Example3»"], &["ico-image"]),
    ("scalr-token", &["SCALR_TOKEN=«Example0Example1Example2Example3Example4»"], &["SCALR_TOKEN=$TOKEN"]),
    (
        "spacelift-key",
        &["SPACELIFT_API_KEY_SECRET=«9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015»"],
        &["SPACELIFT_API_KEY_ID=01EXAMPLE"],
    ),
    ("env0-key", &["ENV0_API_SECRET=«Example0Example1Example2Example3»"], &["ENV0_API_SECRET=***"]),
    ("circleci-token", &["«CCIPAT·_Example0Example1Example2_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b»"], &["CCIPAT_"]),
    ("buildkite-token", &["«bkua·_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b»"], &["bkua_"]),
    ("sonar-token", &["SONAR_TOKEN=«squ·_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b»"], &["squ_"]),
    (
        "snyk-token",
        &["SNYK_TOKEN=«6a174c20-f6de-a53c-74d2-6018fcceff64»"],
        &["SNYK_ORG=6a174c20-f6de-a53c-74d2-6018fcceff64"],
    ),
    ("linear-key", &["«lin·_api_Example0Example1Example2Example3Example4»"], &["lin_api_"]),
    (
        "launchdarkly-key",
        &[
            "sdk_key = \"«sdk·-6a174c20-f6de-a53c-74d2-6018fcceff64»\"",
            "LAUNCHDARKLY_ACCESS_TOKEN=«api·-6a174c20-f6de-a53c-74d2-6018fcceff64»",
        ],
        &["sdk-version", "launchdarkly_project_key = \"default\""],
    ),
];
