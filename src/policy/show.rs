//! The policy that is in effect, as a policy file in which every line says where it comes from.

use super::custom::{Check, CustomRule, Scalar};
use super::model::{BackendValues, Exception, Origin, Policy, RuleState, Scope, Supplied, SuppliedKind, VerifyPolicy};
use super::settings::OptionValue;
use crate::finding::Place;
use std::fmt::Write as _;

/// The policy as a policy file that means the same: nothing is extended, every rule has its level and options.
pub fn show(policy: &Policy) -> String {
    let mut out = Printer(String::new());
    out.line(0, "version: 1", None);
    out.line(0, "extends: []", None);
    out.line(0, if policy.rules.is_empty() { "rules: {}" } else { "rules:" }, None);
    policy.rules.iter().for_each(|state| out.rule(state));
    if !policy.gitleaks.files.is_empty() {
        let files = strings(policy.gitleaks.files.iter().map(String::as_str));
        out.line(0, "detectors:", None);
        out.line(1, &format!("gitleaks: {files}"), None);
    }
    out.list("backends", &policy.backends, Printer::backend);
    out.list("scopes", &policy.scopes, Printer::scope);
    out.list("exceptions", &policy.exceptions, Printer::exception);
    if !policy.verify.is_empty() {
        out.line(0, "verify:", None);
        let VerifyPolicy { hosts, accounts, canary_accounts } = &policy.verify;
        for (key, texts) in [("hosts", hosts), ("accounts", accounts), ("canary_accounts", canary_accounts)] {
            if !texts.is_empty() {
                out.line(1, &format!("{key}: {}", strings(texts.iter().map(|text| text.value.as_str()))), None);
            }
        }
    }
    out.list("custom", &policy.custom, |out, rule| {
        let level = policy.rule(&rule.id).map_or("off", |state| state.level.value.as_str());
        out.custom(rule, level);
    });
    out.0
}

struct Printer(String);

impl Printer {
    fn line(&mut self, depth: usize, text: &str, from: Option<&Origin>) {
        let _ = write!(self.0, "{:width$}{text}", "", width = depth * 2);
        if let Some(from) = from {
            let _ = write!(self.0, " # from {from}");
        }
        self.0.push('\n');
    }

    fn at(&mut self, depth: usize, text: &str, place: &Place) {
        self.line(depth, text, Some(&Origin::File(place.clone())));
    }

    fn list<T>(&mut self, key: &str, items: &[T], print: impl Fn(&mut Self, &T)) {
        if !items.is_empty() {
            self.line(0, &format!("{key}:"), None);
            items.iter().for_each(|item| print(self, item));
        }
    }

    fn rule(&mut self, state: &RuleState) {
        let level = state.level.value.as_str();
        let plain = state.options.is_empty() && state.ignorable.from == Origin::Default;
        if plain {
            return self.line(1, &format!("{}: {level}", state.id), Some(&state.level.from));
        }
        self.line(1, &format!("{}:", state.id), None);
        self.line(2, &format!("level: {level}"), Some(&state.level.from));
        if state.ignorable.from != Origin::Default {
            self.line(2, &format!("ignorable: {}", state.ignorable.value), Some(&state.ignorable.from));
        }
        if !state.options.is_empty() {
            self.line(2, "options:", None);
        }
        for (spec, setting) in &state.options {
            self.line(3, &format!("{}: {}", spec.name, option(&setting.value)), Some(&setting.from));
        }
    }

    fn scope(&mut self, scope: &Scope) {
        self.at(1, &format!("- paths: {}", strings(scope.paths.iter().map(super::PathGlob::as_str))), &scope.place);
        self.line(2, "rules:", None);
        for scoped in &scope.rules {
            self.line(3, &format!("{}:", scoped.id), None);
            if let Some(level) = &scoped.level {
                self.line(4, &format!("level: {}", level.value.as_str()), Some(&level.from));
            }
            if !scoped.options.is_empty() {
                self.line(4, "options:", None);
            }
            for (spec, setting) in &scoped.options {
                self.line(5, &format!("{}: {}", spec.name, option(&setting.value)), Some(&setting.from));
            }
        }
    }

