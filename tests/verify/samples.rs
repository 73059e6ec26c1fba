//! One credential of every issuer that is asked by HTTP, all of them made up.

use super::candidate;
use credlint::verify::{ALL, Ask, Candidate, Verifier};
use std::sync::LazyLock;

/// A credential of an issuer, and the answers with which that accepts it.
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) secret: &'static str,
    pub(super) beside: &'static [(&'static str, &'static str)],
    pub(super) accepts: &'static [(u16, &'static str)],
}

impl Sample {
    /// Under which name its issuer's host is named: AppRole is a way into Vault.
    pub(super) fn host(&self) -> &'static str {
        if self.name == "vault-approle" { "vault" } else { self.name }
    }

    pub(super) fn candidate(&self) -> Candidate {
        candidate(self.kind, self.secret, self.beside)
    }

    /// The part of the secret that must stand in no text: what the issuer is sent may be encoded.
    pub(super) fn telling(&self) -> &'static str {
        let parts = self.secret.split(|c: char| !c.is_ascii_alphanumeric());
        parts.max_by_key(|part| part.len()).unwrap()
    }
}

/// The samples, in the catalogue's order.
pub(super) static SAMPLES: LazyLock<Vec<&'static Sample>> = LazyLock::new(|| by_http().map(of).collect());

pub(super) fn by_http() -> impl Iterator<Item = &'static Verifier> {
    ALL.iter().filter(|verifier| matches!(verifier.ask, Ask::Http { .. }))
}

/// The sample of an issuer: every one that is asked by HTTP has one.
pub(super) fn of(verifier: &Verifier) -> &'static Sample {
    let found = TABLE.iter().find(|sample| sample.name == verifier.name);
    found.unwrap_or_else(|| panic!("{} has no sample in tests/verify/samples.rs", verifier.name))
}

const fn sample(
    name: &'static str,
    kind: &'static str,
    secret: &'static str,
    accepts: &'static [(u16, &'static str)],
) -> Sample {
    Sample { name, kind, secret, beside: &[], accepts }
}

const fn beside(beside: &'static [(&'static str, &'static str)], sample: Sample) -> Sample {
    Sample { beside, ..sample }
}

/// The certificate of [`GOOGLE_KEY`], as Google publishes it.
pub(super) const GOOGLE_CERTIFICATES: &str = include_str!("google_certificates.json");
/// A key that was made for these tests.
pub(super) const GOOGLE_KEY: &str = include_str!("google_key.pem");

