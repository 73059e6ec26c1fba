//! What the inventory calls a value by where it stands, and which public identifier stands for it.

use crate::document::artifact::{Owner, Section};
use crate::rules::names::names_a_secret;
use crate::rules::secret::kind_of;

/// Types whose values have words of their own.
const KINDS: [(&str, &str, &str); 33] = [
    ("random_password", "result", "random-password"),
    ("random_string", "result", "random-string"),
    ("tls_private_key", "private_key_pem", "tls-private-key"),
    ("tls_private_key", "private_key_openssh", "tls-private-key"),
    ("tls_private_key", "private_key_pem_pkcs8", "tls-private-key"),
    ("aws_iam_access_key", "secret", "aws-secret-key"),
    ("aws_iam_access_key", "ses_smtp_password_v4", "aws-ses-smtp-password"),
    ("aws_iam_user_login_profile", "password", "aws-console-password"),
    ("aws_iam_service_specific_credential", "service_password", "aws-service-password"),
    ("google_service_account_key", "private_key", "google-service-account-key"),
    ("google_storage_hmac_key", "secret", "google-hmac-key"),
    ("azuread_application_password", "value", "azure-client-secret"),
    ("azuread_service_principal_password", "value", "azure-client-secret"),
    ("azurerm_storage_account", "primary_access_key", "azure-storage-key"),
    ("azurerm_storage_account", "secondary_access_key", "azure-storage-key"),
    ("alicloud_ram_access_key", "secret", "alicloud-secret-key"),
    ("tencentcloud_cam_access_key", "secret_access_key", "tencentcloud-secret-key"),
    ("tfe_team_token", "token", "tfe-token"),
    ("tfe_organization_token", "token", "tfe-token"),
    ("tfe_agent_token", "token", "tfe-token"),
    ("vault_token", "client_token", "vault-token"),
    ("vault_approle_auth_backend_role_secret_id", "secret_id", "vault-secret-id"),
    ("consul_acl_token_secret_id", "secret_id", "consul-token"),
    ("nomad_acl_token", "secret_id", "nomad-token"),
    ("datadog_api_key", "key", "datadog-key"),
    ("datadog_application_key", "key", "datadog-application-key"),
    ("cloudflare_api_token", "value", "cloudflare-token"),
    ("cloudflare_account_token", "value", "cloudflare-token"),
    ("newrelic_api_access_key", "key", "newrelic-key"),
    ("gitlab_personal_access_token", "token", "gitlab-token"),
    ("gitlab_project_access_token", "token", "gitlab-token"),
    ("gitlab_group_access_token", "token", "gitlab-token"),
    ("launchdarkly_access_token", "token", "launchdarkly-key"),
];

/// Types that hold a key pair: the secret half, the attribute beside it that holds the public one.
const PAIRS: [(&str, &str, &str); 16] = [
    ("aws_iam_access_key", "secret", "id"),
    ("aws_lightsail_bucket_access_key", "secret_access_key", "access_key_id"),
    ("alicloud_ram_access_key", "secret", "id"),
    ("tencentcloud_cam_access_key", "secret_access_key", "access_key"),
    ("google_storage_hmac_key", "secret", "access_id"),
    ("azuread_application_password", "value", "key_id"),
    ("azuread_service_principal_password", "value", "key_id"),
    ("scaleway_iam_api_key", "secret_key", "access_key"),
    ("linode_object_storage_key", "secret_key", "access_key"),
    ("digitalocean_spaces_key", "secret_key", "access_key"),
    ("minio_iam_service_account", "secret_key", "access_key"),
    ("ovh_cloud_project_user_s3_credential", "secret_access_key", "access_key_id"),
    ("yandex_iam_service_account_static_access_key", "secret_key", "access_key"),
    ("upcloud_managed_object_storage_user_access_key", "secret_access_key", "access_key_id"),
    ("s3", "secret_key", "access_key"),
    ("aws", "secret_key", "access_key"),
];

/// The inventory's word for a value that was not recognised by its format.
pub(super) fn of(owner: &Owner, path: &str, value: &str) -> &'static str {
    if let Some(kind) = known(owner, path) {
        return kind;
    }
    let telling = path.rsplit('.').chain([last(&owner.address)]).find(|name| names_a_secret(name));
    let kind = kind_of(telling.unwrap_or(name_of(owner, path)), value);
    if kind == "password" && is_database(&owner.kind) { "database-password" } else { kind }
}

/// The word that the type has for what it mints, whatever its format.
pub(super) fn known(owner: &Owner, path: &str) -> Option<&'static str> {
    let resource = matches!(owner.section, Section::Resource | Section::Data);
    let entry = KINDS.iter().find(|(kind, attribute, _)| resource && *kind == owner.kind && *attribute == path);
    entry.map(|(_, _, word)| *word)
}

/// The attribute beside a secret that holds its public half.
pub(super) fn id_attribute(owner: &Owner, path: &str) -> Option<&'static str> {
    let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
    let pair = PAIRS.iter().find(|(kind, secret, _)| *kind == owner.kind && *secret == last && parent.is_empty());
    pair.map(|(_, _, id)| *id)
}

/// The attribute of a type that holds the public half of a key pair.
pub(super) fn id_of(owner: &Owner) -> Option<&'static str> {
    PAIRS.iter().find(|(kind, ..)| *kind == owner.kind).map(|(_, _, id)| *id)
}

/// Whether an attribute holds the public half of a key pair.
pub(super) fn is_id(owner: &Owner, attribute: &str) -> bool {
    PAIRS.iter().any(|(kind, _, id)| *kind == owner.kind && *id == attribute)
}

/// What a value is called: the last name of its path, or else its variable's or output's own name.
pub(super) fn name_of<'a>(owner: &'a Owner, path: &'a str) -> &'a str {
    if path.is_empty() { last(&owner.address) } else { last(path) }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn is_database(kind: &str) -> bool {
    const WORDS: [&str; 16] = [
        "_db_",
        "_rds_",
        "sql",
        "postgres",
        "mysql",
        "mariadb",
        "mongo",
        "redshift",
        "docdb",
        "neptune",
        "database",
        "cockroach",
        "redis",
        "oracle",
        "clickhouse",
        "elasticache",
    ];
    WORDS.iter().any(|word| kind.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(section: Section, address: &str, kind: &str) -> Owner {
        Owner { section, address: address.into(), kind: kind.into() }
    }

    #[test]
    fn words_of_types_and_names() {
        let word = |address: &str, path: &str| {
            let kind = address.split('.').next().unwrap_or_default();
            of(&owner(Section::Resource, address, kind), path, "Rk2dYf7PsUo9WgEn")
        };
        assert_eq!(word("random_password.x", "result"), "random-password");
        assert_eq!(word("aws_db_instance.x", "password"), "database-password");
        assert_eq!(word("aws_mq_broker.x", "user.password"), "password");
        assert_eq!(word("aws_iam_access_key.x", "secret"), "aws-secret-key");
        let variable = owner(Section::Variable, "var.api_token", "");
        assert_eq!(of(&variable, "", "Rk2dYf7PsUo9WgEn"), "token");
    }

    #[test]
    fn pairs() {
        let key = owner(Section::Resource, "aws_iam_access_key.x", "aws_iam_access_key");
        assert_eq!(id_attribute(&key, "secret"), Some("id"));
        assert_eq!(id_attribute(&key, "ses_smtp_password_v4"), None);
        assert!(is_id(&key, "id") && !is_id(&key, "user"));
    }
}
