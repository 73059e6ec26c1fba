//! `ci-literal-credential`

use super::literals::{self, Literal};
use crate::finding::{CredentialUse, Finding, FixAvailability, Level, Secret, Severity};
use crate::resolve::automation::System;
use crate::rules::secret::occurrence;
use crate::rules::{AutomationContext, Check, Findings, Group, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "ci-literal-credential",
    group: Group::Ci,
    summary: "a literal credential in a workflow, pipeline, Makefile or script",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports each credential that is written out in a workflow, pipeline, Terragrunt hook, Makefile or script: values of a
known format, variables that a provider or backend signs in with (`AWS_SECRET_ACCESS_KEY`, `ARM_CLIENT_SECRET`, ...),
variables, inputs of actions and arguments that are named as secrets, `-u user:password`, `Authorization` headers, and
passwords that are piped into a login. References to a store of secrets (`${{ secrets.X }}`, `$X`, `$(X)`,
`vault:...`) are none, nor are placeholders and paths. What only a name tells is an error where the value looks
generated, or chosen as a password, and the name says that somebody has issued it, and less otherwise. The password of
a service that lives as long as the job is a note.

## Why it matters
Whoever can read the repository, or its history, can use the credential; CI does not mask it in its logs, as it is none
of the secrets that CI knows.

## Bad
```yaml .github/workflows/apply.yml
jobs:
  apply:
    runs-on: ubuntu-latest
    env:
      AWS_ACCESS_KEY_ID: AKIAIOSFODNN7EXAMPLE
      AWS_SECRET_ACCESS_KEY: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
    steps:
      - run: terraform apply
```

```sh deploy.sh
curl -u ci:Rk2dYf7PsUo9WgEn https://artifacts.example.com/module.zip -o module.zip
```

## Good
```yaml .github/workflows/apply.yml
jobs:
  apply:
    runs-on: ubuntu-latest
    env:
      ARM_CLIENT_SECRET: ${{ secrets.ARM_CLIENT_SECRET }}
      TF_VAR_db_password_secret_name: prod/db
    services:
      postgres:
        image: postgres
    steps:
      - run: terraform apply -var "db_password=$DB_PASSWORD"
```

## Remedy
Revoke the credential: it stays in git's history. Sign in to clouds by OIDC (see `ci-static-cloud-credential`); what
must be a secret belongs in the CI system's store of secrets, or in a vault, and is referred to by its name.

## References
- <https://docs.github.com/en/actions/concepts/security/secrets>
- <https://docs.gitlab.com/ci/variables/#define-a-cicd-variable-in-the-ui>
- <https://learn.microsoft.com/en-us/azure/devops/pipelines/process/set-secret-variables>
- <https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/>
- <https://circleci.com/docs/guides/security/env-vars/>
"#,
    check: Check::Automation(check),
};

fn check(context: &AutomationContext<'_>, findings: &mut Findings) {
    findings.0.extend(literals::of(context).into_iter().map(|literal| finding(context, literal)));
}

fn finding(context: &AutomationContext<'_>, literal: Literal) -> Finding {
    let what = literal.kind.replace('-', " ");
    let message = match (literal.name.as_str(), literal.at_most) {
        ("", _) => format!("a credential is written out here ({what}): whoever reads the file can use it"),
        (name, Level::Note) => format!("`{name}` holds a literal that may be a secret"),
        (name, _) => format!("`{name}` is given a literal secret ({what}): whoever reads the file can use it"),
    };
    let path = context.document.path();
    let mut finding = Finding::new(RULE.id, literal.place.clone(), message)
        .module(module_name(&path.parent()))
        .remedy(remedy(context.automation.system, &literal.name))
        .uncertain(literal.at_most, literal.confidence);
    if !literal.name.is_empty() {
        finding = finding.attribute(&literal.name);
    }
    let secret = Secret::new(literal.secret);
    let found = CredentialUse::new(literal.kind, secret, literal.strength, occurrence(path), literal.place);
    finding.credential(found.id(literal.id).beside(literal.beside))
}

/// Where the secret belongs, and how it is referred to there.
fn remedy(system: System, name: &str) -> String {
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let name = if is_name { name.to_ascii_uppercase() } else { "NAME".to_owned() };
    let store = match system {
        System::GitHub => {
            format!("the repository's or environment's secrets and refer to it as `${{{{ secrets.{name} }}}}`")
        }
        System::GitLab => format!("a masked and protected CI/CD variable and refer to it as `${name}`"),
        System::Azure => format!("a secret variable or a variable group of a key vault and refer to it as `$({name})`"),
        System::Bitbucket => format!("a secured variable and refer to it as `${name}`"),
        System::CircleCi => format!("a context and refer to it as `${name}`"),
        System::Jenkins => "Jenkins' credentials and refer to it with `credentials('id')`".to_owned(),
        System::Other | System::Terragrunt | System::Make | System::Script => {
            format!("a store of secrets that sets it for the run and refer to it as `${name}`")
        }
    };
    format!("revoke it, keep its successor in {store}")
}
