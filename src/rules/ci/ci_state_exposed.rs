//! `ci-state-exposed`

use super::exposure::{Content, Files, Flow, Program, flow, name_of, program_of, terraform};
use crate::finding::{Confidence, Finding, FixAvailability, Level, Place, Severity};
use crate::resolve::automation::{Command, Output, Site, System, Text};
use crate::rules::names::names_a_secret;
use crate::rules::{AutomationContext, Check, Findings, Group, Rule, module_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "ci-state-exposed",
    group: Group::Ci,
    summary: "a state or plan uploaded as an artifact, or printed",
    severity: Severity::High,
    recommended: Level::Warning,
    fix: FixAvailability::None,
    since: "0.1.0",
    options: &[],
    documentation: r#"
## What it does
Reports a workflow or pipeline that keeps a state file or a saved plan for download (artifacts of GitHub, GitLab, Azure
Pipelines, Bitbucket, CircleCI, Jenkins, Buildkite, files of a release), also as JSON and under the names that the job's
commands give it, and one that prints it to the log: `terraform show -json`, `terraform output -json`,
`terraform state pull`, `cat terraform.tfstate`. What is encrypted first is fine, and so is the text of a plan, in which
Terraform masks what is sensitive. A filter that prints a part of the JSON is trusted.

## Why it matters
A plan and its JSON hold the values of all variables and the whole prior state in the clear, whatever is declared
sensitive. Artifacts and logs are kept for weeks, and everybody who can read the repository can read them; in a public
one that is everybody.

## Bad
```yaml .github/workflows/plan.yml
jobs:
  plan:
    runs-on: ubuntu-latest
    steps:
      - run: terraform plan -out=tfplan
      - uses: actions/upload-artifact@v4
        with:
          name: plan
          path: tfplan
```

```yaml .gitlab-ci.yml
plan:
  script:
    - terraform plan -out=plan.cache
    - terraform show -json plan.cache
```

## Good
```yaml .github/workflows/plan.yml
jobs:
  plan:
    runs-on: ubuntu-latest
    steps:
      - run: |
          terraform plan -out=tfplan
          terraform show -no-color tfplan > plan.txt
          age --encrypt --recipients-file recipients.txt --output tfplan.age tfplan
      - uses: actions/upload-artifact@v4
        with:
          name: plan
          path: |
            plan.txt
            tfplan.age
```

## Remedy
Apply in the job that plans, or hand the plan on encrypted (`age`, `gpg`, `openssl`) or through a bucket that only the
jobs can read. For people, keep the text that `terraform show` prints without `-json`. Print single outputs, or pick
what is needed from the JSON. Delete the artifacts and logs that exist and rotate what stands in them.

## References
- <https://developer.hashicorp.com/terraform/cli/commands/show>
- <https://developer.hashicorp.com/terraform/language/manage-sensitive-data>
- <https://docs.github.com/en/actions/concepts/workflows-and-actions/workflow-artifacts>
- <https://docs.gitlab.com/ci/yaml/#artifactsaccess>
"#,
    check: Check::Automation(check),
};

fn check(context: &AutomationContext<'_>, findings: &mut Findings) {
    let automation = context.automation;
    // What people run themselves is printed to their own terminal.
    if matches!(automation.system, System::Make | System::Script | System::Terragrunt) {
        return;
    }
    let files = Files::of(automation);
    for upload in &automation.uploads {
        if let Some((content, sure)) = files.kept(&upload.path) {
            findings.push(kept(context, &upload.place, &upload.keeper, upload.site, (content, sure)));
        }
    }
    for (nth, command) in automation.commands.iter().enumerate() {
        findings.0.extend(uploaded(context, command, &files));
        if let Some((content, sure)) = printed(command, &files)
            && is_shown(&automation.commands, nth)
        {
            findings.push(shown(context, command, content, sure));
        }
    }
}

/// Whether the output of a command ends in the log, or in the summary of a run.
fn is_shown(commands: &[Command], nth: usize) -> bool {
    match flow(commands, nth) {
        Flow::Log => true,
        Flow::File(file) => file.references.iter().any(|name| name.ends_with("GITHUB_STEP_SUMMARY")),
        Flow::Filtered(_) => false,
    }
}

