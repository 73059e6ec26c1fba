//! `unparsable-file`

use crate::document::hcl::ProblemScope;
use crate::document::{Document, Kind};
use crate::finding::{Finding, FixAvailability, Level, Place, Severity};
use crate::rules::{ArtifactContext, AutomationContext, Check, Findings, Group, RepositoryContext, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unparsable-file",
    group: Group::Configuration,
    summary: "a file of a kind that is checked could not be parsed",
    severity: Severity::Low,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a configuration, variable, backend-config, test, lock or Terragrunt file, a workflow or pipeline, a state file
or a plan that could not be parsed, wholly or in part. The finding stands at the first problem and says how many there
are. Other programs' `*.hcl` files are not reported.

## Why it matters
What could not be parsed was not judged: the rules know nothing of it. Its text is still searched for credentials.

## Bad
```hcl
resource "aws_s3_bucket" "state" {
  bucket = "org-terraform-state
}
```

## Good
```hcl
resource "aws_s3_bucket" "state" {
  bucket = "org-terraform-state"
}
```

## Remedy
Mend the syntax; `terraform fmt` names the line. A template that only becomes configuration later should not bear the
extension `.tf`: call it `*.tf.tftpl`.

## References
- <https://developer.hashicorp.com/terraform/language/syntax/configuration>
"#,
    check: Check::Any(&[
        Check::Repository(check),
        Check::Artifact(check_artifact),
        Check::Automation(check_automation),
    ]),
};

fn check(context: &RepositoryContext<'_>, findings: &mut Findings) {
    for document in context.repository.documents.iter().filter(|document| is_checked(context, document)) {
        let Some(first) = document.problems.iter().min_by_key(|problem| problem.span) else { continue };
        let more = and_more(document.problems.len() - 1);
        let broken = document.problems.iter().any(|problem| problem.scope == ProblemScope::File);
        let reach = if broken { "this file could not be parsed" } else { "a part of this file could not be parsed" };
        let message = format!("{reach}: {}{more}", first.message);
        let finding = Finding::new(RULE.id, Place::new(&document.source, first.span), message)
            .module(module_name(&document.path().parent()))
            .remedy("mend the syntax, or name the file otherwise if it is a template");
        findings.push(match document.kind {
            Kind::Tf | Kind::Tofu | Kind::Tfvars => finding.command("terraform fmt -check -diff"),
            _ => finding,
        });
    }
}

fn check_artifact(context: &ArtifactContext<'_>, findings: &mut Findings) {
    let problems = &context.analysis.problems;
    let Some(first) = problems.first() else { return };
    let span = first.span.unwrap_or(context.start.span);
    let message = format!("this file could not be parsed: {}{}", first.message, and_more(problems.len() - 1));
    let finding = Finding::new(RULE.id, Place::new(&context.start.source, span), message);
    findings.push(finding.module(module_name(&context.file.path.parent())).remedy(
        "what stands before the problem was judged; remove the file if it is no state or plan that anybody needs",
    ));
}

fn check_automation(context: &AutomationContext<'_>, findings: &mut Findings) {
    let Some(place) = &context.automation.broken else { return };
    let message =
        "this file could not be parsed as YAML: its lines were searched one by one, and its jobs are not known";
    let module = module_name(&context.document.path().parent());
    findings.push(Finding::new(RULE.id, place.clone(), message).module(module).remedy("mend the syntax"));
}

fn and_more(more: usize) -> String {
    match more {
        0 => String::new(),
        1 => "; one more problem follows".to_owned(),
        more => format!("; {more} more problems follow"),
    }
}

/// Whether a file is one of ours: of a kind that belongs to Terraform, or named by a command as one.
fn is_checked(context: &RepositoryContext<'_>, document: &Document) -> bool {
    let parsed = matches!(
        document.kind,
        Kind::Tf
            | Kind::TfJson
            | Kind::Tofu
            | Kind::TofuJson
            | Kind::Tfvars
            | Kind::TfvarsJson
            | Kind::Tfbackend
            | Kind::TfTest
            | Kind::TfTestJson
            | Kind::Terragrunt
            | Kind::LockFile
    );
    parsed || context.backend_files.contains(&document)
}