const TABLE: &[Sample] = &[
    sample(
        "anthropic",
        "anthropic-key",
        "sk-ant-api03-c70eca6b0f88f44d81a41",
        &[(200, r#"{"data": [], "has_more": false}"#)],
    ),
    beside(
        AZURE,
        sample(
            "azure",
            "azure-client-secret",
            "abc8Q~79f43c3b9c23fbdf293bd.79f43c3b9c2",
            &[(200, r#"{"token_type": "Bearer", "expires_in": 3599, "access_token": "thrown.away"}"#)],
        ),
    ),
    sample(
        "buildkite",
        "buildkite-token",
        "bkua_6c0954c0f83e655905b0a42ae5e63af76205ff25",
        &[(
            200,
            r#"{"uuid": "b63254c0", "scopes": ["read_builds"], "created_at": "2026-01-02T03:04:05.678Z", "user": {"email": "ci@example.com"}}"#,
        )],
    ),
    sample(
        "cloudflare",
        "cloudflare-token",
        "cfut_738e22f0acab814cc0c6a9dfdd1c",
        &[(
            200,
            r#"{"success": true, "errors": [], "result": {"id": "ed17574386854bf78a67040be0a770b0", "status": "active", "expires_on": "2027-01-01T00:00:00Z"}}"#,
        )],
    ),
    sample("datadog", "datadog-key", "4d8bd97f03109ac1ffd4f20894ed216d", &[(200, r#"{"valid": true}"#)]),
    sample(
        "digitalocean",
        "digitalocean-token",
        "dop_v1_042e9398f2cc89025595d077503121a4a5a41d153d6863caa4c7332c8f1029f6",
        &[(
            200,
            r#"{"account": {"email": "ci@example.com", "uuid": "b6fr89dbf6d9156cace5f3c78dc9851d957381ef", "status": "active"}}"#,
        )],
    ),
    sample(
        "doppler",
        "doppler-token",
        "dp.pt.c0fc092abf25c4054a3be5c125c4",
        &[(
            200,
            r#"{"name": "ci", "workplace": {"name": "Acme", "slug": "acme"}, "created_at": "2026-01-02T03:04:05.678Z"}"#,
        )],
    ),
    sample(
        "fastly",
        "fastly-token",
        "0f214b80de91c060e9be5623d2708e90",
        &[(
            200,
            r#"{"id": "t", "user_id": "u", "customer_id": "c", "scope": "global:read", "created_at": "2026-01-02T03:04:05Z", "expires_at": null}"#,
        )],
    ),
    beside(
        &[("client_email", "ci@acme-prod.iam.gserviceaccount.com")],
        sample("gcp", "google-service-account-key", GOOGLE_KEY, &[(200, GOOGLE_CERTIFICATES)]),
    ),
    sample(
        "github",
        "github-token",
        "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",
        &[(200, r#"{"login": "octocat", "id": 1}"#)],
    ),
    sample(
        "gitlab",
        "gitlab-token",
        "glpat-9d96d9d5b1addd7e7e61",
        &[(
            200,
            r#"{"id": 42, "name": "ci", "revoked": false, "created_at": "2026-01-02T03:04:05.678Z", "scopes": ["read_api"], "user_id": 24, "active": true, "expires_at": "2026-12-31"}"#,
        )],
    ),
    sample(
        "hetzner",
        "hetzner-token",
        "294aa8d75483b8331e3ba6a7f24aea15202747f36de65197e7bc6194880b2558",
        &[(200, r#"{"locations": []}"#)],
    ),
    sample(
        "huggingface",
        "huggingface-token",
        "hf_d203a277f19a8f7d78fe8e9a621534b2cb",
        &[(200, r#"{"type": "user", "name": "ci"}"#)],
    ),
    beside(
        &[("host", "https://127.0.0.1:6443")],
        sample(
            "kubernetes",
            "kubernetes-token",
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0.abc0def0ghi0example",
            &[(
                201,
                r#"{"kind": "SelfSubjectReview", "status": {"userInfo": {"username": "system:serviceaccount:ci:ci", "groups": []}}}"#,
            )],
        ),
    ),
    sample(
        "launchdarkly",
        "launchdarkly-key",
        "api-031ac995-a40f-f061-cf05-85e1a8e9633f",
        &[(200, r#"{"accountId": "1234567890abcdef12345678", "tokenName": "ci"}"#)],
    ),
    sample(
        "linode",
        "linode-token",
        "200e997d97c7a78a97b0ca7c5039516d3521046b87870b51f15252a3cb978e94",
        &[(200, r#"{"username": "ci"}"#)],
    ),
    sample(
        "newrelic",
        "newrelic-key",
        "NRAK-7B58C07C6053341EA5949720F93",
        &[(200, r#"{"data": {"actor": {"user": {"id": 1000}}}}"#)],
    ),
    sample("npm", "npm-token", "npm_d79677188687e7b32b43de9d2365a1ff8ae6", &[(200, r#"{"username": "ci"}"#)]),
    beside(
        &[("org_name", "dev-1")],
        sample(
            "okta",
            "okta-token",
            "0065819e198c32566ae994e481fd6ab4f725a3c16e",
            &[(200, r#"{"id": "00u1", "status": "ACTIVE", "profile": {"login": "ci@example.com"}}"#)],
        ),
    ),
    sample(
        "openai",
        "openai-key",
        "sk-proj-7d3194f79e645c42e4396dda38be0476681",
        &[(200, r#"{"object": "list", "data": []}"#)],
    ),
    sample("pagerduty", "pagerduty-key", "u+1c6cda31110c57fa5", &[(200, r#"{"abilities": ["sso"]}"#)]),
    sample(
        "slack",
        "slack-token",
        "xoxb-111111111111-2222222222222-877c3aec832cd41012590679",
        &[(
            200,
            r#"{"ok": true, "url": "https://acme.slack.com/", "team": "Acme", "user": "ci", "team_id": "T1", "user_id": "U1"}"#,
        )],
    ),
    sample(
        "stripe",
        "stripe-key",
        "rk_test_2bed2032ed3d8300b7714",
        &[(200, r#"{"id": "acct_1", "object": "account"}"#)],
    ),
    sample(
        "tfe",
        "tfe-token",
        "76efbfa34c509.atlasv1.76efbfa34c5092b6c4b1a0c8e62af95f6fb",
        &[
            (
                200,
                r#"{"data": {"id": "user-V3R563qtJNcExAkN", "type": "users", "attributes": {"username": "ci", "is-service-account": true}}}"#,
            ),
            (204, ""),
        ],
    ),
    beside(
        &[("role_id", "9f86d081-884c-7d65-9a2f-eaa0c55ad015")],
        sample(
            "vault-approle",
            "vault-secret-id",
            "8fd1421e-7d7e-3734-0f06-05d9ee7642de",
            &[(200, r#"{"auth": {"client_token": "hvs.thrown.away", "policies": ["default"]}}"#), (204, "")],
        ),
    ),
    sample(
        "vault",
        "vault-token",
        "hvs.e6f0a1fbb43c89196dcfcbef8590",
        &[
            (400, r#"{"errors": ["wrapping token is not valid or does not exist"]}"#),
            (
                200,
                r#"{"data": {"creation_time": 1767323045, "display_name": "token-ci", "expire_time": null, "num_uses": 0, "policies": ["default"]}}"#,
            ),
        ],
    ),
];

/// The tenant and the application of a client secret.
pub(super) const AZURE: &[(&str, &str)] =
    &[("tenant_id", "9f86d081-884c-7d65-9a2f-eaa0c55ad015"), ("client_id", "0f86d081-884c-7d65-9a2f-eaa0c55ad015")];
