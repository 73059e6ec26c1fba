//! What a change to the policy lets through that was not let through before.

use super::custom::CustomRule;
use super::error::shown;
use super::model::{Exception, Origin, Policy, RuleState, Setting, Supplied, SuppliedKind, VerifyPolicy};
use super::settings::{OptionSpec, OptionValue};
use crate::finding::{Level, Place};
use std::collections::{BTreeMap, HashMap};

/// One way in which a policy is weaker than it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakening {
    /// What it weakens: the id of a rule, or the policy's key `backends` or `verify`.
    pub of: String,
    /// What was changed, in lower case: `` `backend-local` is lowered from error to off ``.
    pub what: String,
    /// Where the new policy says so; absent where it no longer says what the old one said.
    pub place: Option<Place>,
}

/// What `head` lets through that `base` does not: levels lowered, for everything or for some paths; findings that can
/// be hidden now; options loosened; exceptions added, widened or prolonged; custom rules dropped or changed; values of
/// backends added or changed; hosts that credentials would be sent to, and credentials that would no longer be asked
/// about. What cannot be told to be stricter counts as weaker.
///
/// Whether another value of an option is looser follows from its name: more of `max_*` and less of `min_*` is, and so
/// is more of what begins with `allow`, `except`, `exclude` or `ignore`. Any change of another one counts.
pub fn weakened(base: &Policy, head: &Policy) -> Vec<Weakening> {
    let mut out = Vec::new();
    for before in base.rules() {
        match head.rule(&before.id) {
            Some(after) => rule(before, after, &mut out),
            None => push(&mut out, &before.id, format!("`{}` is dropped", before.id), None),
        }
    }
    scopes(base, head, &mut out);
    exceptions(base, head, &mut out);
    custom(base, head, &mut out);
    backends(base, head, &mut out);
    gitleaks(base, head, &mut out);
    verify(base.verify(), head.verify(), &mut out);
    out
}

/// Hosts that are new, which would be sent credentials, and what would no longer be asked about: a credential that still
/// works would pass unseen.
fn verify(base: &VerifyPolicy, head: &VerifyPolicy, out: &mut Vec<Weakening>) {
    const KEY: &str = "verify";
    for host in lacking(&base.hosts, &head.hosts) {
        push(out, KEY, format!("credentials may be sent to `{}`", shown(&host.value)), place(&host.from));
    }
    if let Some(hosts) = names(&lacking(&head.hosts, &base.hosts)) {
        push(out, KEY, format!("no longer asked: {hosts}"), None);
    }
    if let Some(first) = head.accounts.first().filter(|_| base.accounts.is_empty()) {
        push(out, KEY, "keys of some AWS accounts alone are asked about".to_owned(), place(&first.from));
    }
    let dropped = lacking(&head.accounts, &base.accounts);
    if let Some(accounts) = names(&dropped).filter(|_| !head.accounts.is_empty()) {
        push(out, KEY, format!("no longer asked about: keys of the AWS accounts {accounts}"), None);
    }
    for account in lacking(&base.canary_accounts, &head.canary_accounts) {
        push(out, KEY, format!("keys of the AWS account {} are taken for traps", account.value), place(&account.from));
    }
}

/// Those of the second list that the first does not have.
fn lacking<'a>(list: &[Setting<String>], of: &'a [Setting<String>]) -> Vec<&'a Setting<String>> {
    of.iter().filter(|one| !list.iter().any(|other| other.value == one.value)).collect()
}