/// What a command prints in the clear, and whether that is sure to be secret.
fn printed(command: &Command, files: &Files) -> Option<(Content, bool)> {
    if let Some(program) = terraform(command) {
        return program.prints(command).map(|content| (content, true)).or_else(|| single(&program, command));
    }
    let prints = matches!(program_of(command)?, "cat" | "more" | "less" | "type" | "Get-Content");
    let mut words = command.words.iter().skip(1).filter(|_| prints);
    // A saved plan is binary: what `cat` prints is state, or JSON.
    words
        .find_map(|word| {
            let name = name_of(word);
            let binary = name.ends_with("tfplan") || name.ends_with(".out") || name.ends_with(".cache");
            files.content_of(&name).filter(|_| !binary)
        })
        .map(|content| (content, true))
}

/// `terraform output -raw db_password`: one output, whose name says what it is.
fn single(program: &Program<'_>, command: &Command) -> Option<(Content, bool)> {
    let mut arguments = command.words.iter().skip(program.rest).filter_map(Text::known);
    let name = arguments.find(|word| !word.starts_with('-'))?;
    let raw = command.words.iter().any(|word| matches!(word.known(), Some("-raw" | "-json" | "--raw" | "--json")));
    (program.subcommand == "output" && raw && names_a_secret(name)).then_some((Content::Outputs, false))
}

/// `buildkite-agent artifact upload FILE`, `gh release upload TAG FILE`.
fn uploaded(context: &AutomationContext<'_>, command: &Command, files: &Files) -> Option<Finding> {
    let says = |word: &str| command.words.iter().any(|text| text.known() == Some(word));
    let keeper = match program_of(command)? {
        "buildkite-agent" if says("artifact") && says("upload") => "the build's artifacts",
        "gh" if says("release") && (says("upload") || says("create")) => "the files of a release",
        _ => return None,
    };
    let skip = command.words.iter().position(|word| matches!(word.known(), Some("upload" | "create")))?;
    let mut paths = command.words.iter().skip(skip + 1);
    paths.find_map(|path| Some(kept(context, &path.place, keeper, command.site, files.kept(path)?)))
}

fn kept(
    context: &AutomationContext<'_>,
    place: &Place,
    keeper: &str,
    site: Site,
    (content, sure): (Content, bool),
) -> Finding {
    let noun = content.noun();
    let message = match sure {
        true => format!("{noun} is kept among {keeper}: whoever can read those reads every secret in it"),
        false => format!("what is kept among {keeper} seems to hold {noun}, and with it every secret in it"),
    };
    let remedy = "encrypt it before it is kept, or keep the text that `terraform show` prints without `-json`; delete \
                  what has been kept";
    finding(context, place, site, (message, remedy), sure).attribute("path")
}

fn shown(context: &AutomationContext<'_>, command: &Command, content: Content, sure: bool) -> Finding {
    let message = match (content, sure) {
        (Content::Outputs, false) => "an output that is named as a secret is printed to the log".to_owned(),
        (Content::Outputs, true) => "all outputs are printed to the log, sensitive ones in the clear".to_owned(),
        (content, _) => format!("{} is printed with every secret in it", content.noun()),
    };
    let remedy = match &command.output {
        Output::File(_) => "write it to a file that is not shown, and pick what is needed from there",
        _ => "leave `-json` out, or write it to a file and pick what is needed from there; delete the logs that exist",
    };
    finding(context, &command.place, command.site, (message, remedy), sure)
}

fn finding(
    context: &AutomationContext<'_>,
    place: &Place,
    site: Site,
    (message, remedy): (String, &'static str),
    sure: bool,
) -> Finding {
    let finding = Finding::new(RULE.id, place.clone(), message)
        .address(context.automation.address(site, "state"))
        .module(module_name(&context.document.path().parent()))
        .remedy(remedy);
    if sure { finding } else { finding.uncertain(Level::Note, Confidence::Low) }
}
