//! What a file is, told by its name, and by its content where names are shared.

use crate::text::RepoPath;
use memchr::memmem;

/// Without any of these a file is none of AWS's with secrets, whatever its name.
const AWS_SECRETS: [&[u8]; 2] = [b"aws_secret_access_key", b"aws_session_token"];

/// What a file is. The name decides; where a format has no fixed name (state, plans, scripts, Terragrunt's includes),
/// its reader looks at the content as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `*.tf`
    Tf,
    /// `*.tf.json`
    TfJson,
    /// `*.tofu`, read by OpenTofu alone.
    Tofu,
    /// `*.tofu.json`, read by OpenTofu alone.
    TofuJson,
    /// `*.tfvars`, `*.tofuvars`
    Tfvars,
    /// `*.tfvars.json`, `*.tofuvars.json`
    TfvarsJson,
    /// `*.tfbackend` and `*.tfbackend.json`: by convention what `-backend-config` names.
    Tfbackend,
    /// `*.tftest.hcl`, `*.tofutest.hcl`
    TfTest,
    /// `*.tftest.json`, `*.tofutest.json`
    TfTestJson,
    /// `terragrunt.hcl`, `terragrunt.stack.hcl`, `terragrunt.values.hcl`
    Terragrunt,
    /// `.terraform.lock.hcl`
    LockFile,
    /// Any other `*.hcl`: a Terragrunt include, a `-backend-config` file, a test mock, or another program's.
    OtherHcl,
    /// The configuration of the command line: `.terraformrc`, `terraform.rc`, `*.tfrc`, `credentials.tfrc.json`, and
    /// OpenTofu's `.tofurc`, `tofu.rc`.
    CliConfig,
    /// `.terraform/modules/modules.json`: where `init` has put which module.
    ModulesJson,
    /// A state file or a copy of one.
    State,
    /// `.terraform/terraform.tfstate`: the backend that `init` has chosen, with its credentials.
    BackendCache,
    /// A saved plan, binary or JSON.
    Plan,
    /// `crash.log`, `crash.*.log`: what Terraform up to 1.0 wrote when it crashed, a trace log included.
    CrashLog,
    /// A workflow or an action of GitHub Actions, Gitea or Forgejo.
    Workflow,
    /// Another CI system's pipeline.
    Pipeline,
    /// A file of commands for `make`, `task` or `just`.
    Makefile,
    /// A shell, PowerShell or batch script.
    Script,
    /// `.netrc`, `_netrc`: logins of machines.
    Netrc,
    /// AWS's `credentials` and `config`, which hold keys by profile; by that name many other things are called too.
    AwsCredentials,
    /// `.gitignore`
    GitIgnore,
    /// Anything else.
    Text,
}

impl Kind {
    /// The kind that a path tells.
    pub fn of(path: &RepoPath) -> Kind {
        let name = path.name();
        terraform(path, name).or_else(|| automation(path, name)).unwrap_or(Kind::Text)
    }

    /// The kind once the content is known: a text that starts with `#!` is a script, and a file of AWS's names without
    /// its secrets any text.
    #[must_use]
    pub fn with_content(self, bytes: &[u8]) -> Kind {
        match self {
            Kind::Text if bytes.starts_with(b"#!") => Kind::Script,
            Kind::AwsCredentials if !AWS_SECRETS.iter().any(|name| memmem::find(bytes, name).is_some()) => {
                Kind::Text.with_content(bytes)
            }
            kind => kind,
        }
    }

    /// Whether Terraform or OpenTofu reads it as a part of the module that its directory is.
    pub fn is_configuration(self) -> bool {
        matches!(self, Kind::Tf | Kind::TfJson | Kind::Tofu | Kind::TofuJson)
    }

    /// Whether OpenTofu alone reads it.
    pub fn is_tofu_only(self) -> bool {
        matches!(self, Kind::Tofu | Kind::TofuJson)
    }

    /// Whether it belongs to Terraform, OpenTofu or Terragrunt: the kinds that are sought even where git ignores them.
    pub fn is_terraform(self) -> bool {
        self.is_configuration()
            || self.is_working_data()
            || matches!(
                self,
                Kind::Tfvars
                    | Kind::TfvarsJson
                    | Kind::Tfbackend
                    | Kind::TfTest
                    | Kind::TfTestJson
                    | Kind::Terragrunt
                    | Kind::LockFile
            )
    }

    /// Whether a run leaves it behind: state, plans, caches, logs, and the user's own login.
    pub fn is_working_data(self) -> bool {
        matches!(
            self,
            Kind::State | Kind::BackendCache | Kind::Plan | Kind::ModulesJson | Kind::CliConfig | Kind::CrashLog
        )
    }
}

