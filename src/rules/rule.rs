//! The type of a rule, and what a rule is given to judge.

use super::artifacts::Analysis;
use super::buckets::Stores;
use super::detect::Hit;
use crate::document::artifact::ArtifactFile;
use crate::document::{Document, Kind as FileKind, Repository};
use crate::finding::{
    Finding, FixAvailability, IssuerTrust, Level, Place, Related, Severity, StateStore, Verification, WorkloadToken,
};
use crate::policy::settings::{OptionSpec, RuleSettings};
use crate::resolve::automation::Automation;
use crate::resolve::schema::ProviderSchema;
use crate::resolve::{
    Backend, BlockIn, ConfiguredProvider, InstanceId, Invocation, Module, Program, Resource, Role, Tree, Value,
};
use crate::text::{RepoPath, Source};
use std::ops::Deref;
use std::sync::Arc;

/// One rule: everything about it stands in its file.
#[derive(Debug)]
pub struct Rule {
    /// Its id, which names the bad pattern.
    pub id: &'static str,
    /// The group of the catalogue it belongs to.
    pub group: Group,
    /// The bad pattern in one sentence.
    pub summary: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Its level in the built-in policy `recommended`.
    pub recommended: Level,
    /// Whether it can mend what it finds.
    pub fix: FixAvailability,
    /// The release that brought it.
    pub since: &'static str,
    /// Its options.
    pub options: &'static [OptionSpec],
    /// Its documentation: Markdown under the headings What it does, Why it matters, Bad, Good, Remedy, Options and
    /// References. The code blocks under Bad and Good are its first tests.
    pub documentation: &'static str,
    /// What it looks at, and the function that does.
    pub check: Check,
}

/// Groups of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Where state lives.
    Backends,
    /// The buckets, lock tables and policies behind the backends.
    Buckets,
    /// Providers, modules, versions.
    Providers,
    /// State, plans, logs.
    Artifacts,
    /// Secrets in configuration.
    Configuration,
    /// CI and workload identity.
    Ci,
    /// What is known of credentials beyond where they stand: whether they work, how old they are.
    Live,
    /// Policies, ignores, baselines.
    Exceptions,
}

impl Group {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Group::Backends => "Backends: where state lives",
            Group::Buckets => "The state bucket, where the repository also defines it",
            Group::Providers => "Providers, modules, versions",
            Group::Artifacts => "State, plans, logs",
            Group::Configuration => "Secrets in configuration",
            Group::Ci => "CI and workload identity",
            Group::Live => "Live",
            Group::Exceptions => "Exceptions",
        }
    }
}

