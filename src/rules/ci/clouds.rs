//! How jobs sign in to clouds: which settings are halves of static keys, and the step that does without.

use crate::resolve::automation::System;

/// A cloud that takes the identity token of a CI system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cloud {
    Aws,
    Azure,
    Google,
}

/// Variables of the environment that hold the secret of a static credential, by the cloud they sign in to.
///
/// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs#environment-variables>,
/// <https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs#argument-reference>,
/// <https://learn.microsoft.com/python/api/overview/azure/identity-readme#environment-variables>,
/// <https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference#credentials-1>
pub(super) const VARIABLES: [(&str, Cloud); 11] = [
    ("AWS_SECRET_ACCESS_KEY", Cloud::Aws),
    ("AWS_ACCESS_KEY_ID", Cloud::Aws),
    ("ARM_CLIENT_SECRET", Cloud::Azure),
    ("ARM_CLIENT_CERTIFICATE_PASSWORD", Cloud::Azure),
    ("ARM_ACCESS_KEY", Cloud::Azure),
    ("AZURE_CLIENT_SECRET", Cloud::Azure),
    ("AZURE_CREDENTIALS", Cloud::Azure),
    ("GOOGLE_CREDENTIALS", Cloud::Google),
    ("GOOGLE_CLOUD_KEYFILE_JSON", Cloud::Google),
    ("GCLOUD_KEYFILE_JSON", Cloud::Google),
    ("CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE", Cloud::Google),
];

/// Inputs of actions, orbs and pipes that take a static credential: what the action is called, the input, the cloud.
///
/// <https://github.com/aws-actions/configure-aws-credentials#options>,
/// <https://github.com/Azure/login#login-with-a-service-principal-secret>,
/// <https://github.com/google-github-actions/auth#service-account-key-json>,
/// <https://github.com/hashicorp/setup-terraform>, <https://circleci.com/developer/orbs/orb/circleci/aws-cli>
pub(super) const INPUTS: [(&str, &str, Cloud); 9] = [
    ("configure-aws-credentials", "aws-secret-access-key", Cloud::Aws),
    ("configure-aws-credentials", "aws-access-key-id", Cloud::Aws),
    ("aws-cli/setup", "aws_secret_access_key", Cloud::Aws),
    ("aws-cli/setup", "aws-secret-access-key", Cloud::Aws),
    ("azure/login", "creds", Cloud::Azure),
    ("azure-cli/login-with-service-principal", "azure-sp-password", Cloud::Azure),
    ("google-github-actions/auth", "credentials_json", Cloud::Google),
    ("google-github-actions/setup-gcloud", "service_account_key", Cloud::Google),
    ("gcp-cli/setup", "gcloud_service_key", Cloud::Google),
];

/// Words in the name of a secret that is another service's with the same interface: it knows no OIDC.
pub(super) const OTHERS: [&str; 14] = [
    "R2",
    "MINIO",
    "SPACES",
    "DO",
    "WASABI",
    "B2",
    "BACKBLAZE",
    "SCW",
    "SCALEWAY",
    "CLOUDFLARE",
    "CF",
    "HETZNER",
    "LINODE",
    "STACKIT",
];