/// Whether Terraform's loader passes over a name as an editor's or a hidden file's.
///
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/configs/parser_config_dir.go> (`IsIgnoredFile`)
pub fn is_ignored_by_loader(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// Whether a configuration file is merged over the others: `override.tf`, `*_override.tf`, and the same of the other
/// three extensions.
///
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/configs/parser_config_dir.go> (`dirFiles`)
pub fn is_override(name: &str) -> bool {
    CONFIGURATION
        .iter()
        .find_map(|(suffix, _)| name.strip_suffix(suffix))
        .is_some_and(|base| base == "override" || base.ends_with("_override"))
}

/// The name of the file which, when it stands in the same directory, OpenTofu reads instead of this one. Terraform
/// reads this one and not the other, so a repository that serves both programs has both meanings.
///
/// <https://github.com/opentofu/opentofu/blob/v1.9.0/internal/configs/parser_config_dir.go>
/// (`filterTfPathsWithTofuAlternatives`)
pub fn shadowed_by(name: &str) -> Option<String> {
    const PAIRS: [(&str, &str); 4] = [
        (".tf.json", ".tofu.json"),
        (".tf", ".tofu"),
        (".tftest.json", ".tofutest.json"),
        (".tftest.hcl", ".tofutest.hcl"),
    ];
    PAIRS.iter().find_map(|(suffix, other)| name.strip_suffix(suffix).map(|base| format!("{base}{other}")))
}

/// Whether a path lies in a directory that `init` fills: what stands there, others' modules and providers, is not this
/// repository's own.
pub fn is_below_data_directory(path: &RepoPath) -> bool {
    path.directory().split('/').any(|part| part == ".terraform" || part == ".terragrunt-cache")
}

/// The extensions of configuration, longest first.
const CONFIGURATION: [(&str, Kind); 4] =
    [(".tf.json", Kind::TfJson), (".tofu.json", Kind::TofuJson), (".tf", Kind::Tf), (".tofu", Kind::Tofu)];

/// The other fixed extensions of Terraform's and OpenTofu's files, and of the programs around them.
const EXTENSIONS: [(&str, Kind); 15] = [
    (".tfvars.json", Kind::TfvarsJson),
    (".tofuvars.json", Kind::TfvarsJson),
    (".tfvars", Kind::Tfvars),
    (".tofuvars", Kind::Tfvars),
    (".tfbackend.json", Kind::Tfbackend),
    (".tfbackend", Kind::Tfbackend),
    (".tftest.hcl", Kind::TfTest),
    (".tofutest.hcl", Kind::TfTest),
    (".tftest.json", Kind::TfTestJson),
    (".tofutest.json", Kind::TfTestJson),
    (".tfrc", Kind::CliConfig),
    (".tfrc.json", Kind::CliConfig),
    (".tfplan", Kind::Plan),
    (".tfplan.json", Kind::Plan),
    (".hcl", Kind::OtherHcl),
];

fn terraform(path: &RepoPath, name: &str) -> Option<Kind> {
    if let Some((_, kind)) = CONFIGURATION.iter().find(|(suffix, _)| name.ends_with(suffix)) {
        return Some(if is_ignored_by_loader(name) { Kind::Text } else { *kind });
    }
    match name {
        ".terraform.lock.hcl" => return Some(Kind::LockFile),
        "terragrunt.hcl" | "terragrunt.stack.hcl" | "terragrunt.values.hcl" => return Some(Kind::Terragrunt),
        // https://developer.hashicorp.com/terraform/cli/config/config-file, https://opentofu.org/docs/cli/config/config-file/
        ".terraformrc" | "terraform.rc" | ".tofurc" | "tofu.rc" => return Some(Kind::CliConfig),
        // `-out` takes any name; these are the ones that its documentation, tutorials and .gitignore templates use.
        "tfplan" | "tfplan.json" | "tfplan.bin" | "tfplan.out" | "tf.plan" | "plan.out" | "out.plan"
        | "terraform.plan" => return Some(Kind::Plan),
        "modules.json" if path.as_str().ends_with(".terraform/modules/modules.json") => {
            return Some(Kind::ModulesJson);
        }
        "crash.log" => return Some(Kind::CrashLog),
        _ if name.starts_with("crash.") && name.ends_with(".log") => return Some(Kind::CrashLog),
        _ => {}
    }
    if is_state_name(name) {
        return Some(if path.parent().name() == ".terraform" { Kind::BackendCache } else { Kind::State });
    }
    EXTENSIONS.iter().find(|(suffix, _)| name.ends_with(suffix)).map(|(_, kind)| *kind)
}

/// `*.tfstate` and the copies that Terraform and people make of it: `.backup`, `.<timestamp>.backup`, `.bak`, `.old`,
/// `.orig`, `.json`, `.<number>`. Locks (`.terraform.tfstate.lock.info`) hold no state.
///
/// <https://github.com/hashicorp/terraform/blob/v1.11.4/internal/command/state_meta.go> (the timestamp)
fn is_state_name(name: &str) -> bool {
    let Some(at) = name.rfind(".tfstate") else { return false };
    let rest = &name[at + ".tfstate".len()..];
    let Some(rest) = rest.strip_prefix('.') else { return rest.is_empty() };
    matches!(rest, "backup" | "bak" | "old" | "orig" | "json")
        || rest.ends_with(".backup")
        || (!rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

fn automation(path: &RepoPath, name: &str) -> Option<Kind> {
    let lower = name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    match lower.as_str() {
        ".gitignore" => return Some(Kind::GitIgnore),
        "makefile" | "gnumakefile" | "justfile" | ".justfile" => return Some(Kind::Makefile),
        ".envrc" => return Some(Kind::Script),
        "jenkinsfile" => return Some(Kind::Pipeline),
        ".netrc" | "_netrc" | "netrc" => return Some(Kind::Netrc),
        "credentials" | "credentials.ini" | "config" | "aws_credentials" | "aws-credentials" | ".aws_credentials"
        | ".aws-credentials" => return Some(Kind::AwsCredentials),
        _ if lower.starts_with("jenkinsfile.") || extension == "jenkinsfile" => return Some(Kind::Pipeline),
        _ => {}
    }
    match extension {
        "mk" | "just" => Some(Kind::Makefile),
        "sh" | "bash" | "zsh" | "ksh" | "fish" | "ps1" | "psm1" | "bat" | "cmd" => Some(Kind::Script),
        "yml" | "yaml" => yaml(path, &lower[..lower.len() - extension.len() - 1]),
        _ => None,
    }
}

/// Which YAML files are automation: `stem` is the name in lower case without its extension.
fn yaml(path: &RepoPath, stem: &str) -> Option<Kind> {
    let directory = path.directory();
    let inside =
        |parent: &str| directory == parent || directory.strip_suffix(parent).is_some_and(|rest| rest.ends_with('/'));
    if stem == "action" || [".github/workflows", ".gitea/workflows", ".forgejo/workflows"].into_iter().any(inside) {
        return Some(Kind::Workflow);
    }
    let below = |part: &str| directory.split('/').any(|directory| directory == part);
    if stem == "taskfile" || stem == "taskfile.dist" {
        return Some(Kind::Makefile);
    }
    let named = matches!(
        stem,
        ".gitlab-ci" | "bitbucket-pipelines" | "atlantis" | ".drone" | ".travis" | "cloudbuild" | "buildspec"
    ) || stem.starts_with("azure-pipelines")
        || stem.starts_with("cloudbuild")
        || stem.starts_with("buildspec")
        || stem.ends_with(".gitlab-ci")
        || [".woodpecker", ".semaphore", "codefresh", "appveyor", ".appveyor", ".cirrus"].contains(&stem);
    let placed =
        [".gitlab", ".circleci", ".buildkite", ".azure-pipelines", ".azuredevops", ".semaphore", ".woodpecker"]
            .into_iter()
            .any(below);
    (named || placed).then_some(Kind::Pipeline)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: Kind, paths: &[&str]) {
        for path in paths {
            assert_eq!(Kind::of(&RepoPath::new(path)), kind, "{path}");
        }
    }

    #[test]
    fn configuration_and_its_companions() {
        check(Kind::Tf, &["main.tf", "a/b/x.tfvars.tf", "x.tfstate.tf", "_override.tf", "#a.tf"]);
        check(Kind::TfJson, &["a/main.tf.json"]);
        check(Kind::Tofu, &["main.tofu"]);
        check(Kind::TofuJson, &["main.tofu.json"]);
        check(Kind::Tfvars, &["terraform.tfvars", ".x.auto.tfvars", "prod.tofuvars"]);
        check(Kind::TfvarsJson, &["a.auto.tfvars.json"]);
        check(Kind::Tfbackend, &["prod.s3.tfbackend", "x.tfbackend.json"]);
        check(Kind::TfTest, &["tests/a.tftest.hcl", "a.tofutest.hcl"]);
        check(Kind::TfTestJson, &["a.tftest.json", "a.tofutest.json"]);
        check(Kind::Terragrunt, &["live/terragrunt.hcl", "terragrunt.stack.hcl"]);
        check(Kind::LockFile, &["a/.terraform.lock.hcl"]);
        check(Kind::OtherHcl, &["root.hcl", "a.pkr.hcl", "m.tfmock.hcl", "lock.hcl"]);
        check(
            Kind::CliConfig,
            &[".terraformrc", "terraform.rc", "a.tfrc", ".terraform.d/credentials.tfrc.json", ".tofurc"],
        );
        check(Kind::Text, &["tf", "main.tf.tmpl", "README.md", "a.json", "main.tfx", "main.TF", ""]);
    }

    #[test]
    fn what_terraforms_loader_passes_over_is_no_configuration() {
        check(Kind::Text, &[".hidden.tf", "main.tf~", "#main.tf#", ".#main.tf", ".a.tf.json"]);
        assert!(is_ignored_by_loader("#main.tf#") && !is_ignored_by_loader("#main.tf"));
    }

    #[test]
    fn working_data() {
        check(
            Kind::State,
            &[
                "terraform.tfstate",
                "a/errored.tfstate",
                "terraform.tfstate.backup",
                "terraform.tfstate.1700000000.backup",
                "terraform.tfstate.d/prod/terraform.tfstate",
                ".terraform/x/terraform.tfstate",
                "prod.tfstate.bak",
                ".tfstate",
            ],
        );
        check(Kind::Text, &[".terraform.tfstate.lock.info", "tfstate", "a.tfstate.tmpl", "a.tfstates"]);
        check(Kind::BackendCache, &[".terraform/terraform.tfstate", "a/.terraform/terraform.tfstate.backup"]);
        check(Kind::ModulesJson, &["a/.terraform/modules/modules.json"]);
        check(Kind::Text, &["modules.json"]);
        check(Kind::Plan, &["tfplan", "a/prod.tfplan", "plan.out", "tfplan.json"]);
        check(Kind::CrashLog, &["crash.log", "a/crash.123.log"]);
        assert!(is_below_data_directory(&RepoPath::new("a/.terraform/modules/x/main.tf")));
        assert!(!is_below_data_directory(&RepoPath::new("a/.terraform")));
    }

    #[test]
    fn automation_by_name_and_place() {
        check(Kind::Workflow, &[".github/workflows/ci.yml", "x/.github/workflows/ci.yaml", "deploy/action.yml"]);
        check(Kind::Text, &[".github/workflows/sub/ci.yml", "my.github/workflows/a.yml", ".github/dependabot.yml"]);
        check(
            Kind::Pipeline,
            &[
                ".gitlab-ci.yml",
                ".gitlab/ci/deploy.yml",
                "azure-pipelines-prod.yml",
                "bitbucket-pipelines.yml",
                ".circleci/config.yml",
                "ci/Jenkinsfile",
                "Jenkinsfile.prod",
                "atlantis.yaml",
                ".buildkite/pipeline.yml",
                "cloudbuild.yaml",
                "buildspec.yml",
                ".drone.yml",
                ".travis.yml",
            ],
        );
        check(Kind::Makefile, &["Makefile", "GNUmakefile", "rules.mk", "Taskfile.yml", "justfile"]);
        check(Kind::Script, &["a.sh", "A.PS1", "x.bat", ".envrc"]);
        check(Kind::GitIgnore, &["a/.gitignore"]);
        check(Kind::Netrc, &[".netrc", "home/_netrc"]);
        check(Kind::AwsCredentials, &[".aws/credentials", "x/config"]);
        check(Kind::Text, &["values.yaml", "docker-compose.yml"]);
        assert_eq!(Kind::Text.with_content(b"#!/bin/sh\n"), Kind::Script);
        assert_eq!(Kind::Tf.with_content(b"#!/bin/sh\n"), Kind::Tf);
        assert_eq!(Kind::AwsCredentials.with_content(b"[default]\nregion = x\n"), Kind::Text);
        assert_eq!(Kind::AwsCredentials.with_content(b"aws_session_token="), Kind::AwsCredentials);
    }

    #[test]
    fn overrides_and_opentofus_precedence() {
        for name in ["override.tf", "a_override.tf", "override.tf.json", "x_override.tofu", "_override.tofu.json"] {
            assert!(is_override(name), "{name}");
        }
        for name in ["main.tf", "overrides.tf", "myoverride.tf", "override.tfvars", "override.tf~"] {
            assert!(!is_override(name), "{name}");
        }
        assert_eq!(shadowed_by("x.tf").as_deref(), Some("x.tofu"));
        assert_eq!(shadowed_by("x.tf.json").as_deref(), Some("x.tofu.json"));
        assert_eq!(shadowed_by("x.tftest.hcl").as_deref(), Some("x.tofutest.hcl"));
        assert_eq!(shadowed_by("x.tofu"), None);
        assert_eq!(shadowed_by("x.tfvars"), None);
    }
}