    fn exception(&mut self, exception: &Exception) {
        self.at(1, &format!("- rule: {}", exception.rule), &exception.place);
        self.line(2, &format!("path: {}", quoted(exception.path.as_str())), None);
        if let Some(address) = &exception.address {
            self.line(2, &format!("address: {}", quoted(address)), None);
        }
        self.line(2, &format!("reason: {}", quoted(&exception.reason)), None);
        self.line(2, &format!("expires: {}", exception.expires), None);
    }

    fn backend(&mut self, entry: &BackendValues) {
        self.at(1, &format!("- paths: {}", strings(entry.paths.iter().map(super::PathGlob::as_str))), &entry.place);
        self.line(2, &format!("type: {}", entry.backend), None);
        self.line(2, if entry.values.is_empty() { "values: {}" } else { "values:" }, None);
        for (name, value) in &entry.values {
            self.at(3, &format!("{}: {}", quoted(name), supplied(value)), &value.place);
        }
    }

    fn custom(&mut self, rule: &CustomRule, level: &str) {
        self.at(1, &format!("- id: {}", rule.id), &rule.place);
        self.line(2, &format!("level: {level}"), None);
        self.line(2, &format!("severity: {}", rule.severity.as_str()), None);
        self.line(2, &format!("select: {{ block: {} }}", quoted(&rule.select.to_string())), None);
        self.line(2, if rule.require.is_empty() { "require: {}" } else { "require:" }, None);
        for requirement in &rule.require {
            let checks: Vec<String> = requirement.checks.iter().map(check).collect();
            let text = format!("{}: {{ {} }}", quoted(&requirement.attribute.join(".")), checks.join(", "));
            self.at(3, &text, &requirement.place);
        }
        self.line(2, &format!("message: {}", quoted(&rule.message)), None);
    }
}

fn check(check: &Check) -> String {
    let value = match check {
        Check::Exists(flag) => flag.to_string(),
        Check::Equals(value) | Check::NotEquals(value) => scalar(value),
        Check::In(values) | Check::NotIn(values) => {
            format!("[{}]", values.iter().map(scalar).collect::<Vec<_>>().join(", "))
        }
        Check::Matches(glob) => quoted(glob.as_str()),
    };
    format!("{}: {value}", check.word())
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::String(text) => quoted(text),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::Float(value) => format!("{value:?}"),
    }
}

fn supplied(value: &Supplied) -> String {
    match &value.kind {
        SuppliedKind::String(text) => quoted(text),
        SuppliedKind::Bool(value) => value.to_string(),
        SuppliedKind::Integer(value) => value.to_string(),
        SuppliedKind::Float(value) => format!("{value:?}"),
        SuppliedKind::List(items) => format!("[{}]", items.iter().map(supplied).collect::<Vec<_>>().join(", ")),
        SuppliedKind::Map(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|(name, value)| format!("{}: {}", quoted(name), supplied(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn option(value: &OptionValue) -> String {
    match value {
        OptionValue::Integer(value) => value.to_string(),
        OptionValue::Flag(value) => value.to_string(),
        OptionValue::Strings(values) => strings(values.iter().map(String::as_str)),
    }
}

fn strings<'a>(values: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", values.map(quoted).collect::<Vec<_>>().join(", "))
}

/// A double-quoted YAML scalar on one line, with nothing in it that a terminal or an editor would act on
/// (<https://yaml.org/spec/1.2.2/#57-escaped-characters>).
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // CI systems look for commands after two of them: `##[...]`, `##vso[...]`.
            '#' if out.ends_with('#') => out.push_str("\\x23"),
            // What Rust would escape in a debug print is what does not print; combining marks are harmless.
            '\'' => out.push(c),
            _ if c.escape_debug().count() == 1 => out.push(c),
            _ => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}
