//! `ci-static-cloud-credential`

use super::clouds::{Cloud, INPUTS, OTHERS, VARIABLES};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Place, Severity};
use crate::resolve::automation::{Automation, Command, Holder, Setting, Site, System, Text};
use crate::rules::url::Url;
use crate::rules::{AutomationContext, Check, Findings, Group, Rule, module_name};
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "ci-static-cloud-credential",
    group: Group::Ci,
    summary: "a workflow or pipeline signs in to a cloud with stored static keys where OIDC exists",
    severity: Severity::High,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a job that signs in to AWS, Azure or Google Cloud with a static credential from the CI system's store of
secrets: an action, orb or pipe that is given a key, a variable that a provider reads one from, a command that logs in
with one. The remedy shows the lines to use instead. Session tokens, credentials that another step has fetched, and
services with the interface of S3 alone (R2, MinIO, Spaces) are none; a key that is written out is
`ci-literal-credential`. In Jenkins, whose identity tokens need a plugin, and in systems that are not told apart it is a
note.

## Why it matters
A stored key works from anywhere, for whoever gets to read it, until somebody rotates it, and nobody does: every job of
the repository, and every action that a job runs, can take it along. GitHub, GitLab, Azure Pipelines, Bitbucket and
CircleCI hand each job an identity token instead, which a cloud exchanges for credentials that end with the job.

## Bad
```yaml .github/workflows/apply.yml
jobs:
  apply:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }}
          aws-secret-access-key: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
          aws-region: eu-west-1
      - run: terraform apply
```

```yaml .gitlab-ci.yml
apply:
  variables:
    ARM_CLIENT_SECRET: $PROD_CLIENT_SECRET
  script:
    - terraform apply
```

## Good
```yaml .github/workflows/apply.yml
jobs:
  apply:
    runs-on: ubuntu-latest
    permissions:
      id-token: write
      contents: read
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: arn:aws:iam::111122223333:role/terraform-apply
          aws-region: eu-west-1
      - run: terraform apply
```

## Remedy
Let the cloud trust the CI system's issuer for this repository (for AWS an OIDC provider and a role with a condition on
the subject, see `oidc-trust-too-broad`), give the job `id-token: write` or its like, and replace the step by the one
that the finding shows. Then delete the key, in the cloud as well as in the CI system.

## References
- <https://docs.github.com/en/actions/concepts/security/openid-connect>
- <https://docs.gitlab.com/ci/cloud_services/>
- <https://learn.microsoft.com/en-us/azure/devops/pipelines/release/configure-workload-identity>
- <https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/>
- <https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/>
"#,
    check: Check::Automation(check),
};

/// A static credential in use.
struct Use<'a> {
    cloud: Cloud,
    /// What is given the credential: a variable, an input, a command.
    name: String,
    place: &'a Place,
    site: Site,
}

fn check(context: &AutomationContext<'_>, findings: &mut Findings) {
    let automation = context.automation;
    // What a script is given says nothing of where that comes from.
    if matches!(automation.system, System::Make | System::Script | System::Terragrunt) {
        return;
    }
    let of_settings = automation.settings.iter().filter_map(|setting| of_setting(automation, setting));
    let of_commands = automation.commands.iter().filter_map(of_command);
    // The halves of a key, and all that one step or mapping says of one cloud, are one finding.
    let mut said: BTreeSet<(usize, Cloud)> = BTreeSet::new();
    let temporary = temporary(automation);
    for found in of_settings.chain(of_commands) {
        let near = [(0, found.site.group), (1, found.site.job)];
        let ends = found.cloud == Cloud::Aws && near.iter().any(|site| temporary.contains(site));
        if !ends && said.insert((found.site.group, found.cloud)) {
            findings.push(finding(context, &found));
        }
    }
}

fn of_setting<'a>(automation: &Automation, setting: &'a Setting) -> Option<Use<'a>> {
    let cloud = match setting.holder {
        Holder::Input(action) => {
            let name = automation.actions.get(action)?.name.split('@').next()?.to_ascii_lowercase();
            let listed = |(of, input, _): &&(&str, &str, Cloud)| name.contains(of) && *input == setting.name;
            let known = INPUTS.iter().find(listed).map(|(.., cloud)| *cloud);
            // Pipes of Bitbucket and reusable workflows take them by the names of variables.
            known.or_else(|| of_variable(&setting.name))?
        }
        Holder::Service | Holder::Default => return None,
        Holder::Environment | Holder::Variable => of_variable(&setting.name)?,
    };
    is_stored(automation.system, &setting.value).then_some(())?;
    Some(Use { cloud, name: setting.name.clone(), place: &setting.value.place, site: setting.site })
}

