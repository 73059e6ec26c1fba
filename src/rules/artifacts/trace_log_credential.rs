//! `trace-log-credential`

use super::committed::{pattern_of, taken_out};
use super::{FoundSecret, Why};
use crate::document::Kind;
use crate::document::artifact::Format;
use crate::finding::{Finding, FixAvailability, Level, Severity};
use crate::rules::{ArtifactContext, Check, Findings, Group, Rule, module_name};
use crate::text::shell;

/// The rule.
pub static RULE: Rule = Rule {
    id: "trace-log-credential",
    group: Group::Artifacts,
    summary: "a `TF_LOG` trace or `crash.log` with a credential in it",
    severity: Severity::High,
    recommended: Level::Error,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports each credential in a log of Terraform, OpenTofu or a provider, whatever the file is called: values of `-var` and
`-backend-config` arguments, headers (`Authorization`, `X-Vault-Token`, `X-Amz-Security-Token`), bodies of requests and
responses with the states they carry, dumps of configurations, environments and changed attributes, and everything that
has a known credential's format. What Terraform or a provider has masked is none, nor is an access key id by itself.
A finding stands at the first of a credential's places and says how many there are.

## Why it matters
Every version of Terraform writes its command line to the log, and with it the values of `-var` and `-backend-config`.
Up to 1.5 the S3 backend also logs session tokens and the state as a whole; OpenTofu's HTTP backend logs the state, and
many providers log requests with all their headers. Such a log is made to be shown to others, and a `crash.log` appears
in the working directory unasked.

## Bad
```text trace.log
2026-11-21T08:43:48.929Z [INFO]  Terraform version: 1.11.4
2026-11-21T08:43:48.929Z [INFO]  CLI args: []string{"terraform", "apply", "-var", "db_password=Rk2dYf7PsUo9WgEn"}
2026-11-21T08:43:48.931Z [DEBUG] checking for provisioner in "."
```

```text crash.log
2018/08/10 10:00:00 [INFO] Terraform version: 0.11.8
2018/08/10 10:00:02 [DEBUG] plugin: terraform-provider-vault: GET /v1/auth/token/lookup-self HTTP/1.1
2018/08/10 10:00:02 [DEBUG] plugin: terraform-provider-vault: X-Vault-Token: 7f3b1c9b-5d0b-8bd6-3a5c-1f3c9d0c2f10
```

## Good
```text trace.log
2026-11-21T08:43:48.929Z [INFO]  Terraform version: 1.11.4
2026-11-21T08:43:48.929Z [INFO]  CLI args: []string{"terraform", "apply", "-var-file=prod.tfvars"}
2026-11-21T08:43:49.102Z [DEBUG] backend-s3: HTTP Request Sent: http.request.header.x_amz_security_token="*****"
```

## Remedy
Rotate the credential: git's history keeps the log. Then take the file out of the index and name it in `.gitignore`.
Do not log at `trace` or `debug` where real credentials are used; where it must be, write the log outside of the
repository (`TF_LOG_PATH`) and log only the part that is asked for: `TF_LOG_CORE` or `TF_LOG_PROVIDER`. Hand secrets to
Terraform as `TF_VAR_name`, which no version logs, and not as `-var` arguments.

## References
- <https://developer.hashicorp.com/terraform/internals/debugging>
- <https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_var_name>
- <https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository>
"#,
    check: Check::Artifact(check),
};

fn check(context: &ArtifactContext<'_>, findings: &mut Findings) {
    if context.analysis.format == Format::Log {
        context.analysis.secrets.iter().for_each(|secret| findings.push(finding(context, secret)));
    }
}

fn finding(context: &ArtifactContext<'_>, secret: &FoundSecret) -> Finding {
    let path = &context.file.path;
    let kind = secret.credential.kind.replace('-', " ");
    let name = match (secret.owner.address.as_str(), secret.attribute.as_str()) {
        ("", "") => String::new(),
        ("", attribute) => format!(" (`{attribute}`)"),
        (address, "") => format!(" (`{address}` in a state that it carries)"),
        (address, attribute) => format!(" (`{address}` → `{attribute}` in a state that it carries)"),
    };
    let told = match secret.why {
        Why::Copy => "a copy of a secret that stands elsewhere".to_owned(),
        _ => format!("a credential of kind {kind}"),
    };
    let times = if secret.times > 1 { format!(", {} times", secret.times) } else { String::new() };
    let message = format!("this log holds {told}{name}{times}: whoever is shown the log can use it");
    let mut finding = Finding::new(RULE.id, secret.place.clone(), message)
        .module(module_name(&path.parent()))
        .credential(secret.credential.clone())
        .remedy(
            "rotate the credential and take the log out of git; keep `TF_LOG` off where real credentials are used, or \
             write to a `TF_LOG_PATH` outside of the repository, with `TF_LOG_CORE` or `TF_LOG_PROVIDER` for the part \
             that is asked for",
        );
    finding.confidence = secret.confidence;
    if !secret.owner.address.is_empty() {
        finding = finding.address(secret.owner.address.clone());
    }
    if !secret.attribute.is_empty() {
        finding = finding.attribute(secret.attribute.clone());
    }
    if !context.file.tracked {
        return finding.command(format!("rm -- {}", shell::quote(path.as_str())));
    }
    let patterns = match context.file.kind {
        Kind::CrashLog => vec!["crash.log".to_owned(), "crash.*.log".to_owned()],
        _ => vec![pattern_of(path)],
    };
    taken_out(finding, path, false, &patterns)
}
