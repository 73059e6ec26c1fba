//! Rules and policy brought together: the policy knows no rule types, the rules no policy.

use super::error::Failure;
use super::files::{AtRevision, OnDisk};
use crate::document::git;
use crate::policy::{self, Files, Policy, PolicySource, RuleInfo, RuleSettings, Supplied, SuppliedKind};
use crate::report::RuleMeta;
use crate::resolve::{BackendDefaults, Kind, Number, Value};
use crate::rules::detect::{CustomDetector, Detectors};
use crate::rules::{self, Check, Plan};
use crate::text::RepoPath;
use std::path::Path;
use std::sync::Arc;

/// The policy as the rules ask it.
pub(super) struct PolicyPlan<'p>(pub &'p Policy);

impl Plan for PolicyPlan<'_> {
    fn runs(&self, rule: &str) -> bool {
        self.0.runs_anywhere(rule)
    }

    fn settings(&self, rule: &'static str, path: &RepoPath) -> &RuleSettings {
        self.0.settings(rule, path)
    }
}

/// What the policy needs to know of every rule.
pub fn rule_infos() -> Vec<RuleInfo> {
    let info = |rule: &&'static rules::Rule| RuleInfo {
        id: rule.id,
        recommended: rule.recommended,
        options: rule.options,
        summary: rule.summary,
    };
    rules::ALL.iter().map(info).collect()
}

/// What the report needs to know of every rule, those of the policy among them.
pub fn rule_metas(policy: &Policy) -> Vec<RuleMeta> {
    let custom = policy.custom().iter().map(|rule| RuleMeta {
        id: interned(&rule.id),
        severity: rule.severity,
        summary: "a rule of this repository's policy",
        documentation: "",
        doc_url: "",
        ran: true,
    });
    catalogue().chain(custom).collect()
}

/// What the report needs to know of the program's own rules.
pub(super) fn catalogue() -> impl Iterator<Item = RuleMeta> {
    let meta = |rule: &&'static rules::Rule| RuleMeta {
        id: rule.id,
        severity: rule.severity,
        summary: rule.summary,
        documentation: rule.documentation,
        doc_url: rules::documentation_url(rule),
        ran: !matches!(rule.check, Check::Report | Check::Live(_)) || matches!(rule.group, rules::Group::Exceptions),
    };
    rules::ALL.iter().map(meta)
}

/// Loads the policy that was asked for, else the repository's own, else `recommended`.
pub(super) fn load_policy(root: &Path, words: &[String], revision: Option<&str>) -> Result<Policy, Failure> {
    let files: Box<dyn Files> = match revision {
        None => Box::new(OnDisk { root: root.to_path_buf() }),
        Some(revision) => {
            let found = git::GitRepository::around(root, false).map_err(|error| Failure::new(error.to_string()))?;
            let repository =
                found.ok_or_else(|| Failure::new(format!("{} is not in a git repository", root.display())))?;
            let objects = repository.objects();
            // A revision that is none has no files either: without this a policy would seem to be missing, or doubled.
            objects.tree(revision).map_err(|error| Failure::new(error.to_string()))?;
            Box::new(AtRevision { objects, revision: revision.to_owned() })
        }
    };
    load_from(files.as_ref(), words)
}

fn load_from(files: &dyn Files, words: &[String]) -> Result<Policy, Failure> {
    let fail = |errors: policy::PolicyErrors| Failure {
        messages: errors.iter().map(ToString::to_string).collect(),
        hint: Some("`credlint policy schema` prints what a policy may hold".into()),
    };
    let sources: Vec<PolicySource> = match words {
        [] => {
            let found = policy::discover(files).map_err(fail)?;
            vec![found.unwrap_or(PolicySource::BuiltIn(policy::BuiltIn::Recommended))]
        }
        words => words.iter().map(|word| PolicySource::new(word, files)).collect(),
    };
    policy::load(&sources, &rule_infos(), files).map_err(fail)
}

/// The policy's `backends:` as the resolver takes them.
pub(super) fn backend_defaults(policy: &Policy) -> Vec<BackendDefaults> {
    let of_entry = |entry: &policy::BackendValues| {
        let paths = entry.paths.clone();
        let entries = entry.values.iter().map(|(name, value)| (name.clone(), value_of(value)));
        BackendDefaults {
            applies: Box::new(move |directory| paths.iter().any(|path| path.matches(directory))),
            kind: Some(entry.backend.clone()),
            values: Value::literal(Kind::Map(Arc::new(entries.collect())), entry.place.clone()),
        }
    };
    policy.backends().iter().map(of_entry).collect()
}

