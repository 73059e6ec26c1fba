//! `detectors:`, and the gitleaks configurations that it names.

use super::{Reader, join, kind};
use crate::finding::{Notification, Place};
use crate::policy::error::{Errors, PolicyError};
use crate::policy::gitleaks::{Allowlist, Gitleaks, GitleaksRule, Pattern, Target};
use crate::text::yaml::Node;
use crate::text::{RepoPath, Source, Span};
use std::collections::HashSet;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// More rules than this are refused: each one is an automaton.
const MOST_RULES: usize = 1000;

/// The configurations that `detectors:` names, each with its node.
pub(in crate::policy) fn detectors<'n>(reader: &mut Reader<'_>, node: &'n Node) -> Vec<(&'n str, &'n Node)> {
    if reader.fields(node, "detectors", &["gitleaks"]).is_none() {
        return Vec::new();
    }
    let Some(value) = node.get("gitleaks") else { return Vec::new() };
    match value.as_sequence() {
        Some(items) => items.iter().filter_map(|item| named(reader, item)).collect(),
        None if value.as_string().is_some() => named(reader, value).into_iter().collect(),
        None => {
            let message = format!("expected a path or a list of paths, found {}", kind(value));
            reader.error(value.span, "detectors.gitleaks", message);
            Vec::new()
        }
    }
}

fn named<'n>(reader: &mut Reader<'_>, node: &'n Node) -> Option<(&'n str, &'n Node)> {
    Some((reader.string(node, "detectors.gitleaks")?, node))
}

/// Reads a gitleaks configuration into what was read before.
pub(in crate::policy) fn gitleaks(file: &str, nth: usize, bytes: Vec<u8>, errors: &mut Errors, into: &mut Gitleaks) {
    let source = Arc::new(Source::new(RepoPath::new(file), bytes));
    let Some(text) = source.text(source.whole()) else {
        errors.push(nth, Span::default(), PolicyError::file(file, "not UTF-8"));
        return;
    };
    let parsed = match DeTable::parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let span = error.span().map_or(Span::default(), |span| Span::new(span.start, span.end));
            let message = format!("not TOML: {}", error.message().lines().next().unwrap_or_default());
            errors.push(nth, span, PolicyError::at(file, &source, span, "", message));
            return;
        }
    };
    into.files.push(file.to_owned());
    let known: HashSet<String> = into.rules.iter().map(|rule| rule.id.clone()).collect();
    let mut toml = Toml { file, nth, source: &source, errors, into, known };
    toml.root(parsed.get_ref());
}

type Value<'t> = Spanned<DeValue<'t>>;

/// Reads one configuration.
struct Toml<'a> {
    file: &'a str,
    nth: usize,
    source: &'a Arc<Source>,
    errors: &'a mut Errors,
    into: &'a mut Gitleaks,
    /// Ids of rules that were met.
    known: HashSet<String>,
}

