//! HashiCorp and OpenBao: Vault, HCP Terraform and Terraform Enterprise, Consul, Nomad.

use super::detector::Detector;
use super::shape::Class;

const VAULT: &str = "https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes";

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("vault-token", &["hvs.", "hvb.", "hvr."], Class::BASE64_URL, 20, 512).see(VAULT),
    // Batch tokens of Vault before 1.10 and of OpenBao: base64 of a protocol buffer.
    Detector::prefixed("vault-token", &["b.AAAAAQ"], Class::BASE64_URL, 60, 512).see(VAULT),
    // Service tokens of those are nothing but random letters: only a name or the lack of anything else tells them.
    Detector::named(
        "vault-token",
        &["VAULT_TOKEN", "vault_token", "ault-Token", "ault-token", "vaultToken", "BAO_TOKEN"],
        &[],
        Class::BASE64_URL.and(Class::of(b".")),
        20,
        512,
    )
    .see(VAULT),
    Detector::whole("vault-token", |value| {
        value.strip_prefix("s.").is_some_and(|rest| rest.len() == 24 && Class::ALNUM.all(rest))
    })
    .see(VAULT),
    Detector::named(
        "vault-secret-id",
        &["secret_id", "SECRET_ID", "secret-id", "secretId"],
        &["vault", "approle"],
        Class::UUID,
        36,
        36,
    )
    .see("https://developer.hashicorp.com/vault/docs/auth/approle"),
    Detector::signed("tfe-token", &[".atlasv1."], Class::BASE64_URL, (8, 32), (24, 160))
        .see("https://developer.hashicorp.com/terraform/cli/config/config-file#credentials"),
    Detector::named(
        "consul-token",
        &["CONSUL_HTTP_TOKEN", "consul_http_token", "CONSUL_TOKEN", "consul_token", "onsul-Token"],
        &[],
        Class::UUID,
        36,
        36,
    )
    .see("https://developer.hashicorp.com/consul/docs/secure/acl/token"),
    Detector::named("nomad-token", &["NOMAD_TOKEN", "nomad_token", "omad-Token"], &[], Class::UUID, 36, 36)
        .see("https://developer.hashicorp.com/nomad/docs/secure/acl"),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "vault-token",
        &[
            "token = \"«hvs·.CAESIJexampleexampleexample»\"",
            "«hvb·.AAAAAQJexampleexampleexample012345678901234567890123456789»",
            "OpenBao says «b·.AAAAAQJexampleexampleexampleExampleExample012345678901234567890123456789».",
            "VAULT_TOKEN=«s·.Rk2dYf7PsUo9WgEnexamplex»",
            "curl -H 'X-Vault-Token: «s·.Rk2dYf7PsUo9WgEnexamplex»'",
        ],
        &[
            "hvs.xxxxxxxxxxxxxxxxxxxxxxxx",
            "VAULT_TOKEN=$VAULT_TOKEN",
            "VAULT_TOKEN: ${{ secrets.VAULT_TOKEN }}",
            "hvs.short",
        ],
    ),
    (
        "vault-secret-id",
        &["vault_approle_secret_id = \"«6a174c20-f6de-a53c-74d2-6018fcceff64»\""],
        &["secret_id = \"6a174c20-f6de-a53c-74d2-6018fcceff64\"", "vault_secret_id = \"arn:aws:secretsmanager:x\""],
    ),
    (
        "tfe-token",
        &[
            "credentials \"app.terraform.io\" { token = \"«Rk2dYf7PsUo9Wg·.atlasv1.Rk2dYf7PsUo9WgEnRk2dYf7PsUo9WgEnRk2dYf7PsUo9WgEnRk2dYf7PsUo»\" }",
        ],
        &["xxxxxxxxxxxxxx.atlasv1.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ".atlasv1."],
    ),
    (
        "consul-token",
        &["CONSUL_HTTP_TOKEN=«6a174c20-f6de-a53c-74d2-6018fcceff64»"],
        &["CONSUL_HTTP_TOKEN=00000000-0000-0000-0000-000000000002"],
    ),
    ("nomad-token", &["X-Nomad-Token: «6a174c20-f6de-a53c-74d2-6018fcceff64»"], &["NOMAD_TOKEN=(redacted)"]),
];
