//! `oidc-trust-too-broad`

use super::trust::{Trust, aws, azure, google, report, vault};
use crate::document::hcl::Block;
use crate::finding::{FixAvailability, Level, Severity};
use crate::resolve::{Declared, Mode};
use crate::rules::iam::{self, Document};
use crate::rules::{Check, Findings, Group, ModuleContext, ResourceContext, Rule, module_name};
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "oidc-trust-too-broad",
    group: Group::Ci,
    summary: "a role's trust in a CI issuer without a condition on the subject, or with one that any repository meets",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a trust in the identity tokens of a CI system (GitHub Actions, GitLab, HCP Terraform, Buildkite, CircleCI,
Bitbucket and others) that a token of anybody's repository meets: AWS roles and `aws_iam_policy_document`, Google's
workload identity pool providers, federated credentials of Microsoft Entra, JWT roles of Vault. Conditions are evaluated
against what such a token may claim: `repo:*` and `repo:org*` are met by whoever chooses the right name, the audience is
for each workflow to choose, an operator with `IfExists` or `ForAllValues` is met where the claim is missing, statements
that deny count.

Less is reported as less. A warning: every repository of one organisation is let in (`repo:org/*`), or every repository
that makes its tokens' subjects of the same claims (`environment:production` alone), or the condition is met by a token
without the claim, or it holds in some cases only. A note: pull requests are let in. What is not known is not reported.

## Why it matters
The issuer signs tokens for everybody who has an account. If nothing asks which repository a token was issued for, a
workflow in a stranger's repository can take on the role, and nothing in the logs tells it from one's own.

## Bad
```hcl
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
```

```hcl
resource "google_iam_workload_identity_pool_provider" "github" {
  workload_identity_pool_id          = "ci"
  workload_identity_pool_provider_id = "github"
  attribute_mapping                  = { "google.subject" = "assertion.sub" }
  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}
```

## Good
```hcl
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "deploy" {
  name = "deploy"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:example/infra:environment:production"
        }
      }
    }]
  })
}
```

```hcl
resource "google_iam_workload_identity_pool_provider" "github" {
  workload_identity_pool_id          = "ci"
  workload_identity_pool_provider_id = "github"
  attribute_mapping                  = { "google.subject" = "assertion.sub" }
  attribute_condition                = "assertion.repository_owner_id == '1234567'"
  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}
```

## Remedy
Ask for the subject of one repository, and of one branch or environment of it, by the condition that the finding shows.

## References
- <https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws>
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
- <https://docs.gitlab.com/ci/cloud_services/>
- <https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions>
"#,
    check: Check::Any(&[Check::Module(check_aws), Check::Resource(check_others)]),
};

fn check_aws(context: &ModuleContext<'_>, findings: &mut Findings) {
    let named = |of_type: &'static str| {
        let resources = context.module.resources.range(of_type.to_owned()..);
        resources.take_while(move |(address, _)| address.starts_with(of_type))
    };
    let full = |address: &str| context.tree.address(context.instance, address);
    let roles = named("aws_iam_role.").map(|(address, role)| {
        (full(address), iam::argument(context.tree, context.instance, role, "assume_role_policy"))
    });
    let data = named("data.aws_iam_policy_document.").filter(|(_, data)| names_principals(data));
    let data = data.map(|(address, _)| (full(address), iam::of_data(context.tree, &full(address))));
    let all: Vec<(String, Vec<Document>)> = roles.chain(data).collect();
    // A document that others take in is judged as theirs, with all that is merged into it.
    let taken_in: BTreeSet<&str> = all
        .iter()
        .flat_map(|(own, documents)| {
            let statements = documents.iter().flat_map(|document| &document.statements);
            statements.map(|statement| &*statement.address).filter(move |from| from != own)
        })
        .collect();
    let judged = all.iter().filter(|(own, _)| !taken_in.contains(own.as_str()));
    judged.flat_map(|(_, documents)| documents).for_each(|document| judge_document(context, document, findings));
}

/// Whether a document may have statements about principals of its own: those of identities' policies have none.
fn names_principals(data: &Declared<'_>) -> bool {
    fn has(block: &Block) -> bool {
        let is_it = block.kind == "principals" || (block.kind == "dynamic" && block.label(0) == Some("principals"));
        is_it || block.body.blocks.iter().any(has)
    }
    // The JSON syntax may write blocks as values.
    data.attribute("statement").is_some() || data.layers.iter().any(|layer| layer.block.body.blocks.iter().any(has))
}

fn judge_document(context: &ModuleContext<'_>, document: &Document, findings: &mut Findings) {
    for found in aws::trusts(context.tree, document) {
        let Some(place) = found.place() else { continue };
        let (host, example) = (&found.host, found.issuer.example);
        report(
            &Trust {
                issuer: found.issuer,
                reach: found.reach,
                by: found.by,
                sure: found.sure,
                place,
                address: &found.statement.address,
                attribute: "statement",
                module: module_name(&context.module.directory),
                what: "assume the role",
                remedy: format!(
                    "ask for the subject: condition {{ test = \"StringLike\", variable = \"{host}:sub\", values = \
                     [\"{example}\"] }}"
                ),
            },
            findings,
        );
    }
}

fn check_others(context: &ResourceContext<'_>, findings: &mut Findings) {
    let resource = context.resource;
    match resource.kind {
        _ if resource.mode != Mode::Managed => {}
        google::PROVIDER => google::judge_provider(resource, findings),
        vault::ROLE => vault::judge(resource, findings),
        azure::EXACT | azure::EXACT_OF_IDENTITY | azure::FLEXIBLE => azure::judge(resource, findings),
        kind if google::is_binding(kind) => google::judge_bindings(resource, findings),
        _ => {}
    }
}
