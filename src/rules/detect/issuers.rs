//! Who issues which kind of credential, and how it is revoked there.

/// What is known of a kind of credential beyond its format.
#[derive(Debug)]
pub struct Issuer {
    /// The inventory's word for the kind.
    pub kind: &'static str,
    /// What one is called in a sentence, with its article.
    pub name: &'static str,
    /// How it is made worthless: what to do, and where.
    pub revoke: &'static str,
    /// The command that does it, `{id}` for the public identifier; empty where there is none.
    pub command: &'static str,
}

impl Issuer {
    /// Whether nothing is known of it: the kind is one of the repository's own.
    pub fn is_unknown(&self) -> bool {
        self.kind.is_empty()
    }
}

/// What is known of a kind; what is in no list has been found by a detector of the repository's own.
pub fn issuer_of(kind: &str) -> &'static Issuer {
    const OTHER: Issuer =
        issuer("", "a credential of a format that this repository's own rules name", "revoke it where it was issued");
    ISSUERS.iter().find(|issuer| issuer.kind == kind).unwrap_or(&OTHER)
}

const fn issuer(kind: &'static str, name: &'static str, revoke: &'static str) -> Issuer {
    Issuer { kind, name, revoke, command: "" }
}

const fn command(issuer: Issuer, command: &'static str) -> Issuer {
    Issuer { command, ..issuer }
}

