//! `cli-config-credential`

use super::committed::{pattern_of, taken_out};
use super::logins::{self, Login};
use crate::document::{Document, Kind};
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::rules::{Check, Findings, Group, RepositoryContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "cli-config-credential",
    group: Group::Artifacts,
    summary: "a tracked file of logins holds a token, password or key",
    severity: Severity::Critical,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports the secrets in files of logins that git tracks: Terraform's and OpenTofu's command line configuration
(`.terraformrc`, `terraform.rc`, `.tofurc`, `*.tfrc`, `credentials.tfrc.json`) with the token of a host, a registry's
password or a password in a mirror's address; `.netrc` and `_netrc`; AWS's shared files (`credentials`, `config`).
Placeholders and references to another store are no secrets.

## Why it matters
These files hold what a person signs in with, mostly for years and with all of that person's rights. The token of
HCP Terraform reads every state of the organisation.

## Bad
```hcl .terraformrc
credentials "app.terraform.io" {
  token = "ExampleExample.atlasv1.ExampleExampleExampleExampleExampleExampleExample0123456789"
}
```

```text .aws/credentials
[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
```

```text ci/.netrc
machine git.example.com login ci password hunter2
```

## Good
```hcl .terraformrc
provider_installation {
  network_mirror {
    url = "https://mirror.example.com/providers/"
  }
}
```

```text .aws/config
[profile terraform]
sso_session = example
sso_account_id = 111122223333
sso_role_name = terraform
```

## Remedy
Revoke the credential first: git's history keeps it. Let `terraform login` keep tokens outside of the repository, or
supply `TF_TOKEN_<host>`; sign in to AWS with `aws sso login`, in CI with a role assumed by OIDC; give git a credential
helper. Take files that hold nothing but logins out of git.

## References
- <https://developer.hashicorp.com/terraform/cli/config/config-file#credentials>
- <https://opentofu.org/docs/cli/config/config-file/>
- <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
"#,
    check: Check::Repository(check),
};

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    for document in context.repository.documents.iter().filter(|document| document.tracked) {
        for login in logins::of(document) {
            findings.push(finding(document, login));
        }
    }
}

fn finding(document: &Document, login: Login) -> Finding {
    let Login { address, attribute, place, credential } = login;
    let path = document.path();
    let message =
        format!("`{attribute}` of `{address}` is committed: whoever reads the repository or its history can use it");
    let finding = Finding::new(RULE.id, place, message).module(module_name(&path.parent()));
    let finding = match document.kind {
        // The rest of such a file may well be meant for everybody.
        Kind::CliConfig if !path.name().starts_with("credentials.") => finding.remedy(format!(
            "revoke it, as git's history keeps it, and supply its successor {}",
            token_variable(&address)
        )),
        kind => {
            let instead = match kind {
                Kind::AwsCredentials => "sign in without a static key (`aws sso login`, in CI a role assumed by OIDC)",
                Kind::Netrc => "let a credential helper or the pipeline supply its successor",
                _ => "let `terraform login` keep its successor in the home directory",
            };
            let finding = finding.remedy(format!("revoke it, {instead}, and take the file out of git"));
            taken_out(finding, path, false, &[pattern_of(path)])
        }
    };
    finding.address(address).attribute(attribute).credential(credential)
}

/// The environment variable that takes the place of a host's token.
///
/// <https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials>
fn token_variable(address: &str) -> String {
    let host = address.strip_prefix("credentials.").unwrap_or("");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if host.is_empty() || !host.chars().all(plain) {
        return "when Terraform is run".to_owned();
    }
    format!("by `terraform login` or the environment variable TF_TOKEN_{}", host.replace('-', "__").replace('.', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_become_variables_as_terraform_spells_them() {
        let said = token_variable("credentials.my-tfe.example.com");
        assert!(said.ends_with("TF_TOKEN_my__tfe_example_com"), "{said}");
        assert_eq!(token_variable("oci_credentials.example.com"), "when Terraform is run");
    }
}