/// What a rule looks at: the narrowest thing that decides it.
#[derive(Debug)]
pub enum Check {
    /// Each backend, in every way it is completed.
    Backend(fn(&BackendContext<'_>, &mut Findings) -> Verdict),
    /// Each provider block, in every instance of its module.
    Provider(fn(&ProviderContext<'_>, &mut Findings)),
    /// Each resource, data source and ephemeral resource, in every instance of its module. There may be very many: a
    /// rule looks at the type first, and asks for no argument that it does not need.
    Resource(fn(&ResourceContext<'_>, &mut Findings)),
    /// Each instance of each module.
    Module(fn(&ModuleContext<'_>, &mut Findings)),
    /// Each workflow, pipeline, Makefile and script, and the hooks of Terragrunt: after everything else, so that
    /// a literal which another rule has found is not found again.
    Automation(fn(&AutomationContext<'_>, &mut Findings)),
    /// Each state file, plan, cache and log.
    Artifact(fn(&ArtifactContext<'_>, &mut Findings)),
    /// Each text in which credentials of known formats stand that no other check has found.
    Text(fn(&TextContext<'_>, &mut Findings)),
    /// All provider configurations together, in every instance of their modules.
    Providers(fn(&ProvidersContext<'_>, &mut Findings)),
    /// The repository as a whole, after everything else but texts.
    Repository(fn(&RepositoryContext<'_>, &mut Findings)),
    /// What the issuers and clouds have answered, once somebody asked them.
    Live(fn(&LiveContext<'_>, &mut Findings)),
    /// The report: these findings speak of exceptions, and only the report knows what they hid.
    Report,
    /// Several of these: for a pattern that stands in modules and in other documents as well.
    Any(&'static [Check]),
}

impl Check {
    /// The checks it is made of: itself, or its parts.
    pub fn parts(&self) -> &[Check] {
        match self {
            Check::Any(parts) => parts,
            one => std::slice::from_ref(one),
        }
    }
}

/// Whether the repository decides a rule about a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds, or it does not and there is a finding.
    Decided,
    /// The value of this argument is not in the repository.
    Undecided(&'static str),
}

/// Where a rule puts what it finds.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Adds the findings of another.
    pub fn append(&mut self, mut other: Findings) {
        self.0.append(&mut other.0);
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }
}

/// A backend, to be judged.
pub struct BackendContext<'a> {
    /// The backend as one way of running Terraform configures it.
    pub backend: &'a Backend,
    /// The module it stands in; None for Terragrunt's.
    pub module: Option<&'a Module<'a>>,
    /// What the module is used as.
    pub role: Option<&'a Role>,
    /// The program.
    pub program: &'a Program<'a>,
    /// The rule's options.
    pub settings: &'a RuleSettings,
}

/// A provider block in one instance of its module, to be judged.
pub struct ProviderContext<'a> {
    /// The tree it is evaluated in.
    pub tree: &'a Tree<'a>,
    /// The instance of the module.
    pub instance: InstanceId,
    /// The block.
    pub block: BlockIn<'a>,
    /// The provider's local name.
    pub name: &'a str,
    /// `provider.aws`, `provider.aws.london`, `module.x.provider.aws`.
    pub address: &'a str,
    /// Its content: attributes, and nested blocks as lists of maps.
    pub content: &'a Value,
    /// What is known of its arguments.
    pub schema: Option<&'static ProviderSchema>,
    /// The rule's options.
    pub settings: &'a RuleSettings,
}

/// A resource, data source or ephemeral resource in one instance of its module, to be judged.
pub struct ResourceContext<'a> {
    /// What it is, and what it says as far as it is asked for.
    pub resource: &'a Resource<'a>,
    /// The rule's options.
    pub settings: &'a RuleSettings,
}

/// An instance of a module, to be judged.
pub struct ModuleContext<'a> {
    /// The tree it stands in.
    pub tree: &'a Tree<'a>,
    /// The instance.
    pub instance: InstanceId,
    /// The module.
    pub module: &'a Module<'a>,
    /// What it is used as.
    pub role: &'a Role,
    /// The rule's options.
    pub settings: &'a RuleSettings,
}

/// A state file, plan, cache or log, to be judged.
pub struct ArtifactContext<'a> {
    /// The file.
    pub file: &'a ArtifactFile,
    /// Where it starts: the place of what is said of the file as a whole.
    pub start: &'a Place,
    /// What it holds that matters.
    pub analysis: &'a Analysis,
    /// Whether the tree is a git repository's.
    pub in_git: bool,
    /// The day of the run, by which ages are told.
    pub today: jiff::civil::Date,
    /// The rule's options.
    pub settings: &'a RuleSettings,
}

/// What was asked and answered, to be judged.
pub struct LiveContext<'a> {
    /// The credentials that were asked about.
    pub credentials: &'a [LiveCredential<'a>],
    /// What keeps state in AWS, with what AWS says of it.
    pub stores: &'a [StateStore],
    /// Which issuers of workload identities the configuration trusts, and where.
    pub trusts: &'a [IssuerTrust],
    /// The workload-identity tokens that were held against their issuers' keys.
    pub tokens: &'a [WorkloadToken],
    /// The day of the run, by which ages are told.
    pub today: jiff::civil::Date,
    /// The rule's options for a path.
    pub settings: &'a dyn Fn(&RepoPath) -> &'a RuleSettings,
}

/// One credential with its issuer's verdict.
pub struct LiveCredential<'a> {
    /// The findings that speak of it, by place; at least one.
    pub findings: Vec<&'a Finding>,
    /// The verdict.
    pub verification: &'a Verification,
}

/// A workflow, pipeline, Makefile or script, to be judged.
pub struct AutomationContext<'a> {
    /// What it says.
    pub automation: &'a Automation,
    /// The file.
    pub document: &'a Document,
    /// The rule's options.
    pub settings: &'a RuleSettings,
}

/// A text with credentials of known formats, to be judged.
pub struct TextContext<'a> {
    /// The text, or a part of one too large to be held.
    pub source: &'a Arc<Source>,
    /// Its bytes as text: a byte that is not UTF-8 is `?`.
    pub text: &'a str,
    /// The credentials, with their places in `text`.
    pub hits: &'a [Hit],
    /// What the file is.
    pub kind: FileKind,
    /// Whether git ignores it: a developer's own.
    pub ignored: bool,
    /// The rule's options.
    pub settings: &'a RuleSettings,
}

/// All provider configurations together, to be judged.
pub struct ProvidersContext<'a> {
    /// Every one in every instance of its module.
    pub providers: &'a [ConfiguredProvider<'a>],
    /// Every backend in every way it is completed.
    pub backends: &'a [Backend],
}

/// The whole repository, to be judged.
pub struct RepositoryContext<'a> {
    /// The documents.
    pub repository: &'a Repository,
    /// The modules.
    pub program: &'a Program<'a>,
    /// Every backend in every way it is completed.
    pub backends: &'a [Backend],
    /// What could not be decided of which backend: its index, the rule, the argument that is missing.
    pub undecided: &'a [(usize, &'static str, &'static str)],
    /// Backend-config files that some command names, and those that are called `*.tfbackend`.
    pub backend_files: &'a [&'a Document],
    /// Commands that run Terraform.
    pub invocations: &'a [Invocation],
    /// The buckets and lock tables of these backends, where the repository defines them; found when a rule asks.
    pub stores: &'a (dyn Deref<Target = Stores> + Sync),
    /// The rule's options for a path.
    pub settings: &'a dyn Fn(&RepoPath) -> &'a RuleSettings,
}

/// A path as a finding's `module`.
pub fn module_name(directory: &RepoPath) -> String {
    directory.shown().to_owned()
}

/// The trace of a value as related places: each step it took from the literal to the sink, the sink last. Steps that
/// stand where the finding stands are left out.
pub fn trace_of(value: &Value, finding: &Place) -> Vec<Related> {
    let mut steps = Vec::new();
    let mut next = value.origin.trace.as_deref();
    while let Some(step) = next {
        let same = step.place.path() == finding.path() && step.place.span.contains(finding.span);
        if !same {
            steps.push(Related::station(step.place.clone(), step.step.to_string()));
        }
        next = step.previous.as_deref();
    }
    steps.reverse();
    steps
}
