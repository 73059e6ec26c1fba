//! A policy as the rest of the program asks it.

use super::custom::CustomRule;
use super::gitleaks::Gitleaks;
use super::glob::PathGlob;
use super::settings::{OptionSpec, OptionValue, RuleSettings};
use crate::finding::{Level, Place};
use crate::text::RepoPath;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

/// What a policy needs to know of a rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleInfo {
    /// Its id.
    pub id: &'static str,
    /// Its level in the policy `recommended`.
    pub recommended: Level,
    /// The options it takes.
    pub options: &'static [OptionSpec],
    /// The bad pattern in one sentence.
    pub summary: &'static str,
}

/// Who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody: it is the default.
    Default,
    /// A built-in policy, by name.
    BuiltIn(&'static str),
    /// A line of a policy file.
    File(Place),
}

/// A value, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Who says so.
    pub from: Origin,
}

/// What the policy says of one rule, for the whole repository.
#[derive(Clone, Debug)]
pub struct RuleState {
    /// The rule's id; a custom rule's too.
    pub id: String,
    /// The level.
    pub level: Setting<Level>,
    /// Whether an ignore, an exception or a baseline may hide its findings.
    pub ignorable: Setting<bool>,
    /// Every option that the rule declares.
    pub options: Vec<(&'static OptionSpec, Setting<OptionValue>)>,
    /// The same options, as the rule takes them.
    pub settings: RuleSettings,
}

/// What the policy says of some paths.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The paths.
    pub paths: Vec<PathGlob>,
    /// What holds there.
    pub rules: Vec<ScopedRule>,
    /// Where the policy says it.
    pub place: Place,
}

/// What a scope says of one rule.
#[derive(Clone, Debug)]
pub struct ScopedRule {
    /// The rule's id.
    pub id: String,
    /// The level, if it says one.
    pub level: Option<Setting<Level>>,
    /// The options it says.
    pub options: Vec<(&'static OptionSpec, Setting<OptionValue>)>,
    /// All of the rule's options there, if it says any.
    pub settings: Option<RuleSettings>,
}

/// Findings that are known and accepted until a date.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Id of the rule.
    pub rule: String,
    /// The paths it holds for.
    pub path: PathGlob,
    /// The one address it holds for; every address if absent.
    pub address: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day it holds.
    pub expires: Date,
    /// Where the policy says it.
    pub place: Place,
}

/// How partial backends are completed, where the repository itself does not say.
#[derive(Clone, Debug)]
pub struct BackendValues {
    /// The modules: their directories.
    pub paths: Vec<PathGlob>,
    /// The backend's type: `s3`, ...
    pub backend: String,
    /// The values of its arguments.
    pub values: BTreeMap<String, Supplied>,
    /// Where the policy says it.
    pub place: Place,
}

/// A value that the policy supplies, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Supplied {
    /// The value.
    pub kind: SuppliedKind,
    /// Where the policy says it.
    pub place: Place,
}

/// What a policy can supply.
#[derive(Clone, PartialEq)]
pub enum SuppliedKind {
    /// A string.
    String(String),
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A list.
    List(Vec<Supplied>),
    /// A map or nested block.
    Map(BTreeMap<String, Supplied>),
}

/// Whom credentials may be sent to. It counts only where the change under judgement cannot have written it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyPolicy {
    /// Self-hosted issuers, as `KIND=URL`.
    pub hosts: Vec<Setting<String>>,
    /// The only AWS accounts whose keys are asked about; empty for all.
    pub accounts: Vec<Setting<String>>,
    /// AWS accounts whose keys are traps.
    pub canary_accounts: Vec<Setting<String>>,
}

impl VerifyPolicy {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what another file says.
    pub(super) fn extend(&mut self, other: Self) {
        self.hosts.extend(other.hosts);
        self.accounts.extend(other.accounts);
        self.canary_accounts.extend(other.canary_accounts);
    }
}

/// Which rules hold where.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub(super) rules: Vec<RuleState>,
    pub(super) index: HashMap<String, usize>,
    pub(super) scopes: Vec<Scope>,
    pub(super) exceptions: Vec<Exception>,
    pub(super) backends: Vec<BackendValues>,
    pub(super) verify: VerifyPolicy,
    pub(super) custom: Vec<CustomRule>,
    pub(super) gitleaks: Gitleaks,
    pub(super) sources: Vec<String>,
    pub(super) file: Option<String>,
}

impl Policy {
    /// What is done about a rule's findings at a path: what the last scope says that speaks of both, else what holds
    /// for the whole repository. A rule that nobody knows is off.
    pub fn level(&self, rule: &str, path: &RepoPath) -> Level {
        let scoped = self.scoped(rule, path).rev().find_map(|scoped| scoped.level.as_ref());
        scoped.map_or_else(|| self.rule(rule).map_or(Level::Off, |state| state.level.value), |level| level.value)
    }

