//! CI systems that issue identity tokens, and what their claims say of who asks.

use super::Reach;
use crate::rules::url::Url;

/// A CI system's issuer of tokens.
#[derive(Debug)]
pub(in crate::rules::ci) struct Issuer {
    /// The CI system.
    pub(in crate::rules::ci) name: &'static str,
    /// Whom it issues tokens to.
    pub(super) tenancy: Tenancy,
    /// Its claims beside the subject. Under these names, too, they stand in subjects.
    pub(super) claims: &'static [(&'static str, Claim)],
    /// Claims beside the subject and the audience by which AWS knows its tokens.
    pub(super) known_to_aws: &'static [&'static str],
    /// A subject as a condition should ask for it.
    pub(in crate::rules::ci) example: &'static str,
}

/// Whom an issuer issues tokens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tenancy {
    /// Everybody who signs up.
    Shared,
    /// One organisation, or the users of one installation.
    Own,
}

/// What a claim says of who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// Organisation and repository: `org/repo`, and what may follow.
    Path,
    /// The organisation.
    Owner,
    /// One repository, project or workspace wherever it is.
    Repository,
    /// One project or workspace within an organisation, which another claim has to name.
    Inner,
    /// Whatever who asks wants it to be.
    Chosen,
    /// Who started the job: the repository does not tell whom that leaves out.
    Person,
}

use Claim::{Chosen, Inner, Owner, Path, Person, Repository};

/// <https://docs.github.com/en/actions/reference/security/oidc>; known to AWS:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>
const GITHUB: Issuer = Issuer {
    name: "GitHub Actions",
    tenancy: Tenancy::Shared,
    claims: &[
        ("repo", Path),
        ("repository", Path),
        ("repository_id", Repository),
        ("repository_owner", Owner),
        ("repository_owner_id", Owner),
        ("enterprise", Owner),
        ("enterprise_id", Owner),
        ("job_workflow_ref", Path),
        ("workflow_ref", Path),
        ("actor", Person),
        ("actor_id", Person),
        ("aud", Chosen),
        ("base_ref", Chosen),
        ("context", Chosen),
        ("environment", Chosen),
        ("event_name", Chosen),
        ("head_ref", Chosen),
        ("ref", Chosen),
        ("ref_type", Chosen),
        ("repository_visibility", Chosen),
        ("runner_environment", Chosen),
        ("workflow", Chosen),
    ],
    known_to_aws: &[
        "actor",
        "actor_id",
        "enterprise_id",
        "environment",
        "job_workflow_ref",
        "ref",
        "repository",
        "repository_id",
        "workflow",
    ],
    example: "repo:ORG/REPO:ref:refs/heads/main",
};

/// <https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload>
const GITLAB: Issuer = Issuer {
    name: "GitLab",
    tenancy: Tenancy::Shared,
    claims: &[
        ("project_path", Path),
        ("project_id", Repository),
        ("namespace_path", Owner),
        ("namespace_id", Owner),
        ("ci_config_ref_uri", Path),
        ("user_login", Person),
        ("user_id", Person),
        ("user_email", Person),
        ("aud", Chosen),
        ("environment", Chosen),
        ("pipeline_source", Chosen),
        ("ref", Chosen),
        ("ref_path", Chosen),
        ("ref_protected", Chosen),
        ("ref_type", Chosen),
    ],
    known_to_aws: &[],
    example: "project_path:GROUP/PROJECT:ref_type:branch:ref:main",
};

/// <https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens>
const HCP: Issuer = Issuer {
    name: "HCP Terraform",
    tenancy: Tenancy::Shared,
    claims: &[
        ("organization", Owner),
        ("project", Inner),
        ("stack", Inner),
        ("workspace", Inner),
        ("terraform_organization_id", Owner),
        ("terraform_organization_name", Owner),
        ("terraform_project_id", Repository),
        ("terraform_project_name", Inner),
        ("terraform_workspace_id", Repository),
        ("terraform_workspace_name", Inner),
        ("aud", Chosen),
        ("run_phase", Chosen),
        ("terraform_run_phase", Chosen),
    ],
    known_to_aws: &[],
    example: "organization:ORG:project:PROJECT:workspace:WORKSPACE:run_phase:apply",
};

/// <https://buildkite.com/docs/agent/v3/cli-oidc>
const BUILDKITE: Issuer = Issuer {
    name: "Buildkite",
    tenancy: Tenancy::Shared,
    claims: &[
        ("organization", Owner),
        ("organization_id", Owner),
        ("organization_slug", Owner),
        ("pipeline", Inner),
        ("pipeline_id", Repository),
        ("pipeline_slug", Inner),
        ("aud", Chosen),
        ("build_branch", Chosen),
        ("ref", Chosen),
        ("commit", Chosen),
        ("step", Chosen),
    ],
    known_to_aws: &[],
    example: "organization:ORG:pipeline:PIPELINE:ref:refs/heads/main:*",
};