/// What stands nowhere any more is said in one sentence: it has one place.
fn names(settings: &[&Setting<String>]) -> Option<String> {
    let names: Vec<String> = settings.iter().map(|one| format!("`{}`", shown(&one.value))).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Rules of gitleaks that are gone or changed, and allowlists that were not there.
fn gitleaks(base: &Policy, head: &Policy, out: &mut Vec<Weakening>) {
    const RULE: &str = "recognized-credential";
    let (base, head) = (base.gitleaks(), head.gitleaks());
    for before in &base.rules {
        let what = match head.rules.iter().find(|rule| rule.id == before.id) {
            Some(after) if after == before => continue,
            Some(after) => (format!("the gitleaks rule `{}` is changed", shown(&before.id)), Some(after.place.clone())),
            None => (format!("the gitleaks rule `{}` is gone", shown(&before.id)), None),
        };
        push(out, RULE, what.0, what.1);
    }
    if head.allowlists.iter().any(|list| !base.allowlists.contains(list)) {
        push(out, RULE, "an allowlist of gitleaks is added or changed".to_owned(), None);
    }
}

fn push(out: &mut Vec<Weakening>, of: &str, what: String, place: Option<Place>) {
    out.push(Weakening { of: of.to_owned(), what, place });
}

fn place(origin: &Origin) -> Option<Place> {
    match origin {
        Origin::File(place) => Some(place.clone()),
        Origin::Default | Origin::BuiltIn(_) => None,
    }
}

fn rule(before: &RuleState, after: &RuleState, out: &mut Vec<Weakening>) {
    let id = &before.id;
    let (was, is) = (before.level.value, after.level.value);
    if is < was {
        let what = format!("`{id}` is lowered from {} to {}", was.as_str(), is.as_str());
        push(out, id, what, place(&after.level.from));
    }
    if is == Level::Off {
        return;
    }
    if after.ignorable.value && !before.ignorable.value {
        push(out, id, format!("findings of `{id}` can be hidden now"), place(&after.ignorable.from));
    }
    for (spec, setting) in &after.options {
        let was = before.settings.iter().find(|(name, _)| *name == spec.name);
        if was.is_some_and(|(_, was)| looser(spec, was, &setting.value)) {
            let what = format!("the option `{}` of `{id}` is loosened", spec.name);
            push(out, id, what, place(&setting.from));
        }
    }
}

/// Whether a value lets more through than another.
fn looser(spec: &OptionSpec, was: &OptionValue, is: &OptionValue) -> bool {
    let allows = ["allow", "except", "exclude", "ignore"].iter().any(|word| spec.name.starts_with(word));
    match (was, is) {
        (OptionValue::Integer(was), OptionValue::Integer(is)) if spec.name.starts_with("max_") => is > was,
        (OptionValue::Integer(was), OptionValue::Integer(is)) if spec.name.starts_with("min_") => is < was,
        (OptionValue::Flag(was), OptionValue::Flag(is)) if allows => *is && !was,
        (OptionValue::Strings(was), OptionValue::Strings(is)) if allows => is.iter().any(|one| !was.contains(one)),
        _ => was != is,
    }
}

/// What a policy says of a rule at a pattern of paths, and where; in the order in which it counts.
type Scoped<'a> = Vec<((&'a str, &'a str), Option<Level>, Vec<(&'a OptionSpec, &'a OptionValue)>, &'a Origin)>;

fn scoped(policy: &Policy) -> Scoped<'_> {
    let mut out = Vec::new();
    for scope in policy.scopes() {
        for rule in &scope.rules {
            let from = rule.level.as_ref().map(|level| &level.from);
            let from = from.or_else(|| rule.options.first().map(|(_, setting)| &setting.from));
            let Some(from) = from else { continue };
            let options: Vec<_> = rule.options.iter().map(|(spec, setting)| (*spec, &setting.value)).collect();
            for path in &scope.paths {
                let level = rule.level.as_ref().map(|level| level.value);
                out.push(((path.as_str(), rule.id.as_str()), level, options.clone(), from));
            }
        }
    }
    out
}

fn scopes(base: &Policy, head: &Policy, out: &mut Vec<Weakening>) {
    let (before, after) = (scoped(base), scoped(head));
    let level_of = |policy: &Policy, rule: &str| policy.rule(rule).map_or(Level::Off, |state| state.level.value);
    let was: HashMap<_, _> = before.iter().map(|(key, level, options, _)| (*key, (*level, options))).collect();
    let is: HashMap<_, _> = after.iter().map(|(key, level, ..)| (*key, *level)).collect();
    for (key @ (path, rule), level, options, from) in &after {
        let name = shown(path);
        let known = was.get(key);
        let wanted = known.and_then(|(level, _)| *level).unwrap_or_else(|| level_of(base, rule));
        if let Some(level) = level.filter(|level| *level < wanted) {
            let what = format!("`{rule}` is lowered from {} to {} for `{name}`", wanted.as_str(), level.as_str());
            push(out, rule, what, place(from));
        }
        for (spec, value) in options {
            let scoped = known.and_then(|(_, options)| options.iter().find(|(known, _)| known.name == spec.name));
            let general = || base.rule(rule)?.settings.iter().find(|(name, _)| *name == spec.name);
            let before = scoped.map(|(_, value)| *value).or_else(|| general().map(|(_, value)| value));
            if before.is_some_and(|before| looser(spec, before, value)) {
                let what = format!("the option `{}` of `{rule}` is loosened for `{name}`", spec.name);
                push(out, rule, what, place(from));
            }
        }
    }
    // A scope that raised a level or tightened an option, and is gone.
    for (key @ (path, rule), level, options, _) in &before {
        let name = shown(path);
        let now = is.get(key).copied().flatten().unwrap_or_else(|| level_of(head, rule));
        if !is.contains_key(key) && (level.is_some_and(|level| level > now) || !options.is_empty()) {
            push(out, rule, format!("what is said of `{rule}` for `{name}` is gone"), None);
        } else if level.is_some_and(|level| level > now) && is.get(key).copied().flatten().is_none() {
            push(out, rule, format!("the level of `{rule}` for `{name}` is gone"), None);
        }
    }
    order(&before, &after, &was, &is, out);
}