    /// Whether a rule is on at any path.
    pub fn runs_anywhere(&self, rule: &str) -> bool {
        let scoped = self.scopes.iter().flat_map(|scope| &scope.rules).filter(|scoped| scoped.id == rule);
        self.rule(rule).is_some_and(|state| state.level.value > Level::Off)
            || scoped.filter_map(|scoped| scoped.level.as_ref()).any(|level| level.value > Level::Off)
    }

    /// The options that a rule runs with at a path: the repository's, with those over them that the last scope says
    /// which says any. No option at all for a rule that nobody knows.
    pub fn settings(&self, rule: &str, path: &RepoPath) -> &RuleSettings {
        static NONE: RuleSettings = RuleSettings::none();
        let scoped = self.scoped(rule, path).rev().find_map(|scoped| scoped.settings.as_ref());
        scoped.or_else(|| self.rule(rule).map(|state| &state.settings)).unwrap_or(&NONE)
    }

    /// Whether an ignore, an exception or a baseline may hide a rule's findings.
    pub fn ignorable(&self, rule: &str) -> bool {
        self.rule(rule).is_none_or(|state| state.ignorable.value)
    }

    /// All rules, the custom ones last.
    pub fn rules(&self) -> &[RuleState] {
        &self.rules
    }

    /// One rule.
    pub fn rule(&self, id: &str) -> Option<&RuleState> {
        self.index.get(id).map(|at| &self.rules[*at])
    }

    /// What holds at some paths only, in order.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// The exceptions, in order. Those past their date are among them.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// Whom credentials may be sent to.
    pub fn verify(&self) -> &VerifyPolicy {
        &self.verify
    }

    /// How partial backends are completed, in order.
    pub fn backends(&self) -> &[BackendValues] {
        &self.backends
    }

    /// What completes a backend of that type in the module at `directory`: of values given twice the later counts.
    pub fn backend_values(&self, directory: &RepoPath, backend: &str) -> BTreeMap<&str, &Supplied> {
        let speaking = self
            .backends
            .iter()
            .filter(|entry| entry.backend == backend && entry.paths.iter().any(|path| path.matches(directory)));
        speaking.flat_map(|entry| entry.values.iter().map(|(name, value)| (name.as_str(), value))).collect()
    }

    /// The rules that the policy itself defines.
    pub fn custom(&self) -> &[CustomRule] {
        &self.custom
    }

    /// The gitleaks configurations whose rules and allowlists join the search for credentials.
    pub fn gitleaks(&self) -> &Gitleaks {
        &self.gitleaks
    }

    /// What it was read from, in the order in which it counts: `recommended (built in)`, `.credlint.yaml`.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// The file that counts last; None of a policy that is built in as a whole.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    fn scoped<'a>(&'a self, rule: &str, path: &RepoPath) -> impl DoubleEndedIterator<Item = &'a ScopedRule> {
        let speaking = self.scopes.iter().filter(move |scope| {
            // The ids are compared first: a pattern costs more.
            scope.rules.iter().any(|scoped| scoped.id == rule) && scope.paths.iter().any(|glob| glob.matches(path))
        });
        speaking.flat_map(|scope| &scope.rules).filter(move |scoped| scoped.id == rule)
    }
}

impl ScopedRule {
    /// Lays its options over the repository's.
    pub(super) fn resolve(&mut self, general: &RuleSettings) {
        if !self.options.is_empty() {
            let mut settings = general.clone();
            self.options.iter().for_each(|(spec, setting)| settings.set(spec.name, setting.value.clone()));
            self.settings = Some(settings);
        }
    }
}

impl Exception {
    /// Whether it speaks of a finding.
    pub fn covers(&self, rule: &str, path: &RepoPath, address: Option<&str>) -> bool {
        self.rule == rule
            && self.address.as_deref().is_none_or(|wanted| address == Some(wanted))
            && self.path.matches(path)
    }
}

impl RuleState {
    pub(super) fn set_option(&mut self, spec: &'static OptionSpec, setting: Setting<OptionValue>) {
        self.settings.set(spec.name, setting.value.clone());
        if let Some(entry) = self.options.iter_mut().find(|(known, _)| known.name == spec.name) {
            entry.1 = setting;
        }
    }
}

impl<T> Setting<T> {
    /// A default.
    pub(super) fn default(value: T) -> Self {
        Self { value, from: Origin::Default }
    }
}

/// `default`, `recommended (built in)`, `.credlint.yaml:6`.
impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::BuiltIn(name) => write!(f, "{name} (built in)"),
            Origin::File(place) => f.write_str(&super::error::shown(&place.shown())),
        }
    }
}

/// Supplied values are formatted by kind alone.
impl std::fmt::Debug for SuppliedKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            SuppliedKind::String(_) => "string",
            SuppliedKind::Bool(_) => "bool",
            SuppliedKind::Integer(_) | SuppliedKind::Float(_) => "number",
            SuppliedKind::List(_) => "list",
            SuppliedKind::Map(_) => "map",
        })
    }
}
