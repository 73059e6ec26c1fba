//! What the inventory calls a secret of a provider where its format alone does not tell.

use crate::resolve::schema::ProviderSchema;
use crate::rules::secret::{kind_of, recognise};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Providers, the argument or the entry of one that is a map, and the inventory's word for what it takes.
const KINDS: &[(&[&str], &str, &str)] = &[
    (&["aws", "awscc"], "secret_key", "aws-secret-key"),
    (&["aws", "awscc"], "token", "aws-session-token"),
    (&["azurerm", "azuread", "azapi", "azurestack"], "client_secret", "azure-client-secret"),
    (&["buildkite"], "api_token", "buildkite-token"),
    (&["cloudflare"], "api_token", "cloudflare-token"),
    (&["cloudflare"], "api_key", "cloudflare-global-key"),
    (&["datadog"], "api_key", "datadog-key"),
    (&["datadog"], "app_key", "datadog-application-key"),
    (&["digitalocean"], "token", "digitalocean-token"),
    (&["fastly"], "api_key", "fastly-token"),
    (&["github"], "token", "github-token"),
    (&["gitlab"], "token", "gitlab-token"),
    (&["google", "google-beta"], "credentials", "google-service-account-key"),
    (&["google", "google-beta"], "access_token", "google-access-token"),
    (&["grafana"], "auth", "grafana-token"),
    (&["hcloud"], "token", "hetzner-token"),
    (&["heroku"], "api_key", "heroku-key"),
    (&["kubernetes"], "token", "kubernetes-token"),
    (&["helm"], "kubernetes.token", "kubernetes-token"),
    (&["launchdarkly"], "access_token", "launchdarkly-key"),
    (&["linode"], "token", "linode-token"),
    (&["newrelic"], "api_key", "newrelic-key"),
    (&["okta"], "api_token", "okta-token"),
    (&["opsgenie"], "api_key", "opsgenie-key"),
    (&["pagerduty"], "token", "pagerduty-key"),
    (&["sentry"], "token", "sentry-token"),
    (&["tailscale"], "api_key", "tailscale-key"),
    (&["tfe"], "token", "tfe-token"),
    (&["vault"], "token", "vault-token"),
    (&["vault"], "auth_login.parameters.secret_id", "vault-secret-id"),
    (&["vultr"], "api_key", "vultr-key"),
];

/// The inventory's word for a secret in an argument of a provider: by its format, by what the argument takes, or by the
/// argument's name.
pub(in crate::rules) fn kind_at(provider: &str, path: &str, secret: &str) -> &'static str {
    let known = || KINDS.iter().find(|(names, argument, _)| names.contains(&provider) && *argument == path);
    recognise(secret).or_else(|| Some(known()?.2)).unwrap_or_else(|| kind_of(path, secret))
}

/// The inventory's word for a secret in a variable of the environment: as that of the provider's argument that it
/// stands for.
pub(in crate::rules) fn kind_of_variable(name: &str, secret: &str) -> &'static str {
    let known = || VARIABLES.get(name).copied().flatten();
    recognise(secret).or_else(known).unwrap_or_else(|| kind_of(name, secret))
}

/// The words for what providers take from the environment; None where two providers disagree.
static VARIABLES: LazyLock<HashMap<&str, Option<&str>>> = LazyLock::new(|| {
    let mut words: HashMap<&str, Option<&str>> = HashMap::new();
    for (names, path, word) in KINDS {
        let providers = ProviderSchema::ALL.iter().filter(|provider| names.contains(&provider.name));
        let arguments = providers.flat_map(|provider| provider.arguments).filter(|argument| argument.path == *path);
        for variable in arguments.flat_map(|argument| argument.env) {
            let known = words.entry(variable).or_insert(Some(word));
            *known = known.filter(|known| known == word);
        }
    }
    words
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::schema::{Argument, ArgumentKind};

    #[test]
    fn formats_come_first_then_what_the_argument_takes() {
        assert_eq!(kind_at("datadog", "api_key", "9f86d081884c7d659a2feaa0c55ad015"), "datadog-key");
        assert_eq!(kind_at("vault", "token", "hvs.CAESIJexampleexampleexample"), "vault-token");
        assert_eq!(kind_at("gitlab", "token", "zQWBuTSOoRi4A9spHcVY"), "gitlab-token");
        assert_eq!(kind_at("acme", "api_key", "x"), "api-key");
    }

    #[test]
    fn the_environment_speaks_for_the_argument() {
        assert_eq!(kind_of_variable("ARM_CLIENT_SECRET", "zQWBuTSOoRi4A9spHcVY"), "azure-client-secret");
        assert_eq!(kind_of_variable("DD_API_KEY", "9f86d081884c7d659a2feaa0c55ad015"), "datadog-key");
        assert_eq!(kind_of_variable("AWS_SESSION_TOKEN", "x"), "aws-session-token");
        assert_eq!(kind_of_variable("API_KEY", "x"), "api-key");
    }

    #[test]
    fn every_entry_is_in_an_argument_that_its_providers_have() {
        for (names, path, _) in KINDS {
            for name in *names {
                let arguments = ProviderSchema::ALL.iter().filter(|provider| provider.name == *name);
                let holds = |argument: &Argument| {
                    let rest = path.strip_prefix(argument.path);
                    rest.is_some_and(|rest| {
                        rest.is_empty() || argument.kind == ArgumentKind::Headers && rest.starts_with('.')
                    })
                };
                let found = arguments.flat_map(|provider| provider.arguments).any(holds);
                assert!(found, "{name}.{path}");
            }
        }
    }
}