/// The later scope counts: with two in another order another level may hold where both speak.
fn order<'a, A, B>(
    before: &Scoped<'a>,
    after: &Scoped<'a>,
    was: &HashMap<(&str, &str), A>,
    is: &HashMap<(&str, &str), B>,
    out: &mut Vec<Weakening>,
) {
    let mut rules: BTreeMap<&str, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
    for ((path, rule), ..) in before.iter().filter(|(key, ..)| is.contains_key(key)) {
        rules.entry(rule).or_default().0.push(path);
    }
    for ((path, rule), ..) in after.iter().filter(|(key, ..)| was.contains_key(key)) {
        rules.entry(rule).or_default().1.push(path);
    }
    for (rule, (before, after)) in rules {
        if before != after {
            push(out, rule, format!("the scopes that speak of `{rule}` are in another order"), None);
        }
    }
}

fn exceptions(base: &Policy, head: &Policy, out: &mut Vec<Weakening>) {
    fn key(exception: &Exception) -> (&str, &str, Option<&str>) {
        (&exception.rule, exception.path.as_str(), exception.address.as_deref())
    }
    let mut was = HashMap::new();
    for exception in base.exceptions() {
        let latest = was.entry(key(exception)).or_insert(exception.expires);
        *latest = exception.expires.max(*latest);
    }
    for exception in head.exceptions() {
        let (rule, path) = (&exception.rule, shown(exception.path.as_str()));
        let of = exception.address.as_ref().map_or_else(String::new, |address| format!(" at {address:?}"));
        let what = match was.get(&key(exception)) {
            None => format!("an exception from `{rule}` for `{path}`{of} is new"),
            Some(expires) if exception.expires > *expires => {
                format!("an exception from `{rule}` for `{path}`{of} is prolonged to {}", exception.expires)
            }
            Some(_) => continue,
        };
        push(out, rule, what, Some(exception.place.clone()));
    }
}

fn custom(base: &Policy, head: &Policy, out: &mut Vec<Weakening>) {
    let same = |before: &CustomRule, after: &CustomRule| {
        let checks = |rule: &CustomRule| -> Vec<_> {
            rule.require.iter().map(|one| (one.attribute.clone(), one.checks.clone())).collect()
        };
        before.select == after.select && checks(before) == checks(after)
    };
    for before in base.custom() {
        let after = head.custom().iter().find(|rule| rule.id == before.id);
        if let Some(after) = after.filter(|after| !same(before, after)) {
            let what = format!("`{}` asks for something else", before.id);
            push(out, &before.id, what, Some(after.place.clone()));
        }
    }
}

fn backends(base: &Policy, head: &Policy, out: &mut Vec<Weakening>) {
    let flat = |policy: &Policy| -> Vec<(String, String, String, Supplied)> {
        let mut values = Vec::new();
        for entry in policy.backends() {
            for path in &entry.paths {
                let of = |(name, value): (&String, &Supplied)| {
                    (path.as_str().to_owned(), entry.backend.clone(), name.clone(), value.clone())
                };
                values.extend(entry.values.iter().map(of));
            }
        }
        values
    };
    let was: HashMap<_, _> =
        flat(base).into_iter().map(|(path, backend, name, value)| ((path, backend, name), value)).collect();
    for (path, backend, name, value) in flat(head) {
        let key = (path, backend, name);
        if was.get(&key).is_some_and(|was| same_value(was, &value)) {
            continue;
        }
        let (path, backend, name) = (shown(&key.0), key.1, shown(&key.2));
        let what = format!("`{name}` of the {backend} backends of `{path}` is supplied anew");
        push(out, "backends", what, Some(value.place));
    }
}

/// Whether two values are one, wherever they stand.
fn same_value(one: &Supplied, other: &Supplied) -> bool {
    match (&one.kind, &other.kind) {
        (SuppliedKind::List(one), SuppliedKind::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_value(one, other))
        }
        (SuppliedKind::Map(one), SuppliedKind::Map(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|((a, one), (b, other))| a == b && same_value(one, other))
        }
        (one, other) => one == other,
    }
}
