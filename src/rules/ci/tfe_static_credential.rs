//! `tfe-static-credential`

use super::clouds::{Cloud, VARIABLES};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity};
use crate::resolve::{Mode, Value, resources_of};
use crate::rules::{Check, Findings, Group, ResourceContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "tfe-static-credential",
    group: Group::Ci,
    summary: "a workspace variable holds cloud keys where dynamic provider credentials exist",
    severity: Severity::High,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a `tfe_variable` of category `env` that gives a workspace, or all workspaces of a variable set, the secret of a
static credential for AWS, Azure, Google Cloud or Vault: `AWS_SECRET_ACCESS_KEY`, `ARM_CLIENT_SECRET`,
`GOOGLE_CREDENTIALS`, `VAULT_TOKEN` and their kin. Where a session token is set beside an access key, it ends by itself
and is none.

## Why it matters
The key works from anywhere and for everybody who may write a configuration of the workspace: a plan can print it or
send it away. It lies in the state of the configuration that sets it, too. HCP Terraform and Terraform Enterprise hand
each run an identity token instead, which the cloud exchanges for credentials that end with the run.

## Bad
```hcl
variable "aws_secret" {
  type      = string
  sensitive = true
}

resource "tfe_variable" "secret_key" {
  key          = "AWS_SECRET_ACCESS_KEY"
  value        = var.aws_secret
  category     = "env"
  sensitive    = true
  workspace_id = "ws-abc"
}
```

## Good
```hcl
resource "tfe_variable" "provider_auth" {
  key          = "TFC_AWS_PROVIDER_AUTH"
  value        = "true"
  category     = "env"
  workspace_id = "ws-abc"
}

resource "tfe_variable" "role" {
  key          = "TFC_AWS_RUN_ROLE_ARN"
  value        = "arn:aws:iam::111122223333:role/terraform-run"
  category     = "env"
  workspace_id = "ws-abc"
}
```

## Remedy
Let the cloud trust the issuer of the HCP Terraform organization with a condition on the workspace, set the variables
that the finding shows in the place of the key, run a plan, and delete the key.

## References
- <https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials>
- <https://registry.terraform.io/providers/hashicorp/tfe/latest/docs/resources/variable>
"#,
    check: Check::Resource(check),
};

/// The variables that replace a static credential of a platform, with what they are given.
///
/// <https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration> and
/// its siblings
struct Dynamic {
    platform: &'static str,
    variables: &'static [(&'static str, &'static str)],
}

static AWS: Dynamic = Dynamic {
    platform: "AWS",
    variables: &[("TFC_AWS_PROVIDER_AUTH", "true"), ("TFC_AWS_RUN_ROLE_ARN", "arn:aws:iam::<account>:role/<role>")],
};

static AZURE: Dynamic = Dynamic {
    platform: "Azure",
    variables: &[("TFC_AZURE_PROVIDER_AUTH", "true"), ("TFC_AZURE_RUN_CLIENT_ID", "<client id>")],
};

static GOOGLE: Dynamic = Dynamic {
    platform: "Google Cloud",
    variables: &[
        ("TFC_GCP_PROVIDER_AUTH", "true"),
        ("TFC_GCP_RUN_SERVICE_ACCOUNT_EMAIL", "<name>@<project>.iam.gserviceaccount.com"),
        (
            "TFC_GCP_WORKLOAD_PROVIDER_NAME",
            "projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>",
        ),
    ],
};

static VAULT: Dynamic = Dynamic {
    platform: "Vault",
    variables: &[
        ("TFC_VAULT_PROVIDER_AUTH", "true"),
        ("TFC_VAULT_ADDR", "https://vault.example.com:8200"),
        ("TFC_VAULT_RUN_ROLE", "<role>"),
    ],
};

fn check(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    if resource.kind != "tfe_variable" || resource.mode != Mode::Managed {
        return;
    }
    let Some(key) = resource.argument("key") else { return };
    let mut keys = key.alternatives().iter().filter_map(Value::as_str);
    let Some((name, dynamic)) = keys.find_map(|name| Some((name, dynamic_of(name)?))) else { return };
    // A variable of Terraform's own is given to a configuration, which may use it as it likes.
    let is = |name: &str, wanted: &str| resource.argument(name).is_some_and(|value| value.as_str() == Some(wanted));
    if !is("category", "env") || is("value", "") {
        return;
    }
    let message = format!(
        "the workspace variable `{name}` is a static credential of {}: HCP Terraform can vouch for each run instead",
        dynamic.platform
    );
    let remedy = format!(
        "let {} trust the runs of the workspace, set these variables instead, then delete the key",
        dynamic.platform
    );
    let mut finding = Finding::new(RULE.id, resource.block().header(), message)
        .address(resource.address())
        .attribute("key")
        .module(module_name(&resource.tree.module(resource.instance).directory))
        .remedy(remedy)
        .snippet(snippet(dynamic));
    if name.starts_with("AWS_") && has_session_token(context) {
        finding = finding.uncertain(Level::Note, Confidence::Medium);
    }
    findings.push(finding);
}

/// What replaces the static credential that a variable of the environment holds. The public half of a key is a part of
/// the secret half's finding.
fn dynamic_of(name: &str) -> Option<&'static Dynamic> {
    let cloud = VARIABLES.iter().find(|(variable, _)| *variable == name).map(|(_, cloud)| *cloud);
    match (name, cloud) {
        ("AWS_ACCESS_KEY_ID", _) => None,
        ("VAULT_TOKEN", _) => Some(&VAULT),
        (_, Some(Cloud::Aws)) => Some(&AWS),
        (_, Some(Cloud::Azure)) => Some(&AZURE),
        (_, Some(Cloud::Google)) => Some(&GOOGLE),
        (_, None) => None,
    }
}

/// Whether the module sets a session token as well: such keys end by themselves.
fn has_session_token(context: &ResourceContext<'_>) -> bool {
    let resource = context.resource;
    resources_of(resource.tree, resource.instance).filter(|other| other.kind == "tfe_variable").any(|other| {
        let key = other.argument("key");
        key.is_some_and(|key| key.alternatives().iter().any(|key| key.as_str() == Some("AWS_SESSION_TOKEN")))
    })
}

/// The variables as a configuration sets them.
fn snippet(dynamic: &Dynamic) -> String {
    let variable = |(key, value): &(&str, &str)| {
        let name = key.to_ascii_lowercase();
        format!(
            "resource \"tfe_variable\" \"{name}\" {{\n  key          = \"{key}\"\n  value        = \"{value}\"\n  category     =              \"env\"\n  workspace_id = <workspace>\n}}\n"
        )
    };
    dynamic.variables.iter().map(variable).collect()
}