/// All kinds of the catalogue.
const ISSUERS: &[Issuer] = &[
    command(
        issuer(
            "aws-access-key",
            "an AWS access key",
            "deactivate the key in IAM, look in CloudTrail for what it was used for, then delete it",
        ),
        "aws iam update-access-key --access-key-id {id} --status Inactive",
    ),
    issuer("aws-access-key-id", "the id of an AWS access key", "find its secret half and deactivate the key in IAM"),
    issuer(
        "aws-session-token",
        "an AWS session token",
        "it expires by itself, after 36 hours at most; revoke the role's active sessions in IAM before that",
    ),
    issuer(
        "aws-bedrock-api-key",
        "an Amazon Bedrock API key",
        "delete it in IAM, under the user's security credentials",
    ),
    issuer(
        "aws-presigned-url",
        "a presigned AWS URL",
        "it expires by itself, after seven days at most; deactivate the key that signed it before that",
    ),
    issuer("google-api-key", "a Google API key", "delete it at https://console.cloud.google.com/apis/credentials"),
    issuer(
        "google-access-token",
        "a Google access token",
        "it expires by itself within hours; revoke the account's sessions before that",
    ),
    issuer(
        "google-refresh-token",
        "a Google refresh token",
        "remove the application's access at https://myaccount.google.com/connections",
    ),
    issuer(
        "google-client-secret",
        "a Google OAuth client secret",
        "reset it at https://console.cloud.google.com/apis/credentials",
    ),
    command(
        issuer(
            "google-service-account-key",
            "the key of a Google service account",
            "delete the key, which `private_key_id` names, from the account that `client_email` names",
        ),
        "gcloud iam service-accounts keys list --iam-account=EMAIL",
    ),
    command(
        issuer(
            "azure-client-secret",
            "a client secret of Microsoft Entra ID",
            "delete it from the application's credentials",
        ),
        "az ad app credential list --id APPLICATION",
    ),
    command(
        issuer("azure-storage-key", "the access key of an Azure storage account", "renew the account's key"),
        "az storage account keys renew --account-name ACCOUNT --key primary",
    ),
    issuer(
        "azure-cosmos-key",
        "the key of an Azure Cosmos DB account",
        "regenerate it with `az cosmosdb keys regenerate`",
    ),
    issuer("azure-batch-key", "the key of an Azure Batch account", "renew it with `az batch account keys renew`"),
    issuer("azure-api-management-key", "a key of Azure API Management", "regenerate the subscription's keys"),
    issuer("azure-machine-learning-key", "a key of Azure Machine Learning", "regenerate the endpoint's keys"),
    issuer(
        "azure-service-bus-key",
        "a key of Azure Service Bus",
        "renew it with `az servicebus namespace authorization-rule keys renew`",
    ),
    issuer(
        "azure-event-hub-key",
        "a key of Azure Event Hubs",
        "renew it with `az eventhubs namespace authorization-rule keys renew`",
    ),
    issuer(
        "azure-relay-key",
        "a key of Azure Relay",
        "renew it with `az relay namespace authorization-rule keys renew`",
    ),
    issuer("azure-iot-key", "a key of Azure IoT Hub", "regenerate it with `az iot hub policy renew-key`"),
    issuer(
        "azure-redis-key",
        "the access key of an Azure cache for Redis",
        "regenerate it with `az redis regenerate-keys`",
    ),
    issuer(
        "azure-event-grid-key",
        "a key of Azure Event Grid",
        "regenerate it with `az eventgrid topic key regenerate`",
    ),
    issuer(
        "azure-container-registry-key",
        "the password of an Azure container registry",
        "renew it with `az acr credential renew`",
    ),
    issuer("azure-search-key", "an admin key of Azure AI Search", "renew it with `az search admin-key renew`"),
    issuer("azure-function-key", "the key of an Azure function", "renew it with `az functionapp keys set`"),
    issuer(
        "azure-service-key",
        "the key of an Azure AI service",
        "regenerate it with `az cognitiveservices account keys regenerate`",
    ),
    issuer(
        "azure-shared-access-key",
        "a shared access key of Azure",
        "regenerate the key of the authorization rule that its connection string names",
    ),
    issuer(
        "azure-sas-token",
        "a shared access signature of Azure",
        "renew the key that signed it, or delete the stored access policy that it names",
    ),
    issuer(
        "azure-app-configuration-key",
        "the key of an Azure App Configuration store",
        "regenerate it with `az appconfig credential regenerate`",
    ),
    issuer(
        "azure-devops-token",
        "an Azure DevOps access token",
        "revoke it under User settings, Personal access tokens",
    ),
    command(issuer("vault-token", "a Vault token", "revoke it"), "vault token revoke -"),
    issuer(
        "vault-secret-id",
        "the secret id of a Vault AppRole",
        "destroy it at `auth/approle/role/ROLE/secret-id/destroy`",
    ),
    issuer(
        "tfe-token",
        "an API token of HCP Terraform or Terraform Enterprise",
        "delete it under the user's, team's or organization's tokens: https://app.terraform.io/app/settings/tokens",
    ),
    command(issuer("consul-token", "a Consul token", "delete it"), "consul acl token list"),
    command(issuer("nomad-token", "a Nomad token", "delete it"), "nomad acl token list"),
    issuer(
        "github-token",
        "a GitHub token",
        "delete it at https://github.com/settings/tokens (of an App or an Actions run: it expires by itself)",
    ),
    issuer("gitlab-token", "a GitLab token", "revoke it under the user's, project's or group's access tokens"),
    issuer(
        "atlassian-token",
        "an Atlassian API token",
        "revoke it at https://id.atlassian.com/manage-profile/security/api-tokens",
    ),
    issuer(
        "bitbucket-token",
        "a Bitbucket token",
        "revoke it under the access tokens or app passwords of its user, repository or workspace",
    ),
    issuer("slack-token", "a Slack token", "revoke it with the method auth.revoke, or at https://api.slack.com/apps"),
    issuer("slack-webhook", "a Slack webhook", "remove it from its app at https://api.slack.com/apps"),
    issuer("datadog-key", "a Datadog key", "revoke it at https://app.datadoghq.com/organization-settings/api-keys"),
    issuer("newrelic-key", "a New Relic key", "delete it at https://one.newrelic.com/api-keys"),
    issuer("grafana-token", "a Grafana token", "delete it from its service account or access policy"),
    issuer("sentry-token", "a Sentry token", "revoke it at https://sentry.io/settings/auth-tokens/"),
    issuer("pagerduty-key", "a PagerDuty key", "delete it under Integrations, API access keys"),
    issuer("opsgenie-key", "an Opsgenie key", "delete it under Settings, API key management"),
    issuer("dynatrace-token", "a Dynatrace token", "revoke it under Access tokens"),
    issuer("splunk-token", "the token of a Splunk HTTP event collector", "delete it under Settings, Data inputs"),
    issuer("honeycomb-key", "a Honeycomb key", "disable it under the environment's API keys"),
    issuer("cloudflare-token", "a Cloudflare token", "roll it at https://dash.cloudflare.com/profile/api-tokens"),
    issuer(
        "digitalocean-token",
        "a DigitalOcean token",
        "delete it at https://cloud.digitalocean.com/account/api/tokens",
    ),
    issuer("linode-token", "a Linode token", "revoke it at https://cloud.linode.com/profile/tokens"),
    issuer("hetzner-token", "a Hetzner Cloud token", "delete it under the project's Security, API tokens"),
    issuer("heroku-key", "a Heroku key", "regenerate it at https://dashboard.heroku.com/account"),
    issuer("fastly-token", "a Fastly token", "delete it at https://manage.fastly.com/account/tokens"),
    issuer("scaleway-key", "a Scaleway secret key", "delete it at https://console.scaleway.com/iam/api-keys"),
    issuer("vultr-key", "a Vultr API key", "regenerate it at https://my.vultr.com/settings/#settingsapi"),
    issuer("ibm-cloud-key", "an IBM Cloud API key", "delete it at https://cloud.ibm.com/iam/apikeys"),
    issuer(
        "alibaba-secret-key",
        "the secret of an Alibaba Cloud access key",
        "disable the key at https://ram.console.alibabacloud.com",
    ),
    issuer("yandex-key", "a Yandex Cloud API key", "delete it with `yc iam api-key delete`"),
    issuer("fly-token", "a Fly.io token", "revoke it with `fly tokens revoke`"),
    issuer("netlify-token", "a Netlify token", "revoke it at https://app.netlify.com/user/applications"),
    issuer("databricks-token", "a Databricks token", "revoke it with `databricks tokens delete`"),
    issuer("confluent-secret", "the secret of a Confluent API key", "delete the key with `confluent api-key delete`"),
    issuer("mongodb-atlas-key", "a MongoDB Atlas key", "delete it under the organization's applications and API keys"),
    issuer("snowflake-password", "a Snowflake password", "change it with `ALTER USER ... SET PASSWORD`"),
    issuer("planetscale-token", "a PlanetScale token", "delete it under the organization's service tokens"),
    issuer("aiven-password", "an Aiven password", "reset the service user's password"),
    issuer("supabase-token", "a Supabase token", "revoke it at https://supabase.com/dashboard/account/tokens"),
    issuer("npm-token", "an npm token", "revoke it with `npm token revoke`"),
    issuer("pypi-token", "a PyPI token", "remove it under the account settings, API tokens"),
    issuer(
        "docker-hub-token",
        "a Docker Hub token",
        "delete it at https://app.docker.com/settings/personal-access-tokens",
    ),
    issuer("artifactory-token", "an Artifactory token", "revoke it under Administration, Access tokens"),
    issuer("rubygems-token", "a RubyGems key", "delete it at https://rubygems.org/profile/api_keys"),
    issuer("nuget-key", "a NuGet key", "delete it at https://www.nuget.org/account/apikeys"),
    issuer("sendgrid-key", "a SendGrid key", "delete it at https://app.sendgrid.com/settings/api_keys"),
    issuer("mailgun-key", "a Mailgun key", "delete it under API security"),
    issuer("twilio-token", "a Twilio token", "rotate it at https://console.twilio.com"),
    issuer("mailchimp-key", "a Mailchimp key", "disable it under Extras, API keys"),
    issuer("brevo-key", "a Brevo key", "delete it at https://app.brevo.com/settings/keys/api"),
    issuer("stripe-key", "a Stripe key", "roll it at https://dashboard.stripe.com/apikeys"),
    issuer("anthropic-key", "an Anthropic API key", "delete it at https://console.anthropic.com/settings/keys"),
    issuer("openai-key", "an OpenAI API key", "revoke it at https://platform.openai.com/api-keys"),
    issuer("huggingface-token", "a Hugging Face token", "delete it at https://huggingface.co/settings/tokens"),
    issuer("groq-key", "a Groq API key", "delete it at https://console.groq.com/keys"),
    issuer("shopify-token", "a Shopify token", "rotate it in the app's API credentials"),
    issuer("square-token", "a Square token", "replace it at https://developer.squareup.com/apps"),
    issuer("postman-key", "a Postman key", "revoke it at https://go.postman.co/settings/me/api-keys"),
    issuer("webhook", "a webhook whose address is its secret", "delete it in the channel that it posts to"),
    issuer("pulumi-token", "a Pulumi token", "delete it at https://app.pulumi.com/account/tokens"),
    issuer("infracost-key", "an Infracost key", "regenerate it under the organization's settings"),
    issuer("scalr-token", "a Scalr token", "delete it under the account's access tokens"),
    issuer("spacelift-key", "the secret of a Spacelift API key", "delete the key under the organization's settings"),
    issuer("env0-key", "the secret of an env0 API key", "delete the key under the organization's settings"),
    issuer("circleci-token", "a CircleCI token", "delete it at https://app.circleci.com/settings/user/tokens"),
    issuer("buildkite-token", "a Buildkite token", "revoke it at https://buildkite.com/user/api-access-tokens"),
    issuer("sonar-token", "a SonarQube token", "revoke it under My account, Security"),
    issuer("snyk-token", "a Snyk token", "revoke it at https://app.snyk.io/account"),
    issuer("linear-key", "a Linear key", "revoke it at https://linear.app/settings/account/security"),
    issuer("launchdarkly-key", "a LaunchDarkly key", "reset it at https://app.launchdarkly.com/settings/authorization"),
    issuer(
        "private-key",
        "a private key",
        "replace the key pair, and take the public half off every system that trusts it",
    ),
    issuer(
        "age-secret-key",
        "a secret key of age",
        "encrypt everything anew for another key, and rotate what was encrypted for this one",
    ),
    issuer(
        "jwt",
        "a signed token (JWT)",
        "revoke it at its issuer, or end its session: the `iss` in it says whose it is",
    ),
    issuer("kubernetes-token", "the token of a Kubernetes service account", "delete its secret, or its account"),
    issuer("okta-token", "an Okta token", "revoke it under Security, API, Tokens"),
    issuer("tailscale-key", "a Tailscale key", "revoke it at https://login.tailscale.com/admin/settings/keys"),
    issuer("doppler-token", "a Doppler token", "revoke it at https://dashboard.doppler.com"),
    issuer(
        "1password-token",
        "the token of a 1Password service account",
        "revoke or rotate it under Developer, Service accounts",
    ),
    issuer(
        "1password-secret-key",
        "the secret key of a 1Password account",
        "regenerate it under the account's profile",
    ),
    issuer("harness-token", "a Harness API key", "delete it under My Profile, My API Keys"),
    issuer("octopus-key", "an Octopus Deploy API key", "revoke it under My profile, My API keys"),
    issuer("prefect-key", "a Prefect API key", "delete it at https://app.prefect.cloud/my/api-keys"),
    issuer("sourcegraph-token", "a Sourcegraph access token", "delete it under Settings, Access tokens"),
    issuer("codecov-token", "a Codecov token", "regenerate it under the settings of the repository"),
    issuer("travis-token", "a Travis CI token", "regenerate it under the account settings"),
    issuer("drone-token", "a Drone token", "rotate it under the account page"),
    issuer("codefresh-token", "a Codefresh API key", "delete it under User Settings, API Keys"),
    issuer("vercel-token", "a Vercel token", "delete it at https://vercel.com/account/settings/tokens"),
    issuer("render-key", "a Render API key", "revoke it under Account Settings, API Keys"),
    issuer("deno-token", "a Deno Deploy token", "revoke it under the account settings"),
    issuer("neon-key", "a Neon API key", "revoke it under Account settings, API keys"),
    issuer("clojars-token", "a Clojars deploy token", "disable it at https://clojars.org/tokens"),
    issuer("settlemint-token", "a SettleMint access token", "delete it under the application access tokens"),
    issuer("sumologic-key", "a Sumo Logic access key", "deactivate it under Preferences, My Access Keys"),
    issuer("coralogix-key", "a Coralogix API key", "delete it under Settings, API Keys"),
    issuer("checkly-key", "a Checkly API key", "delete it under User settings, API keys"),
    issuer("bugsnag-key", "a BugSnag token", "regenerate it under My account settings"),
    issuer("rollbar-token", "a Rollbar access token", "disable it under Settings, Access tokens"),
    issuer("logzio-token", "a Logz.io API token", "delete it under Settings, Manage tokens"),
    issuer("openshift-token", "an OpenShift token", "log its session out, or delete the OAuthAccessToken"),
    issuer("rancher-token", "a Rancher API token", "delete it under Account & API Keys"),
    issuer("scalingo-token", "a Scalingo API token", "revoke it at https://dashboard.scalingo.com/account/tokens"),
    issuer("defined-networking-key", "a Defined Networking API key", "delete it under Settings, API keys"),
    issuer("upcloud-token", "an UpCloud API token", "delete it under Account, API tokens"),
    issuer("exoscale-secret-key", "an Exoscale API secret", "delete the key under IAM, API Keys"),
    issuer(
        "ovh-secret",
        "an OVHcloud application secret or consumer key",
        "delete the credential at https://www.ovh.com/auth/api",
    ),
    issuer(
        "tencent-secret-key",
        "a Tencent Cloud secret key",
        "disable it at https://console.cloud.tencent.com/cam/capi",
    ),
    issuer("huawei-secret-key", "a Huawei Cloud secret key", "delete it under My Credentials, Access Keys"),
    issuer("ngrok-token", "an ngrok token", "delete it at https://dashboard.ngrok.com/authtokens"),
    issuer("civo-key", "a Civo API key", "regenerate it under the security settings"),
    issuer("jumpcloud-key", "a JumpCloud API key", "revoke it under My API Key"),
    issuer("meraki-key", "a Cisco Meraki API key", "revoke it under My profile, API access"),
    issuer("bunny-key", "a bunny.net API key", "reset it under Account settings"),
    issuer("gandi-token", "a Gandi API key or access token", "delete it at https://admin.gandi.net"),
    issuer("namecheap-key", "a Namecheap API key", "reset it under Profile, Tools"),
    issuer("stackit-token", "a key or token of a StackIT service account", "delete it under the service account"),
    issuer("notion-token", "a Notion integration token", "refresh it at https://www.notion.so/profile/integrations"),
    issuer("airtable-token", "an Airtable personal access token", "delete it at https://airtable.com/create/tokens"),
    issuer("hubspot-token", "a HubSpot access token", "rotate it under Settings, Private Apps"),
    issuer("telegram-token", "the token of a Telegram bot", "revoke it with /revoke at @BotFather"),
    issuer("discord-token", "the token of a Discord bot", "reset it under the application, Bot"),
    issuer("figma-token", "a Figma personal access token", "revoke it under Settings, Security"),
    issuer("frameio-token", "a Frame.io token", "delete it under the developer tokens"),
    issuer("typeform-token", "a Typeform token", "delete it under Personal tokens"),
    issuer("readme-key", "a ReadMe API key", "delete it under API Keys"),
    issuer("contentful-token", "a Contentful management token", "revoke it under Account settings, CMA tokens"),
    issuer("zendesk-token", "a Zendesk API token", "deactivate it under Apps and integrations, APIs"),
    issuer("asana-token", "an Asana token", "revoke it at https://app.asana.com/0/my-apps"),
    issuer("mattermost-token", "a Mattermost token", "revoke it under Profile, Security"),
    issuer("intercom-token", "an Intercom access token", "rotate it under the Developer Hub"),
    issuer("algolia-key", "an Algolia admin API key", "rotate it under API Keys"),
    issuer("mapbox-token", "a secret Mapbox token", "revoke it at https://account.mapbox.com/access-tokens/"),
    issuer("messagebird-key", "a MessageBird access key", "delete it under Developers, API access"),
    issuer("freshworks-key", "a Freshworks API key", "reset it under the profile settings"),
    issuer("plaid-token", "a Plaid access token", "invalidate it with /item/access_token/invalidate"),
    issuer("shippo-token", "a Shippo API token", "delete it under Settings, API"),
    issuer("easypost-key", "an EasyPost API key", "disable it under API Keys"),
    issuer("duffel-token", "a Duffel access token", "revoke it under Developers, Access tokens"),
    issuer("flutterwave-key", "a Flutterwave secret key", "regenerate it under Settings, API"),
    issuer("lob-key", "a Lob API key", "regenerate it under Settings, API Keys"),
    issuer("gocardless-token", "a GoCardless access token", "delete it under Developers"),
    issuer("coinbase-token", "a Coinbase access token", "revoke it under API settings"),
    issuer("facebook-token", "a Facebook access token", "reset it under the app, or log its user out"),
    issuer("dropbox-token", "a Dropbox access token", "revoke it under the settings of the app"),
    issuer("twitch-secret", "a Twitch client secret or token", "replace it in the developer console"),
    issuer("twitter-token", "a token or secret of X (Twitter)", "regenerate it in the developer portal"),
    issuer("linkedin-secret", "a LinkedIn client secret", "generate another under the app, Auth"),
    issuer("perplexity-key", "a Perplexity API key", "delete it under API settings"),
    issuer("xai-key", "an xAI API key", "delete it at https://console.x.ai"),
    issuer("replicate-token", "a Replicate API token", "disable it at https://replicate.com/account/api-tokens"),
    issuer("nvidia-key", "an NVIDIA API key", "delete it at https://org.ngc.nvidia.com/setup"),
    issuer("langsmith-key", "a LangSmith API key", "delete it under Settings, API Keys"),
    issuer("cohere-key", "a Cohere API key", "delete it at https://dashboard.cohere.com/api-keys"),
    issuer("mistral-key", "a Mistral API key", "delete it at https://console.mistral.ai/api-keys"),
    issuer("deepseek-key", "a DeepSeek API key", "delete it at https://platform.deepseek.com/api_keys"),
    issuer("elevenlabs-key", "an ElevenLabs API key", "delete it under the developer settings"),
    issuer("weights-and-biases-key", "a Weights & Biases API key", "delete it under User settings, API keys"),
    issuer("client-secret", "an OAuth client secret", "replace it where the application is registered"),
    issuer("basic-auth", "a password in a basic-auth header", "change the password"),
    issuer("bearer-token", "a bearer token", "revoke it at the service that it is sent to"),
    issuer("netrc-password", "a password as in a `.netrc`", "change the password"),
    issuer("kubeconfig-token", "the login of a Kubernetes user", "delete the token or change the password"),
    issuer(
        "docker-auth",
        "the login of a container registry",
        "change the password, and log in through a credential helper",
    ),
    issuer("htpasswd", "the hash of a password", "change the password: a hash can be guessed at without end"),
    issuer("url-password", "a password in a URL", "change the password"),
    issuer("connection-string-password", "a password in a connection string", "change the password"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_listed_once() {
        for detector in super::super::detectors() {
            let rows = ISSUERS.iter().filter(|issuer| issuer.kind == detector.kind).count();
            assert_eq!(rows, 1, "{}", detector.kind);
        }
        for issuer in ISSUERS {
            let known = super::super::detectors().any(|detector| detector.kind == issuer.kind);
            assert!(known, "{} is no kind", issuer.kind);
            assert!(!issuer.revoke.ends_with('.') && !issuer.name.ends_with('.'), "{}", issuer.kind);
        }
    }
}