/// <https://codefresh.io/docs/docs/integrations/oidc-pipelines/>
const CODEFRESH: Issuer = Issuer {
    name: "Codefresh",
    tenancy: Tenancy::Shared,
    claims: &[("account", Owner), ("pipeline", Repository), ("aud", Chosen)],
    known_to_aws: &[],
    example: "account:ACCOUNT_ID:pipeline:PIPELINE_ID:*",
};

/// <https://circleci.com/docs/openid-connect-tokens/>
const CIRCLECI: Issuer = Issuer {
    name: "CircleCI",
    tenancy: Tenancy::Own,
    claims: &[("oidc.circleci.com/project-id", Repository), ("aud", Chosen)],
    known_to_aws: &["oidc.circleci.com/project-id"],
    example: "org/ORG_ID/project/PROJECT_ID/user/*",
};

/// <https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/>
const BITBUCKET: Issuer = Issuer {
    name: "Bitbucket Pipelines",
    tenancy: Tenancy::Own,
    claims: &[("repositoryUuid", Repository), ("aud", Chosen), ("branchName", Chosen)],
    known_to_aws: &[],
    example: "{REPOSITORY_UUID}:*",
};

/// <https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity>
const AZURE_DEVOPS: Issuer = Issuer {
    name: "Azure DevOps",
    tenancy: Tenancy::Own,
    claims: &[("aud", Chosen)],
    known_to_aws: &[],
    example: "sc://ORG/PROJECT/SERVICE_CONNECTION",
};

/// <https://docs.github.com/en/enterprise-server/actions/reference/security/oidc>
const GITHUB_ENTERPRISE: Issuer = Issuer { name: "GitHub Enterprise", tenancy: Tenancy::Own, ..GITHUB };

const GITLAB_SELF_MANAGED: Issuer = Issuer { name: "GitLab", tenancy: Tenancy::Own, ..GITLAB };

/// <https://docs.spacelift.io/integrations/cloud-providers/oidc/>
const SPACELIFT: Issuer = Issuer {
    name: "Spacelift",
    tenancy: Tenancy::Own,
    claims: &[("aud", Chosen)],
    known_to_aws: &[],
    example: "space:SPACE:stack:STACK:run_type:TRACKED:scope:write",
};

/// The CI system that issues tokens under a URL, with or without its scheme.
pub(in crate::rules::ci) fn issuer_of(url: &str) -> Option<&'static Issuer> {
    let url = without_scheme(url).to_ascii_lowercase();
    let (host, path) = url.split_once('/').unwrap_or((&url, ""));
    let own = !path.is_empty();
    Some(match host {
        // An enterprise of GitHub's cloud may have an issuer of its own.
        "token.actions.githubusercontent.com" if own => &GITHUB_ENTERPRISE,
        "token.actions.githubusercontent.com" => &GITHUB,
        "gitlab.com" => &GITLAB,
        "app.terraform.io" | "app.eu.terraform.io" => &HCP,
        "agent.buildkite.com" => &BUILDKITE,
        "oidc.codefresh.io" => &CODEFRESH,
        "oidc.circleci.com" => &CIRCLECI,
        "api.bitbucket.org" => &BITBUCKET,
        "vstoken.dev.azure.com" => &AZURE_DEVOPS,
        host if host.ends_with(".spacelift.io") => &SPACELIFT,
        _ if path == "_services/token" => &GITHUB_ENTERPRISE,
        host if host.split('.').any(|label| label == "gitlab") => &GITLAB_SELF_MANAGED,
        _ => return None,
    })
}

/// A URL as AWS names it in ARNs and condition keys: without scheme.
pub(super) fn without_scheme(url: &str) -> &str {
    let rest = Url::parse(url).map_or(url, |_| url.split_once("://").map_or(url, |(_, rest)| rest));
    rest.trim_end_matches('/')
}

impl Issuer {
    /// Everybody who has tokens of it.
    pub(super) fn everybody(&self) -> Reach {
        match self.tenancy {
            Tenancy::Shared => Reach::Anyone,
            Tenancy::Own => Reach::Organisation,
        }
    }

    /// What a claim says; None of one that is not known.
    pub(super) fn claim(&self, name: &str) -> Option<Claim> {
        self.claims.iter().find(|(known, _)| *known == name).map(|(_, claim)| *claim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_by_their_urls() {
        let name = |url: &str| issuer_of(url).map(|issuer| (issuer.name, issuer.tenancy == Tenancy::Shared));
        assert_eq!(name("https://token.actions.githubusercontent.com"), Some(("GitHub Actions", true)));
        assert_eq!(name("token.actions.githubusercontent.com/acme"), Some(("GitHub Enterprise", false)));
        assert_eq!(name("https://ghe.example.com/_services/token"), Some(("GitHub Enterprise", false)));
        assert_eq!(name("https://gitlab.com/"), Some(("GitLab", true)));
        assert_eq!(name("gitlab.example.com"), Some(("GitLab", false)));
        assert_eq!(name("oidc.circleci.com/org/0a1b"), Some(("CircleCI", false)));
        for other in ["accounts.google.com", "oidc.eks.eu-west-1.amazonaws.com/id/ABC", "", "notgitlab.com"] {
            assert_eq!(name(other), None, "{other}");
        }
    }
}