impl Cloud {
    /// What the credential is called.
    pub(super) fn credential(self) -> &'static str {
        match self {
            Cloud::Aws => "a stored access key of AWS",
            Cloud::Azure => "a stored secret of Azure",
            Cloud::Google => "a stored service account key of Google Cloud",
        }
    }

    /// What must exist in the cloud before a job can do without a key.
    pub(super) fn trust(self) -> &'static str {
        match self {
            Cloud::Aws => "a role that trusts the CI system's issuer for this repository",
            Cloud::Azure => "an app registration or managed identity with a federated credential for this repository",
            Cloud::Google => "a workload identity pool that trusts the CI system's issuer for this repository",
        }
    }

    /// The lines to use instead, ready to paste; None where the system's own documentation says it best.
    pub(super) fn instead(self, system: System) -> Option<&'static str> {
        Some(match (system, self) {
            (System::GitHub, Cloud::Aws) => {
                "permissions:\n  id-token: write\n  contents: read\nsteps:\n  - uses: \
                 aws-actions/configure-aws-credentials@v4\n    with:\n      role-to-assume: \
                 arn:aws:iam::<account>:role/<role>\n      aws-region: <region>"
            }
            (System::GitHub, Cloud::Azure) => {
                "permissions:\n  id-token: write\n  contents: read\nenv:\n  ARM_USE_OIDC: true\n  ARM_CLIENT_ID: ${{ \
                 vars.ARM_CLIENT_ID }}\n  ARM_TENANT_ID: ${{ vars.ARM_TENANT_ID }}\n  ARM_SUBSCRIPTION_ID: ${{ \
                 vars.ARM_SUBSCRIPTION_ID }}\nsteps:\n  - uses: azure/login@v2\n    with:\n      client-id: ${{ \
                 vars.ARM_CLIENT_ID }}\n      tenant-id: ${{ vars.ARM_TENANT_ID }}\n      subscription-id: ${{ \
                 vars.ARM_SUBSCRIPTION_ID }}"
            }
            (System::GitHub, Cloud::Google) => {
                "permissions:\n  id-token: write\n  contents: read\nsteps:\n  - uses: google-github-actions/auth@v2\n    \
                 with:\n      workload_identity_provider: \
                 projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>\n      \
                 service_account: <name>@<project>.iam.gserviceaccount.com"
            }
            (System::GitLab, Cloud::Aws) => {
                "id_tokens:\n  AWS_TOKEN:\n    aud: https://gitlab.com\nvariables:\n  AWS_ROLE_ARN: \
                 arn:aws:iam::<account>:role/<role>\n  AWS_WEB_IDENTITY_TOKEN_FILE: $CI_BUILDS_DIR/aws_token\nbefore_script:\n  - \
                 printf '%s' \"$AWS_TOKEN\" > \"$AWS_WEB_IDENTITY_TOKEN_FILE\""
            }
            (System::GitLab, Cloud::Azure) => {
                "id_tokens:\n  ARM_OIDC_TOKEN:\n    aud: api://AzureADTokenExchange\nvariables:\n  ARM_USE_OIDC: \
                 \"true\"\n  ARM_CLIENT_ID: <client>\n  ARM_TENANT_ID: <tenant>\n  ARM_SUBSCRIPTION_ID: <subscription>"
            }
            (System::GitLab, Cloud::Google) => {
                "id_tokens:\n  GCP_TOKEN:\n    aud: \
                 https://iam.googleapis.com/projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>\nbefore_script:\n  \
                 - printf '%s' \"$GCP_TOKEN\" > /tmp/token\n  - gcloud iam workload-identity-pools create-cred-config \
                 <provider> --service-account=<account> --credential-source-file=/tmp/token \
                 --output-file=/tmp/credentials.json\n  - export GOOGLE_APPLICATION_CREDENTIALS=/tmp/credentials.json"
            }
            (System::Azure, Cloud::Azure) => {
                "- task: AzureCLI@2\n  inputs:\n    azureSubscription: <service connection with workload identity \
                 federation>\n    addSpnToEnvironment: true\n    scriptType: bash\n    scriptLocation: inlineScript\n    \
                 inlineScript: |\n      export ARM_USE_OIDC=true ARM_CLIENT_ID=$servicePrincipalId \
                 ARM_TENANT_ID=$tenantId ARM_OIDC_TOKEN=$idToken\n      terraform plan"
            }
            (System::Azure, Cloud::Aws) => {
                "- task: AWSShellScript@1\n  inputs:\n    awsCredentials: <service connection with \"use OIDC\">\n    \
                 regionName: <region>\n    scriptType: inline\n    inlineScript: terraform plan"
            }
            (System::Bitbucket, Cloud::Aws) => {
                "- step:\n    oidc: true\n    script:\n      - export AWS_ROLE_ARN=arn:aws:iam::<account>:role/<role>\n      \
                 - export AWS_WEB_IDENTITY_TOKEN_FILE=$(pwd)/aws-token\n      - echo $BITBUCKET_STEP_OIDC_TOKEN > \
                 aws-token"
            }
            (System::Bitbucket, Cloud::Azure) => {
                "- step:\n    oidc: true\n    script:\n      - export ARM_USE_OIDC=true \
                 ARM_OIDC_TOKEN=$BITBUCKET_STEP_OIDC_TOKEN"
            }
            (System::CircleCi, Cloud::Aws) => {
                "orbs:\n  aws-cli: circleci/aws-cli@5\nsteps:\n  - aws-cli/setup:\n      role_arn: \
                 arn:aws:iam::<account>:role/<role>\n      region: <region>"
            }
            (System::CircleCi, Cloud::Azure) => {
                "- run:\n    name: terraform plan\n    command: |\n      export ARM_USE_OIDC=true \
                 ARM_OIDC_TOKEN=$CIRCLE_OIDC_TOKEN_V2\n      terraform plan"
            }
            (System::CircleCi, Cloud::Google) => {
                "orbs:\n  gcp-cli: circleci/gcp-cli@3\nsteps:\n  - gcp-cli/setup:\n      use_oidc: true"
            }
            _ => return None,
        })
    }
}