fn of_variable(name: &str) -> Option<Cloud> {
    VARIABLES.iter().find(|(variable, _)| *variable == name).map(|(_, cloud)| *cloud)
}

/// Whether a value is nothing but a reference to what the CI system stores.
fn is_stored(system: System, value: &Text) -> bool {
    let [reference] = value.references.as_slice() else { return false };
    let alone = value.pattern.0.iter().all(String::is_empty);
    let words: Vec<&str> = reference.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let others = words.iter().any(|word| OTHERS.iter().any(|other| word.eq_ignore_ascii_case(other)));
    // What a job is given by name alone may come from a step before it, except where stores have a name of their own.
    let stored = match system {
        System::GitHub => ["secrets.", "vars."].iter().any(|store| reference.starts_with(store)),
        _ => {
            !reference.is_empty()
                && !["parameters.", "pipeline.", "matrix.", "inputs."].iter().any(|p| reference.starts_with(p))
        }
    };
    alone && stored && !others
}

/// `gcloud auth activate-service-account`, `az login --service-principal -p ...`, `aws configure set ...`.
fn of_command(command: &Command) -> Option<Use<'_>> {
    let says = |word: &str| command.words.iter().any(|text| text.known() == Some(word));
    let starts = |start: &str| command.words.iter().any(|text| text.head().starts_with(start));
    let (name, last) = match command.words.first()?.known()? {
        "gcloud" if says("activate-service-account") => ("gcloud auth activate-service-account", None),
        "az" if says("login") && says("--service-principal") && !starts("--federated-token") => {
            ("az login --service-principal", Some(password_of(command)?))
        }
        "aws"
            if says("configure")
                && (says("aws_secret_access_key") || starts("profile") && says("aws_secret_access_key")) =>
        {
            ("aws configure set aws_secret_access_key", command.words.last())
        }
        _ => return None,
    };
    let cloud = match name.split(' ').next()? {
        "gcloud" => Cloud::Google,
        "az" => Cloud::Azure,
        _ => Cloud::Aws,
    };
    // A literal is another rule's.
    last.is_none_or(|value| value.known().is_none()).then_some(())?;
    Some(Use { cloud, name: name.to_owned(), place: &command.place, site: command.site })
}

fn password_of(command: &Command) -> Option<&Text> {
    let inline = command.words.iter().find(|word| word.head().starts_with("--password="));
    let flag = command.words.iter().position(|word| matches!(word.known(), Some("-p" | "--password")));
    inline.or_else(|| command.words.get(flag? + 1))
}

/// The groups and jobs in which a key of AWS ends by itself, or is none of AWS: a session token beside it, an endpoint
/// of another service.
fn temporary(automation: &Automation) -> BTreeSet<(usize, usize)> {
    let tells = |setting: &&Setting| match setting.name.as_str() {
        "AWS_SESSION_TOKEN" | "aws-session-token" => true,
        "AWS_ENDPOINT_URL" | "AWS_ENDPOINT_URL_S3" | "AWS_S3_ENDPOINT" | "AWS_ENDPOINT" => {
            let amazon = |text| Url::parse(text).is_some_and(|url| url.host.ends_with(".amazonaws.com"));
            !setting.value.known().is_some_and(amazon)
        }
        _ => false,
    };
    let sites = automation.settings.iter().filter(tells).map(|setting| setting.site);
    sites.flat_map(|site| [(0, site.group), (1, site.job)]).collect()
}

fn finding(context: &AutomationContext<'_>, found: &Use<'_>) -> Finding {
    let system = context.automation.system;
    let message = format!(
        "`{}` signs in with {}, which works for whoever gets it until somebody rotates it; the job can have an identity \
         of its own",
        found.name,
        found.cloud.credential()
    );
    let instead = found.cloud.instead(system);
    let remedy = match instead {
        Some(_) => format!("set up {}, use these lines instead, then delete the key", found.cloud.trust()),
        None => format!("set up {}, sign in with the job's identity token, then delete the key", found.cloud.trust()),
    };
    let mut finding = Finding::new(RULE.id, found.place.clone(), message)
        .attribute(&found.name)
        .address(context.automation.address(found.site, &found.name))
        .module(module_name(&context.document.path().parent()))
        .remedy(remedy);
    if let Some(lines) = instead {
        finding = finding.snippet(lines);
    }
    if matches!(system, System::Jenkins | System::Other) {
        finding = finding.uncertain(Level::Note, Confidence::Medium);
    }
    finding
}
