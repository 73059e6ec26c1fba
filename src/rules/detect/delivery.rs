//! Building, delivering, observing code: Harness, Octopus Deploy, Prefect, Sourcegraph, Codecov, Vercel and others.

use super::detector::Detector;
use super::shape::Class;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("harness-token", &["pat.", "sat."], Class::ALNUM.and(Class::of(b"_-.")), 68, 68)
        .see("https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/"),
    Detector::prefixed("octopus-key", &["API-"], Class::UPPER_ALNUM, 26, 26)
        .see("https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key"),
    Detector::prefixed("prefect-key", &["pnu_", "pnb_"], Class::LOWER_ALNUM, 36, 36)
        .see("https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys"),
    Detector::prefixed("sourcegraph-token", &["sgp_"], Class::HEX.and(Class::of(b"_local")), 40, 57)
        .see("https://sourcegraph.com/docs/cli/how-tos/creating-an-access-token"),
    Detector::named("codecov-token", &["CODECOV", "codecov"], &["token"], Class::UUID, 32, 36)
        .see("https://docs.codecov.com/docs/codecov-tokens"),
    Detector::named("travis-token", &["TRAVIS", "travis"], &["token"], Class::BASE64_URL, 20, 24)
        .see("https://docs.travis-ci.com/user/triggering-builds/"),
    Detector::named("drone-token", &["DRONE", "drone"], &["token"], Class::ALNUM, 32, 32)
        .see("https://docs.drone.io/cli/configure/"),
    Detector::named(
        "codefresh-token",
        &["CODEFRESH", "codefresh"],
        &["token", "apikey"],
        Class::HEX.and(Class::of(b".")),
        57,
        57,
    )
    .see("https://codefresh.io/docs/docs/integrations/codefresh-api/"),
    Detector::named("vercel-token", &["VERCEL", "vercel"], &["token"], Class::ALNUM, 24, 24)
        .see("https://vercel.com/docs/rest-api#authentication"),
    Detector::prefixed("render-key", &["rnd_"], Class::ALNUM, 28, 36).see("https://render.com/docs/api"),
    Detector::prefixed("deno-token", &["ddp_"], Class::ALNUM, 36, 36)
        .see("https://docs.deno.com/deploy/manual/how-to-deploy/"),
    Detector::prefixed("neon-key", &["napi_"], Class::LOWER_ALNUM, 40, 80).see("https://neon.com/docs/manage/api-keys"),
    Detector::prefixed("clojars-token", &["CLOJARS_"], Class::HEX, 60, 60)
        .see("https://github.com/clojars/clojars-web/wiki/Deploy-Tokens"),
    Detector::prefixed("settlemint-token", &["sm_aat_", "sm_pat_", "sm_sat_"], Class::ALNUM, 16, 16)
        .see("https://console.settlemint.com/documentation"),
    Detector::named("sumologic-key", &["SUMOLOGIC", "sumologic"], &["accesskey", "accesstoken"], Class::ALNUM, 64, 64)
        .see("https://help.sumologic.com/docs/manage/security/access-keys/"),
    Detector::prefixed("coralogix-key", &["cxtp_", "cxup_"], Class::ALNUM, 30, 30)
        .see("https://coralogix.com/docs/user-guides/account-management/api-keys/api-keys/"),
    Detector::prefixed("checkly-key", &["cu_"], Class::HEX, 32, 32)
        .see("https://www.checklyhq.com/docs/integrations/iac/terraform/getting-started/"),
    Detector::named("bugsnag-key", &["BUGSNAG", "bugsnag"], &["authtoken", "token"], Class::UUID, 32, 36)
        .see("https://bugsnagapiv2.docs.apiary.io/#introduction/authentication"),
    Detector::named("rollbar-token", &["ROLLBAR", "rollbar"], &["accesstoken", "token", "apikey"], Class::HEX, 32, 32)
        .see("https://docs.rollbar.com/docs/access-tokens"),
    Detector::named("logzio-token", &["LOGZIO", "logzio"], &["token"], Class::UUID, 36, 36)
        .see("https://docs.logz.io/docs/user-guide/admin/authentication-tokens/api-tokens/"),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "harness-token",
        &["«pat·.Example0Example1Examp7.9f86d081884c7d659a2feaa0.Example0Example1Exa7»"],
        &["pat.example.com"],
    ),
    ("octopus-key", &["«API·-EXAMPLE0EXAMPLE1EXAMPLE2E7»"], &["API-GATEWAY"]),
    ("prefect-key", &["«pnu·_example0example1example2example3exa7»"], &["pnu_key"]),
    ("sourcegraph-token", &["«sgp·_9f86d081884c7d65_9a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15»"], &["sgp_local"]),
    ("codecov-token", &["CODECOV_TOKEN=«6a174c20-f6de-a53c-74d2-6018fcceff64»"], &["CODECOV_TOKEN=$CODECOV"]),
    ("travis-token", &["TRAVIS_TOKEN=«Example0Example1Example7»"], &["travis_token = var.travis"]),
    ("drone-token", &["DRONE_TOKEN=«Example0Example1Example2Example7»"], &["DRONE_TOKEN="]),
    (
        "codefresh-token",
        &["CODEFRESH_TOKEN=«9f86d081884c7d659a2feaa0.c55ad015a3bf4f1b2b0b822cd15d6c15»"],
        &["codefresh_token = var.x"],
    ),
    ("vercel-token", &["VERCEL_TOKEN=«Example0Example1Example7»"], &["vercel_team = \"x\""]),
    ("render-key", &["«rnd·_Example0Example1Example2Example3Exa7»"], &["rnd_bytes"]),
    ("deno-token", &["«ddp·_Example0Example1Example2Example3Exa7»"], &["ddp_"]),
    ("neon-key", &["«napi·_example0example1example2example3example7»"], &["napi_module"]),
    (
        "clojars-token",
        &["«CLOJARS·_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f0»"],
        &["CLOJARS_USERNAME=x"],
    ),
    ("settlemint-token", &["«sm_aat·_Example0Example7»"], &["sm_aat_"]),
    (
        "sumologic-key",
        &["SUMOLOGIC_ACCESS_KEY=«Example0Example1Example2Example3Example4Example5Example6Example7»"],
        &["SUMOLOGIC_ACCESSKEY=$KEY"],
    ),
    ("coralogix-key", &["«cxtp·_Example0Example1Example2Examp7»"], &["cxtp_"]),
    ("checkly-key", &["«cu·_9f86d081884c7d659a2feaa0c55ad015»"], &["cu_id"]),
    ("bugsnag-key", &["BUGSNAG_AUTH_TOKEN=«6a174c20-f6de-a53c-74d2-6018fcceff64»"], &["bugsnag_token = var.x"]),
    ("rollbar-token", &["ROLLBAR_ACCESS_TOKEN=«9f86d081884c7d659a2feaa0c55ad015»"], &["rollbar_token = \"\""]),
    ("logzio-token", &["LOGZIO_TOKEN=«6a174c20-f6de-a53c-74d2-6018fcceff64»"], &["logzio_region = \"us\""]),
];