impl Toml<'_> {
    fn root(&mut self, root: &DeTable<'_>) {
        let ours = ["title", "description", "minVersion", "extend", "rules", "allowlist", "allowlists"];
        self.unknown(root, "", &ours);
        if let Some(extend) = root.get("extend") {
            self.extend(extend);
        }
        for (nth, rule) in self.tables(root, "", "rules").into_iter().enumerate() {
            if nth == MOST_RULES {
                return self.error(rule.span(), "rules", format!("more than {MOST_RULES} rules"));
            }
            self.rule(rule, &format!("rules[{nth}]"));
        }
        let lists = self.allowlists(root, "");
        self.into.allowlists.extend(lists);
    }

    fn extend(&mut self, extend: &Value<'_>) {
        let Some(table) = extend.get_ref().as_table() else {
            return self.error(extend.span(), "extend", "expected a table");
        };
        if table.get("useDefault").is_some_and(|value| value.get_ref().as_bool() == Some(true)) {
            self.note(
                "`extend.useDefault`: gitleaks' own rules are not taken over, credlint's catalogue stands for them",
            );
        }
        for key in ["path", "url", "disabledRules"] {
            if table.get(key).is_some() {
                self.note(&format!("`extend.{key}` is not followed; name each file in `detectors.gitleaks`"));
            }
        }
    }

    fn rule(&mut self, value: &Value<'_>, key: &str) {
        let Some(table) = value.get_ref().as_table() else { return };
        let ours = [
            "id",
            "description",
            "regex",
            "path",
            "secretGroup",
            "entropy",
            "keywords",
            "tags",
            "allowlist",
            "allowlists",
            "skipReport",
            "required",
        ];
        self.unknown(table, key, &ours);
        let Some(id) = self.string(table, key, "id") else {
            return self.error(value.span(), key, "`id` is missing");
        };
        if !self.known.insert(id.clone()) {
            return self.error(value.span(), key, "there is a rule of that id already");
        }
        let parts = table.get("required").is_some()
            || table.get("skipReport").is_some_and(|skip| skip.get_ref().as_bool() == Some(true));
        if parts {
            return self.note(&format!("the rule `{id}` is made of several and is not applied"));
        }
        let (regex, path) = (self.pattern(table, key, "regex"), self.pattern(table, key, "path"));
        let Some(regex) = regex else {
            if table.get("regex").is_none() {
                self.note(&format!("the rule `{id}` has no regular expression and is not applied"));
            }
            return;
        };
        let secret_group = self.number(table, key, "secretGroup").filter(|nth| *nth > 0.0);
        let rule = GitleaksRule {
            id,
            regex,
            path,
            // A whole number that is far below the limit of `usize`.
            secret_group: secret_group.map(|nth| nth as usize),
            entropy: self.number(table, key, "entropy").unwrap_or(0.0),
            keywords: lower(self.strings(table, key, "keywords")),
            allowlists: self.allowlists(table, key),
            place: Place::new(self.source, span(value)),
        };
        self.into.rules.push(rule);
    }

    /// `[allowlist]`, and each of `[[allowlists]]`.
    fn allowlists(&mut self, table: &DeTable<'_>, key: &str) -> Vec<Allowlist> {
        let mut lists = Vec::new();
        for name in ["allowlist", "allowlists"] {
            for value in self.tables(table, key, name) {
                if let Some(table) = value.get_ref().as_table() {
                    lists.push(self.allowlist(table, &join(key, name)));
                }
            }
        }
        lists
    }

    fn allowlist(&mut self, table: &DeTable<'_>, key: &str) -> Allowlist {
        let ours = [
            "id",
            "description",
            "targetRules",
            "condition",
            "paths",
            "regexes",
            "regexTarget",
            "stopwords",
            "commits",
        ];
        self.unknown(table, key, &ours);
        if table.get("commits").is_some() {
            self.note(&format!("`{key}.commits` says nothing of the files that are checked"));
        }
        let word = |word: Option<String>| word.unwrap_or_default().to_ascii_lowercase();
        let target = match word(self.string(table, key, "regexTarget")).as_str() {
            "" | "secret" => Target::Secret,
            "match" => Target::Match,
            "line" => Target::Line,
            _ => self.refused(table, key, "regexTarget", "expected match, line or secret"),
        };
        let all = match word(self.string(table, key, "condition")).as_str() {
            "" | "or" | "||" => false,
            "and" | "&&" => true,
            _ => self.refused(table, key, "condition", "expected OR or AND"),
        };
        Allowlist {
            rules: self.strings(table, key, "targetRules"),
            paths: self.patterns(table, key, "paths"),
            regexes: self.patterns(table, key, "regexes"),
            target,
            stopwords: lower(self.strings(table, key, "stopwords")),
            all,
        }
    }

    fn refused<T: Default>(&mut self, table: &DeTable<'_>, key: &str, name: &str, message: &str) -> T {
        let span = table.get(name).map_or(0..0, Spanned::span);
        self.error(span, &join(key, name), message);
        T::default()
    }

    /// The tables under a key: of a list of them or one alone.
    fn tables<'t, 'v>(&mut self, table: &'t DeTable<'v>, key: &str, name: &str) -> Vec<&'t Value<'v>> {
        let Some(value) = table.get(name) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Table(_) if name != "rules" => vec![value],
            DeValue::Array(items) if items.iter().all(|item| item.get_ref().is_table()) => items.iter().collect(),
            _ => self.refused(table, key, name, "expected a list of tables"),
        }
    }

    fn string(&mut self, table: &DeTable<'_>, key: &str, name: &str) -> Option<String> {
        let value = table.get(name)?;
        match value.get_ref().as_str() {
            Some(text) => Some(text.to_owned()),
            None => self.refused(table, key, name, "expected a string"),
        }
    }

    fn number(&mut self, table: &DeTable<'_>, key: &str, name: &str) -> Option<f64> {
        let value = table.get(name)?.get_ref();
        let text = value.as_integer().map(|number| number.as_str()).or_else(|| value.as_float().map(|n| n.as_str()));
        match text.and_then(|text| text.parse::<f64>().ok()).filter(|number| (0.0..1000.0).contains(number)) {
            Some(number) => Some(number),
            None => self.refused(table, key, name, "expected a number that is not negative"),
        }
    }

    fn items(&mut self, table: &DeTable<'_>, key: &str, name: &str) -> Vec<(String, std::ops::Range<usize>)> {
        let Some(value) = table.get(name) else { return Vec::new() };
        let text = |item: &Value<'_>| Some((item.get_ref().as_str()?.to_owned(), item.span()));
        match value.get_ref().as_array().and_then(|items| items.iter().map(text).collect()) {
            Some(items) => items,
            None => self.refused(table, key, name, "expected a list of strings"),
        }
    }

    fn strings(&mut self, table: &DeTable<'_>, key: &str, name: &str) -> Vec<String> {
        self.items(table, key, name).into_iter().map(|(text, _)| text).collect()
    }

    fn pattern(&mut self, table: &DeTable<'_>, key: &str, name: &str) -> Option<Pattern> {
        let text = self.string(table, key, name)?;
        let span = table.get(name).map_or(0..0, Spanned::span);
        self.compiled(&text, span, &join(key, name))
    }

    fn patterns(&mut self, table: &DeTable<'_>, key: &str, name: &str) -> Vec<Pattern> {
        let items = self.items(table, key, name);
        items.into_iter().filter_map(|(text, span)| self.compiled(&text, span, &join(key, name))).collect()
    }

    fn compiled(&mut self, text: &str, span: std::ops::Range<usize>, key: &str) -> Option<Pattern> {
        Pattern::new(text).map_err(|error| self.error(span, key, error)).ok()
    }

    /// Says which keys mean nothing here, as gitleaks passes over them.
    fn unknown(&mut self, table: &DeTable<'_>, key: &str, known: &[&str]) {
        for name in table.keys().map(|name| name.get_ref()).filter(|name| !known.contains(&name.as_ref())) {
            self.note(&format!("`{}` is unknown and is passed over", join(key, name)));
        }
    }

    fn note(&mut self, message: &str) {
        self.into.notes.push(Notification::note(&self.source.path, message));
    }

    fn error(&mut self, span: std::ops::Range<usize>, key: &str, message: impl Into<String>) {
        let span = Span::new(span.start, span.end);
        self.errors.push(self.nth, span, PolicyError::at(self.file, self.source, span, key, message));
    }
}

fn span(value: &Value<'_>) -> Span {
    Span::new(value.span().start, value.span().end)
}

fn lower(words: Vec<String>) -> Vec<String> {
    words.into_iter().map(|word| word.to_ascii_lowercase()).collect()
}
