//! `ci-trace-logging`

use crate::finding::{Confidence, Finding, FixAvailability, Level, Severity};
use crate::resolve::automation::{Holder, Setting, System};
use crate::rules::{AutomationContext, Check, Findings, Group, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "ci-trace-logging",
    group: Group::Ci,
    summary: "`TF_LOG` at trace or debug in CI",
    severity: Severity::Medium,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a workflow, pipeline, Terragrunt hook, Makefile or script that sets `TF_LOG`, `TF_LOG_CORE`, `TF_LOG_PROVIDER`
or the variable of one provider to `trace` or `debug`; `json` and every word that Terraform does not know mean `trace`.
Where it is set only if somebody asks for it, in a step for debugging or a job that is started by hand, where the log
goes to a file, and in scripts that may never run in CI, it is a note.

## Why it matters
A trace holds what Terraform sends and receives: its command line with the values of `-var` and `-backend-config`,
headers, and with many providers and backends whole requests, responses and states. CI masks the secrets it knows and
no others, and its logs are kept for months where everybody who can read the repository can read them.

## Bad
```yaml .github/workflows/plan.yml
jobs:
  plan:
    runs-on: ubuntu-latest
    env:
      TF_LOG: DEBUG
    steps:
      - run: terraform plan
```

```yaml .gitlab-ci.yml
plan:
  script:
    - export TF_LOG_PROVIDER=trace
    - terraform plan
```

## Good
```yaml .github/workflows/plan.yml
jobs:
  plan:
    runs-on: ubuntu-latest
    env:
      TF_LOG: WARN
    steps:
      - run: terraform plan
        env:
          TF_LOG: ${{ runner.debug == '1' && 'DEBUG' || '' }}
```

## Remedy
Remove the variable, or set it to `INFO`, `WARN` or `ERROR`. Where a trace is needed now and then, tie it to a switch
that somebody has to turn (`${{ runner.debug == '1' && 'TRACE' || '' }}`), write it to a file with `TF_LOG_PATH` and
look at it there, and delete the run's log afterwards. Delete the logs that exist, and rotate what stands in them.

## References
- <https://developer.hashicorp.com/terraform/internals/debugging>
- <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/logging/logging.go>
- <https://docs.github.com/en/actions/how-tos/monitor-workflows/enable-debug-logging>
"#,
    check: Check::Automation(check),
};

fn check(context: &AutomationContext<'_>, findings: &mut Findings) {
    let automation = context.automation;
    let to_file = automation.settings.iter().any(|setting| setting.name == "TF_LOG_PATH");
    for setting in automation.settings.iter().filter(|setting| is_log_level(setting)) {
        let Some(level) = setting.value.known().and_then(traced) else { continue };
        let name = &setting.name;
        let message = format!(
            "`{name}` makes every run log at {level}: what Terraform sends and receives, secrets and state included, \
             stays in the logs of CI"
        );
        let mut finding = Finding::new(RULE.id, setting.value.place.clone(), message)
            .attribute(name)
            .address(automation.address(setting.site, name))
            .module(module_name(&context.document.path().parent()))
            .remedy("remove it, or tie it to a switch that somebody has to turn; delete the logs that exist");
        if setting.site.on_demand || to_file || is_anybodys(automation.system) {
            finding = finding.uncertain(Level::Note, Confidence::Medium);
        }
        findings.push(finding);
    }
}

/// Whether a setting is one of the variables that Terraform, or a provider's library, takes a log level from.
///
/// <https://developer.hashicorp.com/terraform/plugin/log/managing>
fn is_log_level(setting: &Setting) -> bool {
    let name = setting.name.as_str();
    let of_plugins = ["TF_LOG_PROVIDER_", "TF_LOG_SDK"].iter().any(|prefix| name.starts_with(prefix));
    !matches!(setting.holder, Holder::Input(_))
        && (matches!(name, "TF_LOG" | "TF_LOG_CORE" | "TF_LOG_PROVIDER") || of_plugins)
}

/// The level that a word stands for, if it is trace or debug. Terraform takes a word that it does not know for trace.
fn traced(word: &str) -> Option<&'static str> {
    match word.trim().to_ascii_uppercase().as_str() {
        "" | "OFF" | "INFO" | "WARN" | "ERROR" => None,
        "DEBUG" => Some("debug"),
        _ => Some("trace"),
    }
}

/// Whether people run such files themselves as often as CI does.
fn is_anybodys(system: System) -> bool {
    matches!(system, System::Make | System::Script)
}