fn value_of(supplied: &Supplied) -> Value {
    let kind = match &supplied.kind {
        SuppliedKind::String(text) => Kind::String(text.as_str().into()),
        SuppliedKind::Bool(value) => Kind::Bool(*value),
        SuppliedKind::Integer(value) => Kind::Number(Number::Integer(i128::from(*value))),
        SuppliedKind::Float(value) => Kind::Number(Number::Float(*value)),
        SuppliedKind::List(values) => Kind::List(values.iter().map(value_of).collect()),
        SuppliedKind::Map(entries) => {
            Kind::Map(Arc::new(entries.iter().map(|(name, value)| (name.clone(), value_of(value))).collect()))
        }
    };
    Value::literal(kind, supplied.place.clone())
}

/// The rules that the policy itself defines, as the rules' layer takes them.
pub(super) fn custom_rules(policy: &Policy) -> Vec<rules::CustomRule> {
    let rule = |rule: &policy::CustomRule| rules::CustomRule {
        id: interned(&rule.id),
        select: rule.select.segments.clone(),
        require: rule.require.iter().map(requirement).collect(),
        message: rule.message.clone(),
    };
    policy.custom().iter().filter(|rule| policy.runs_anywhere(&rule.id)).map(rule).collect()
}

/// The formats of the catalogue and those that the policy adds, as the rules' layer takes them.
pub(super) fn detectors(policy: &Policy) -> Detectors {
    let gitleaks = Arc::new(policy.gitleaks().clone());
    if gitleaks.files.is_empty() {
        return Detectors::default();
    }
    let custom = |(nth, rule): (usize, &policy::GitleaksRule)| {
        let gitleaks = Arc::clone(&gitleaks);
        CustomDetector {
            kind: interned(&rule.id),
            keywords: rule.keywords.clone(),
            look: Box::new(move |path, text| gitleaks.find(&gitleaks.rules[nth], path, text)),
        }
    };
    let custom = gitleaks.rules.iter().enumerate().map(custom).collect();
    let of_all = Arc::clone(&gitleaks);
    Detectors::new(custom, Box::new(move |kind, path, text, secret| of_all.allows(kind, path, text, secret)))
}

fn requirement(requirement: &policy::Requirement) -> rules::CustomRequirement {
    let checks = requirement.checks.clone();
    rules::CustomRequirement {
        attribute: requirement.attribute.join("."),
        holds: Box::new(move |value| {
            // That something is there is known of values that are not known themselves.
            let presence_only = checks.iter().all(|check| matches!(check, policy::Check::Exists(_)));
            let value = match value {
                Some(_) if presence_only => Some(policy::Scalar::Bool(true)),
                value => value.map(scalar).transpose().ok()?,
            };
            Some(checks.iter().all(|check| check.holds(value.as_ref())))
        }),
    }
}

/// A value as the policy's checks compare it; an error for one that is not wholly known.
fn scalar(value: &Value) -> Result<policy::Scalar, ()> {
    match &value.kind {
        Kind::String(text) => Ok(policy::Scalar::String(text.to_string())),
        Kind::Bool(value) => Ok(policy::Scalar::Bool(*value)),
        Kind::Number(Number::Integer(value)) => i64::try_from(*value).map(policy::Scalar::Integer).map_err(|_| ()),
        Kind::Number(Number::Float(value)) => Ok(policy::Scalar::Float(*value)),
        Kind::Null | Kind::Partial(_) | Kind::List(_) | Kind::Map(_) | Kind::Either(_) | Kind::Unknown(_) => Err(()),
    }
}

/// The id of a custom rule or format, kept as long as the program runs, as those of all other rules are. A policy is read a few
/// times at most.
fn interned(id: &str) -> &'static str {
    static IDS: std::sync::Mutex<std::collections::BTreeSet<&'static str>> =
        std::sync::Mutex::new(std::collections::BTreeSet::new());
    let mut ids = IDS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    match ids.get(id) {
        Some(id) => id,
        None => {
            let id: &'static str = id.to_owned().leak();
            ids.insert(id);
            id
        }
    }
}
