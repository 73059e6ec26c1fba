//! Databases and data platforms: Databricks, Confluent, MongoDB Atlas, Snowflake, PlanetScale, Aiven, Supabase.

use super::detector::Detector;
use super::shape::Class;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("databricks-token", &["dapi", "dose"], Class::UUID, 32, 34)
        .see("https://docs.databricks.com/aws/en/dev-tools/auth/pat"),
    Detector::prefixed("confluent-secret", &["cflt"], Class::BASE64, 60, 60)
        .see("https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html"),
    Detector::named(
        "confluent-secret",
        &["CONFLUENT", "confluent", "KAFKA_API", "kafka_api"],
        &["secret"],
        Class::BASE64,
        64,
        64,
    )
    .see("https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html"),
    Detector::prefixed("mongodb-atlas-key", &["mdb_sa_sk_"], Class::BASE64_URL, 24, 80)
        .see("https://www.mongodb.com/docs/atlas/api/service-accounts-overview/"),
    Detector::named(
        "mongodb-atlas-key",
        &["MONGODB_ATLAS", "mongodb_atlas", "mongodbatlas", "MONGODBATLAS", "MCLI_PRIVATE", "atlas_private", "ATLAS_PRIVATE"],
        &["privatekey", "privateapikey"],
        Class::UUID,
        36,
        36,
    )
    .see("https://www.mongodb.com/docs/atlas/configure-api-access/"),
    Detector::named("snowflake-password", &["SNOWFLAKE", "snowflake"], &["password"], Class::PRINTABLE, 8, 256)
        .guessable()
        .see("https://registry.terraform.io/providers/snowflakedb/snowflake/latest/docs"),
    Detector::prefixed("planetscale-token", &["pscale_tkn_", "pscale_oauth_", "pscale_pw_"], Class::BASE64_URL, 32, 64)
        .see("https://planetscale.com/docs/api/reference/service-tokens"),
    Detector::prefixed("aiven-password", &["AVNS_"], Class::BASE64_URL, 15, 40)
        .see("https://aiven.io/docs/platform/howto/token-leak-detection"),
    Detector::prefixed("supabase-token", &["sbp_"], Class::HEX, 40, 40)
        .see("https://supabase.com/docs/reference/api/introduction"),
    Detector::prefixed("supabase-token", &["sb_secret_"], Class::BASE64_URL, 24, 64)
        .see("https://supabase.com/docs/guides/api/api-keys"),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "databricks-token",
        &["DATABRICKS_TOKEN=«dapi·9f86d081884c7d659a2feaa0c55ad015-2»"],
        &["dapixxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "a dose of it"],
    ),
    (
        "confluent-secret",
        &[
            "CONFLUENT_CLOUD_API_SECRET=«Example/Example0123456789exampleExample+ExampleExample0123456789»",
            "secret: «cflt·Example/Example0123456789exampleExample+ExampleExample012345»",
        ],
        &["confluent_cluster_id = lkc-abc"],
    ),
    (
        "mongodb-atlas-key",
        &[
            "mongodbatlas_private_key = \"«6a174c20-f6de-a53c-74d2-6018fcceff64»\"",
            "«mdb·_sa_sk_ExampleExample0123456789exampleExample»",
        ],
        &["mongodbatlas_project_id = \"6a174c20f6dea53c74d26018\""],
    ),
    (
        "snowflake-password",
        &["export SNOWFLAKE_PASSWORD='«h!unter2$Xq»'"],
        &["SNOWFLAKE_PASSWORD=${PASSWORD}", "snowflake_password = var.snowflake_password"],
    ),
    (
        "planetscale-token",
        &["«pscale·_tkn_ExampleExample0123456789exampleExample»"],
        &["pscale_tkn_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
    ("aiven-password", &["«AVNS·_Example0Example1Exa»"], &["AVNS_xxxxxxxxxxxxxxxxxxx"]),
    (
        "supabase-token",
        &["«sbp·_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b»", "«sb·_secret_Example0Example1Example2Example»"],
        &["sbp_abc"],
    ),
];
