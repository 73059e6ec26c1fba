//! What a run leaves behind in the directory of a root module, and by which lines git ignores it.

use crate::document::{IgnoreRules, Kind};
use crate::resolve::{Form, Module};
use crate::rules::RepositoryContext;
use crate::rules::backends::site::requires_at_least;
use crate::text::RepoPath;
use std::collections::BTreeSet;

/// One thing that a run leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    /// What `init` fetches and saves.
    DataDirectory,
    /// The state of a local backend.
    LocalState,
    /// A state that could not be uploaded.
    ErroredState,
    /// What the local backend keeps of the state before.
    Backup,
    /// What `plan -out` writes.
    Plan,
    /// What Terraform up to 1.0 wrote when it crashed.
    CrashLog,
    /// Values of variables that are taken without being named.
    AutoTfvars,
    /// Terragrunt's copies of modules, with their state, plans and data directories.
    TerragruntCache,
}

impl Wanted {
    /// What it is called in a message.
    pub(super) fn name(self) -> &'static str {
        match self {
            Wanted::DataDirectory => "`.terraform/`",
            Wanted::LocalState => "the local state",
            Wanted::ErroredState => "`errored.tfstate`",
            Wanted::Backup => "the state's backup",
            Wanted::Plan => "saved plans",
            Wanted::CrashLog => "crash logs",
            Wanted::AutoTfvars => "`*.auto.tfvars` with sensitive variables",
            Wanted::TerragruntCache => "`.terragrunt-cache/`",
        }
    }

    /// The lines of a `.gitignore` that keep it out.
    pub(super) fn lines(self) -> &'static [&'static str] {
        match self {
            Wanted::DataDirectory => &[".terraform/"],
            Wanted::LocalState | Wanted::ErroredState => &["*.tfstate"],
            Wanted::Backup => &["*.tfstate.*"],
            Wanted::Plan => &["*.tfplan", "tfplan"],
            Wanted::CrashLog => &["crash.log", "crash.*.log"],
            Wanted::AutoTfvars => &["*.auto.tfvars", "*.auto.tfvars.json"],
            Wanted::TerragruntCache => &[".terragrunt-cache/"],
        }
    }

    /// Whether git ignores it in a directory.
    pub(super) fn is_ignored(self, directory: &RepoPath, rules: &mut IgnoreRules<'_>) -> bool {
        let mut ignores = |name: &str| rules.ignores(&directory.join(name));
        match self {
            Wanted::DataDirectory => ignores(".terraform/terraform.tfstate") && ignores(".terraform/providers/x"),
            Wanted::LocalState => ignores("terraform.tfstate"),
            Wanted::ErroredState => ignores("errored.tfstate"),
            Wanted::Backup => ignores("terraform.tfstate.backup"),
            Wanted::Plan => PLANS.into_iter().any(ignores),
            Wanted::CrashLog => ignores("crash.log") && ignores("crash.1.log"),
            Wanted::AutoTfvars => ignores("secret.auto.tfvars"),
            Wanted::TerragruntCache => ignores(".terragrunt-cache/x/y/.terraform/terraform.tfstate"),
        }
    }
}

/// A plan has whatever name it is given: a repository that ignores one of these has thought of its own.
const PLANS: [&str; 8] =
    ["tfplan", "x.tfplan", "tfplan.out", "tfplan.bin", "plan.out", "out.plan", "tf.plan", "terraform.plan"];

/// What runs of a root module leave behind.
pub(super) fn wanted_in(context: &RepositoryContext<'_>, module: &Module<'_>) -> BTreeSet<Wanted> {
    let mut wanted = BTreeSet::from([Wanted::DataDirectory, Wanted::ErroredState, Wanted::Plan]);
    if !has_remote_backend(context, module) {
        wanted.extend([Wanted::LocalState, Wanted::Backup]);
    }
    // <https://github.com/hashicorp/terraform/blob/v1.1.0/CHANGELOG.md>: a panic goes to standard error since 1.1.0;
    // OpenTofu began after that.
    let tofu = module.documents.iter().all(|document| document.kind.is_tofu_only());
    if !tofu && !requires_at_least(Some(module), 1, 1) {
        wanted.insert(Wanted::CrashLog);
    }
    if awaits_a_secret(module) && !commits_auto_tfvars(context) {
        wanted.insert(Wanted::AutoTfvars);
    }
    wanted
}

fn has_remote_backend(context: &RepositoryContext<'_>, module: &Module<'_>) -> bool {
    // A `cloud` block has no label.
    let own = module.all_backends().iter().any(|block| block.block.label(0) != Some("local"));
    let mut generated = context.backends.iter().filter(|backend| backend.form == Form::Terragrunt);
    own || generated.any(|backend| backend.module == module.directory && backend.kind != "local")
}

/// Whether a sensitive variable has to be given its value by whoever runs the module.
fn awaits_a_secret(module: &Module<'_>) -> bool {
    let mut variables = module.variables.values();
    variables.any(|v| (v.is("sensitive", false) || v.is("ephemeral", false)) && v.attribute("default").is_none())
}

/// Whether the repository keeps such files on purpose.
fn commits_auto_tfvars(context: &RepositoryContext<'_>) -> bool {
    let of_values = |kind| matches!(kind, Kind::Tfvars | Kind::TfvarsJson);
    let mut documents = context.repository.documents.iter().filter(|document| of_values(document.kind));
    documents.any(|document| document.tracked && document.path().name().contains(".auto."))
}
