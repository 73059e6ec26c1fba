//! Resources that keep whatever they are given under a name: whether that is a secret, the name or a switch tells.

use crate::resolve::{Kind, Resource, Value};

/// What is known of such a type.
struct Store {
    kind: &'static str,
    /// The argument that is kept.
    value: &'static str,
    /// The argument that names it; empty where there is none.
    name: &'static str,
    /// The argument that says whether it is secret, and its value then.
    switch: Option<(&'static str, &'static str)>,
}

const fn store(kind: &'static str, value: &'static str, name: &'static str) -> Store {
    Store { kind, value, name, switch: None }
}

const STORES: [Store; 26] = [
    // <https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html>
    Store { switch: Some(("type", "SecureString")), ..store("aws_ssm_parameter", "value", "name") },
    store("azurerm_key_vault_secret", "value", "name"),
    store("bitbucket_deployment_variable", "value", "key"),
    store("bitbucket_repository_variable", "value", "key"),
    store("buildkite_cluster_secret", "value", "key"),
    store("circleci_context_environment_variable", "value", "name"),
    store("circleci_environment_variable", "value", "name"),
    store("cloudflare_worker_secret", "secret_text", "name"),
    store("cloudflare_workers_secret", "secret_text", "name"),
    store("doppler_secret", "value", "name"),
    store("github_actions_environment_secret", "plaintext_value", "secret_name"),
    store("github_actions_environment_secret", "value", "secret_name"),
    store("github_actions_organization_secret", "plaintext_value", "secret_name"),
    store("github_actions_organization_secret", "value", "secret_name"),
    store("github_actions_secret", "plaintext_value", "secret_name"),
    store("github_actions_secret", "value", "secret_name"),
    store("github_codespaces_secret", "plaintext_value", "secret_name"),
    store("github_dependabot_secret", "plaintext_value", "secret_name"),
    store("github_dependabot_secret", "value", "secret_name"),
    store("gitlab_group_variable", "value", "key"),
    store("gitlab_project_variable", "value", "key"),
    store("infisical_secret", "value", "name"),
    store("netlify_environment_variable", "values.value", "key"),
    Store { switch: Some(("write_only", "true")), ..store("spacelift_environment_variable", "value", "name") },
    // <https://registry.terraform.io/providers/hashicorp/tfe/latest/docs/resources/variable#sensitive-1>
    Store { switch: Some(("sensitive", "true")), ..store("tfe_variable", "value", "key") },
    store("vercel_project_environment_variable", "value", "key"),
];

/// What a store says of a value that it keeps.
pub(super) struct Kept {
    /// Under which name it keeps it; empty where that is not known.
    pub(super) name: String,
    /// Whether it keeps it as a secret; None where that is not known.
    pub(super) secret: Option<bool>,
}

/// What is known of an argument of a resource that is a store's value; None of all others.
pub(super) fn kept(resource: &Resource<'_>, path: &str) -> Option<Kept> {
    let store = STORES.iter().find(|store| store.kind == resource.kind && store.value == path)?;
    let of = |argument: &str| resource.argument(argument);
    let name = of(store.name).as_ref().and_then(Value::as_str).unwrap_or("").to_owned();
    let secret = match store.switch {
        None => Some(true),
        Some((argument, wanted)) => of(argument).map_or(Some(false), |value| is(&value, wanted)),
    };
    Some(Kept { name, secret })
}

/// Whether a value is this text, or the boolean that it stands for; None where it may be.
fn is(value: &Value, wanted: &str) -> Option<bool> {
    let one = |value: &Value| match &value.kind {
        Kind::String(text) => Some(&**text == wanted),
        Kind::Bool(flag) => Some(flag.to_string() == wanted),
        Kind::Null => Some(false),
        _ => None,
    };
    let mut answers = value.alternatives().iter().map(one);
    let first = answers.next()?;
    answers.all(|answer| answer == first).then_some(first)?
}
